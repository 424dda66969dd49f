/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interval.c - where a benchmark's time lies and how well that is known; see interval.h. */
#include "stats/interval.h"

#include <math.h>
#include <stdbool.h>
#include "stats/describe.h"
#include "stats/student.h"

static const struct stats_estimate nothing = { NAN, NAN, NAN, NAN, NAN };

/* The launches that the trimmed mean leaves out at each end. */
static size_t trimmed_each_side(size_t n)
{
	return n < STATS_TRIM_FROM ? 0 : (size_t)floor(STATS_TRIM * (double)n);
}

static void winsorise(double *sorted, size_t n, size_t trimmed)
{
	for (size_t i = 0; i < trimmed; i++) {
		sorted[i] = sorted[trimmed];
		sorted[n - 1 - i] = sorted[n - 1 - trimmed];
	}
}

/* False where a median is no time: zero, negative, not a number. */
static bool take_logs(const double *medians, size_t n, double *logs)
{
	for (size_t i = 0; i < n; i++) {
		if (!(medians[i] > 0) || isinf(medians[i]))
			return false;
		logs[i] = log(medians[i]);
	}
	return n > 0;
}

struct stats_estimate stats_location(const double *medians, size_t n, double confidence, double *scratch)
{
	struct stats_estimate estimate = nothing;
	size_t trimmed = trimmed_each_side(n);
	double center, spread, shrink = trimmed ? 1 - 2 * STATS_TRIM : 1;

	if (!take_logs(medians, n, scratch))
		return nothing;
	stats_sort(scratch, n);
	center = stats_mean(scratch + trimmed, n - 2 * trimmed);
	estimate.value = exp(center);
	if (n < 2)
		return estimate;
	winsorise(scratch, n, trimmed);
	spread = stats_sd(scratch, n);
	estimate.df = (double)(n - 2 * trimmed - 1);
	estimate.rciw = stats_student_quantile(0.5 + confidence / 2, estimate.df) * spread /
			(shrink * sqrt((double)n));
	estimate.low = exp(center - estimate.rciw);
	estimate.high = exp(center + estimate.rciw);
	return estimate;
}

/* Rank, from 1, of the order statistic whose interval with its mirror image just covers the median with the
 * confidence asked: P(X < rank) is at most half the error, X binomial with p = 1/2. 0 where even the extremes
 * do not. */
static size_t lower_rank(size_t n, double confidence)
{
	size_t low = 0, high = n / 2;

	while (low < high) {
		size_t middle = (low + high + 1) / 2;

		if (stats_binomial_cdf((unsigned)middle - 1, (unsigned)n, 0.5) <= (1 - confidence) / 2)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

struct stats_estimate stats_median_interval(const double *sorted, size_t n, double confidence)
{
	struct stats_estimate estimate = nothing;
	size_t rank;

	estimate.value = stats_median_sorted(sorted, n);
	if (n < 2 || isnan(estimate.value) || !(confidence > 0 && confidence < 1))
		return estimate;
	rank = lower_rank(n, confidence);
	rank += rank == 0;
	estimate.low = sorted[rank - 1];
	estimate.high = sorted[n - rank];
	if (estimate.low > 0)
		estimate.rciw = log(estimate.high / estimate.low) / 2;
	return estimate;
}
