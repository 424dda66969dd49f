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

static uint64_t median(uint64_t *values, size_t count)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof *values, compare_ticks);
	return values[count / 2];
}

/* Of a counter over the samples that were counted. */
static uint64_t overhead(const struct sb_wire_sample *samples, int counter)
{
	uint64_t events[PROBES];
	size_t count = 0;

	for (int i = 0; i < PROBES; i++)
		if ((samples[i].flags & SB_WIRE_SAMPLE_UNCOUNTED) == 0)
			events[count++] = samples[i].counters[counter];
	return median(events, count);
}

/* Samples of one empty iteration: the two clock reads, a return, a call, and the loop around nothing. */
static void bracket(const struct sb_clock *clock, struct sb_counters *counters, struct sb_cost *cost)
{
	struct sb_wire_sample samples[PROBES];
	uint64_t ticks[PROBES];
	struct sb_bench probe = { .clock = clock, .counters = counters };

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
	cost->bracket_ticks = median(ticks, PROBES);
	for (int i = 0; counters != NULL && i < (int)counters->count; i++)
		cost->counter_overhead[i] = overhead(samples, i);
}

static uint64_t counting(struct sb_counters *counters)
{
	const struct sb_clock *clock = sb_clock_get(SB_WIRE_CLOCK_RAW);
	uint64_t ns[PROBES];

	for (int i = 0; i < PROBES; i++) {
		struct sb_count count;
		const uint64_t start = clock->start();
		counters->read(counters, &count);
		ns[i] = clock->end() - start;
	}
	return median(ns, PROBES);
}

/* On one side of a sample. */
static uint64_t witness(const struct sb_wire_request *request)
{
	const struct sb_clock *clock = sb_clock_get(SB_WIRE_CLOCK_RAW);
	struct sb_witness read;
	uint64_t ns[PROBES];

	sb_witness_open(&read, request, SB_WIRE_WITNESS_FD);
	for (int i = 0; i < PROBES; i++) {
		struct sb_reading reading;
		const uint64_t start = clock->start();
		sb_witness_after(&read, &reading);
		ns[i] = clock->end() - start;
	}
	sb_witness_close(&read);
	return median(ns, PROBES);
}

struct sb_cost sb_cost_measure(const struct sb_clock *clock, const struct sb_wire_request *request,
			       struct sb_counters *counters)
{
	struct sb_cost cost = { .witness_ns = witness(request) };

	bracket(clock, counters, &cost);
	if (counters != NULL)
		cost.counter_ns = counting(counters);
	return cost;
}
