/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trend.h - whether a sequence drifts: Spearman's rank correlation with its order. Ranks, so that one bad
 * launch makes no trend; ties get their mean rank.
 */
#ifndef STATS_TREND_H
#define STATS_TREND_H

#include <stddef.h>

struct stats_trend {
	double rho; /* -1..1; NaN for n < 3 or when all values are equal */
	double p;   /* two-sided, by Student's t with n - 2 degrees of freedom (Kendall & Stuart 31.19); NaN
		       with rho */
};

/* x in order of measurement. scratch: 2 n doubles. */
struct stats_trend stats_trend(const double *x, size_t n, double *scratch);

#endif
