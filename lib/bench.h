/* SPDX-License-Identifier: MIT */
/*
 * bench.h - the running benchmark, and what the files of the library share.
 *
 * Internal names carry the prefix sb_ here, unlike elsewhere in the tree: the static archive shares one name
 * space with the code under test.
 */
#ifndef SB_BENCH_H
#define SB_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include "clock.h"
#include "counter.h"
#include "registry.h"
#include "stablebench.h"
#include "team.h"
#include "wire.h"
#include "witness.h"

enum sb_loop_state {
	SB_LOOP_NOT_BEGUN = 0,
	SB_LOOP_BETWEEN, /* two samples: the setup of SB_LOOP_SETUP may be running */
	SB_LOOP_IN_SAMPLE,
	SB_LOOP_ENDED,
};

/* Decides the batch of the next sample, and keeps the samples that count. */
struct sb_sampler {
	uint32_t mode;	       /* SB_WIRE_CALIBRATE or SB_WIRE_MEASURE */
	bool frozen;	       /* calibration has found its batch */
	bool long_enough_once; /* one sample of this batch lasted long enough; two are believed */
	uint64_t batch;
	uint64_t max_batch; /* 0: no bound */
	uint64_t warmup;    /* samples still to be taken and not kept */
	uint64_t wanted;    /* samples to keep */
	uint64_t sample_ns;
	double ns_per_tick;
	double spent_ns;		       /* in the samples kept */
	const struct sb_wire_request *request; /* what causes mean, borrowed; NULL: nothing is set aside */
	uint64_t retakes;		       /* left */
	struct sb_wire_sample *samples;	       /* room for `wanted` and the retakes, borrowed */
	uint64_t count;			       /* kept so far, those set aside among them */
	uint64_t aside;			       /* of them */
	uint32_t cpu;			       /* of the sample before */
	bool has_cpu;
};

struct sb_bench {
	const struct sb_clock *clock;
	uint64_t start_ticks;
	struct sb_witness witness;
	int witnesses; /* where the leader of its witnesses' group is, if the request has one; borrowed */
	struct sb_reading before;
	struct sb_counters *counters; /* NULL: none, borrowed */
	struct sb_count counted;      /* before the sample */
	uint64_t events;	      /* sb_events_at_places before the body began, 0: not to be looked at */
	uint64_t batch;		      /* iterations of the sample under way or about to start */
	enum sb_loop_state loop;
	uint64_t loop_begin_ns; /* CLOCK_MONOTONIC */
	uint64_t others_ns;	/* sb_witness_others_ns when the loop began; once it ended, since then */
	uint64_t own_ns;	/* the same of sb_witness_own_ns */
	struct sb_sampler sampler;

	double recorded_ns; /* by sb_record_ns in this sample */
	uint64_t recorded;  /* calls */

	struct sb_team *team;		     /* of a case with several threads, borrowed; NULL: it has one */
	unsigned member;		     /* of it, from 0 */
	struct sb_wire_thread *threads;	     /* where each thread's part of the samples goes, NULL: nowhere */
	struct sb_wire_thread_total *totals; /* and what it counted in all, NULL: nowhere */
	int threads_code;		     /* errno of counters that a thread did not get */
	int threads_witnesses_code;	     /* and of witnesses */

	const struct sb_case *picked;
	void *state;
	double elements, bytes;
	enum sb_wire_status status;
	char reason[SB_WIRE_REASON];
};

/* sb_fail with a printf format. */
__attribute__((format(printf, 2, 3))) void sb_bench_fail(sb_bench *b, const char *format, ...);

/* Setup, body, teardown of the case; afterwards status, reason, sampler and throughput hold the outcome. */
void sb_bench_run(sb_bench *b);
/* The body alone, in the thread that calls. */
void sb_bench_body(sb_bench *b);

/* Size of the first batch. */
uint64_t sb_sampler_begin(sb_bench *b);
/* Takes a sample whose ticks are wall time. Gives the size of the next batch, 0 when done or failed. */
uint64_t sb_sampler_next(sb_bench *b, struct sb_wire_sample sample);

/* What measuring itself costs: medians over empty samples taken by the real loop, with the witnesses that a
 * request (NULL: none) makes it read and with these counters (NULL: none). */
struct sb_cost {
	uint64_t bracket_ticks;
	uint64_t witness_ns;
	uint64_t counter_ns;
	uint64_t counter_overhead[SB_WIRE_COUNTERS_MAX];
};
struct sb_cost sb_cost_measure(const struct sb_clock *clock, const struct sb_wire_request *request,
			       struct sb_counters *counters);

/* One launch: reads the request in the memory, does what it asks, writes greeting and result. */
void sb_serve_memory(void *memory, size_t size);
/* The same at descriptor SB_WIRE_FD, which it closes. Gives the exit code: 0 for all that the memory tells.
 */
int sb_serve(void);

/* `./bench_x` by hand. Gives the exit code. */
int sb_solo(int argc, char **argv);

#endif
