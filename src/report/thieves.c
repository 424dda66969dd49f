/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thieves.c - see thieves.h. */
#include "report/thieves.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include "base/units.h"

#define ROWS_MOST 10

/* Who was only counted comes last. */
static int compare(const void *left, const void *right)
{
	const struct record_thief *a = left, *b = right;
	const double first = isnan(a->stolen_s) ? -1 : a->stolen_s,
		     second = isnan(b->stolen_s) ? -1 : b->stolen_s;

	if (first != second)
		return first < second ? 1 : -1;
	return a->count < b->count ? 1 : a->count > b->count ? -1 : 0;
}

static void write_rows(const struct record_case *sum, FILE *stream)
{
	fprintf(stream, "who took the CPU:\n  %-9s  %-15s  %8s  %10s  %s\n", "kind", "name", "times", "time",
		"what would stop it");
	for (size_t i = 0; i < sum->thief_count && i < ROWS_MOST; i++) {
		const struct record_thief *thief = &sum->thieves[i];
		char time[32];

		fprintf(stream, "  %-9s  %-15s  %8" PRIu64 "  %10s  %s\n",
			record_thief_kind_name(thief->kind), thief->name, thief->count,
			isnan(thief->stolen_s) ? "-" : units_format_time(thief->stolen_s, time, sizeof time),
			thief->knob ? thief->knob : "-");
	}
	if (sum->thief_count > ROWS_MOST)
		fprintf(stream, "  and %zu more\n", sum->thief_count - ROWS_MOST);
}

void thieves_write(const struct record *record, FILE *stream)
{
	struct record sums;
	struct record_case *sum;

	record_init(&sums);
	sum = record_add_case(&sums, "", "");
	for (size_t i = 0; i < record->case_count; i++)
		for (size_t k = 0; k < record->cases[i].thief_count; k++)
			record_case_add_thief(sum, &record->cases[i].thieves[k]);
	if (sum->thief_count) {
		qsort(sum->thieves, sum->thief_count, sizeof *sum->thieves, compare);
		write_rows(sum, stream);
	}
	record_release(&sums);
}
