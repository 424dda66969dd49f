/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select.c - see select.h. Patterns are POSIX extended regular expressions over the full case name. */
#include "plan/select.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/expression.h"

struct pattern {
	bool is_literal;
	const char *text; /* borrowed from the settings */
	regex_t regex;
};

struct pattern_list {
	struct pattern *patterns;
	size_t count;
};

struct select {
	struct pattern_list filter, skip;
	const struct settings_list *tags; /* borrowed */
};

static int pattern_compile(struct pattern *pattern, const char *text, bool exact, const char *option,
			   struct sb_err *err)
{
	struct sb_err why;

	pattern->text = text;
	pattern->is_literal = exact;
	if (exact || !expression_compile(&pattern->regex, text, 0, &why))
		return 0;
	return err_set(err, -EINVAL, "'%.200s' of --%s %s; --exact takes it literally", text, option,
		       why.text);
}

static int patterns_compile(struct pattern_list *list, const struct settings_list *texts, bool exact,
			    const char *option, struct sb_err *err)
{
	list->patterns = alloc_zero(texts->count, sizeof *list->patterns);
	for (size_t i = 0; i < texts->count; i++) {
		int code = pattern_compile(&list->patterns[i], texts->texts[i], exact, option, err);

		if (code)
			return code;
		list->count++;
	}
	return 0;
}

static void patterns_release(struct pattern_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (!list->patterns[i].is_literal)
			regfree(&list->patterns[i].regex);
	free(list->patterns);
}

static bool patterns_match(const struct pattern_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct pattern *pattern = &list->patterns[i];

		if (pattern->is_literal ? !strcmp(pattern->text, name)
					: !regexec(&pattern->regex, name, 0, NULL, 0))
			return true;
	}
	return false;
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; length && (at = strstr(at, word)); at += length)
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

struct select *select_new(const struct settings *settings, struct sb_err *err)
{
	struct select *select = alloc_zero(1, sizeof *select);

	select->tags = &settings->tag;
	if (patterns_compile(&select->filter, &settings->filter, settings->exact, "filter", err) ||
	    patterns_compile(&select->skip, &settings->skip, settings->exact, "skip", err)) {
		select_free(select);
		return NULL;
	}
	return select;
}

void select_free(struct select *select)
{
	if (!select)
		return;
	patterns_release(&select->filter);
	patterns_release(&select->skip);
	free(select);
}

bool select_matches(const struct select *select, const char *name, const char *tags)
{
	bool tagged = select->tags->count == 0;

	for (size_t i = 0; i < select->tags->count && !tagged; i++)
		tagged = has_word(tags, select->tags->texts[i]);
	return tagged && (!select->filter.count || patterns_match(&select->filter, name)) &&
	       !patterns_match(&select->skip, name);
}
