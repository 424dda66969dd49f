/* SPDX-License-Identifier: GPL-2.0-or-later */
/* collect.h - from what a launch wrote to what the record keeps: ticks to seconds, witnesses to causes. */
#ifndef RUN_COLLECT_H
#define RUN_COLLECT_H

#include <sched.h>
#include "record/record.h"
#include "run/clock.h"
#include "run/attempt.h"

/* What a launch does not tell itself. */
struct collect_setting {
	const struct run_clock *clock;
	const cpu_set_t *cpus; /* where the benches are put, NULL for anywhere */
	uint32_t witness_rows; /* of host/witness.h, that launches count; the i-th bit is witness i */
	uint32_t causes;       /* of this launch as a whole */
};

/* Fills the samples, the batch, the start-up time and the median of a record's launch from a launch that is
 * OK. The record's launch has room for result->count samples; when it started in the session and which
 * counters it has is there already. */
void collect_launch(const struct attempt *attempt, const struct collect_setting *setting,
		    struct record_launch *into);

/* Whether a thread got no counters of its own, so that the launch counted nothing; the first time it becomes
 * a condition. */
bool collect_uncounted_threads(const struct attempt *attempt, struct record *record);

/* Of a launch that is partly witnessed, why: the first time it becomes a condition. */
void collect_unwitnessed_threads(const struct attempt *attempt, struct record *record);

/* Whether the threads of a launch had fewer CPUs than they are. */
bool collect_is_serialised(const struct record_launch *launch);

/* What the whole case learns from any launch: throughput, cost of bracket and witness, left-over processes,
 * a host that changed. */
void collect_case(const struct attempt *attempt, const struct run_clock *clock, struct record_case *into);

/* Whether threads of the benchmark's own, or children, worked beside the thread that is measured. */
bool collect_has_helpers(const struct attempt *attempt, const struct run_clock *clock);

/* Who took the CPU from a launch, each with what would keep it away. Without names those who took it from one
 * of several threads may be the others, and are left out. */
void collect_thieves(const struct attempt *attempt, const struct run_clock *clock, struct record_case *into);

/* Of a host that changed during a launch, the condition that does not hold any more: `failed`, with the
 * sentence. */
void collect_change(const struct attempt *attempt, struct record *record);

/* Times per iteration of all samples, seconds, into `times` (room for result->count). */
void collect_times(const struct attempt *attempt, const struct run_clock *clock, double *times);

#endif
