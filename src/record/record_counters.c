/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_counters.c - what the counters of a case come to, per iteration, from its launches. */
#include "record/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "stats/describe.h"
#include "stats/interval.h"
#include "stats/student.h"

#define CONFIDENCE 0.95
#define IPC_MOST   16 /* more than any processor issues */

/* The place of a counter among those of a launch, -1 where the launch did not count it. */
static int find_place(const struct record_launch *launch, size_t index)
{
	for (size_t i = 0; i < launch->counter_count; i++)
		if (launch->counters[i].index == index)
			return (int)i;
	return -1;
}

/* Events per iteration over all samples of a launch that count, NaN where none does: rare ones are in few of
 * them, and only sums make shares of one another that add up. Less than empty brackets have is none of the
 * benchmark's. */
static double per_iteration(const struct record_launch *launch, int place)
{
	double events = 0, iterations = 0;

	for (size_t i = 0; i < launch->sample_count; i++) {
		const struct record_sample *sample = &launch->samples[i];

		if (sample->set_aside || sample->uncounted)
			continue;
		events += (double)sample->counters[place] - (double)launch->counters[place].overhead;
		iterations += (double)sample->iterations;
	}
	return iterations > 0 ? fmax(events, 0) / iterations : NAN;
}

/* A logarithm of none is none, and of a number that is the same in each launch, as an exact one of
 * instructions is, the way there and back would not give the same. */
static struct stats_estimate plain_mean(const double *values, size_t n)
{
	const double mean = stats_mean(values, n);
	const double half = n < 2 ? NAN
				  : stats_student_quantile((1 + CONFIDENCE) / 2, (double)n - 1) *
					    stats_sd(values, n) / sqrt((double)n);

	return (struct stats_estimate){ .value = mean, .low = fmax(mean - half, 0), .high = mean + half };
}

static struct stats_estimate estimate(const double *values, size_t n, double *scratch)
{
	bool is_constant = true;

	for (size_t i = 0; i < n; i++) {
		if (values[i] <= 0)
			return plain_mean(values, n);
		is_constant = is_constant && fabs(values[i] - values[0]) <= 0;
	}
	if (is_constant)
		return (struct stats_estimate){ .value = values[0], .low = values[0], .high = values[0] };
	return stats_location(values, n, CONFIDENCE, scratch);
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

static bool is_believable(double cycles, double instructions)
{
	if (isnan(cycles) || isnan(instructions) || (cycles <= 0 && instructions <= 0))
		return true;
	return cycles > 0 && instructions > 0 && instructions <= IPC_MOST * cycles;
}

static struct record_counter *find_counter(struct record_case *c, const char *name)
{
	for (size_t i = 0; i < c->counter_count; i++)
		if (!strcmp(c->counters[i].name, name))
			return &c->counters[i];
	return NULL;
}

/* A PMU, or what a hypervisor makes up for one, that says what cannot be counts neither. */
static void disbelieve(struct record_case *c)
{
	struct record_counter *const pair[] = { find_counter(c, "cycles"), find_counter(c, "instructions") };
	char reason[160];

	if (!pair[0] || !pair[1] || is_believable(pair[0]->per_iteration, pair[1]->per_iteration))
		return;
	snprintf(reason, sizeof reason, "%g instructions in %g cycles of an iteration cannot be",
		 pair[1]->per_iteration, pair[0]->per_iteration);
	for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
		lose(pair[i], reason);
		pair[i]->per_iteration = pair[i]->ci95[0] = pair[i]->ci95[1] = NAN;
	}
}

/* Launches that had the counter, and of them those in which it could not be in any sample. */
struct had {
	size_t launches, detached, partly;
};

static const char *why_lost(const struct had *had)
{
	if (!had->launches)
		return "there were fewer launches than passes to count all events in";
	if (had->detached == had->launches)
		return "the kernel ended it with the exec of the program, which the benches' user may not "
		       "read";
	return had->partly == had->launches ? "a thread of the benchmark got no counters of its own"
					    : "it did not run all the time, or was reset, in any sample";
}

/* A group that loses its place on the PMU does so in the midst of a launch, or before one of many. */
static void count_samples(const struct record_case *c, size_t index)
{
	struct record_counter *counter = &c->counters[index];

	counter->samples = counter->counted = 0;
	for (size_t i = 0; i < c->launch_count; i++) {
		const struct record_launch *launch = &c->launches[i];

		for (size_t k = 0; find_place(launch, index) >= 0 && k < launch->sample_count; k++) {
			counter->samples += !launch->samples[k].set_aside;
			counter->counted += !launch->samples[k].set_aside && !launch->samples[k].uncounted;
		}
	}
}

static void summarise(struct record_case *c, size_t index, double *values, double *work)
{
	struct record_counter *counter = &c->counters[index];
	struct stats_estimate found;
	struct had had = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < c->launch_count; i++) {
		const struct record_launch *launch = &c->launches[i];
		const int place = find_place(launch, index);

		if (place < 0)
			continue;
		had.launches++;
		had.detached += launch->is_detached;
		had.partly += launch->is_partly_counted;
		values[n] = per_iteration(launch, place) * (counter->scale > 0 ? counter->scale : 1);
		n += !isnan(values[n]);
	}
	if (c->launch_count && !n)
		lose(counter, why_lost(&had));
	found = n ? estimate(values, n, work) : (struct stats_estimate){ NAN, NAN, NAN, NAN, NAN };
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
	double *values = alloc_zero(c->launch_count + 1, sizeof *values);
	double *work = alloc_zero(2 * c->launch_count + 1, sizeof *work);

	for (size_t i = 0; i < c->counter_count; i++) {
		hear(c, i);
		count_samples(c, i);
		if (c->counters[i].status == RECORD_COUNTER_COUNTED)
			summarise(c, i, values, work);
	}
	disbelieve(c);
	free(values);
	free(work);
}

static bool has_flag(const struct record_case *c, const char *flag)
{
	for (size_t i = 0; i < c->flag_count; i++)
		if (!strcmp(c->flags[i], flag))
			return true;
	return false;
}

/* Of all threads, whose events are added up, for an iteration of each. */
static double threads_seconds(const struct record_case *c)
{
	double sum = 0;

	if (c->threads < 2)
		return c->estimate_s;
	for (size_t i = 0; i < c->launch_count; i++) {
		const struct record_launch *launch = &c->launches[i];

		if (launch->thread_count != c->threads)
			return NAN;
		for (size_t k = 0; k < launch->thread_count; k++)
			sum += launch->threads[k].median_s;
	}
	return sum / (double)c->launch_count;
}

/* Time that the benchmark slept, that its threads had no CPU, or that others' cycles were counted in, is no
 * time of these. */
static double counted_seconds(const struct record_case *c)
{
	if (has_flag(c, "sum") || has_flag(c, "serialised"))
		return NAN;
	for (size_t i = 0; i < c->launch_count; i++)
		for (size_t k = 0; k < c->launches[i].sample_count; k++)
			if (c->launches[i].samples[k].causes & RECORD_CAUSE_VOLUNTARY_SWITCH)
				return NAN;
	return threads_seconds(c);
}

size_t record_case_derive(const struct record_case *c, struct derived derived[DERIVED_MAX])
{
	struct derived_count *counts = alloc_zero(c->counter_count + 1, sizeof *counts);
	size_t count;

	for (size_t i = 0; i < c->counter_count; i++)
		counts[i] = (struct derived_count){ c->counters[i].word ? c->counters[i].word
									: c->counters[i].name,
						    c->counters[i].per_iteration };
	count = derived_compute(counts, c->counter_count, counted_seconds(c), derived, DERIVED_MAX);
	free(counts);
	return count;
}

double record_thread_per_iteration(const struct record_case *c, const struct record_launch *launch,
				   size_t thread, size_t i)
{
	const struct record_thread *part = &launch->threads[thread];
	const struct record_launch_counter *counter = &launch->counters[i];
	const double scale = c->counters[counter->index].scale,
		     bracket = (double)counter->overhead / (double)launch->thread_count,
		     each = (double)part->counters[i] / (double)part->counted - bracket;

	if (!part->counted || !launch->batch)
		return NAN;
	return fmax(each, 0) / (double)launch->batch * (scale != 0 ? scale : 1);
}
