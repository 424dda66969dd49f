/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_counters.c - what the counters of a case come to, per iteration, from its launches. */
#include "record/record.h"

#include <math.h>
#include <stdlib.h>
#include "base/alloc.h"
#include "stats/describe.h"
#include "stats/interval.h"
#include "stats/student.h"

#define CONFIDENCE 0.95

/* The place of a counter among those of a launch, -1 where the launch did not count it. */
static int find_place(const struct record_launch *launch, size_t index)
{
	for (size_t i = 0; i < launch->counter_count; i++)
		if (launch->counters[i].index == index)
			return (int)i;
	return -1;
}

/* Events per iteration, scaled, in the samples of a launch that count; gives how many those are. A bracket
 * with fewer events than the median of empty ones has none of the benchmark's. */
static size_t fill_per_iteration(const struct record_launch *launch, int place, double scale, double *x)
{
	const uint64_t overhead = launch->counters[place].overhead;
	size_t count = 0;

	for (size_t i = 0; i < launch->sample_count; i++) {
		const struct record_sample *sample = &launch->samples[i];
		const uint64_t value = sample->counters[place];

		if (!sample->set_aside && !sample->uncounted && sample->iterations)
			x[count++] = value > overhead
					     ? (double)(value - overhead) * scale / (double)sample->iterations
					     : 0;
	}
	return count;
}

/* A logarithm of none is none, and of a number that is the same in each launch, as an exact one of
 * instructions is, the way there and back would not give the same. */
static struct stats_estimate plain_mean(const double *medians, size_t n)
{
	const double mean = stats_mean(medians, n);
	const double half = n < 2 ? NAN
				  : stats_student_quantile((1 + CONFIDENCE) / 2, (double)n - 1) *
					    stats_sd(medians, n) / sqrt((double)n);

	return (struct stats_estimate){ .value = mean, .low = fmax(mean - half, 0), .high = mean + half };
}

static struct stats_estimate estimate(const double *medians, size_t n, double *scratch)
{
	bool is_constant = true;

	for (size_t i = 0; i < n; i++) {
		if (medians[i] <= 0)
			return plain_mean(medians, n);
		is_constant = is_constant && fabs(medians[i] - medians[0]) <= 0;
	}
	if (is_constant)
		return (struct stats_estimate){ .value = medians[0], .low = medians[0], .high = medians[0] };
	return stats_location(medians, n, CONFIDENCE, scratch);
}

static bool has_moved(const struct record_case *c, size_t index)
{
	for (size_t i = 0; i < c->launch_count; i++) {
		const struct record_launch *launch = &c->launches[i];
		const int place = find_place(launch, index);

		for (size_t k = 0; place >= 0 && k < launch->sample_count; k++)
			if (launch->samples[k].counters[place] > 0)
				return true;
	}
	return false;
}

static void lose(struct record_counter *counter, const char *reason)
{
	free(counter->reason);
	counter->status = RECORD_COUNTER_LOST;
	counter->reason = alloc_text(reason);
}

static void summarise(struct record_case *c, size_t index, double *medians, double *work)
{
	struct record_counter *counter = &c->counters[index];
	struct stats_estimate found;
	size_t launches = 0, n = 0;

	for (size_t i = 0; i < c->launch_count; i++) {
		const struct record_launch *launch = &c->launches[i];
		const int place = find_place(launch, index);
		size_t samples;

		if (place < 0)
			continue;
		launches++;
		samples = fill_per_iteration(launch, place, counter->scale > 0 ? counter->scale : 1, work);
		if (samples)
			medians[n++] = stats_median(work, samples, work + launch->sample_count);
	}
	if (c->launch_count && !n)
		lose(counter, launches ? "it did not run all the time in any sample"
				       : "there were fewer launches than passes to count all events in");
	found = n ? estimate(medians, n, work) : (struct stats_estimate){ NAN, NAN, NAN, NAN, NAN };
	counter->per_iteration = found.value;
	counter->ci95[0] = n > 1 ? found.low : NAN;
	counter->ci95[1] = n > 1 ? found.high : NAN;
}

/* An event that stood still when it was tried, and moves now, was only rare. */
static void hear(struct record_case *c, size_t index)
{
	struct record_counter *counter = &c->counters[index];

	if (counter->status != RECORD_COUNTER_SILENT || !has_moved(c, index))
		return;
	free(counter->reason);
	counter->reason = NULL;
	counter->status = RECORD_COUNTER_COUNTED;
}

void record_case_summarise_counters(struct record_case *c)
{
	size_t most = c->launch_count;
	double *medians, *work;

	for (size_t i = 0; i < c->launch_count; i++)
		if (c->launches[i].sample_count > most)
			most = c->launches[i].sample_count;
	medians = alloc_zero(c->launch_count + 1, sizeof *medians);
	work = alloc_zero(2 * most + 1, sizeof *work);
	for (size_t i = 0; i < c->counter_count; i++) {
		hear(c, i);
		if (c->counters[i].status == RECORD_COUNTER_COUNTED)
			summarise(c, i, medians, work);
	}
	free(medians);
	free(work);
}

size_t record_case_derive(const struct record_case *c, struct derived derived[DERIVED_MAX])
{
	struct derived_count *counts = alloc_zero(c->counter_count + 1, sizeof *counts);
	size_t count;

	for (size_t i = 0; i < c->counter_count; i++)
		counts[i] = (struct derived_count){ c->counters[i].name, c->counters[i].per_iteration };
	count = derived_compute(counts, c->counter_count, c->estimate_s, derived, DERIVED_MAX);
	free(counts);
	return count;
}
