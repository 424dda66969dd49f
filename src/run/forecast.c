/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forecast.c - see forecast.h. */
#include "run/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "stats/describe.h"

#define CONFIDENCE 0.95

void forecast_init(struct forecast_case *c)
{
	*c = (struct forecast_case){
		.is_active = true,
		.estimate = { .value = NAN, .low = NAN, .high = NAN, .rciw = NAN, .df = NAN },
		.cov_between = NAN,
	};
}

void forecast_release(struct forecast_case *c)
{
	free(c->medians);
	c->medians = NULL;
}

enum stats_stop forecast_update(struct forecast_case *c, const struct record_case *record,
				const struct stats_stop_rule *rule)
{
	size_t count = record->launch_count;

	c->medians = alloc_grow(c->medians, count, 2 * sizeof *c->medians);
	for (size_t i = 0; i < count; i++)
		c->medians[i] = record->launches[i].median_s;
	c->launches = count;
	c->estimate = stats_location(c->medians, count, CONFIDENCE, c->medians + count);
	c->cov_between = stats_cov(c->medians, count);
	return stats_stop_decide(rule, c->medians, count, c->seconds_used, c->medians + count);
}

/* Launches that a case will still want: the interval shrinks with the root of their number. */
static double launches_left(const struct settings *settings, const struct forecast_case *c)
{
	double low = (double)settings->launches.low, high = (double)settings->launches.high;
	double want = low;

	if (c->launches >= 3 && isfinite(c->estimate.rciw)) {
		double ratio = c->estimate.rciw / settings->precision;

		want = fmin(high, fmax(low, (double)c->launches * ratio * ratio));
	}
	return fmax(want - (double)c->launches, 1);
}

double forecast_seconds(const struct settings *settings, const struct forecast_case *cases, size_t count,
			double seconds_passed)
{
	double used = 0, left = 0, mean;
	size_t runs = 0;

	for (size_t i = 0; i < count; i++) {
		used += cases[i].seconds_used;
		runs += cases[i].launches + (cases[i].batch > 0);
	}
	if (!runs)
		return NAN;
	mean = used / (double)runs;
	for (size_t i = 0; i < count; i++) {
		const struct forecast_case *c = &cases[i];
		double each = c->batch ? c->seconds_used / (double)(c->launches + 1) : mean;

		if (c->is_active)
			left += fmin(each * launches_left(settings, c),
				     fmax(settings->max_time_s - c->seconds_used, each));
	}
	if (settings->time_budget_s > 0)
		left = fmin(left, fmax(settings->time_budget_s - seconds_passed, 0));
	return left;
}
