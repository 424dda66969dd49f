/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_summary.c - the statistics and flags of a case from its launches. */
#include "record/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "stats/describe.h"
#include "stats/interval.h"
#include "stats/trend.h"

#define CONFIDENCE 0.95

/* Limits of the flags. A launch may run a little faster than the calibration that made its samples 1 ms long,
 * so a sample is called short only well below it. */
#define UNSTABLE_COV	  0.10
#define TAINTED_RATIO	  0.10
#define OUTLIER_Z	  10 /* modified: of 1.4826 median absolute deviations, a normal distribution's sd */
#define OUTLIER_RATIO	  0.01
#define SHORT_SAMPLE_S	  0.8e-3
#define FEW_LAUNCHES	  5
#define BRACKET_RATIO	  0.01
#define DRIFTING_LAUNCHES 8
#define DRIFTING_P	  0.01

/* What the flags look at: a case and what was gathered on the way to its statistics. */
struct gathered {
	double precision; /* that was asked for, a ratio */
	const struct record_case *c;
	size_t sample_count, tainted; /* of those that count */
	double sample_s;	      /* median length of a sample */
	struct stats_trend trend;
};

static size_t count_samples(const struct record_case *c)
{
	size_t count = 0;

	for (size_t i = 0; i < c->launch_count; i++)
		count += c->launches[i].sample_count;
	return count;
}

/* A sample without iterations has no time per iteration; the wire allows none, a document from elsewhere
 * might. */
static double per_iteration(const struct record_sample *sample)
{
	return sample->iterations ? sample->time_s / (double)sample->iterations : NAN;
}

/* Of those that count, or of all; gives how many. */
static size_t fill_per_iteration(const struct record_launch *launch, bool with_aside, double *x)
{
	size_t count = 0;

	for (size_t i = 0; i < launch->sample_count; i++)
		if (with_aside || !launch->samples[i].set_aside)
			x[count++] = per_iteration(&launch->samples[i]);
	return count;
}

/* Median of those that are numbers; x is overwritten. */
static double median_of_known(double *x, size_t n)
{
	size_t known = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i]))
			x[known++] = x[i];
	stats_sort(x, known);
	return stats_median_sorted(x, known);
}

static void count_outliers(struct record_case *c, const struct record_launch *launch, double deviation)
{
	for (size_t i = 0; i < launch->sample_count && deviation > 0; i++) {
		const struct record_sample *sample = &launch->samples[i];

		if (sample->set_aside ||
		    !(fabs(per_iteration(sample) - launch->median_s) > OUTLIER_Z * deviation))
			continue;
		c->outliers++;
		c->unexplained_outliers +=
			(sample->causes & (RECORD_CAUSES_TAINT | RECORD_CAUSE_OWN_SWITCH)) == 0;
	}
}

static void summarise_within(struct record_case *c, double *work, double *scratch)
{
	double *covs = alloc_zero(c->launch_count, sizeof *covs);

	c->retaken = c->outliers = c->unexplained_outliers = 0;
	for (size_t i = 0; i < c->launch_count; i++) {
		struct record_launch *launch = &c->launches[i];
		const size_t count = fill_per_iteration(launch, false, work);

		launch->retaken = launch->sample_count - count;
		launch->median_s = stats_median(work, count, scratch);
		covs[i] = stats_cov(work, count);
		c->retaken += launch->retaken;
		count_outliers(c, launch, 1.4826 * stats_mad(work, count, scratch));
	}
	c->cov_within = median_of_known(covs, c->launch_count);
	free(covs);
}

/* What setting aside has done, by doing without it. */
static void summarise_all(struct record_case *c, double *medians, double *work, double *scratch)
{
	size_t n = 0;

	c->estimate_all_s = NAN;
	for (size_t i = 0; i < c->launch_count && c->retaken; i++) {
		const size_t count = fill_per_iteration(&c->launches[i], true, work);

		if (count)
			medians[n++] = stats_median(work, count, scratch);
	}
	if (n)
		c->estimate_all_s = stats_location(medians, n, CONFIDENCE, scratch).value;
}

static void summarise_between(struct record_case *c, struct gathered *gathered, double *medians,
			      double *scratch)
{
	struct stats_estimate estimate;
	size_t n = 0;

	for (size_t i = 0; i < c->launch_count; i++)
		if (!isnan(c->launches[i].median_s))
			medians[n++] = c->launches[i].median_s;
	estimate = stats_location(medians, n, CONFIDENCE, scratch);
	c->estimate_s = estimate.value;
	c->ci95_s[0] = estimate.low;
	c->ci95_s[1] = estimate.high;
	c->rciw = estimate.rciw;
	c->median_s = stats_median(medians, n, scratch);
	c->cov_between = stats_cov(medians, n);
	gathered->trend = stats_trend(medians, n, scratch);
}

static void summarise_samples(struct record_case *c, struct gathered *gathered, double *times,
			      double *lengths)
{
	size_t n = 0;

	for (size_t i = 0; i < c->launch_count; i++)
		for (size_t j = 0; j < c->launches[i].sample_count; j++) {
			const struct record_sample *sample = &c->launches[i].samples[j];

			if (sample->set_aside)
				continue;
			times[n] = per_iteration(sample);
			lengths[n++] = sample->time_s;
			gathered->tainted += (sample->causes & RECORD_CAUSES_TAINT) != 0;
		}
	stats_sort(times, n);
	c->p50_s = stats_quantile_sorted(times, n, 0.50);
	c->p95_s = stats_quantile_sorted(times, n, 0.95);
	gathered->sample_count = n;
	gathered->sample_s = median_of_known(lengths, n);
}

bool record_case_busy_frequency(const struct record_case *c, double *least, double *most)
{
	bool is_known = false;

	for (size_t i = 0; i < c->launch_count; i++) {
		const double ratio = c->launches[i].host[RECORD_BUSY_FREQUENCY];

		if (!(ratio > 0)) /* NaN, or from a document that somebody else wrote */
			continue;
		*least = is_known ? fmin(*least, ratio) : ratio;
		*most = is_known ? fmax(*most, ratio) : ratio;
		is_known = true;
	}
	return is_known;
}

static bool is_unstable(const struct gathered *gathered)
{
	return gathered->c->cov_between > UNSTABLE_COV;
}

static bool is_imprecise(const struct gathered *gathered)
{
	enum record_stop stop = gathered->c->stop;

	if (gathered->c->rciw <= gathered->precision)
		return false;
	return stop == RECORD_STOP_LAUNCHES || stop == RECORD_STOP_TIME || stop == RECORD_STOP_BUDGET;
}

static bool is_tainted(const struct gathered *gathered)
{
	return (double)gathered->tainted > TAINTED_RATIO * (double)gathered->sample_count;
}

static bool has_unexplained_outliers(const struct gathered *gathered)
{
	return (double)gathered->c->unexplained_outliers > OUTLIER_RATIO * (double)gathered->sample_count;
}

static bool has_short_samples(const struct gathered *gathered)
{
	return gathered->sample_s < SHORT_SAMPLE_S;
}

static bool has_few_launches(const struct gathered *gathered)
{
	return gathered->c->launch_count < FEW_LAUNCHES;
}

static bool has_heavy_bracket(const struct gathered *gathered)
{
	return gathered->c->bracket_s > BRACKET_RATIO * gathered->sample_s;
}

static bool is_drifting(const struct gathered *gathered)
{
	return gathered->c->launch_count >= DRIFTING_LAUNCHES && gathered->trend.p < DRIFTING_P;
}

static bool has_varied_frequency(const struct gathered *gathered)
{
	double least, most;

	return record_case_busy_frequency(gathered->c, &least, &most) &&
	       most > least * (1 + RECORD_FREQUENCY_SPREAD);
}

static const struct {
	const char *flag;
	bool (*applies)(const struct gathered *gathered);
} rules[] = {
	{ "unstable", is_unstable },
	{ "precision not reached", is_imprecise },
	{ "tainted", is_tainted },
	{ "unexplained outliers", has_unexplained_outliers },
	{ "short samples", has_short_samples },
	{ "few launches", has_few_launches },
	{ "bracket", has_heavy_bracket },
	{ "drifting", is_drifting },
	{ "frequency varied", has_varied_frequency },
};

static void drop_flag(struct record_case *c, const char *flag)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->flag_count; i++) {
		if (strcmp(c->flags[i], flag))
			c->flags[kept++] = c->flags[i];
		else
			free(c->flags[i]);
	}
	c->flag_count = kept;
}

/* The flags given here are made anew, so that a case can be summarised after every launch; others stay. */
static void set_flags(struct record_case *c, const struct gathered *gathered)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		drop_flag(c, rules[i].flag);
	if (gathered->sample_count == 0)
		return;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (rules[i].applies(gathered))
			record_case_flag(c, rules[i].flag);
}

void record_case_summarise(struct record_case *c, double precision)
{
	size_t room = count_samples(c) + c->launch_count;
	double *medians = alloc_zero(c->launch_count + 1, sizeof *medians);
	double *work = alloc_zero(room, sizeof *work), *scratch = alloc_zero(2 * room, sizeof *scratch);
	struct gathered gathered = { .c = c, .precision = precision };

	summarise_within(c, work, scratch);
	summarise_all(c, medians, work, scratch);
	summarise_between(c, &gathered, work, scratch);
	summarise_samples(c, &gathered, work, scratch);
	for (size_t i = 0; i < c->throughput_count; i++)
		c->throughput[i].per_second = c->throughput[i].per_iteration *
					      (double)(c->threads ? c->threads : 1) / c->estimate_s;
	record_case_summarise_counters(c);
	set_flags(c, &gathered);
	free(medians);
	free(work);
	free(scratch);
}
