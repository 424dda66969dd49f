/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about stats/stopping: precision ends a case, caps end it otherwise, a moving estimate does not. */
#include "stats/stopping.h"

#include <math.h>
#include "unit.h"

#define ROOM 64

static const struct stats_stop_rule usual = { 0.005, 5, 30, 10 };

static enum stats_stop decide(const double *medians, size_t n, double seconds)
{
	double scratch[ROOM];

	return stats_stop_decide(&usual, medians, n, seconds, scratch);
}

START_TEST(a_quiet_case_stops_at_the_least_number_of_launches)
{
	const double medians[] = { 1, 1.0005, 0.9995, 1.0002, 0.9999, 1 };

	for (size_t n = 0; n < 5; n++)
		ck_assert_int_eq(decide(medians, n, 1), STATS_GO_ON);
	ck_assert_int_eq(decide(medians, 5, 1), STATS_STOP_PRECISION);
	ck_assert_int_eq(decide(medians, 6, 1), STATS_STOP_PRECISION);
}
END_TEST

START_TEST(a_noisy_case_goes_on_to_the_last_launch)
{
	double medians[30];

	for (size_t i = 0; i < 30; i++)
		medians[i] = i % 2 ? 1 : 1.1;
	for (size_t n = 1; n < 30; n++)
		ck_assert_int_eq(decide(medians, n, 1), STATS_GO_ON);
	ck_assert_int_eq(decide(medians, 30, 1), STATS_STOP_LAUNCHES);
}
END_TEST

START_TEST(time_ends_a_noisy_case_and_zero_means_no_bound)
{
	const double medians[] = { 1, 1.1, 1, 1.1, 1, 1.1 };
	struct stats_stop_rule endless = usual;
	double scratch[6];

	ck_assert_int_eq(decide(medians, 6, 9.999), STATS_GO_ON);
	ck_assert_int_eq(decide(medians, 6, 10), STATS_STOP_TIME);
	ck_assert_int_eq(decide(medians, 1, 10), STATS_STOP_TIME);
	endless.seconds_max = 0;
	ck_assert_int_eq(stats_stop_decide(&endless, medians, 6, 1e9, scratch), STATS_GO_ON);
}
END_TEST

START_TEST(precision_is_named_even_when_time_and_launches_are_out_too)
{
	const double medians[] = { 1, 1, 1, 1, 1 };
	struct stats_stop_rule exact = { 0.005, 5, 5, 1 };
	double scratch[5];

	ck_assert_int_eq(stats_stop_decide(&exact, medians, 5, 2, scratch), STATS_STOP_PRECISION);
}
END_TEST

/* Two late launches shift the mean by more than the precision while the interval, at this loose a precision,
 * is narrow. */
START_TEST(an_estimate_that_still_moves_goes_on)
{
	const double steady[] = { 1, 1, 1, 1, 1, 1.05, 0.95 }, moving[] = { 1, 1, 1, 1, 1, 1.1, 1.1 };
	struct stats_stop_rule loose = { 0.05, 5, 30, 0 }, tight = { 0.027, 5, 30, 0 };
	double scratch[7];

	ck_assert_int_eq(stats_stop_decide(&loose, steady, 7, 0, scratch), STATS_STOP_PRECISION);
	ck_assert_int_eq(stats_stop_decide(&loose, moving, 7, 0, scratch), STATS_STOP_PRECISION);
	ck_assert_int_eq(stats_stop_decide(&tight, moving, 7, 0, scratch), STATS_GO_ON);
}
END_TEST

START_TEST(the_movement_rule_alone_can_hold_a_case_back)
{
	/* 11 launches by the plain mean, the next two change to the trimmed mean: a narrow interval, a moved
	 * estimate */
	double medians[13] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.2, 1, 1 }, scratch[13];
	const struct stats_stop_rule rule = { 0.01, 5, 30, 0 };

	ck_assert_int_eq(stats_stop_decide(&rule, medians, 13, 0, scratch), STATS_GO_ON);
	medians[10] = 1.05;
	ck_assert_int_eq(stats_stop_decide(&rule, medians, 13, 0, scratch), STATS_STOP_PRECISION);
}
END_TEST

START_TEST(fewer_than_three_launches_are_never_precise)
{
	const double medians[] = { 1, 1, 1 };
	const struct stats_stop_rule hasty = { 0.1, 1, 30, 0 };
	double scratch[3];

	ck_assert_int_eq(stats_stop_decide(&hasty, medians, 1, 0, scratch), STATS_GO_ON);
	ck_assert_int_eq(stats_stop_decide(&hasty, medians, 2, 0, scratch), STATS_GO_ON);
	ck_assert_int_eq(stats_stop_decide(&hasty, medians, 3, 0, scratch), STATS_STOP_PRECISION);
}
END_TEST

START_TEST(a_launch_that_is_no_number_never_looks_precise)
{
	const double medians[] = { 1, 1, NAN, 1, 1, 1 };

	ck_assert_int_eq(decide(medians, 6, 0), STATS_GO_ON);
}
END_TEST

UNIT_MAIN("stats/stopping", a_quiet_case_stops_at_the_least_number_of_launches,
	  a_noisy_case_goes_on_to_the_last_launch, time_ends_a_noisy_case_and_zero_means_no_bound,
	  precision_is_named_even_when_time_and_launches_are_out_too, an_estimate_that_still_moves_goes_on,
	  the_movement_rule_alone_can_hold_a_case_back, fewer_than_three_launches_are_never_precise,
	  a_launch_that_is_no_number_never_looks_precise)
