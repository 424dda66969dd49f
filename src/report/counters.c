/* SPDX-License-Identifier: GPL-2.0-or-later */
/* counters.c - see counters.h. */
#include "report/counters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/units.h"
#include "report/wrap.h"

#define INDENT	   4
#define WHOLE_MOST 1e5

/* Half the width of the interval, relative to the value; of 0 there is none. */
static void put_half(const struct record_counter *counter, FILE *text)
{
	const double half = (counter->ci95[1] - counter->ci95[0]) / 2 / counter->per_iteration;
	char number[32];

	if (isfinite(half))
		fprintf(text, " +-%s", units_format_percent(half, number, sizeof number));
}

/* As it is where that is short: an exact number of instructions says more than thousands of them. */
static const char *format_value(double value, char *number, size_t size)
{
	if (value >= WHOLE_MOST)
		return units_format_si(value, number, size);
	snprintf(number, size, "%.5g", value);
	return number;
}

static void put_counter(const struct record_counter *counter, FILE *text)
{
	char number[32];

	fprintf(text, "%s %s%s%s", counter->name, format_value(counter->per_iteration, number, sizeof number),
		counter->unit ? " " : "", counter->unit ? counter->unit : "");
	put_half(counter, text);
}

/* "; ipc 1.92, branch-mpki 0.003" */
static void put_derived(const struct record_case *c, FILE *text)
{
	struct derived derived[DERIVED_MAX];
	const size_t count = record_case_derive(c, derived);
	char number[32];

	for (size_t i = 0; i < count; i++) {
		const double value = derived[i].value;

		fprintf(text, "%s%s ", i ? ", " : "; ", derived[i].name);
		if (derived[i].unit == DERIVED_RATIO)
			fputs(units_format_percent(value, number, sizeof number), text);
		else if (derived[i].unit == DERIVED_HERTZ)
			fprintf(text, "%sHz", units_format_si(value, number, sizeof number));
		else
			fprintf(text, "%.3g", value);
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
		fputs(between, text);
		put_counter(&c->counters[i], text);
		between = ", ";
	}
	put_derived(c, text);
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

void counters_write(const struct record *record, int columns, FILE *stream)
{
	bool is_first = true;

	for (size_t i = 0; i < record->case_count; i++)
		write_case(&record->cases[i], columns, &is_first, stream);
	for (size_t i = 0; i < record->case_count; i++)
		write_reasons(record, i, columns, stream);
}
