/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_terms.c - the terms of a PMU's event, put where its `format` says; see event_source.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/printable.h"
#include "host/event.h"

struct terms {
	const struct event_source *source;
	const struct path_root *root;
	struct event *event;
	struct sb_err *err;
	bool is_alias; /* within the text of one of the PMU's events: no further one */
};

static int read_leaf(const struct terms *terms, const char *folder, const char *leaf, const char *suffix,
		     char *text, size_t size)
{
	char path[EVENT_NAME + 160];

	if (strchr(leaf, '/'))
		return -ENOENT;
	snprintf(path, sizeof path, EVENT_SOURCE_ROOT "/%s/%s/%s%s", terms->source->name, folder, leaf,
		 suffix);
	return path_read(terms->root, path, text, size, NULL);
}

static uint64_t *find_word(struct event *event, const char *name, size_t length)
{
	const struct {
		const char *name;
		uint64_t *word;
	} words[] = {
		{ "config", &event->config },
		{ "config1", &event->config1 },
		{ "config2", &event->config2 },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i].name) == length && strncmp(words[i].name, name, length) == 0)
			return words[i].word;
	return NULL;
}

/* Lays the value's bits into ranges like "0-7,32-35", the lowest first; gives what did not fit. */
static uint64_t scatter(const char *ranges, uint64_t value, uint64_t *word)
{
	while (*ranges) {
		char *end;
		unsigned long low = strtoul(ranges, &end, 10), high = low;

		if (end == ranges)
			break;
		if (*end == '-')
			high = strtoul(end + 1, &end, 10);
		for (unsigned long bit = low; bit <= high && bit < 64; bit++, value >>= 1)
			*word = (*word & ~(UINT64_C(1) << bit)) | (value & 1) << bit;
		ranges = *end == ',' ? end + 1 : end;
	}
	return value;
}

/* `format` says "config1:0-15". */
static int set_term(const struct terms *terms, const char *name, uint64_t value)
{
	char format[128] = "";
	const char *colon;
	uint64_t *word = find_word(terms->event, name, strlen(name));

	if (word) {
		*word = value;
		return 0;
	}
	if (read_leaf(terms, "format", name, "", format, sizeof format) < 0)
		return -ENOENT;
	colon = strchr(format, ':');
	word = colon ? find_word(terms->event, format, (size_t)(colon - format)) : NULL;
	if (!word)
		return err_set(terms->err, -ENOTSUP, "'%s' of the PMU '%s' cannot be set: its format is '%s'",
			       name, terms->source->name, format);
	if (scatter(colon + 1, value, word))
		return err_set(terms->err, -ERANGE,
			       "'%s=%#llx' does not fit the PMU '%s': its format is '%s'", name,
			       (unsigned long long)value, terms->source->name, format);
	return 0;
}

static int apply(struct terms *terms, const char *text);

static int take_alias(struct terms *terms, const char *name)
{
	struct event *event = terms->event;
	char text[EVENT_NAME], scale[64];
	int code = read_leaf(terms, "events", name, "", text, sizeof text);

	if (terms->is_alias || code < 0)
		return -ENOENT;
	if (strchr(text, '?'))
		return err_set(terms->err, -EINVAL,
			       "'%s' of the PMU '%s' needs values that it does not say: '%s'", name,
			       terms->source->name, text);
	terms->is_alias = true;
	code = apply(terms, text);
	terms->is_alias = false;
	if (read_leaf(terms, "events", name, ".scale", scale, sizeof scale) >= 0)
		event->scale = strtod(scale, NULL);
	if (read_leaf(terms, "events", name, ".unit", text, sizeof text) >= 0) {
		snprintf(event->unit, sizeof event->unit, "%.15s", strcmp(text, "Joules") == 0 ? "J" : text);
		printable_clean(event->unit, sizeof event->unit);
	}
	return code == -ENOENT ? -EINVAL : code;
}

static int take_term(struct terms *terms, char *term)
{
	char *equals = strchr(term, '='), *end = NULL;
	uint64_t value = 1;
	int code;

	if (equals) {
		*equals = '\0';
		value = strtoull(equals + 1, &end, 0);
	}
	if (equals && (end == equals + 1 || *end))
		return err_set(terms->err, -EINVAL, "'%s' is no number for '%s' of the PMU '%s'", equals + 1,
			       term, terms->source->name);
	code = equals ? -ENOENT : take_alias(terms, term);
	if (code == -ENOENT)
		code = set_term(terms, term, value);
	if (code == -ENOENT)
		return err_set(terms->err, code,
			       "the PMU '%s' has no '%s'; its events are in /" EVENT_SOURCE_ROOT
			       "/%s/events, its "
			       "terms in format beside it",
			       terms->source->name, term, terms->source->name);
	return code;
}

static int apply(struct terms *terms, const char *text)
{
	char copy[EVENT_NAME], *rest = NULL;
	int code = 0;

	if (strlen(text) >= sizeof copy)
		return err_set(terms->err, -EINVAL, "the terms '%.40s...' are too long", text);
	strcpy(copy, text);
	for (char *term = strtok_r(copy, ", ", &rest); term && code == 0; term = strtok_r(NULL, ", ", &rest))
		code = take_term(terms, term);
	return code;
}

int event_source_apply(const struct event_source *source, const struct path_root *root, const char *text,
		       struct event *event, struct sb_err *err)
{
	struct terms terms = { .source = source, .root = root, .event = event, .err = err };

	event->type = source->type;
	event->is_cpu_wide = source->is_cpu_wide;
	snprintf(event->pmu, sizeof event->pmu, "%.31s", source->name);
	return apply(&terms, text);
}
