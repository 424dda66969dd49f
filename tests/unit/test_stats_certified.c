/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about stats/describe against certified and published values: NIST's Statistical Reference Datasets
 * and criterion's own results for its own samples. The data is not part of the project; it is looked for in
 * $STABLEBENCH_STATS_DATA, else beside the source tree.
 */
#include "stats/describe.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "unit.h"

#define ROOM 1024

static const char *data_path(const char *name)
{
	static char path[PATH_MAX];
	const char *folder = getenv("STABLEBENCH_STATS_DATA"), *source = getenv("srcdir");

	if (folder)
		snprintf(path, sizeof path, "%s/%s", folder, name);
	else
		snprintf(path, sizeof path, "%s/../shared/data/stats/%s", source ? source : "..", name);
	return path;
}

struct series {
	size_t n;
	double mean, sd, lag1; /* certified */
	double x[ROOM];
};

static void read_nist(const char *name, struct series *series)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof path, "nist/univ_%s.dat", name);
	file = fopen(data_path(path), "r");
	ck_assert_msg(file != NULL, "cannot open '%s'", path);
	ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
	ck_assert_int_eq(sscanf(strstr(line, "mean="), "mean=%lf sd=%lf lag1=%lf", &series->mean, &series->sd,
				&series->lag1),
			 3);
	for (series->n = 0; fgets(line, sizeof line, file); series->n++) {
		ck_assert_uint_lt(series->n, ROOM);
		series->x[series->n] = strtod(line, NULL);
	}
	fclose(file);
}

/* NIST's measure: the number of correct decimal digits, at most the 15 that the certified values have. */
static double digits(double value, double certified)
{
	return value == certified ? 15 : -log10(fabs(value - certified) / fabs(certified));
}

static void check_series(const char *name, const struct series *series, double sd_digits, double lag1_digits)
{
	const struct {
		const char *what;
		double got, least;
	} rows[] = {
		{ "mean", digits(stats_mean(series->x, series->n), series->mean), 13 },
		{ "sd", digits(stats_sd(series->x, series->n), series->sd), sd_digits },
		{ "lag-1 autocorrelation", digits(stats_lag1(series->x, series->n), series->lag1),
		  lag1_digits },
	};

	for (size_t i = 0; i < 3; i++)
		ck_assert_msg(rows[i].got >= rows[i].least, "%s: %s has %.1f digits, not %g", name,
			      rows[i].what, rows[i].got, rows[i].least);
}

START_TEST(nist_easy_sets_keep_13_digits)
{
	static const char *const names[] = { "lottery", "lew", "mavro", "numacc1", "numacc2" };
	struct series series;

	for (size_t i = 0; i < 5; i++) {
		read_nist(names[i], &series);
		check_series(names[i], &series, 13, 13);
	}
}
END_TEST

START_TEST(nist_numacc3_keeps_9_digits)
{
	struct series series;

	read_nist("numacc3", &series);
	check_series("numacc3", &series, 9, 9);
}
END_TEST

/* The doubles nearest to 10000000.1 and its like are off by as much as leaves the sd 8.3 digits of NIST's
 * nine: what is lost is lost in reading. Deviations are exact in long double, so this is the sd of the
 * doubles themselves. */
static double exact_sd(const double *x, size_t n, double middle)
{
	long double squares = 0, rest = 0;

	for (size_t i = 0; i < n; i++) {
		long double deviation = (long double)x[i] - middle;

		squares += deviation * deviation;
		rest += deviation;
	}
	return (double)sqrtl((squares - rest * rest / (long double)n) / (long double)(n - 1));
}

/* NIST's rule: 10000000.2, then 10000000.1 and .3 in turn. */
START_TEST(nist_numacc4_loses_nothing_but_what_doubles_cannot_hold)
{
	struct series series = { .n = 1001, .mean = 10000000.2, .sd = 0.1, .lag1 = -0.999 };

	series.x[0] = 10000000.2;
	for (size_t i = 1; i < 1001; i++)
		series.x[i] = i % 2 ? 10000000.1 : 10000000.3;
	check_series("numacc4", &series, 8.2, 9);
	series.sd = exact_sd(series.x, series.n, series.mean);
	check_series("numacc4 as doubles", &series, 13, 9);
}
END_TEST

static json_t *read_json(const char *name)
{
	char path[96];
	json_t *root;

	snprintf(path, sizeof path, "criterion/Fibonacci_Iterative_%s.json", name);
	root = json_load_file(data_path(path), 0, NULL);
	ck_assert_msg(root != NULL, "cannot read '%s'", path);
	return root;
}

static size_t read_sample(double *x)
{
	json_t *root = read_json("base_sample"), *iterations = json_array_get(root, 0),
	       *times = json_array_get(root, 1);
	size_t n = json_array_size(times);

	ck_assert_uint_le(n, ROOM);
	ck_assert_uint_gt(n, 0);
	for (size_t i = 0; i < n; i++)
		x[i] = json_number_value(json_array_get(times, i)) /
		       json_number_value(json_array_get(iterations, i));
	json_decref(root);
	return n;
}

static double estimate_of(json_t *root, const char *statistic)
{
	return json_number_value(json_object_get(json_object_get(root, statistic), "point_estimate"));
}

/* Criterion multiplies the MAD by 1.4826, as a 32-bit float even where the data is 64-bit. */
START_TEST(criterion_point_estimates_are_ours)
{
	double x[ROOM], scratch[ROOM];
	size_t n = read_sample(x);
	json_t *root = read_json("base_estimates");

	ck_assert_double_eq_tol(stats_mean(x, n) / estimate_of(root, "Mean"), 1, 1e-12);
	ck_assert_double_eq_tol(stats_sd(x, n) / estimate_of(root, "StdDev"), 1, 1e-12);
	ck_assert_double_eq_tol(stats_median(x, n, scratch) / estimate_of(root, "Median"), 1, 1e-12);
	ck_assert_double_eq_tol(
		(double)1.4826f * stats_mad(x, n, scratch) / estimate_of(root, "MedianAbsDev"), 1, 1e-12);
	json_decref(root);
}
END_TEST

/* Their four fences are Q1 - 3 IQR, Q1 - 1.5 IQR, Q3 + 1.5 IQR, Q3 + 3 IQR. */
START_TEST(criterion_fences_are_made_of_our_quartiles)
{
	static const double steps[] = { -3, -1.5, 1.5, 3 };
	double x[ROOM], low, high;
	size_t n = read_sample(x);
	json_t *root = read_json("base_tukey");

	stats_sort(x, n);
	low = stats_quantile_sorted(x, n, 0.25);
	high = stats_quantile_sorted(x, n, 0.75);
	for (size_t i = 0; i < 4; i++)
		ck_assert_double_eq_tol((i < 2 ? low : high) + steps[i] * (high - low),
					json_number_value(json_array_get(root, i)), 1e-12);
	json_decref(root);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { nist_easy_sets_keep_13_digits, nist_numacc3_keeps_9_digits,
				       nist_numacc4_loses_nothing_but_what_doubles_cannot_hold,
				       criterion_point_estimates_are_ours,
				       criterion_fences_are_made_of_our_quartiles };

	if (access(data_path("nist/univ_lew.dat"), R_OK)) {
		printf("skipped: no reference data at '%s'; set STABLEBENCH_STATS_DATA\n", data_path(""));
		return 77;
	}
	return unit_run("stats against certified values", tests, sizeof tests / sizeof tests[0]);
}
