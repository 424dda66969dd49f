/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.c - see check.h. */
#include "host/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "host/facts.h"

struct check_facts {
	struct {
		char *key, *value;
	} * list;
	size_t count;
	const struct topology *topology;
};

/* --- facts ---------------------------------------------------------------------------------------------- */

static void keep_text(void *context, const char *key, const char *value)
{
	struct check_facts *facts = context;

	facts->list = alloc_grow(facts->list, facts->count + 1, sizeof *facts->list);
	facts->list[facts->count].key = alloc_text(key);
	facts->list[facts->count++].value = alloc_text(value);
}

static void keep_number(void *context, const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof text, "%.17g", value);
	keep_text(context, key, text);
}

struct check_facts *check_facts_new(const struct path_root *root, const struct topology *topology)
{
	struct check_facts *facts = alloc_zero(1, sizeof *facts);
	const struct facts_sink sink = { .text = keep_text, .number = keep_number, .context = facts };

	facts->topology = topology;
	facts_collect(root, NULL, &sink);
	return facts;
}

void check_facts_free(struct check_facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		free(facts->list[i].key);
		free(facts->list[i].value);
	}
	free(facts->list);
	free(facts);
}

const char *check_get(const struct check_facts *facts, const char *key)
{
	for (size_t i = 0; i < facts->count; i++)
		if (!strcmp(facts->list[i].key, key))
			return facts->list[i].value;
	return "";
}

bool check_get_number(const struct check_facts *facts, const char *key, double *number)
{
	const char *text = check_get(facts, key);
	char *end;

	*number = strtod(text, &end);
	return end != text;
}

const struct topology *check_topology(const struct check_facts *facts)
{
	return facts->topology;
}

/* --- conclusions ---------------------------------------------------------------------------------------- */

void check_show(struct checkup_finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(finding->condition.value, sizeof finding->condition.value, format, args);
	va_end(args);
}

void check_fault(const struct check *check, enum checkup_grade grade, struct checkup_finding *finding,
		 const char *format, ...)
{
	struct condition *condition = &finding->condition;
	va_list args;

	finding->grade = grade;
	condition->outcome = CONDITION_FAILED;
	snprintf(condition->mend, sizeof condition->mend, "%s", check->mend ? check->mend : "");
	va_start(args, format);
	vsnprintf(condition->reason, sizeof condition->reason, format, args);
	va_end(args);
}

bool check_is_told(const struct check *check, const struct check_facts *facts,
		   struct checkup_finding *finding)
{
	const char *value = check_get(facts, check->fact);

	check_show(finding, "%s", value);
	if (*value)
		return true;
	finding->condition.outcome = CONDITION_UNSUPPORTED;
	snprintf(finding->condition.reason, sizeof finding->condition.reason, "%s",
		 check->absent ? check->absent : "this host does not tell");
	return false;
}

/* --- ways of judging ------------------------------------------------------------------------------------ */

void check_value(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	check_is_told(check, facts, finding);
}

static bool is_among(const char *words, const char *word)
{
	const size_t length = strlen(word);

	for (const char *at = words; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
		if (!strncmp(at, word, length) && (at[length] == '|' || !at[length]))
			return true;
	return false;
}

void check_word(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	if (check_is_told(check, facts, finding) && !is_among(check->sound, check_get(facts, check->fact)))
		check_fault(check, check->grade, finding, "%s", check->reason);
}

void check_number(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	double number;

	if (!check_is_told(check, facts, finding))
		return;
	check_get_number(facts, check->fact, &number);
	check_show(finding, "%.4g%s%s", check->is_ratio ? number * 100 : number, check->unit ? " " : "",
		   check->unit ? check->unit : "");
	if (check->bad_above > 0 && number > check->bad_above)
		check_fault(check, CHECKUP_BAD, finding, "%s", check->reason);
	else if ((check->note_above > 0 && number > check->note_above) || number < check->note_below)
		check_fault(check, CHECKUP_NOTE, finding, "%s", check->reason);
}
