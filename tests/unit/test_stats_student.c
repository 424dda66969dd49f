/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about stats/student: closed forms, printed tables, and that the parts agree with each other. */
#include "stats/student.h"

#include <math.h>
#include "unit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const double freedoms[] = { 0.5, 1, 2, 3, 4, 7, 10, 29, 100, 1e4, 1e6 };

START_TEST(quantiles_match_the_printed_table)
{
	static const struct {
		double p, df, t;
	} rows[] = { { 0.975, 1, 12.7062047364 },      { 0.975, 4, 2.7764451052 },
		     { 0.975, 9, 2.2621571628 },       { 0.975, 29, 2.0452296421 },
		     { 0.995, 4, 4.6040948713 },       { 0.995, 30, 2.7499956536 },
		     { 0.9, 2, 1.8856180832 },	       { 0.9995, 5, 6.8688266259 },
		     { 0.975, INFINITY, 1.9599639845 } };

	for (size_t i = 0; i < LENGTH(rows); i++)
		ck_assert_double_eq_tol(stats_student_quantile(rows[i].p, rows[i].df), rows[i].t, 1e-9);
}
END_TEST

/* df = 1 is Cauchy's law, df = 2 has a closed form too. */
START_TEST(one_and_two_degrees_of_freedom_have_closed_forms)
{
	for (double t = -50; t <= 50; t += 0.37) {
		ck_assert_double_eq_tol(stats_student_cdf(t, 1), 0.5 + atan(t) / M_PI, 1e-14);
		ck_assert_double_eq_tol(stats_student_cdf(t, 2), 0.5 + t / (2 * sqrt(2 + t * t)), 1e-14);
	}
}
END_TEST

START_TEST(many_degrees_of_freedom_are_the_normal_law)
{
	for (double t = -6; t <= 6; t += 0.25) {
		ck_assert_double_eq_tol(stats_student_cdf(t, 1e9), 0.5 * erfc(-t / M_SQRT2), 2e-9);
		ck_assert_double_eq(stats_student_cdf(t, INFINITY),
				    t > 0 ? 1 - 0.5 * erfc(t / M_SQRT2) : 0.5 * erfc(-t / M_SQRT2));
	}
}
END_TEST

START_TEST(the_law_is_symmetric_and_rises)
{
	for (size_t i = 0; i < LENGTH(freedoms); i++) {
		double before = 0;

		for (double t = -8; t <= 8; t += 0.125) {
			double now = stats_student_cdf(t, freedoms[i]);

			ck_assert_double_gt(now, before);
			ck_assert_double_eq_tol(now + stats_student_cdf(-t, freedoms[i]), 1, 1e-15);
			before = now;
		}
		ck_assert_double_eq(stats_student_cdf(0, freedoms[i]), 0.5);
		ck_assert_double_eq(stats_student_cdf(-INFINITY, freedoms[i]), 0);
		ck_assert_double_eq(stats_student_cdf(INFINITY, freedoms[i]), 1);
	}
}
END_TEST

START_TEST(the_quantile_undoes_the_law_even_far_out)
{
	static const double tails[] = { 1e-300, 1e-100, 1e-20, 1e-9, 1e-4, 0.005, 0.025, 0.2, 0.4999 };

	for (size_t i = 0; i < LENGTH(freedoms); i++)
		for (size_t j = 0; j < LENGTH(tails); j++) {
			double t = stats_student_quantile(tails[j], freedoms[i]);

			if (isfinite(t) && fabs(t) < 1e300)
				ck_assert_double_eq_tol(stats_student_cdf(t, freedoms[i]) / tails[j], 1,
							1e-9);
		}
}
END_TEST

START_TEST(arguments_outside_their_range_give_nan)
{
	ck_assert_double_nan(stats_student_quantile(0, 5));
	ck_assert_double_nan(stats_student_quantile(1, 5));
	ck_assert_double_nan(stats_student_quantile(NAN, 5));
	ck_assert_double_nan(stats_student_quantile(0.9, 0));
	ck_assert_double_nan(stats_student_quantile(0.9, NAN));
	ck_assert_double_nan(stats_student_cdf(NAN, 5));
	ck_assert_double_nan(stats_student_cdf(1, -1));
	ck_assert_double_nan(stats_incomplete_beta(0, 1, 0.5));
	ck_assert_double_nan(stats_incomplete_beta(1, INFINITY, 0.5));
	ck_assert_double_nan(stats_incomplete_beta(1, 1, 1.5));
	ck_assert_double_nan(stats_incomplete_beta(1, 1, NAN));
	ck_assert_double_nan(stats_binomial_cdf(1, 2, -0.1));
	ck_assert_double_nan(stats_binomial_cdf(1, 2, NAN));
}
END_TEST

START_TEST(the_incomplete_beta_has_its_closed_forms_and_its_mirror)
{
	for (double x = 0; x <= 1; x += 0.0625) {
		ck_assert_double_eq_tol(stats_incomplete_beta(1, 1, x), x, 1e-15);
		ck_assert_double_eq_tol(stats_incomplete_beta(3, 1, x), x * x * x, 1e-15);
		ck_assert_double_eq_tol(stats_incomplete_beta(1, 4, x), 1 - pow(1 - x, 4), 1e-15);
		ck_assert_double_eq_tol(stats_incomplete_beta(0.5, 0.5, x), 2 / M_PI * asin(sqrt(x)), 1e-14);
		ck_assert_double_eq_tol(stats_incomplete_beta(2.5, 300, x) +
						stats_incomplete_beta(300, 2.5, 1 - x),
					1, 1e-14);
	}
}
END_TEST

/* Summed term by term, which loses nothing at this size. */
static double binomial_by_sum(unsigned k, unsigned n, double p)
{
	double term = pow(1 - p, n), sum = term;

	for (unsigned i = 1; i <= k; i++) {
		term *= (n - i + 1.) / i * p / (1 - p);
		sum += term;
	}
	return sum;
}

START_TEST(the_binomial_law_is_the_sum_of_its_terms)
{
	for (unsigned n = 1; n <= 40; n += 3)
		for (unsigned k = 0; k <= n; k++)
			for (double p = 0.05; p < 1; p += 0.15)
				ck_assert_double_eq_tol(stats_binomial_cdf(k, n, p), binomial_by_sum(k, n, p),
							1e-13);
	ck_assert_double_eq(stats_binomial_cdf(0, 10, 0), 1);
	ck_assert_double_eq(stats_binomial_cdf(9, 10, 1), 0);
	ck_assert_double_eq(stats_binomial_cdf(10, 10, 1), 1);
	ck_assert_double_eq(stats_binomial_cdf(12, 10, 0.5), 1);
}
END_TEST

UNIT_MAIN("stats/student", quantiles_match_the_printed_table,
	  one_and_two_degrees_of_freedom_have_closed_forms, many_degrees_of_freedom_are_the_normal_law,
	  the_law_is_symmetric_and_rises, the_quantile_undoes_the_law_even_far_out,
	  arguments_outside_their_range_give_nan, the_incomplete_beta_has_its_closed_forms_and_its_mirror,
	  the_binomial_law_is_the_sum_of_its_terms)
