/* SPDX-License-Identifier: GPL-2.0-or-later */
/* student.h - Student's t and the binomial law through the incomplete beta function (continued fraction,
 * Lentz). */
#ifndef STATS_STUDENT_H
#define STATS_STUDENT_H

double stats_incomplete_beta(double a, double b, double x); /* regularised I_x(a, b) */
double stats_student_cdf(double t, double df);
double stats_student_quantile(double p, double df); /* 0 < p < 1 */
double stats_binomial_cdf(unsigned k, unsigned n, double p);

#endif
