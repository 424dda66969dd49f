/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forecast.h - what is known of each case while the session runs: how precise it is, what it still needs. */
#ifndef RUN_FORECAST_H
#define RUN_FORECAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "plan/settings.h"
#include "record/record.h"
#include "stats/interval.h"
#include "stats/stopping.h"

struct forecast_case {
	bool is_active;
	uint64_t batch, warmup, samples, retakes; /* as calibrated */
	double sample_s;
	bool is_summed;	     /* other threads, or children, work for it: its counters have to follow them */
	double seconds_used; /* wall time of its launches, calibration included */
	size_t launches;
	double *medians;		/* of the launches, then as much scratch */
	struct stats_estimate estimate; /* NaN until the second launch */
	double cov_between;
};

void forecast_init(struct forecast_case *c);
void forecast_release(struct forecast_case *c);

/* Takes in the newest launch of the record's case and says whether there are enough. */
enum stats_stop forecast_update(struct forecast_case *c, const struct record_case *record,
				const struct stats_stop_rule *rule);

/* Seconds that the session will still take, an estimate from the launches so far; NaN before any. */
double forecast_seconds(const struct settings *settings, const struct forecast_case *cases, size_t count,
			double seconds_passed);

#endif
