/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about stats/ with the GNU Scientific Library as the oracle; it is linked by this test and nothing
 * else. */
#ifndef HAVE_GSL
#include <stdio.h>

int main(void)
{
	puts("skipped: built without the GNU Scientific Library (libgsl-dev), the oracle of this test");
	return 77;
}
#else

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include "random.h"
#include "stats/describe.h"
#include "stats/student.h"
#include "stats/trend.h"
#include "unit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const double freedoms[] = { 1, 1.5, 2, 3, 4, 5, 8, 11, 13, 19, 29, 57.3, 199, 1000, 25000 };

static void check_ratio(double ours, double theirs, double tolerance)
{
	ck_assert_msg(ours == theirs || fabs(ours / theirs - 1) <= tolerance, "%.17g instead of %.17g", ours,
		      theirs);
}

/* Further out the oracle itself keeps only six digits, by the measure of 40-digit arithmetic. */
START_TEST(student_law_agrees_with_the_oracle_in_both_tails)
{
	for (size_t i = 0; i < LENGTH(freedoms); i++)
		for (double t = -8; t <= 8; t += 0.13) {
			check_ratio(stats_student_cdf(t, freedoms[i]), gsl_cdf_tdist_P(t, freedoms[i]), 1e-9);
			check_ratio(stats_student_cdf(-t, freedoms[i]), gsl_cdf_tdist_Q(t, freedoms[i]),
				    1e-9);
		}
}
END_TEST

START_TEST(student_quantiles_agree_with_the_oracle)
{
	static const double levels[] = { 0.0005, 0.0025, 0.005, 0.025, 0.1,   0.4,
					 0.6,	 0.9,	 0.975, 0.995, 0.9995 };

	for (size_t i = 0; i < LENGTH(freedoms); i++)
		for (size_t j = 0; j < LENGTH(levels); j++)
			check_ratio(stats_student_quantile(levels[j], freedoms[i]),
				    gsl_cdf_tdist_Pinv(levels[j], freedoms[i]), 1e-9);
}
END_TEST

START_TEST(incomplete_beta_agrees_with_the_oracle)
{
	static const double shapes[] = { 0.1, 0.5, 1, 2.5, 14, 15, 16, 100, 1500 };

	for (size_t i = 0; i < LENGTH(shapes); i++)
		for (size_t j = 0; j < LENGTH(shapes); j++)
			for (double x = 0.005; x < 1; x += 0.0215)
				ck_assert_double_eq_tol(stats_incomplete_beta(shapes[i], shapes[j], x),
							gsl_sf_beta_inc(shapes[i], shapes[j], x), 1e-9);
}
END_TEST

START_TEST(binomial_law_agrees_with_the_oracle)
{
	static const unsigned counts[] = { 1, 5, 20, 100, 1001, 10000 };

	for (size_t i = 0; i < LENGTH(counts); i++)
		for (unsigned k = 0; k <= counts[i]; k += 1 + counts[i] / 37)
			for (double p = 0.05; p < 1; p += 0.09)
				ck_assert_double_eq_tol(stats_binomial_cdf(k, counts[i], p),
							gsl_cdf_binomial_P(k, p, counts[i]), 1e-9);
}
END_TEST

START_TEST(descriptions_agree_with_the_oracle)
{
	double x[501], scratch[501];
	uint64_t seed = 11;

	for (size_t i = 0; i < LENGTH(x); i++)
		x[i] = exp(0.3 * random_normal(&seed));
	check_ratio(stats_mean(x, LENGTH(x)), gsl_stats_mean(x, 1, LENGTH(x)), 1e-13);
	check_ratio(stats_sd(x, LENGTH(x)), gsl_stats_sd(x, 1, LENGTH(x)), 1e-13);
	ck_assert_double_eq_tol(stats_lag1(x, LENGTH(x)), gsl_stats_lag1_autocorrelation(x, 1, LENGTH(x)),
				1e-13);
	ck_assert_double_eq(stats_mad(x, LENGTH(x), scratch), gsl_stats_mad0(x, 1, LENGTH(x), scratch));
	stats_sort(x, LENGTH(x));
	for (double p = 0; p <= 1; p += 0.01)
		check_ratio(stats_quantile_sorted(x, LENGTH(x), p),
			    gsl_stats_quantile_from_sorted_data(x, 1, LENGTH(x), p), 1e-13);
}
END_TEST

START_TEST(trends_agree_with_the_oracle_with_and_without_ties)
{
	double x[40], order[40], scratch[80], work[80];
	uint64_t seed = 12;

	for (size_t n = 3; n <= LENGTH(x); n++) {
		for (size_t i = 0; i < n; i++) {
			order[i] = (double)i;
			x[i] = n % 2 ? floor(3 * random_normal(&seed)) : random_normal(&seed);
		}
		ck_assert_double_eq_tol(stats_trend(x, n, scratch).rho,
					gsl_stats_spearman(order, 1, x, 1, n, work), 1e-12);
	}
}
END_TEST

static int run_all(void)
{
	const TTest *const tests[] = { student_law_agrees_with_the_oracle_in_both_tails,
				       student_quantiles_agree_with_the_oracle,
				       incomplete_beta_agrees_with_the_oracle,
				       binomial_law_agrees_with_the_oracle,
				       descriptions_agree_with_the_oracle,
				       trends_agree_with_the_oracle_with_and_without_ties };

	return unit_run("stats against the GSL", tests, LENGTH(tests));
}

/* The GSL's default handler aborts, also where a tail only underflows. */
int main(void)
{
	gsl_set_error_handler_off();
	return run_all();
}
#endif
