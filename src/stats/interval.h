/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interval.h - where a benchmark's time lies, and how well we know it.
 *
 * The unit of evidence is the launch: inputs are launch medians (seconds per iteration, > 0). The session
 * estimate is exp of the mean of their logarithms; from 12 launches on, of their 20 % trimmed mean. The
 * interval is Student's t on the log scale with n - 1 degrees of freedom, trimmed: Tukey & McLaughlin (1963),
 * winsorised sd over (1 - 2g) sqrt(n), n - 2 floor(g n) - 1 degrees of freedom. Which of the two is chosen by
 * n before looking at data.
 */
#ifndef STATS_INTERVAL_H
#define STATS_INTERVAL_H

#include <stddef.h>

#define STATS_TRIM_FROM 12 /* launches from which the trimmed mean is used */
#define STATS_TRIM	0.2

struct stats_estimate {
	double value;	  /* same unit as the input; NaN for n = 0 */
	double low, high; /* confidence interval; NaN for n < 2 */
	double rciw;	  /* half width of the interval on the log scale, a ratio */
	double df;
};

/* scratch: room for n doubles. */
struct stats_estimate stats_location(const double *medians, size_t n, double confidence, double *scratch);

/* Exact order-statistic interval of a median (binomial, no resampling); sorted input. Falls back to
 * the extremes when n is too small for the confidence asked. */
struct stats_estimate stats_median_interval(const double *sorted, size_t n, double confidence);

#endif
