/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about cost: what measuring itself takes. Prints the figures; the best of a few runs counts, since
 * other work on the machine only ever adds. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "unit.h"

enum { RUNS = 9, BRACKET_MOST_NS = 60, WITNESS_MOST_NS = 1000 };

static double ns_per_tick(const struct sb_clock *clock)
{
	const struct sb_clock *raw = sb_clock_get(SB_WIRE_CLOCK_RAW);
	const uint64_t start_ns = raw->start(), start = clock->start();

	while (raw->end() - start_ns < 20000000)
		;
	return (double)(raw->end() - start_ns) / (double)(clock->end() - start);
}

static void measure(const struct sb_clock *clock, double *bracket_ns, double *witness_ns)
{
	const double tick_ns = ns_per_tick(clock);

	*bracket_ns = *witness_ns = 1e9;
	for (int i = 0; i < RUNS; i++) {
		const struct sb_cost cost = sb_cost_measure(clock, NULL, NULL);
		if ((double)cost.bracket_ticks * tick_ns < *bracket_ns)
			*bracket_ns = (double)cost.bracket_ticks * tick_ns;
		if ((double)cost.witness_ns < *witness_ns)
			*witness_ns = (double)cost.witness_ns;
	}
}

START_TEST(a_bracket_costs_less_than_60_ns_and_the_witness_less_than_1_us)
{
	static const char *const names[] = {
		[SB_WIRE_CLOCK_RAW] = "CLOCK_MONOTONIC_RAW", [SB_WIRE_CLOCK_COUNTER] = "the counter"
	};
	double bracket_ns = 0, witness_ns = 0;

	for (uint32_t id = SB_WIRE_CLOCK_RAW; id <= SB_WIRE_CLOCK_COUNTER; id++) {
		if (sb_clock_get(id) == NULL)
			continue;
		measure(sb_clock_get(id), &bracket_ns, &witness_ns);
		printf("%s: bracket %.1f ns, witness %.0f ns\n", names[id], bracket_ns, witness_ns);
	}
	ck_assert_double_lt(bracket_ns, BRACKET_MOST_NS); /* of the better clock, which comes last */
	ck_assert_double_lt(witness_ns, WITNESS_MOST_NS);
}
END_TEST

static int run_claims(void)
{
	const TTest *const tests[] = { a_bracket_costs_less_than_60_ns_and_the_witness_less_than_1_us };

	return unit_run("lib/cost", tests, 1);
}

/* A figure of a slowed program says nothing, and neither does one of a clock that needs a system call. */
static const char *reason_to_skip(void)
{
	static const char *const fast[] = { "tsc\n", "kvm-clock\n", "arch_sys_counter\n",
					    "hyperv_clocksource_tsc_page\n" };
	FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
	const char *preloaded = getenv("LD_PRELOAD");
	char name[64] = "";

	if (file != NULL && fgets(name, sizeof name, file) == NULL)
		name[0] = '\0';
	if (file != NULL)
		fclose(file);
#ifdef SLOWED
	return "sanitizers slow the library down";
#endif
	if (preloaded != NULL && strstr(preloaded, "vgpreload") != NULL)
		return "valgrind slows the library down";
	for (size_t i = 0; i < sizeof fast / sizeof fast[0]; i++)
		if (strcmp(name, fast[i]) == 0)
			return NULL;
	return "the kernel's clock is read by a system call here";
}

int main(void)
{
	const char *reason = reason_to_skip();

	if (reason == NULL)
		return run_claims();
	printf("%s\n", reason);
	return 77;
}
