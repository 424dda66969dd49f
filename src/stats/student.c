/* SPDX-License-Identifier: GPL-2.0-or-later */
/* student.c - Student's t and the binomial law; see student.h. */
#include "stats/student.h"

#include <float.h>
#include <math.h>

/* Where Stirling's series with five terms is exact to a double. */
#define STIRLING_FROM 15

/* ln Gamma(z) less its leading terms (z - 1/2) ln z - z + ln(2 pi)/2: Abramowitz & Stegun 6.1.41. */
static double stirling_rest(double z)
{
	double w = 1 / (z * z);

	return (1. / 12 - w * (1. / 360 - w * (1. / 1260 - w * (1. / 1680 - w / 1188)))) / z;
}

static double log_gamma(double z)
{
	int sign;

	return lgamma_r(z, &sign);
}

/* ln B(a, b). For large arguments the difference of two log gammas would lose as many digits as they are
 * long. */
static double log_beta(double a, double b)
{
	double small = fmin(a, b), large = fmax(a, b), ratio_part;

	if (large < STIRLING_FROM)
		return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
	ratio_part = (large - 0.5) * log1p(small / large) + small * log(large + small) - small +
		     stirling_rest(large + small) - stirling_rest(large);
	return log_gamma(small) - ratio_part;
}

static double away_from_zero(double x)
{
	return fabs(x) < DBL_MIN / DBL_EPSILON ? DBL_MIN / DBL_EPSILON : x;
}

/* Continued fraction of I_x(a, b): Abramowitz & Stegun 26.5.8, evaluated by Lentz's method as modified by
 * Thompson and Barnett (1986). It needs about sqrt(max(a, b)) steps for x below the mean. */
static double beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), value = d;

	for (int m = 1; m < 100000; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));

		d = 1 / away_from_zero(1 + even * d);
		c = away_from_zero(1 + even / c);
		value *= c * d;
		d = 1 / away_from_zero(1 + odd * d);
		c = away_from_zero(1 + odd / c);
		value *= c * d;
		if (fabs(c * d - 1) <= DBL_EPSILON)
			return value;
	}
	return NAN;
}

/* ln x; near one it is known better through y = 1 - x. */
static double log_of_pair(double x, double y)
{
	return x < 0.5 ? log(x) : log1p(-y);
}

/* I_x(a, b) where both x and y = 1 - x are known without cancellation. */
static double beta_of_pair(double a, double b, double x, double y)
{
	double front;

	if (x <= 0 || y <= 0)
		return x <= 0 ? 0 : 1;
	front = exp(a * log_of_pair(x, y) + b * log_of_pair(y, x) - log_beta(a, b));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, y) / b;
}

double stats_incomplete_beta(double a, double b, double x)
{
	if (!(a > 0 && b > 0 && x >= 0 && x <= 1) || isinf(a) || isinf(b))
		return NAN;
	return beta_of_pair(a, b, x, 1 - x);
}

/* P(T > t) for t >= 0, with full relative precision in the tail. */
static double upper_tail(double t, double df)
{
	double square = t * t;

	if (isinf(df))
		return 0.5 * erfc(t / M_SQRT2);
	if (isinf(square))
		return 0.5 * exp(0.5 * df * (log(df) - 2 * log(t)) - log_beta(df / 2, 0.5)) / (df / 2);
	return 0.5 * beta_of_pair(df / 2, 0.5, df / (df + square), square / (df + square));
}

double stats_student_cdf(double t, double df)
{
	if (isnan(t) || !(df > 0))
		return NAN;
	if (isinf(t))
		return t > 0;
	return t > 0 ? 1 - upper_tail(t, df) : upper_tail(-t, df);
}

/* By halving: the tail is monotone, and 60 evaluations are nothing beside one launch. */
static double upper_quantile(double tail, double df)
{
	double low = 0, high = 1;

	while (upper_tail(high, df) > tail && high < DBL_MAX / 2) {
		low = high;
		high *= 2;
	}
	for (int i = 0; i < 200; i++) {
		double middle = low + (high - low) / 2;

		if (middle <= low || middle >= high)
			break;
		if (upper_tail(middle, df) > tail)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

double stats_student_quantile(double p, double df)
{
	if (!(p > 0 && p < 1 && df > 0))
		return NAN;
	if (p == 0.5)
		return 0;
	return p > 0.5 ? upper_quantile(1 - p, df) : -upper_quantile(p, df);
}

double stats_binomial_cdf(unsigned k, unsigned n, double p)
{
	if (!(p >= 0 && p <= 1))
		return NAN;
	if (k >= n)
		return 1;
	return beta_of_pair((double)n - k, (double)k + 1, 1 - p, p);
}
