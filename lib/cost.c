/* SPDX-License-Identifier: MIT */
/* What measuring costs, seen by the loop that measures. */
#include "bench.h"

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

/* On one side of a sample. */
static uint64_t witness(const struct sb_wire_request *request)
{
	const struct sb_clock *clock = sb_clock_get(SB_WIRE_CLOCK_RAW);
	struct sb_witness read;
	uint64_t ns[PROBES];

	sb_witness_open(&read, request);
	for (int i = 0; i < PROBES; i++) {
		struct sb_reading reading;
		const uint64_t start = clock->start();
		sb_witness_after(&read, &reading);
		ns[i] = clock->end() - start;
	}
	sb_witness_close(&read);
	return median(ns);
}

struct sb_cost sb_cost_measure(const struct sb_clock *clock, const struct sb_wire_request *request)
{
	return (struct sb_cost){ .bracket_ticks = bracket(clock), .witness_ns = witness(request) };
}
