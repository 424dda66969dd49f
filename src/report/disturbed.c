/* SPDX-License-Identifier: GPL-2.0-or-later */
/* disturbed.c - see disturbed.h. */
#include "report/disturbed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "report/wrap.h"

#define INDENT	    4
#define SHIFT_LEAST 0.005 /* nobody looks at less */
#define NAMED_MOST  5	  /* disturbers in a line; the rest is added up */

struct disturber {
	const char *name; /* borrowed from the record, or a constant */
	size_t count;
};

/* Samples of one sort, by who disturbed them. */
struct tally {
	struct disturber *disturbers;
	size_t kinds, total;
};

const char *disturbed_by(const struct record_sample *sample)
{
	const uint32_t causes = sample->causes & RECORD_CAUSES_TAINT;

	if (causes & (RECORD_CAUSE_STOLEN | RECORD_CAUSE_INTERRUPT) &&
	    (sample->thief_kind == RECORD_THIEF_TASK || sample->thief_kind == RECORD_THIEF_INTERRUPT))
		return sample->thief;
	return causes ? record_cause_name(causes & -causes) : NULL;
}

static void count(struct tally *tally, const char *name)
{
	size_t i = 0;

	tally->total++;
	while (i < tally->kinds && strcmp(tally->disturbers[i].name, name) != 0)
		i++;
	if (i == tally->kinds) {
		tally->disturbers = alloc_grow(tally->disturbers, i + 1, sizeof *tally->disturbers);
		tally->disturbers[tally->kinds++] = (struct disturber){ name, 0 };
	}
	tally->disturbers[i].count++;
}

/* Gives how many samples of that sort there are, disturbed or not. */
static size_t tally_case(struct tally *tally, const struct record_case *c, bool set_aside)
{
	size_t samples = 0;

	for (size_t i = 0; i < c->launch_count; i++)
		for (size_t k = 0; k < c->launches[i].sample_count; k++) {
			const struct record_sample *sample = &c->launches[i].samples[k];
			const char *name = disturbed_by(sample);

			if (sample->set_aside != set_aside)
				continue;
			samples++;
			if (name)
				count(tally, name);
		}
	return samples;
}

static int compare(const void *left, const void *right)
{
	const struct disturber *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->name, b->name);
}

static void write_disturbers(struct tally *tally, FILE *text)
{
	size_t others = 0;

	if (tally->kinds)
		qsort(tally->disturbers, tally->kinds, sizeof *tally->disturbers, compare);
	for (size_t i = 0; i < tally->kinds; i++)
		if (i < NAMED_MOST)
			fprintf(text, "%s%zu x %s", i ? ", " : ": ", tally->disturbers[i].count,
				tally->disturbers[i].name);
		else
			others += tally->disturbers[i].count;
	if (others)
		fprintf(text, ", %zu x others", others);
}

/* "WHAT of N samples VERB: 2 x this, 1 x that" */
static void write_sort(const struct record *record, bool set_aside, size_t samples, int columns, FILE *stream)
{
	struct tally tally = { 0 };
	char *sentence = NULL;
	size_t size;
	FILE *text = open_memstream(&sentence, &size);

	for (size_t i = 0; i < record->case_count; i++)
		tally_case(&tally, &record->cases[i], set_aside);
	if (text) {
		fprintf(text,
			set_aside ? "retaken: %zu of %zu samples"
				  : "disturbed: %zu of %zu samples that count",
			tally.total, samples);
		write_disturbers(&tally, text);
		fclose(text);
		if (tally.total)
			wrap_write(sentence, columns, INDENT, stream);
	}
	free(sentence);
	free(tally.disturbers);
}

/* Whether a case would be another one with the samples that were set aside: what causes disturbances is slow
 * by them. */
static bool is_shifted(const struct record_case *c)
{
	const double shift = fabs(log(c->estimate_all_s / c->estimate_s));

	return shift > SHIFT_LEAST && !(shift <= c->rciw);
}

/* "with them: this +1.2 %, that -0.7 %" */
static void write_shifts(const struct record *record, int columns, FILE *stream)
{
	char *sentence = NULL;
	size_t size, shifted = 0;
	FILE *text = open_memstream(&sentence, &size);

	for (size_t i = 0; i < record->case_count && text; i++) {
		const struct record_case *c = &record->cases[i];

		if (is_shifted(c) && shifted++ < NAMED_MOST)
			fprintf(text, "%s%s %+.1f %%",
				shifted > 1 ? ", " : "with the retaken ones: ", c->name,
				100 * (c->estimate_all_s / c->estimate_s - 1));
	}
	if (!text)
		return;
	if (shifted > NAMED_MOST)
		fprintf(text, ", and %zu more cases", shifted - NAMED_MOST);
	fclose(text);
	if (shifted)
		wrap_write(sentence, columns, INDENT, stream);
	free(sentence);
}

void disturbed_write(const struct record *record, int columns, FILE *stream)
{
	struct tally unused = { 0 };
	size_t aside = 0, counting = 0;

	for (size_t i = 0; i < record->case_count; i++) {
		aside += tally_case(&unused, &record->cases[i], true);
		counting += tally_case(&unused, &record->cases[i], false);
	}
	free(unused.disturbers);
	write_sort(record, true, aside + counting, columns, stream);
	write_shifts(record, columns, stream);
	write_sort(record, false, counting, columns, stream);
}
