/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about stats/trend: a drift is seen, noise and one bad launch are none. */
#include "stats/trend.h"

#include <math.h>
#include "random.h"
#include "unit.h"

#define ROOM 32

START_TEST(a_rise_is_plus_one_and_a_fall_minus_one)
{
	const double rising[] = { 1, 2, 4, 8, 16 }, falling[] = { 5, 4, 3, 2, -1 };
	double scratch[10];

	ck_assert_double_eq(stats_trend(rising, 5, scratch).rho, 1);
	ck_assert_double_eq(stats_trend(rising, 5, scratch).p, 0);
	ck_assert_double_eq(stats_trend(falling, 5, scratch).rho, -1);
}
END_TEST

/* Ranks 2 1 4 3 5: rho = 1 - 6 * 4 / (5 * 24) = 0.8, and t = 0.8 sqrt(3 / 0.36), p = 0.104088... */
START_TEST(a_small_case_has_the_value_worked_out_by_hand)
{
	const double x[] = { 20, 10, 40, 30, 50 };
	double scratch[10];
	struct stats_trend trend = stats_trend(x, 5, scratch);

	ck_assert_double_eq_tol(trend.rho, 0.8, 1e-15);
	ck_assert_double_eq_tol(trend.p, 0.10408803866, 1e-10);
}
END_TEST

START_TEST(ties_share_their_mean_rank)
{
	const double x[] = { 1, 1, 2, 2 };
	double scratch[8];

	ck_assert_double_eq_tol(stats_trend(x, 4, scratch).rho, 4 / sqrt(5 * 4), 1e-15);
}
END_TEST

START_TEST(what_has_no_order_has_no_trend)
{
	const double equal[] = { 3, 3, 3, 3 }, broken[] = { 1, NAN, 3, 4 };
	double scratch[8];

	ck_assert_double_nan(stats_trend(equal, 4, scratch).rho);
	ck_assert_double_nan(stats_trend(equal, 4, scratch).p);
	ck_assert_double_nan(stats_trend(broken, 4, scratch).rho);
	ck_assert_double_nan(stats_trend(equal, 2, scratch).rho);
	ck_assert_double_nan(stats_trend(NULL, 0, scratch).p);
}
END_TEST

START_TEST(noise_alarms_as_often_as_its_level_says)
{
	double x[ROOM], scratch[2 * ROOM];
	uint64_t seed = 77;
	int alarms = 0;

	for (int i = 0; i < 10000; i++) {
		for (size_t j = 0; j < 10; j++)
			x[j] = random_normal(&seed);
		alarms += stats_trend(x, 10, scratch).p < 0.01;
	}
	/* the t approximation of ten ranks alarms a little too often, 1.1 %; three standard errors are 0.3 %
	 */
	ck_assert_int_gt(alarms, 60);
	ck_assert_int_lt(alarms, 145);
}
END_TEST

UNIT_MAIN("stats/trend", a_rise_is_plus_one_and_a_fall_minus_one,
	  a_small_case_has_the_value_worked_out_by_hand, ties_share_their_mean_rank,
	  what_has_no_order_has_no_trend, noise_alarms_as_often_as_its_level_says)
