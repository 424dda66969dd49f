/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about cost: what measuring itself takes is the median of empty samples. Prints the figures of this
 * machine's clocks, which docs/evidence.sh judges. */
#include "bench.h"

#include <stdio.h>
#include "unit.h"

enum { RUNS = 9, STEP = 21, SLOW_STEP = 1000, PER_READING = 5 };

static uint64_t now, readings;

/* One sample of four is lengthened, as by an interrupt. */
static uint64_t known_ticks(void)
{
	return now += ++readings % 8 == 0 ? SLOW_STEP : STEP;
}

static const struct sb_clock known = { known_ticks, known_ticks };

static bool count_readings(struct sb_counters *counters, struct sb_count *count)
{
	(void)counters;
	*count = (struct sb_count){ .values[0] = readings * PER_READING,
				    .enabled = readings,
				    .running = readings };
	return false;
}

START_TEST(a_bracket_is_the_median_of_what_the_clock_says)
{
	const struct sb_cost cost = sb_cost_measure(&known, NULL, NULL);

	ck_assert_uint_eq(cost.bracket_ticks, STEP);
	ck_assert_uint_eq(cost.counter_ns, 0);
	ck_assert_uint_gt(cost.witness_ns, 0);
}
END_TEST

START_TEST(a_counter_s_overhead_is_what_an_empty_sample_counts)
{
	struct sb_counters counters = { .by = SB_WIRE_READ_CALL, .count = 1, .read = count_readings };
	const struct sb_cost cost = sb_cost_measure(&known, NULL, &counters);

	ck_assert_uint_eq(cost.counter_overhead[0], 2 * PER_READING); /* the clock is read twice in between */
	ck_assert_uint_eq(cost.counter_overhead[1], 0);
}
END_TEST

static double ns_per_tick(const struct sb_clock *clock)
{
	const struct sb_clock *raw = sb_clock_get(SB_WIRE_CLOCK_RAW);
	const uint64_t start_ns = raw->start(), start = clock->start();

	while (raw->end() - start_ns < 20000000)
		;
	return (double)(raw->end() - start_ns) / (double)(clock->end() - start);
}

/* The best of a few runs, since other work on the machine only ever adds. */
static void print_figures(const char *name, const struct sb_clock *clock)
{
	const double tick_ns = ns_per_tick(clock);
	double bracket_ns = 1e9, witness_ns = 1e9;

	for (int i = 0; i < RUNS; i++) {
		const struct sb_cost cost = sb_cost_measure(clock, NULL, NULL);
		if ((double)cost.bracket_ticks * tick_ns < bracket_ns)
			bracket_ns = (double)cost.bracket_ticks * tick_ns;
		if ((double)cost.witness_ns < witness_ns)
			witness_ns = (double)cost.witness_ns;
	}
	printf("%s: bracket %.1f ns, witness %.0f ns\n", name, bracket_ns, witness_ns);
}

START_TEST(this_machine_s_clocks_advance_in_a_bracket)
{
	static const char *const names[] = {
		[SB_WIRE_CLOCK_RAW] = "CLOCK_MONOTONIC_RAW", [SB_WIRE_CLOCK_COUNTER] = "the counter"
	};

	for (uint32_t id = SB_WIRE_CLOCK_RAW; id <= SB_WIRE_CLOCK_COUNTER; id++) {
		const struct sb_clock *clock = sb_clock_get(id);
		uint64_t start;

		if (clock == NULL)
			continue;
		start = clock->start();
		while (clock->end() == start)
			;
		ck_assert_uint_gt(clock->end(), start);
		print_figures(names[id], clock);
	}
}
END_TEST

UNIT_MAIN("lib/cost", a_bracket_is_the_median_of_what_the_clock_says,
	  a_counter_s_overhead_is_what_an_empty_sample_counts, this_machine_s_clocks_advance_in_a_bracket)
