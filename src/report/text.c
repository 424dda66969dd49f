/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.c - what a person reads after a run: a table of cases, then what went wrong, then what the host's
 * state means. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "report/report.h"
#include "report/conditions.h"
#include "report/counters.h"
#include "report/disturbed.h"
#include "report/frequency.h"
#include "report/thieves.h"
#include "report/threads.h"
#include "report/wrap.h"

#define NAME_WIDTH_MIN 20

static int name_width(const struct record *record)
{
	size_t width = NAME_WIDTH_MIN;

	for (size_t i = 0; i < record->case_count; i++)
		if (strlen(record->cases[i].name) > width)
			width = strlen(record->cases[i].name);
	return (int)width;
}

/* The half width of the interval; one launch has none. */
static const char *format_half(const struct record_case *c, char *text, size_t size)
{
	char number[32];

	snprintf(text, size, "%s%s", isfinite(c->rciw) ? "+-" : "",
		 units_format_percent(c->rciw, number, sizeof number));
	return text;
}

/* Whether the table has a row of numbers for the case. */
static bool has_numbers(const struct record_case *c)
{
	return c->launch_count && c->status == RECORD_CASE_OK;
}

static const char *format_throughput(const struct record_case *c, char *text, size_t size)
{
	char rate[32];
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < c->throughput_count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "",
					 threads_format_rate(c->throughput[i].unit,
							     c->throughput[i].per_second, rate, sizeof rate));
	return text;
}

static size_t format_flags(const struct record_case *c, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < c->flag_count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", c->flags[i]);
	return used;
}

/* Flags that do not fit beside the numbers stand below them. */
static void write_flags(const struct record_case *c, int used, int columns, FILE *stream)
{
	char flags[256];

	if (!format_flags(c, flags, sizeof flags))
		fputc('\n', stream);
	else if (columns && used + 2 + (int)strlen(flags) > columns)
		fprintf(stream, "\n    %s\n", flags);
	else
		fprintf(stream, "  %s\n", flags);
}

static void write_case(const struct record_case *c, int width, int columns, FILE *stream)
{
	char estimate[32], half[32], within[32], between[32], throughput[64];
	int used;

	if (!has_numbers(c)) {
		fprintf(stream, "%-*s  %s: %s\n", width, c->name, record_case_status_name(c->status),
			c->reason ? c->reason : "no launch");
		return;
	}
	used = fprintf(stream, "%-*s  %10s  %-13s  %10s  %11s  %14s", width, c->name,
		       units_format_time(c->estimate_s, estimate, sizeof estimate),
		       format_half(c, half, sizeof half),
		       units_format_percent(c->cov_within, within, sizeof within),
		       units_format_percent(c->cov_between, between, sizeof between),
		       format_throughput(c, throughput, sizeof throughput));
	write_flags(c, used, columns, stream);
}

static void write_table(const struct record *record, int columns, FILE *stream)
{
	int width = name_width(record);

	fprintf(stream, "%-*s  %10s  %-13s  %10s  %11s  %14s  flags\n", width, "case", "time/iter",
		"95 % interval", "CoV within", "CoV between", "throughput");
	for (size_t i = 0; i < record->case_count; i++)
		write_case(&record->cases[i], width, columns, stream);
}

/* The last lines that broken cases printed. */
static void write_outputs(const struct record *record, FILE *stream)
{
	for (size_t i = 0; i < record->case_count; i++) {
		const struct record_case *c = &record->cases[i];

		if (!c->output || c->status == RECORD_CASE_OK || c->status == RECORD_CASE_SKIPPED)
			continue;
		fprintf(stream, "\n%s printed last:\n", c->name);
		for (const char *line = c->output; *line;) {
			size_t length = strcspn(line, "\n");

			fprintf(stream, "  | %.*s\n", (int)length, line);
			line += length + (line[length] == '\n');
		}
	}
}

static bool case_has_flag(const struct record_case *c, const char *flag)
{
	for (size_t i = 0; i < c->flag_count; i++)
		if (!strcmp(c->flags[i], flag))
			return true;
	return false;
}

/* Each flag that stands in the table is explained once. */
static void write_flag_texts(const struct record *record, int columns, FILE *stream)
{
	for (size_t i = 0; record_flag_name(i); i++) {
		const char *flag = record_flag_name(i);
		char text[256];
		bool stands = false;

		for (size_t k = 0; k < record->case_count && !stands; k++)
			stands = has_numbers(&record->cases[k]) && case_has_flag(&record->cases[k], flag);
		if (!stands)
			continue;
		snprintf(text, sizeof text, "%s: %s", flag, record_flag_text(flag));
		wrap_write(text, columns, 4, stream);
	}
}

static void compose(const struct record *record, const struct report_style *style, FILE *stream)
{
	write_table(record, style->columns, stream);
	write_outputs(record, stream);
	fputc('\n', stream);
	threads_write(record, style->columns, stream);
	counters_write(record, style->columns, stream);
	write_flag_texts(record, style->columns, stream);
	if (record->status == RECORD_INTERRUPTED)
		fputs("interrupted: this is what was measured until then\n", stream);
	disturbed_write(record, style->columns, stream);
	thieves_write(record, style->columns, stream);
	frequency_write(record, style->columns, stream);
	conditions_write(record, style->columns, stream);
}

static int write_text(const struct record *record, const struct report_style *style, FILE *stream,
		      struct sb_err *err)
{
	return report_write_clean(compose, record, style, stream, err);
}

const struct report_format report_text = {
	.name = "text",
	.summary = "a table for people",
	.write = write_text,
};
