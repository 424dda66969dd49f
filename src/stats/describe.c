/* SPDX-License-Identifier: GPL-2.0-or-later */
/* describe.c - moments and order statistics; see describe.h. */
#include "stats/describe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double sum_of(const double *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += x[i];
	return sum;
}

/* The second pass adds back what rounding of the first sum lost (Chan, Golub & LeVeque 1983). */
double stats_mean(const double *x, size_t n)
{
	double mean, rest = 0;

	if (n == 0)
		return NAN;
	mean = sum_of(x, n) / (double)n;
	for (size_t i = 0; i < n; i++)
		rest += x[i] - mean;
	return mean + rest / (double)n;
}

/* The square of the summed deviations corrects for a mean that is off by its rounding. */
double stats_sd(const double *x, size_t n)
{
	double mean = stats_mean(x, n), squares = 0, rest = 0;

	if (n < 2)
		return NAN;
	for (size_t i = 0; i < n; i++) {
		double deviation = x[i] - mean;

		squares += deviation * deviation;
		rest += deviation;
	}
	return sqrt((squares - rest * rest / (double)n) / (double)(n - 1));
}

double stats_cov(const double *x, size_t n)
{
	return stats_sd(x, n) / stats_mean(x, n);
}

double stats_lag1(const double *x, size_t n)
{
	double mean = stats_mean(x, n), products = 0, squares = 0;

	for (size_t i = 0; i < n; i++) {
		squares += (x[i] - mean) * (x[i] - mean);
		if (i + 1 < n)
			products += (x[i] - mean) * (x[i + 1] - mean);
	}
	return squares > 0 || isnan(squares) ? products / squares : NAN;
}

/* NaN sorts last, so that the order is total and one look at the end tells whether there is any. */
static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	if (isnan(a) || isnan(b))
		return isnan(a) - isnan(b);
	return (a > b) - (a < b);
}

void stats_sort(double *x, size_t n)
{
	if (n > 1)
		qsort(x, n, sizeof *x, compare);
}

double stats_quantile_sorted(const double *sorted, size_t n, double p)
{
	double place, below;
	size_t i;

	if (n == 0 || isnan(sorted[n - 1]) || !(p >= 0 && p <= 1))
		return NAN;
	place = p * (double)(n - 1);
	below = floor(place);
	i = (size_t)below;
	if (i + 1 >= n)
		return sorted[n - 1];
	return sorted[i] + (place - below) * (sorted[i + 1] - sorted[i]);
}

double stats_median_sorted(const double *sorted, size_t n)
{
	return stats_quantile_sorted(sorted, n, 0.5);
}

double stats_median(const double *x, size_t n, double *scratch)
{
	if (n == 0)
		return NAN;
	memcpy(scratch, x, n * sizeof *x);
	stats_sort(scratch, n);
	return stats_median_sorted(scratch, n);
}

double stats_mad(const double *x, size_t n, double *scratch)
{
	double median = stats_median(x, n, scratch);

	for (size_t i = 0; i < n; i++)
		scratch[i] = fabs(x[i] - median);
	stats_sort(scratch, n);
	return stats_median_sorted(scratch, n);
}
