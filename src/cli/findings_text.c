/* SPDX-License-Identifier: GPL-2.0-or-later */
/* findings_text.c - findings for a person at a terminal; see findings.h. */
#include "cli/findings.h"

#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/printable.h"
#include "report/wrap.h"

#define LABEL_WIDTH 12 /* of the names of groups */
#define INDENT	    6
#define VALUE_SHORT 24

static const struct {
	const char *title; /* of a list of names */
	const char *mark;  /* of a finding in full */
	const char *color; /* of its mark */
} looks[STANDINGS] = {
	[STANDING_FAULT] = { "faults", "FAULT", "\033[1;31m" },
	[STANDING_NOTE] = { "notes", "note", "\033[33m" },
	[STANDING_LOCKED] = { "locked", "lock", "\033[33m" },
	[STANDING_RUN] = { "set by run", "run", "\033[36m" },
	[STANDING_ROOT] = { "with sudo", "sudo", "\033[36m" },
	[STANDING_ASKED] = { "on request", "ask", "\033[36m" },
	[STANDING_FINE] = { "fine", "ok", "\033[32m" },
	[STANDING_ABSENT] = { "not here", "-", "" },
};

struct page {
	const struct findings *findings;
	const struct findings_style *style;
	FILE *stream;
};

/* What files say may hold anything where the machine is a recorded one. */
static void put(const struct page *page, const char *text, int used, int indent)
{
	char *clean = printable_dup(text, strlen(text));

	wrap_from(clean, used, page->style->columns, indent, page->stream);
	free(clean);
}

static void put_mark(const struct page *page, enum standing standing, const char *word, int width)
{
	const bool color = page->style->color && *looks[standing].color;

	fprintf(page->stream, "%s%-*s%s", color ? looks[standing].color : "", width, word,
		color ? "\033[0m" : "");
}

static const char *shown_value(const struct condition *condition)
{
	return condition->value[0] ? condition->value : condition->before;
}

/* --- a finding in full ---------------------------------------------------------------------------------- */

static char *join(const char *one, const char *separator, const char *other)
{
	return alloc_format("%s%s%s", one, *one && *other ? separator : "", other);
}

static void put_line(const struct page *page, const char *label, const char *text)
{
	const int indent = INDENT + (int)strlen(label);

	if (!*text)
		return;
	fprintf(page->stream, "%*s%s", INDENT, "", label);
	put(page, text, indent, indent);
}

/* Of a fault the reason and what it does are one thought; of all others, what it would do. */
static void put_noise(const struct page *page, const struct finding *finding)
{
	const bool is_fault = finding->standing <= STANDING_NOTE && finding->costs;
	const char *reason = finding->standing == STANDING_RUN ? "" : finding->condition.reason;
	char *why = join(reason, "; ", is_fault ? finding->costs : "");

	put_line(page, "", why);
	if (finding->removes)
		put_line(page, "removes: ", finding->removes);
	else if (!is_fault)
		put_line(page, "else: ", finding->costs);
	free(why);
}

static void put_finding(const struct page *page, const struct finding *finding)
{
	const struct condition *condition = &finding->condition;
	char *head = join(condition->knob, ": ", shown_value(condition));

	put_mark(page, finding->standing, looks[finding->standing].mark, INDENT);
	put(page, head, INDENT, INDENT);
	put_noise(page, finding);
	if (!condition_is_met(condition) && finding->standing != STANDING_RUN)
		put_line(page, "mend: ", condition->mend);
	free(head);
}

static void put_in_full(const struct page *page, enum standing standing)
{
	for (size_t i = 0; i < page->findings->count; i++)
		if (page->findings->list[i].standing == standing)
			put_finding(page, &page->findings->list[i]);
}

/* --- the others by name --------------------------------------------------------------------------------- */

/* What is fine is worth its value, where that is short. */
static char *name_of(const struct finding *finding)
{
	const char *value = shown_value(&finding->condition);

	if (finding->standing != STANDING_FINE || !finding->costs || !*value || !strcmp(value, "none") ||
	    strlen(value) > VALUE_SHORT)
		return alloc_text(finding->condition.knob);
	return alloc_format("%s (%s)", finding->condition.knob, value);
}

static char *names_of(const struct page *page, enum standing standing)
{
	char *names = alloc_text("");

	for (size_t i = 0; i < page->findings->count; i++) {
		const struct finding *finding = &page->findings->list[i];
		char *name, *longer;

		if (finding->standing != standing)
			continue;
		name = name_of(finding);
		longer = join(names, ", ", name);
		free(name);
		free(names);
		names = longer;
	}
	return names;
}

static const char *advice_for(enum standing standing)
{
	switch (standing) {
	case STANDING_LOCKED:
		return " (not to be written even by root: leave the container, or give it a writable /sys)";
	case STANDING_ROOT:
		return " (for root only)";
	case STANDING_ASKED:
		return " (--profile strict, or --with NAME)";
	default:
		return "";
	}
}

static void put_by_name(const struct page *page, enum standing standing)
{
	char *names, *line;

	if (!page->findings->of[standing])
		return;
	names = names_of(page, standing);
	line = alloc_format("%s%s", names, advice_for(standing));
	put_mark(page, standing, looks[standing].title, LABEL_WIDTH);
	put(page, line, LABEL_WIDTH, LABEL_WIDTH);
	free(line);
	free(names);
}

/* --- the verdict ---------------------------------------------------------------------------------------- */

static void add_count(const struct page *page, enum standing standing, const char *one, const char *many,
		      char **text)
{
	const size_t count = page->findings->of[standing];
	char *longer;

	if (!count)
		return;
	longer = alloc_format("%s%s%zu %s", *text, **text ? ", " : ": ", count, count == 1 ? one : many);
	free(*text);
	*text = longer;
}

static void put_verdict(const struct page *page)
{
	static const enum standing looks_like[] = {
		[FINDINGS_READY] = STANDING_FINE,
		[FINDINGS_FAIR] = STANDING_NOTE,
		[FINDINGS_NOT_READY] = STANDING_FAULT,
	};
	const enum findings_grade grade = findings_grade(page->findings);
	const char *name = findings_grade_name(grade);
	char *counts = alloc_text("");

	add_count(page, STANDING_FAULT, "fault", "faults", &counts);
	add_count(page, STANDING_NOTE, "note", "notes", &counts);
	add_count(page, STANDING_LOCKED, "knob locked", "knobs locked", &counts);
	add_count(page, STANDING_ROOT, "more with sudo", "more with sudo", &counts);
	add_count(page, STANDING_RUN, "knob set by a run", "knobs set by a run", &counts);
	put_mark(page, looks_like[grade], name, 0);
	put(page, counts, (int)strlen(name), INDENT);
	free(counts);
}

void findings_print(const struct findings *findings, const struct findings_style *style, FILE *stream)
{
	const struct page page = { findings, style, stream };
	const enum standing last_in_full = style->all ? STANDING_ABSENT : STANDING_NOTE;

	for (enum standing i = 0; i <= last_in_full; i++)
		put_in_full(&page, i);
	if (!style->all && (findings->of[STANDING_FAULT] || findings->of[STANDING_NOTE]))
		fputc('\n', stream);
	for (enum standing i = last_in_full + 1; i < STANDINGS; i++)
		put_by_name(&page, i);
	fputc('\n', stream);
	put_verdict(&page);
}
