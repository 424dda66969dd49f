/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frequency.c - see frequency.h. */
#include "report/frequency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/units.h"
#include "report/wrap.h"

#define INDENT 4

struct range {
	double least, most;  /* over the base frequency; 0: not known */
	const char *slowest; /* the case of the least; borrowed */
};

static struct range range_of(const struct record *record)
{
	struct range range = { 0 };

	for (size_t i = 0; i < record->case_count; i++) {
		double least, most;

		if (!record_case_busy_frequency(&record->cases[i], &least, &most))
			continue;
		if (!range.slowest || least < range.least) {
			range.least = least;
			range.slowest = record->cases[i].name;
		}
		range.most = fmax(range.most, most);
	}
	return range;
}

/* The TSC counts at about the base frequency. */
static double base_hertz(const struct record *record)
{
	return record->clock && !strcmp(record->clock, "tsc") && record->ns_per_tick > 0
		       ? 1e9 / record->ns_per_tick
		       : NAN;
}

/* "1.00", or "0.94 to 1.02" where they differ in what is shown. */
static void write_range(const char *least, const char *most, const char *unit, FILE *text)
{
	fprintf(text, "%s%s", least, unit);
	if (strcmp(least, most) != 0)
		fprintf(text, " to %s%s", most, unit);
}

static void write_ratio(const struct range *range, FILE *text)
{
	char least[32], most[32];

	snprintf(least, sizeof least, "%.2f", range->least);
	snprintf(most, sizeof most, "%.2f", range->most);
	write_range(least, most, "", text);
	fputs(" of the base frequency", text);
}

static void write_hertz(const struct range *range, double base, FILE *text)
{
	char least[32], most[32];

	fputs(", about ", text);
	write_range(units_format_si(range->least * base, least, sizeof least),
		    units_format_si(range->most * base, most, sizeof most), "Hz", text);
}

void frequency_write(const struct record *record, int columns, FILE *stream)
{
	const struct range range = range_of(record);
	const double base = base_hertz(record);
	char *sentence = NULL;
	size_t size;
	FILE *text = range.slowest ? open_memstream(&sentence, &size) : NULL;

	if (!text)
		return;
	fputs("frequency while busy: ", text);
	write_ratio(&range, text);
	if (isfinite(base))
		write_hertz(&range, base, text);
	if (range.most > range.least * (1 + RECORD_FREQUENCY_SPREAD))
		fprintf(text, "; slowest in %s", range.slowest);
	fclose(text);
	wrap_write(sentence, columns, INDENT, stream);
	free(sentence);
}
