/* SPDX-License-Identifier: GPL-2.0-or-later */
/* samples.c - every sample in a line of its own, with what its witnesses saw: for the eye and for awk. */
#include <inttypes.h>
#include <string.h>

#include "report/report.h"

static void write_causes(uint32_t causes, FILE *stream)
{
	const char *between = "";

	if (!causes)
		fputc('-', stream);
	for (unsigned bit = 1; bit && bit <= causes; bit <<= 1) {
		if (!(causes & bit))
			continue;
		fprintf(stream, "%s%s", between, record_cause_name(bit));
		between = ",";
	}
}

/* Tasks may have any name, and awk knows fields by blanks. */
static void write_word(const char *text, FILE *stream)
{
	for (const char *letter = text; *letter; letter++)
		fputc(strchr(" \t\n\v\f\r", *letter) ? '_' : *letter, stream);
	if (!*text)
		fputc('-', stream);
}

static const char *write_number(const char *between, const char *name, uint64_t number, FILE *stream)
{
	fputs(between, stream);
	write_word(name, stream);
	fprintf(stream, "=%" PRIu64, number);
	return ",";
}

/* "NAME=NUMBER", "-" for none. What the counters of a bracket count is in it. An event that stood still, or
 * that nobody could count, is not 0. */
static void write_counters(const struct record_case *c, const struct record_launch *launch,
			   const struct record_sample *sample, FILE *stream)
{
	const char *between = "";

	for (size_t i = 0; i < launch->counter_count && !sample->uncounted; i++) {
		const struct record_counter *counter = &c->counters[launch->counters[i].index];

		if (counter->status == RECORD_COUNTER_COUNTED)
			between = write_number(between, counter->name, sample->counters[i], stream);
	}
	fputs(between[0] ? " " : "- ", stream);
}

static void write_witnesses(const struct record_sample *sample, FILE *stream)
{
	const char *between = "";

	for (unsigned i = 0; i < SB_WIRE_WITNESSES_MAX; i++)
		if (sample->witnesses[i])
			between = write_number(between, record_sample_witness_name(i), sample->witnesses[i],
					       stream);
	fputs(between[0] ? "\n" : "-\n", stream);
}

static void write_launch(const struct record_case *c, size_t number, FILE *stream)
{
	const struct record_launch *launch = &c->launches[number];

	for (size_t i = 0; i < launch->sample_count; i++) {
		const struct record_sample *sample = &launch->samples[i];

		write_word(c->name, stream);
		fprintf(stream, " %zu %zu %.9g %" PRIu64 " ", number, i,
			sample->time_s / (double)sample->iterations, sample->iterations);
		write_causes(sample->causes, stream);
		fprintf(stream, " %s %.9g ", sample->set_aside ? "aside" : "counts", sample->stolen_s);
		write_word(sample->thief, stream);
		fputc(' ', stream);
		write_counters(c, launch, sample, stream);
		write_witnesses(sample, stream);
	}
}

static void compose(const struct record *record, const struct report_style *style, FILE *stream)
{
	(void)style;
	fputs("# case launch sample seconds_per_iteration iterations causes use stolen_s thief counters "
	      "witnesses\n",
	      stream);
	for (size_t i = 0; i < record->case_count; i++)
		for (size_t k = 0; k < record->cases[i].launch_count; k++)
			write_launch(&record->cases[i], k, stream);
}

static int write_samples(const struct record *record, const struct report_style *style, FILE *stream,
			 struct sb_err *err)
{
	return report_write_clean(compose, record, style, stream, err);
}

const struct report_format report_samples = {
	.name = "samples",
	.summary = "every sample in a line of its own",
	.write = write_samples,
};
