/* SPDX-License-Identifier: MIT */
/* A first look at numbers of one process; intervals over launches are the runner's work. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

struct scale {
	double above;
	const char *unit;
};

static const struct scale time_scales[] = { { 1e9, "s" }, { 1e6, "ms" }, { 1e3, "us" }, { 0, "ns" } };
static const struct scale si_scales[] = {
	{ 1e12, "T" }, { 1e9, "G" }, { 1e6, "M" }, { 1e3, "k" }, { 0, "" }
};

/* Memory comes in powers of two: the runner's report has the same steps. */
static const struct scale byte_scales[] = {
	{ 0x1p40, "Ti" }, { 0x1p30, "Gi" }, { 0x1p20, "Mi" }, { 0x1p10, "Ki" }, { 0, "" }
};

/* Newton's method: the library asks its users for no -lm. */
static double square_root(double value)
{
	double root = value > 1 ? value : 1;

	if (value <= 0)
		return 0;
	for (int i = 0; i < 200; i++) {
		const double better = (root + value / root) / 2;
		if (better >= root)
			break;
		root = better;
	}
	return root;
}

static const char *format_scaled(char *text, size_t size, double value, const struct scale *scale, int digits)
{
	while (value < scale->above * 0.99995) /* which rounds up to it */
		scale++;
	const double shown = scale->above > 0 ? value / scale->above : value;
	const int before = shown >= 99.995 ? 3 : shown >= 9.9995 ? 2 : 1;
	snprintf(text, size, "%.*f %s", digits > before ? digits - before : 0, shown, scale->unit);
	return text;
}

const char *sb_table_time(char *text, size_t size, double ns)
{
	return format_scaled(text, size, ns, time_scales, 4);
}

const char *sb_table_amount(char *text, size_t size, double value)
{
	return format_scaled(text, size, value, si_scales, 3);
}

static int compare_doubles(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Sorts. */
static double median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, compare_doubles);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static double cov(const double *values, size_t count)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	const double mean = sum / (double)count;
	for (size_t i = 0; i < count; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	return mean > 0 ? square_root(squares / (double)(count - 1)) / mean : 0;
}

static void format_throughput(char *text, size_t size, const struct sb_wire_result *result, double ns)
{
	char amount[32];
	size_t used = 0;

	text[0] = '\0';
	if (result->elements > 0)
		used = (size_t)snprintf(text, size, "%selem/s",
					sb_table_amount(amount, sizeof amount, result->elements / ns * 1e9));
	if (result->bytes > 0)
		snprintf(text + used, size - used, "%s%sB/s", used > 0 ? ", " : "",
			 format_scaled(amount, sizeof amount, result->bytes / ns * 1e9, byte_scales, 3));
}

void sb_table_head(FILE *out, int name_width)
{
	fprintf(out, "%-*s  %11s  %7s  %11s  %s\n", name_width, "case", "time/iter", "CoV", "iterations",
		"throughput");
}

void sb_table_row(FILE *out, int name_width, const char *name, const void *memory,
		  const struct sb_wire_result *result, unsigned threads)
{
	const struct sb_wire_sample *samples = wire_samples(memory);
	double ns[SB_WIRE_SAMPLES_MAX];
	char time[32], spread[32] = "-", throughput[96];

	for (uint64_t i = 0; i < result->count; i++)
		ns[i] = (double)samples[i].ticks / (double)samples[i].iterations;
	if (result->count > 1)
		snprintf(spread, sizeof spread, "%.2f %%", 100 * cov(ns, result->count));
	const double middle = median(ns, result->count);
	format_throughput(throughput, sizeof throughput, result, middle / threads);
	fprintf(out, "%-*s  %11s  %7s  %11llu%s%s\n", name_width, name,
		sb_table_time(time, sizeof time, middle), spread,
		(unsigned long long)(result->batch * result->count), throughput[0] == '\0' ? "" : "  ",
		throughput);
}

void sb_table_note(FILE *out, int name_width, const char *name, const char *what, const char *reason)
{
	fprintf(out, "%-*s  %s: %s\n", name_width, name, what, reason);
}
