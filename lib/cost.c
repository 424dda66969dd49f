/* SPDX-License-Identifier: MIT */
/* What measuring costs, seen by the loop that measures. */
#include "bench.h"

#include <sched.h>
#include <stdlib.h>

enum { PROBES = 101 };

static int compare_ticks(const void *left, const void *right)
{
	const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static uint64_t median(uint64_t *values)
{
	qsort(values, PROBES, sizeof *values, compare_ticks);
	return values[PROBES / 2];
}

/* Samples of one empty iteration: the two clock reads, a return, a call, and the loop around nothing. */
static uint64_t bracket(const struct sb_clock *clock)
{
	struct sb_wire_sample samples[PROBES];
	uint64_t ticks[PROBES];
	struct sb_bench probe = { .clock = clock };

	probe.sampler = (struct sb_sampler){ .mode = SB_WIRE_MEASURE,
					     .batch = 1,
					     .warmup = 10,
					     .wanted = PROBES,
					     .ns_per_tick = 1,
					     .samples = samples };
	SB_LOOP(&probe)
		__asm__ volatile("");
	for (int i = 0; i < PROBES; i++)
		ticks[i] = samples[i].ticks;
	return median(ticks);
}

static uint64_t witness(void)
{
	const struct sb_clock *clock = sb_clock_get(SB_WIRE_CLOCK_RAW);
	uint64_t ns[PROBES];

	for (int i = 0; i < PROBES; i++) {
		struct rusage usage;
		const uint64_t start = clock->start();
		getrusage(RUSAGE_THREAD, &usage);
		sched_getcpu();
		ns[i] = clock->end() - start;
	}
	return median(ns);
}

struct sb_cost sb_cost_measure(const struct sb_clock *clock)
{
	return (struct sb_cost){ .bracket_ticks = bracket(clock), .witness_ns = witness() };
}
