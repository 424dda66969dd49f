/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stopping.c - when a case has enough launches; see stopping.h. */
#include "stats/stopping.h"

#include <math.h>
#include <stdbool.h>
#include "stats/interval.h"

#define CONFIDENCE 0.95

static bool is_precise(const struct stats_stop_rule *rule, const double *medians, size_t n, double *scratch)
{
	struct stats_estimate now, before;

	if (n < 3)
		return false;
	now = stats_location(medians, n, CONFIDENCE, scratch);
	before = stats_location(medians, n - 2, CONFIDENCE, scratch);
	return now.rciw <= rule->precision && fabs(log(now.value / before.value)) < rule->precision;
}

/* Precision comes first: a case that got there with its last launch has its answer, whatever else ran out. */
enum stats_stop stats_stop_decide(const struct stats_stop_rule *rule, const double *medians, size_t n,
				  double seconds_used, double *scratch)
{
	if (n >= rule->launches_min && is_precise(rule, medians, n, scratch))
		return STATS_STOP_PRECISION;
	if (n >= rule->launches_max)
		return STATS_STOP_LAUNCHES;
	if (rule->seconds_max > 0 && seconds_used >= rule->seconds_max)
		return STATS_STOP_TIME;
	return STATS_GO_ON;
}
