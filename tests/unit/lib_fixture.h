/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lib_fixture.h - one running benchmark on a clock that only the bodies move. */
#ifndef LIB_FIXTURE_H
#define LIB_FIXTURE_H

#include "bench.h"

#include "unit.h"

enum { ROOM = 64, TARGET_NS = 1000000 };

static uint64_t now_ns;	      /* the clock */
static uint64_t iteration_ns; /* what bodies move it by */
static uint64_t iterations;   /* that bodies ran */

static inline uint64_t fake_read(void)
{
	return now_ns;
}

static const struct sb_clock fake_clock = { fake_read, fake_read };

struct run {
	struct sb_wire_sample samples[ROOM];
	struct sb_registration registration;
	struct sb_options options;
	struct sb_case picked;
	struct sb_bench bench;
};

static inline void run_init(struct run *run, uint32_t mode, void (*body)(sb_bench *b))
{
	*run = (struct run){ .registration = { .name = "b", .file = "a.c", .body = body } };
	run->registration.options = &run->options;
	run->picked.registration = &run->registration;
	run->bench = (struct sb_bench){ .clock = &fake_clock, .picked = &run->picked };
	run->bench.sampler = (struct sb_sampler){ .mode = mode,
						  .batch = 10,
						  .wanted = 20,
						  .sample_ns = TARGET_NS,
						  .ns_per_tick = 1,
						  .samples = run->samples };
	now_ns = iterations = 0;
	iteration_ns = 100;
}

static inline void spend(sb_bench *b)
{
	SB_LOOP(b) {
		now_ns += iteration_ns;
		iterations++;
	}
}

/* Runs one body; gives what the case came to: the reason, or "" when it is fine. */
static inline const char *outcome(struct run *run, void (*body)(sb_bench *b))
{
	run_init(run, SB_WIRE_MEASURE, body);
	sb_bench_run(&run->bench);
	ck_assert((run->bench.status == SB_WIRE_OK) == (run->bench.reason[0] == '\0'));
	return run->bench.reason;
}

#endif
