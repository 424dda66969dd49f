/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conditions.c - see conditions.h. */
#include "report/conditions.h"

#include <stdlib.h>
#include <string.h>
#include "report/wrap.h"

#define INDENT 4

static size_t count_of(const struct record *record, enum condition_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < record->condition_count; i++)
		count += record->conditions[i].outcome == outcome;
	return count;
}

/* "what: a, b, c", nothing for none. */
static void list_outcome(const struct record *record, enum condition_outcome outcome, const char *what,
			 FILE *text)
{
	const char *between = what;

	for (size_t i = 0; i < record->condition_count; i++) {
		if (record->conditions[i].outcome != outcome)
			continue;
		fprintf(text, "%s%s", between, record->conditions[i].knob);
		between = ", ";
	}
}

/* Each has a reason of its own, and somebody may be able to mend it. */
static void write_failures(const struct record *record, int columns, FILE *stream)
{
	for (size_t i = 0; i < record->condition_count; i++) {
		const struct condition *condition = &record->conditions[i];
		char line[sizeof condition->knob + sizeof condition->reason + 16];

		if (condition->outcome != CONDITION_FAILED)
			continue;
		snprintf(line, sizeof line, "failed: %s: %s", condition->knob, condition->reason);
		wrap_write(line, columns, INDENT, stream);
	}
}

static void write_sum(const struct record *record, FILE *text)
{
	const size_t met = count_of(record, CONDITION_APPLIED) + count_of(record, CONDITION_ALREADY);
	const size_t refused = count_of(record, CONDITION_REFUSED);

	fprintf(text, "conditions: in effect %zu of %zu that were wanted", met,
		record->condition_count - refused);
	list_outcome(record, CONDITION_DENIED, "; denied: ", text);
	list_outcome(record, CONDITION_UNSUPPORTED, "; not to be had here: ", text);
	if (refused)
		fprintf(text, "; not asked for: %zu", refused);
	if (met + refused < record->condition_count)
		fputs("; compare only with runs under the same conditions; 'stablebench doctor' tells what "
		      "would mend "
		      "them",
		      text);
}

void conditions_write(const struct record *record, int columns, FILE *stream)
{
	char *sentence = NULL;
	size_t size;
	FILE *text;

	if (!record->condition_count)
		return;
	text = open_memstream(&sentence, &size);
	if (!text)
		return;
	write_sum(record, text);
	fclose(text);
	wrap_write(sentence, columns, INDENT, stream);
	free(sentence);
	write_failures(record, columns, stream);
}
