/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schedule.h - the session's loop: calibrates every case once, then measures in seeded random blocks, one
 * launch of each case that still wants one to a block, until every case has its precision or a cap.
 */
#ifndef RUN_SCHEDULE_H
#define RUN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"
#include "keeper/keeper.h"
#include "plan/plan.h"
#include "record/record.h"
#include "run/around.h"
#include "run/binary.h"
#include "run/cancel.h"
#include "run/clock.h"
#include "run/cooling.h"
#include "run/counted.h"

/* What the person at the terminal may want to see. Times are seconds, unknown numbers NaN. */
struct schedule_progress {
	const char *case_name;
	bool calibrating;
	size_t launches; /* of this case, done */
	bool case_done;	 /* this was its last one */
	size_t cases, cases_done;
	double estimate_s, cov_between, rciw; /* of this case so far */
	double seconds_left;		      /* of the session, an estimate */
	bool is_cooling;		      /* waits until the processor has cooled: */
	double now_c, until_c;		      /* degrees Celsius */
	const char *trouble;		      /* a sentence when this launch went wrong, else NULL */
};

struct schedule {
	struct keeper *keeper;
	const struct settings *settings;
	const struct plan *plan;
	const struct binary *binaries; /* indexed by plan_case.binary */
	const struct run_clock *clock;
	const struct run_cancel *cancel;
	const struct counted *counted;
	struct around *around; /* where the host is looked at */
	struct cooling *cooling;
	bool is_padded;	       /* the environment, by the seed of each launch; else all get the same one */
	const cpu_set_t *cpus; /* where the benches are put, NULL for anywhere */
	uint64_t started_ns;   /* of the session, CLOCK_MONOTONIC: the time budget counts from here */
	struct record *record; /* has one case for each of the plan, in the same order */
	void (*progress)(void *context, const struct schedule_progress *progress);
	void *context;
};

/* Measures. Every case of the record ends with a status, its launches and a reason to have stopped;
 * statistics of the record are not filled in. 0 also when cases failed; a negative errno when the keeper
 * fails, -EINTR after an interrupt. */
int schedule_run(const struct schedule *schedule, struct sb_err *err);

#endif
