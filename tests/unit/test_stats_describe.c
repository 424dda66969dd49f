/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about stats/describe that need no data of others: small cases by hand, laws that hold for every
 * sample. */
#include "stats/describe.h"

#include <math.h>
#include <string.h>
#include "random.h"
#include "unit.h"

#define ROOM 64

static void fill_normal(uint64_t seed, double *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = 10 + random_normal(&seed);
}

START_TEST(small_samples_have_the_values_worked_out_by_hand)
{
	double x[] = { 4, 1, 3, 2, 10 }, scratch[5];

	ck_assert_double_eq(stats_mean(x, 5), 4);
	ck_assert_double_eq_tol(stats_sd(x, 5), sqrt(12.5), 1e-15);
	ck_assert_double_eq_tol(stats_cov(x, 5), sqrt(12.5) / 4, 1e-15);
	ck_assert_double_eq(stats_median(x, 5, scratch), 3);
	ck_assert_double_eq(stats_median(x, 4, scratch), 2.5);
	ck_assert_double_eq(stats_mad(x, 5, scratch), 1);
	ck_assert_double_eq_tol(stats_lag1(x, 5), (0. + 3 + 2 - 12) / 50, 1e-15);
	ck_assert_double_eq(x[4], 10);
}
END_TEST

START_TEST(quantiles_interpolate_between_order_statistics)
{
	const double sorted[] = { 1, 2, 4, 8 };

	ck_assert_double_eq(stats_quantile_sorted(sorted, 4, 0), 1);
	ck_assert_double_eq(stats_quantile_sorted(sorted, 4, 0.25), 1.75);
	ck_assert_double_eq(stats_quantile_sorted(sorted, 4, 0.5), 3);
	ck_assert_double_eq_tol(stats_quantile_sorted(sorted, 4, 0.95), 7.4, 1e-14);
	ck_assert_double_eq(stats_quantile_sorted(sorted, 4, 1), 8);
	ck_assert_double_nan(stats_quantile_sorted(sorted, 4, 1.01));
	ck_assert_double_nan(stats_quantile_sorted(sorted, 4, NAN));
}
END_TEST

START_TEST(what_is_not_defined_is_not_a_number)
{
	double one = 7, scratch[1];

	ck_assert_double_nan(stats_mean(NULL, 0));
	ck_assert_double_nan(stats_sd(NULL, 0));
	ck_assert_double_nan(stats_cov(NULL, 0));
	ck_assert_double_nan(stats_lag1(NULL, 0));
	ck_assert_double_nan(stats_median(NULL, 0, scratch));
	ck_assert_double_nan(stats_mad(NULL, 0, scratch));
	ck_assert_double_nan(stats_quantile_sorted(NULL, 0, 0.5));
	ck_assert_double_nan(stats_sd(&one, 1));
	ck_assert_double_nan(stats_lag1(&one, 1));
	ck_assert_double_eq(stats_mean(&one, 1), 7);
	ck_assert_double_eq(stats_median(&one, 1, scratch), 7);
	ck_assert_double_eq(stats_mad(&one, 1, scratch), 0);
	stats_sort(NULL, 0);
}
END_TEST

START_TEST(equal_values_have_no_spread_and_no_autocorrelation)
{
	double x[] = { 0.1, 0.1, 0.1, 0.1 }, scratch[4];

	ck_assert_double_eq(stats_mean(x, 4), 0.1);
	ck_assert_double_eq(stats_sd(x, 4), 0);
	ck_assert_double_eq(stats_mad(x, 4, scratch), 0);
	ck_assert_double_nan(stats_lag1(x, 4));
}
END_TEST

/* A million-fold offset: the plain sum of these is off by thousands of their steps, that of the offsets is
 * not. */
START_TEST(a_long_sum_loses_nothing_of_the_mean)
{
	const size_t n = 200000;
	double *x = malloc(n * sizeof *x);
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		x[i] = 1e9 + 0.1 * (double)(i % 7);
		sum += x[i] - 1e9;
	}
	ck_assert_double_eq_tol(stats_mean(x, n), 1e9 + sum / (double)n, 3e-7);
	free(x);
}
END_TEST

/* Neighbouring doubles: their mean lies between them and cannot be held. */
START_TEST(the_spread_survives_a_mean_that_no_double_holds)
{
	double x[ROOM], step = nextafter(1e9, 2e9) - 1e9;

	for (size_t i = 0; i < ROOM; i++)
		x[i] = 1e9 + (i % 2 ? step : 0);
	ck_assert_double_eq_tol(stats_sd(x, ROOM) / step, 0.5 * sqrt(ROOM / (ROOM - 1.)), 1e-12);
}
END_TEST

START_TEST(one_nan_makes_every_statistic_nan)
{
	double scratch[3];

	for (size_t place = 0; place < 3; place++) {
		double x[] = { 1, 2, 3 };

		x[place] = NAN;
		ck_assert_double_nan(stats_mean(x, 3));
		ck_assert_double_nan(stats_sd(x, 3));
		ck_assert_double_nan(stats_lag1(x, 3));
		ck_assert_double_nan(stats_median(x, 3, scratch));
		ck_assert_double_nan(stats_mad(x, 3, scratch));
	}
}
END_TEST

START_TEST(scaling_the_sample_scales_its_spread_and_leaves_ratios)
{
	double x[ROOM], scaled[ROOM], scratch[ROOM];

	fill_normal(1, x, ROOM);
	for (size_t i = 0; i < ROOM; i++)
		scaled[i] = x[i] * 0x1p-30;
	ck_assert_double_eq(stats_mean(scaled, ROOM), stats_mean(x, ROOM) * 0x1p-30);
	ck_assert_double_eq(stats_sd(scaled, ROOM), stats_sd(x, ROOM) * 0x1p-30);
	ck_assert_double_eq(stats_mad(scaled, ROOM, scratch), stats_mad(x, ROOM, scratch) * 0x1p-30);
	ck_assert_double_eq(stats_cov(scaled, ROOM), stats_cov(x, ROOM));
	ck_assert_double_eq(stats_lag1(scaled, ROOM), stats_lag1(x, ROOM));
}
END_TEST

START_TEST(the_order_of_a_sample_matters_only_to_its_autocorrelation)
{
	double x[ROOM], mixed[ROOM], scratch[ROOM];
	uint64_t seed = 2;

	fill_normal(3, x, ROOM);
	memcpy(mixed, x, sizeof x);
	random_shuffle(&seed, mixed, ROOM);
	ck_assert_double_eq_tol(stats_mean(mixed, ROOM), stats_mean(x, ROOM), 1e-14);
	ck_assert_double_eq_tol(stats_sd(mixed, ROOM), stats_sd(x, ROOM), 1e-14);
	ck_assert_double_eq(stats_median(mixed, ROOM, scratch), stats_median(x, ROOM, scratch));
	ck_assert_double_eq(stats_mad(mixed, ROOM, scratch), stats_mad(x, ROOM, scratch));
	ck_assert_double_ne(stats_lag1(mixed, ROOM), stats_lag1(x, ROOM));
}
END_TEST

START_TEST(cloning_every_value_leaves_location_alone)
{
	double x[ROOM / 2], cloned[ROOM], scratch[ROOM];

	fill_normal(4, x, ROOM / 2);
	for (size_t i = 0; i < ROOM; i++)
		cloned[i] = x[i / 2];
	ck_assert_double_eq_tol(stats_mean(cloned, ROOM), stats_mean(x, ROOM / 2), 1e-14);
	ck_assert_double_eq(stats_median(cloned, ROOM, scratch), stats_median(x, ROOM / 2, scratch));
}
END_TEST

START_TEST(sorting_puts_nan_last)
{
	double x[] = { 3, NAN, -1, INFINITY, 0 };

	stats_sort(x, 5);
	ck_assert_double_eq(x[0], -1);
	ck_assert_double_eq(x[1], 0);
	ck_assert_double_eq(x[2], 3);
	ck_assert_double_infinite(x[3]);
	ck_assert_double_nan(x[4]);
}
END_TEST

UNIT_MAIN("stats/describe", small_samples_have_the_values_worked_out_by_hand,
	  quantiles_interpolate_between_order_statistics, what_is_not_defined_is_not_a_number,
	  equal_values_have_no_spread_and_no_autocorrelation, a_long_sum_loses_nothing_of_the_mean,
	  the_spread_survives_a_mean_that_no_double_holds, one_nan_makes_every_statistic_nan,
	  scaling_the_sample_scales_its_spread_and_leaves_ratios,
	  the_order_of_a_sample_matters_only_to_its_autocorrelation,
	  cloning_every_value_leaves_location_alone, sorting_puts_nan_last)
