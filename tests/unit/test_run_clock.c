/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about run/clock: a tick is as long as the kernel's own clock says, and time never goes back. */
#include "run/clock.h"

#include <stdio.h>
#include <sys/resource.h>

#include "base/monotonic.h"
#include "base/path.h"
#include "host/facts.h"
#include "unit.h"

static bool counter_is_trusted(void)
{
	struct path_root root;
	bool trusted;

	ck_assert_int_eq(path_root_init(&root, "/", NULL), 0);
	trusted = facts_counter_is_trusted(&root);
	path_root_release(&root);
	return trusted;
}

START_TEST(the_session_clock_never_goes_back)
{
	uint64_t before = monotonic_now_ns();

	for (int i = 0; i < 100000; i++) {
		uint64_t now = monotonic_now_ns();

		ck_assert_uint_ge(now, before);
		before = now;
	}
}
END_TEST

static long sleeps(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw;
}

START_TEST(a_raw_tick_is_a_nanosecond_and_costs_no_wait)
{
	struct run_clock clock;
	const long before = sleeps();

	run_clock_start(&clock, false);
	ck_assert_double_eq(clock.ns_per_tick, 0);
	run_clock_finish(&clock);
	ck_assert_double_eq(clock.ns_per_tick, 1);
	ck_assert_int_eq(clock.kind, SB_WIRE_CLOCK_RAW);
	ck_assert_str_eq(run_clock_name(&clock), "monotonic-raw");
	ck_assert_int_eq(sleeps(), before);
}
END_TEST

/* The ticks between two moments, by the length that was measured, against the kernel's clock. */
START_TEST(a_counter_tick_is_measured_over_a_second)
{
	struct run_clock clock, later;
	uint64_t before = monotonic_now_ns(), between;
	double by_ticks, by_clock;

	if (!counter_is_trusted()) {
		puts("skipped: this machine has no counter of time that its kernel trusts");
		return;
	}
	run_clock_start(&clock, true);
	run_clock_finish(&clock);
	between = monotonic_now_ns() - before;
	run_clock_start(&later, true);
	by_ticks = (double)(later.start_ticks - clock.start_ticks) * clock.ns_per_tick;
	by_clock = (double)(monotonic_now_ns() - before);
	ck_assert_str_ne(run_clock_name(&clock), "monotonic-raw");
	ck_assert_uint_ge(between, 990000000);
	ck_assert(by_ticks > by_clock / 2 && by_ticks < by_clock * 2);
	ck_assert(clock.ns_per_tick > 0.05 && clock.ns_per_tick < 20);
}
END_TEST

UNIT_MAIN("run/clock", the_session_clock_never_goes_back, a_raw_tick_is_a_nanosecond_and_costs_no_wait,
	  a_counter_tick_is_measured_over_a_second)
