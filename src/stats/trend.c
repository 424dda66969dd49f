/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trend.c - Spearman's rank correlation of a sequence with its order; see trend.h. */
#include "stats/trend.h"

#include <math.h>
#include <string.h>
#include "stats/describe.h"
#include "stats/student.h"

/* Mean rank, from 1, of a value among sorted ones. */
static double rank_of(double value, const double *sorted, size_t n)
{
	size_t below = 0, equal = 0;

	for (size_t i = 0; i < n; i++) {
		below += sorted[i] < value;
		equal += sorted[i] == value;
	}
	return (double)below + ((double)equal + 1) / 2;
}

static double correlation_with_order(const double *ranks, size_t n)
{
	double middle = ((double)n + 1) / 2, both = 0, squares = 0, order_squares = 0;

	for (size_t i = 0; i < n; i++) {
		double step = (double)i + 1 - middle;

		both += step * (ranks[i] - middle);
		squares += (ranks[i] - middle) * (ranks[i] - middle);
		order_squares += step * step;
	}
	return squares > 0 ? both / sqrt(squares * order_squares) : NAN;
}

struct stats_trend stats_trend(const double *x, size_t n, double *scratch)
{
	struct stats_trend trend = { NAN, NAN };
	double *sorted = scratch, *ranks = scratch + n, df = (double)n - 2;

	if (n < 3)
		return trend;
	memcpy(sorted, x, n * sizeof *x);
	stats_sort(sorted, n);
	if (isnan(sorted[n - 1]))
		return trend;
	for (size_t i = 0; i < n; i++)
		ranks[i] = rank_of(x[i], sorted, n);
	trend.rho = correlation_with_order(ranks, n);
	if (isnan(trend.rho))
		return trend;
	trend.p = 2 * stats_student_cdf(-fabs(trend.rho) * sqrt(df / fmax(0, 1 - trend.rho * trend.rho)), df);
	return trend;
}
