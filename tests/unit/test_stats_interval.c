/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about stats/interval: small cases by hand, laws, and that 95 % intervals hold in 95 % of simulated
 * sessions. */
#include "stats/interval.h"

#include <math.h>
#include <string.h>
#include "random.h"
#include "stats/describe.h"
#include "unit.h"

#define ROOM 64

START_TEST(a_few_launches_have_the_plain_t_interval_of_their_logarithms)
{
	/* logarithms 0, 1, 2: mean 1, sd 1, and t(0.975, 2) has a closed form */
	const double medians[] = { exp(2), 1, exp(1) };
	double scratch[3], half = 0.95 * sqrt(2 / 0.0975) / sqrt(3);
	struct stats_estimate estimate = stats_location(medians, 3, 0.95, scratch);

	ck_assert_double_eq_tol(estimate.value, exp(1), 1e-14);
	ck_assert_double_eq_tol(estimate.rciw, half, 1e-12);
	ck_assert_double_eq_tol(log(estimate.low), 1 - half, 1e-12);
	ck_assert_double_eq_tol(log(estimate.high), 1 + half, 1e-12);
	ck_assert_double_eq(estimate.df, 2);
}
END_TEST

/* Logarithms 0..11: two trimmed at each end leave mean 5.5; winsorised they are 2 2 2 3 ... 8 9 9 9. */
START_TEST(twelve_launches_are_trimmed_as_tukey_and_mclaughlin_say)
{
	const double wins[] = { 2, 2, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9 };
	double medians[12], scratch[12];
	struct stats_estimate estimate;

	for (int i = 0; i < 12; i++)
		medians[i] = exp(i);
	estimate = stats_location(medians, 12, 0.95, scratch);
	ck_assert_double_eq_tol(log(estimate.value), 5.5, 1e-13);
	ck_assert_double_eq(estimate.df, 7);
	ck_assert_double_eq_tol(estimate.rciw, 2.3646242515927849 * stats_sd(wins, 12) / (0.6 * sqrt(12)),
				1e-10);
	ck_assert_double_eq(stats_location(medians, 11, 0.95, scratch).df, 10);
}
END_TEST

START_TEST(one_wild_launch_in_twelve_does_not_move_the_estimate)
{
	double medians[12], scratch[12];
	struct stats_estimate tame, wild;

	for (int i = 0; i < 12; i++)
		medians[i] = 1 + 0.001 * i;
	tame = stats_location(medians, 12, 0.95, scratch);
	medians[11] = 100;
	wild = stats_location(medians, 12, 0.95, scratch);
	ck_assert_double_eq(wild.value, tame.value);
	ck_assert_double_eq(wild.rciw, tame.rciw);
}
END_TEST

START_TEST(too_few_launches_have_no_interval)
{
	const double one = 3e-9;
	double scratch[1];
	struct stats_estimate estimate = stats_location(NULL, 0, 0.95, scratch);

	ck_assert_double_nan(estimate.value);
	ck_assert_double_nan(estimate.low);
	estimate = stats_location(&one, 1, 0.95, scratch);
	ck_assert_double_eq_tol(estimate.value, one, 1e-22);
	ck_assert_double_nan(estimate.low);
	ck_assert_double_nan(estimate.high);
	ck_assert_double_nan(estimate.rciw);
	ck_assert_double_nan(estimate.df);
}
END_TEST

START_TEST(what_is_no_time_gives_no_estimate)
{
	const double bad[] = { 0, -1, NAN, INFINITY };
	double scratch[3];

	for (size_t i = 0; i < 4; i++) {
		const double medians[] = { 1, bad[i], 2 };

		ck_assert_double_nan(stats_location(medians, 3, 0.95, scratch).value);
		ck_assert_double_nan(stats_location(medians, 3, 0.95, scratch).rciw);
	}
}
END_TEST

START_TEST(equal_launches_have_an_interval_of_no_width)
{
	double medians[ROOM], scratch[ROOM];

	for (size_t i = 0; i < ROOM; i++)
		medians[i] = 12.5e-9;
	for (size_t n = 2; n <= ROOM; n++) {
		struct stats_estimate estimate = stats_location(medians, n, 0.95, scratch);

		ck_assert_double_eq_tol(estimate.value / 12.5e-9, 1, 1e-14);
		ck_assert_double_eq_tol(estimate.rciw, 0, 1e-14);
	}
}
END_TEST

START_TEST(a_change_of_unit_changes_only_the_unit)
{
	double medians[ROOM], scaled[ROOM], scratch[ROOM];
	uint64_t seed = 5;

	for (size_t i = 0; i < ROOM; i++) {
		medians[i] = exp(0.01 * random_normal(&seed));
		scaled[i] = medians[i] * 1e-9;
	}
	for (size_t n = 2; n <= ROOM; n += 5) {
		struct stats_estimate seconds = stats_location(medians, n, 0.95, scratch);
		struct stats_estimate other = stats_location(scaled, n, 0.95, scratch);

		ck_assert_double_eq_tol(other.value / (seconds.value * 1e-9), 1, 1e-13);
		ck_assert_double_eq_tol(other.low / (seconds.low * 1e-9), 1, 1e-13);
		ck_assert_double_eq_tol(other.high / (seconds.high * 1e-9), 1, 1e-13);
		ck_assert_double_eq_tol(other.rciw, seconds.rciw, 1e-13);
	}
}
END_TEST

START_TEST(the_order_of_launches_does_not_matter)
{
	double medians[20], mixed[20], scratch[20];
	uint64_t seed = 6;

	for (size_t i = 0; i < 20; i++)
		medians[i] = exp(0.01 * random_normal(&seed));
	for (size_t n = 3; n <= 20; n++) {
		memcpy(mixed, medians, sizeof mixed);
		random_shuffle(&seed, mixed, n);
		ck_assert_double_eq(stats_location(mixed, n, 0.95, scratch).value,
				    stats_location(medians, n, 0.95, scratch).value);
		ck_assert_double_eq(stats_location(mixed, n, 0.95, scratch).rciw,
				    stats_location(medians, n, 0.95, scratch).rciw);
	}
}
END_TEST

/* One launch: normal on the log scale; `bad`: one in ten launches has three times the spread, still
 * symmetric. */
static double simulate_launch(uint64_t *seed, double bad)
{
	double width = random_uniform(seed) < bad ? 0.03 : 0.01;

	return exp(width * random_normal(seed));
}

static double coverage(size_t n, double bad, int sessions)
{
	double medians[ROOM], scratch[ROOM];
	uint64_t seed = 20240501 + n;
	int covered = 0;

	for (int i = 0; i < sessions; i++) {
		struct stats_estimate estimate;

		for (size_t j = 0; j < n; j++)
			medians[j] = simulate_launch(&seed, bad);
		estimate = stats_location(medians, n, 0.95, scratch);
		covered += estimate.low <= 1 && estimate.high >= 1;
	}
	return (double)covered / sessions;
}

/* Three standard errors of a simulated 95 %. */
static double monte_carlo_error(int sessions)
{
	return 3 * sqrt(0.95 * 0.05 / sessions);
}

START_TEST(plain_intervals_cover_the_truth_in_95_of_100_sessions)
{
	static const size_t launches[] = { 2, 5, 8, 11 };

	for (size_t i = 0; i < 4; i++) {
		double covered = coverage(launches[i], 0, 4000);

		ck_assert_msg(fabs(covered - 0.95) < monte_carlo_error(4000), "%zu launches: %g", launches[i],
			      covered);
	}
}
END_TEST

/* The upper bound leaves room for what is known of the method: from 12 launches it errs on the wide side by
 * up to 1.5 points, because (1 - 2g) is taken as 0.6 where two of twelve are trimmed. */
START_TEST(trimmed_intervals_cover_the_truth_with_and_without_bad_launches)
{
	static const size_t launches[] = { 12, 15, 20, 30 };

	for (size_t i = 0; i < 8; i++) {
		double covered = coverage(launches[i / 2], i % 2 ? 0.1 : 0, 2000);

		ck_assert_msg(covered > 0.95 - monte_carlo_error(2000) && covered < 0.98, "%zu launches: %g",
			      launches[i / 2], covered);
	}
}
END_TEST

/* Ranks of the 95 % interval as tables of the sign test have them (Conover 1999, table A3). */
START_TEST(median_intervals_have_the_ranks_of_the_sign_test)
{
	static const struct {
		size_t n, low;
	} rows[] = { { 6, 1 }, { 8, 1 }, { 9, 2 }, { 10, 2 }, { 15, 4 }, { 20, 6 }, { 25, 8 }, { 50, 18 } };
	double sorted[ROOM];

	for (size_t i = 0; i < ROOM; i++)
		sorted[i] = (double)i + 1;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct stats_estimate estimate = stats_median_interval(sorted, rows[i].n, 0.95);

		ck_assert_double_eq(estimate.low, (double)rows[i].low);
		ck_assert_double_eq(estimate.high, (double)(rows[i].n + 1 - rows[i].low));
		ck_assert_double_eq(estimate.value, (double)(rows[i].n + 1) / 2);
		ck_assert_double_eq_tol(estimate.rciw, log(estimate.high / estimate.low) / 2, 1e-15);
	}
}
END_TEST

START_TEST(median_intervals_of_too_few_values_are_their_extremes)
{
	const double sorted[] = { 1, 2, 3, 4, 5 };
	struct stats_estimate estimate = stats_median_interval(sorted, 5, 0.95);

	ck_assert_double_eq(estimate.low, 1);
	ck_assert_double_eq(estimate.high, 5);
	ck_assert_double_nan(stats_median_interval(sorted, 1, 0.95).low);
	ck_assert_double_eq(stats_median_interval(sorted, 1, 0.95).value, 1);
	ck_assert_double_nan(stats_median_interval(sorted, 0, 0.95).value);
	ck_assert_double_nan(stats_median_interval(sorted, 5, 1.5).low);
}
END_TEST

UNIT_MAIN("stats/interval", a_few_launches_have_the_plain_t_interval_of_their_logarithms,
	  twelve_launches_are_trimmed_as_tukey_and_mclaughlin_say,
	  one_wild_launch_in_twelve_does_not_move_the_estimate, too_few_launches_have_no_interval,
	  what_is_no_time_gives_no_estimate, equal_launches_have_an_interval_of_no_width,
	  a_change_of_unit_changes_only_the_unit, the_order_of_launches_does_not_matter,
	  plain_intervals_cover_the_truth_in_95_of_100_sessions,
	  trimmed_intervals_cover_the_truth_with_and_without_bad_launches,
	  median_intervals_have_the_ranks_of_the_sign_test,
	  median_intervals_of_too_few_values_are_their_extremes)
