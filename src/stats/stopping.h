/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stopping.h - when a case has enough launches: by precision, never by significance (STATS: peeking for
 * significance gives 7 % false alarms at a nominal 1 %, stopping by the width of the interval is nearly
 * harmless from 5 launches).
 */
#ifndef STATS_STOPPING_H
#define STATS_STOPPING_H

#include <stddef.h>

struct stats_stop_rule {
	double precision; /* target half width of the 95 % interval, a ratio */
	size_t launches_min;
	size_t launches_max;
	double seconds_max; /* wall time one case may use in all; 0: no bound */
};

enum stats_stop { STATS_GO_ON, STATS_STOP_PRECISION, STATS_STOP_LAUNCHES, STATS_STOP_TIME };

/* medians in order of measurement; stops when rciw <= precision, n >= launches_min and the estimate moved
 * less than the precision over the last two launches. scratch: n doubles. */
enum stats_stop stats_stop_decide(const struct stats_stop_rule *rule, const double *medians, size_t n,
				  double seconds_used, double *scratch);

#endif
