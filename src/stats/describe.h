/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * describe.h - moments and order statistics of a sample. Pure: no input, no output, no clock.
 *
 * All arrays are doubles, n elements, in any order unless a name says `sorted`. Where a statistic is not
 * defined (n too small) the answer is NaN. Inputs are finite; NaN in is NaN out.
 */
#ifndef STATS_DESCRIBE_H
#define STATS_DESCRIBE_H

#include <stddef.h>

double stats_mean(const double *x, size_t n); /* corrected two-pass */
double stats_sd(const double *x, size_t n);   /* n - 1; NaN for n < 2 */
double stats_cov(const double *x, size_t n);  /* sd / mean, coefficient of variation */
double stats_lag1(const double *x, size_t n); /* lag-1 autocorrelation, NIST definition */
void stats_sort(double *x, size_t n);
double stats_quantile_sorted(const double *sorted, size_t n, double p); /* Hyndman & Fan type 7 */
double stats_median_sorted(const double *sorted, size_t n);
/* As above on unsorted data; scratch has room for n doubles and is overwritten. */
double stats_median(const double *x, size_t n, double *scratch);
double stats_mad(const double *x, size_t n, double *scratch); /* median absolute deviation, not scaled */

#endif
