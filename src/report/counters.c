/* SPDX-License-Identifier: GPL-2.0-or-later */
/* counters.c - see counters.h. */
#include "report/counters.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/units.h"
#include "report/wrap.h"

#define INDENT	   4
#define WHOLE_MOST 1e5
#define ITEM_SIZE  128

/* A name may have hundreds of letters: it and its number stay on one line as far as there is room. */
static void put_item(const char *between, const char *item, FILE *text)
{
	fputs(between, text);
	wrap_put_joined(item, text);
}

/* As it is where that is short: an exact number of instructions says more than thousands of them. */
static const char *format_value(double value, char *number, size_t size)
{
	if (value >= WHOLE_MOST)
		return units_format_si(value, number, size);
	snprintf(number, size, "%.5g", value);
	return number;
}

const char *counters_format(double value, const char *unit, char *text, size_t size)
{
	size_t used;

	if (unit && !strcmp(unit, "J"))
		return units_format_energy(value, text, size);
	if (unit && !strcmp(unit, "s"))
		return units_format_time(value, text, size);
	format_value(value, text, size);
	used = strlen(text);
	if (unit)
		snprintf(text + used, size - used, " %.32s", unit);
	return text;
}

/* With half the width of the interval, relative to the value; of 0 there is none. */
static void put_counter(const char *between, const struct record_counter *counter, FILE *text)
{
	const double half = (counter->ci95[1] - counter->ci95[0]) / 2 / counter->per_iteration;
	char number[64], percent[32], item[ITEM_SIZE];

	snprintf(item, sizeof item, "%s%s%s",
		 counters_format(counter->per_iteration, counter->unit, number, sizeof number),
		 isfinite(half) ? " +-" : "",
		 isfinite(half) ? units_format_percent(half, percent, sizeof percent) : "");
	put_item(between, counter->name, text);
	put_item(WRAP_JOIN, item, text);
}

static void put_one_derived(const char *between, const struct derived *derived, FILE *text)
{
	char number[32], item[ITEM_SIZE];

	if (derived->unit == DERIVED_RATIO)
		units_format_percent(derived->value, number, sizeof number);
	else if (derived->unit == DERIVED_HERTZ)
		units_format_si(derived->value, number, sizeof number);
	else if (derived->unit == DERIVED_JOULES)
		units_format_energy(derived->value, number, sizeof number);
	else
		snprintf(number, sizeof number, "%.3g", derived->value);
	snprintf(item, sizeof item, "%.39s %s%s", derived->name, number,
		 derived->unit == DERIVED_HERTZ ? "Hz" : "");
	put_item(between, item, text);
}

/* "; ipc 1.92, branch-mpki 0.003" */
static void put_derived(const struct record_case *c, FILE *text)
{
	struct derived derived[DERIVED_MAX];
	const size_t count = record_case_derive(c, derived);

	for (size_t i = 0; i < count; i++)
		put_one_derived(i ? ", " : "; ", &derived[i], text);
}

static bool is_partial(const struct record_counter *counter)
{
	return counter->counted < counter->samples && isfinite(counter->per_iteration);
}

static bool is_as_partial(const struct record_counter *one, const struct record_counter *other)
{
	return is_partial(other) && one->counted == other->counted && one->samples == other->samples;
}

/* "; counted in 37 of 40 samples only: cycles, instructions"; those of another pass may have lost others. */
static void put_partial(const struct record_case *c, FILE *text)
{
	for (size_t first = 0; first < c->counter_count; first++) {
		const struct record_counter *counter = &c->counters[first];
		bool is_told = !is_partial(counter);

		for (size_t i = 0; i < first && !is_told; i++)
			is_told = is_as_partial(counter, &c->counters[i]);
		if (is_told)
			continue;
		fprintf(text, "; counted in %" PRIu64 " of %" PRIu64 " samples only", counter->counted,
			counter->samples);
		for (size_t i = first; i < c->counter_count; i++)
			if (is_as_partial(counter, &c->counters[i]))
				put_item(i == first ? ": " : ", ", c->counters[i].name, text);
	}
}

/* "suite/case: cycles 1.05 k +-0.1 %, instructions 2 k +-0 %"; false where no counter has a number. */
static bool put_case(const struct record_case *c, FILE *text)
{
	const char *between = ": ";

	fputs(c->name, text);
	for (size_t i = 0; i < c->counter_count; i++) {
		if (!isfinite(c->counters[i].per_iteration))
			continue;
		put_counter(between, &c->counters[i], text);
		between = ", ";
	}
	put_derived(c, text);
	put_partial(c, text);
	return between[0] == ',';
}

static void write_case(const struct record_case *c, int columns, bool *is_first, FILE *stream)
{
	char *sentence = NULL;
	size_t size;
	FILE *text = open_memstream(&sentence, &size);
	bool has_some;

	if (!text)
		return;
	has_some = put_case(c, text);
	fclose(text);
	if (has_some && *is_first)
		fputs("counters, per iteration:\n", stream);
	if (has_some) {
		fputs("  ", stream);
		wrap_from(sentence, 2, columns, INDENT, stream);
		*is_first = false;
	}
	free(sentence);
}

static bool has_reach(const struct record_counter *counter, enum pmu_reach reach)
{
	return counter->reach == reach && isfinite(counter->per_iteration);
}

/* Whether an earlier case has it, with a number. */
static bool is_named(const struct record *record, size_t case_index, const struct record_counter *counter)
{
	for (size_t i = 0; i < case_index; i++)
		for (size_t k = 0; k < record->cases[i].counter_count; k++)
			if (!strcmp(record->cases[i].counters[k].name, counter->name) &&
			    has_reach(&record->cases[i].counters[k], counter->reach))
				return true;
	return false;
}

static size_t put_names(const struct record *record, enum pmu_reach reach, FILE *text)
{
	size_t count = 0;

	for (size_t i = 0; i < record->case_count; i++)
		for (size_t k = 0; k < record->cases[i].counter_count; k++) {
			const struct record_counter *counter = &record->cases[i].counters[k];

			if (has_reach(counter, reach) && !is_named(record, i, counter))
				fprintf(text, "%s%s", count++ ? ", " : "", counter->name);
		}
	return count;
}

/* "of the whole package, whoever used it: energy-package, energy-cores" */
static void write_reach(const struct record *record, enum pmu_reach reach, int columns, FILE *stream)
{
	char *sentence = NULL;
	size_t size, count;
	FILE *text = open_memstream(&sentence, &size);

	if (!text)
		return;
	fprintf(text, "of the whole %s, whoever used it: ", pmu_reach_name(reach));
	count = put_names(record, reach, text);
	fclose(text);
	if (count)
		wrap_write(sentence, columns, INDENT, stream);
	free(sentence);
}

static bool is_same(const struct record_counter *one, const struct record_counter *other)
{
	return one->reason && other->reason && one->status == other->status &&
	       !strcmp(one->reason, other->reason);
}

/* Whether the counter was among those of an earlier sentence. */
static bool is_told(const struct record *record, size_t case_index, size_t counter_index)
{
	const struct record_counter *counter = &record->cases[case_index].counters[counter_index];

	for (size_t i = 0; i < case_index; i++)
		for (size_t k = 0; k < record->cases[i].counter_count; k++)
			if (is_same(&record->cases[i].counters[k], counter) &&
			    !strcmp(record->cases[i].counters[k].name, counter->name))
				return true;
	for (size_t k = 0; k < counter_index; k++)
		if (is_same(&record->cases[case_index].counters[k], counter))
			return true;
	return false;
}

/* "not counted: l2-misses, dtlb-misses: unsupported: this host has no such event" */
static void write_reason(const struct record_case *c, size_t first, int columns, FILE *stream)
{
	const struct record_counter *counter = &c->counters[first];
	char *sentence = NULL;
	size_t size;
	FILE *text = open_memstream(&sentence, &size);

	if (!text)
		return;
	for (size_t i = first; i < c->counter_count; i++)
		if (is_same(&c->counters[i], counter))
			fprintf(text, "%s%s", i == first ? "not counted: " : ", ", c->counters[i].name);
	fprintf(text, ": %s: %s", record_counter_status_name(counter->status), counter->reason);
	fclose(text);
	wrap_write(sentence, columns, INDENT, stream);
	free(sentence);
}

static void write_reasons(const struct record *record, size_t case_index, int columns, FILE *stream)
{
	const struct record_case *c = &record->cases[case_index];

	for (size_t i = 0; i < c->counter_count; i++)
		if (c->counters[i].reason && !is_told(record, case_index, i))
			write_reason(c, i, columns, stream);
}

/* ": cycles 120, instructions 97", each counter that has one once, from the first launch that had it. */
static void put_overheads(const struct record_case *c, FILE *text)
{
	const char *between = "; taken off for the bracket: ";

	for (size_t k = 0; k < c->counter_count; k++) {
		uint64_t overhead = 0;

		for (size_t i = 0; i < c->launch_count && !overhead; i++)
			for (size_t place = 0; place < c->launches[i].counter_count; place++)
				if (c->launches[i].counters[place].index == k)
					overhead = c->launches[i].counters[place].overhead;
		if (!overhead)
			continue;
		fprintf(text, "%s%s %" PRIu64, between, c->counters[k].name, overhead);
		between = ", ";
	}
}

static bool has_counted(const struct record_case *c)
{
	for (size_t i = 0; i < c->counter_count; i++)
		if (isfinite(c->counters[i].per_iteration))
			return true;
	return false;
}

/* "reading them costs 366 ns ...", of the first case that counted: others differ little. */
static void write_bracket(const struct record *record, int columns, FILE *stream)
{
	const struct record_case *c = record->cases;
	char *sentence = NULL, cost[32];
	size_t size;
	FILE *text;

	while (c < record->cases + record->case_count && !(c->counter_s > 0 && has_counted(c)))
		c++;
	if (c == record->cases + record->case_count || !(text = open_memstream(&sentence, &size)))
		return;
	fprintf(text, "reading them costs %s on either side of a sample, which is not timed",
		units_format_time(c->counter_s, cost, sizeof cost));
	put_overheads(c, text);
	fclose(text);
	wrap_write(sentence, columns, INDENT, stream);
	free(sentence);
}

void counters_write(const struct record *record, int columns, FILE *stream)
{
	bool is_first = true;

	for (size_t i = 0; i < record->case_count; i++)
		write_case(&record->cases[i], columns, &is_first, stream);
	write_bracket(record, columns, stream);
	for (enum pmu_reach reach = PMU_REACH_TASK + 1; reach < PMU_REACHES; reach++)
		write_reach(record, reach, columns, stream);
	for (size_t i = 0; i < record->case_count; i++)
		write_reasons(record, i, columns, stream);
}
