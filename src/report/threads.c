/* SPDX-License-Identifier: GPL-2.0-or-later */
/* threads.c - see threads.h. */
#include "report/threads.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/units.h"
#include "report/counters.h"
#include "report/wrap.h"
#include "stats/describe.h"

#define INDENT 4

/* Of one case, over its launches. */
struct spread {
	double least_s, most_s; /* per iteration, of the fastest thread and of the slowest */
	size_t slowest;
};

struct range {
	double least, most;
};

const char *threads_format_rate(enum record_unit unit, double per_second, char *text, size_t size)
{
	const bool is_bytes = unit == RECORD_BYTES;
	char number[32];

	if (!isfinite(per_second))
		return units_format_si(per_second, text, size);
	if (is_bytes)
		units_format_bytes(per_second, number, sizeof number);
	else
		units_format_si(per_second, number, sizeof number);
	snprintf(text, size, "%s%s%s", number, is_bytes || strchr(number, ' ') ? "" : " ",
		 is_bytes ? "" : "elem/s");
	return text;
}

/* NaN where no launch tells; `work` has room for two numbers of each launch. */
static double thread_median(const struct record_case *c, size_t number, double *work)
{
	size_t count = 0;

	for (size_t i = 0; i < c->launch_count; i++)
		if (number < c->launches[i].thread_count && isfinite(c->launches[i].threads[number].median_s))
			work[count++] = c->launches[i].threads[number].median_s;
	return count ? stats_median(work, count, work + c->launch_count) : NAN;
}

static bool find_spread(const struct record_case *c, struct spread *spread)
{
	double *work = alloc_zero(2 * c->launch_count, sizeof *work);
	bool is_known = c->threads > 1;

	*spread = (struct spread){ .least_s = INFINITY };
	for (size_t i = 0; i < c->threads && is_known; i++) {
		const double median = thread_median(c, i, work);

		is_known = median > 0;
		if (median < spread->least_s)
			spread->least_s = median;
		if (median > spread->most_s) {
			spread->most_s = median;
			spread->slowest = i;
		}
	}
	free(work);
	return is_known;
}

/* "81.0 Melem/s in all, each 20.1 Melem/s to 20.4 Melem/s; " */
static void put_throughput(const struct record_case *c, const struct spread *spread, FILE *text)
{
	char all[32], least[32], most[32];

	for (size_t i = 0; i < c->throughput_count; i++) {
		const struct record_throughput *one = &c->throughput[i];

		fprintf(text, "%s in all, each %s to %s; ",
			threads_format_rate(one->unit, one->per_second, all, sizeof all),
			threads_format_rate(one->unit, one->per_iteration / spread->most_s, least,
					    sizeof least),
			threads_format_rate(one->unit, one->per_iteration / spread->least_s, most,
					    sizeof most));
	}
}

/* Median over launches of what a thread counted in an iteration, NaN where none had the counter. */
static double thread_counter(const struct record_case *c, size_t number, size_t counter, double *work)
{
	size_t count = 0;

	for (size_t i = 0; i < c->launch_count; i++) {
		const struct record_launch *launch = &c->launches[i];

		for (size_t k = 0; k < launch->counter_count && number < launch->thread_count; k++)
			if (launch->counters[k].index == counter && launch->threads[number].counted)
				work[count++] = record_thread_per_iteration(c, launch, number, k);
	}
	return count ? stats_median(work, count, work + c->launch_count) : NAN;
}

/* From what to what the threads counted; false where none had the counter, or nobody could count it. */
static bool find_range(const struct record_case *c, size_t counter, double *work, struct range *range)
{
	*range = (struct range){ INFINITY, -INFINITY };
	for (size_t k = 0; k < c->threads && c->counters[counter].status == RECORD_COUNTER_COUNTED; k++) {
		const double median = thread_counter(c, k, counter, work);

		range->least = median < range->least ? median : range->least;
		range->most = median > range->most ? median : range->most;
	}
	return isfinite(range->least);
}

/* "; each counted instructions 2003 to 6003, cycles 5 to 7, and 0 of 2 other events" */
static void put_counters(const struct record_case *c, FILE *text)
{
	double *work = alloc_zero(2 * c->launch_count, sizeof *work);
	size_t told = 0, zeros = 0;
	char least[64], most[64];

	for (size_t i = 0; i < c->counter_count; i++) {
		const struct record_counter *counter = &c->counters[i];
		struct range range;

		if (!find_range(c, i, work, &range))
			continue;
		if (range.least == 0 && range.most == 0)
			zeros++;
		else
			fprintf(text, "%s %s %s to %s", told++ ? "," : "; each counted", counter->name,
				counters_format(range.least, counter->unit, least, sizeof least),
				counters_format(range.most, counter->unit, most, sizeof most));
	}
	if (zeros)
		fprintf(text, "%s 0 of %zu %sevent%s", told ? ", and" : "; each counted", zeros,
			told ? "other " : "", zeros > 1 ? "s" : "");
	free(work);
}

/* Where it was in the launches, if that was one place. */
static void put_cpu(const struct record_case *c, size_t number, FILE *text)
{
	const struct record_launch *launches = c->launches;

	for (size_t i = 0; i < c->launch_count; i++)
		if (number >= launches[i].thread_count ||
		    launches[i].threads[number].cpu != launches[0].threads[number].cpu)
			return;
	fprintf(text, " on CPU %" PRIu32, launches[0].threads[number].cpu);
}

static void write_case(const struct record_case *c, const struct spread *spread, int columns, FILE *stream)
{
	char *sentence = NULL, least[32], most[32];
	size_t size;
	FILE *text = open_memstream(&sentence, &size);

	if (!text)
		return;
	fprintf(text, "%s: ", c->name);
	put_throughput(c, spread, text);
	fprintf(text, "an iteration took them %s to %s, longest thread %zu",
		units_format_time(spread->least_s, least, sizeof least),
		units_format_time(spread->most_s, most, sizeof most), spread->slowest);
	put_cpu(c, spread->slowest, text);
	put_counters(c, text);
	fclose(text);
	fputs("  ", stream);
	wrap_from(sentence, 2, columns, INDENT, stream);
	free(sentence);
}

void threads_write(const struct record *record, int columns, FILE *stream)
{
	bool is_first = true;

	for (size_t i = 0; i < record->case_count; i++) {
		const struct record_case *c = &record->cases[i];
		struct spread spread;

		if (c->status != RECORD_CASE_OK || !c->launch_count || !find_spread(c, &spread))
			continue;
		if (is_first)
			fputs("threads, of each case that has several:\n", stream);
		is_first = false;
		write_case(c, &spread, columns, stream);
	}
}
