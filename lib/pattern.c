/* SPDX-License-Identifier: MIT */
/* pattern.c - see pattern.h. What is no expression at all is measured somehow: regcomp refuses it. */
#include "pattern.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const char *at;
	unsigned depth;
	const char *excess;
};

static size_t capped(size_t size)
{
	return size > SB_PATTERN_WHOLE ? SB_PATTERN_WHOLE + 1 : size;
}

/* From behind '[' to behind its ']'. One that comes first is a member, and so is what stands in [:x:], [.x.]
 * and [=x=]. */
static void skip_set(struct reader *reader)
{
	const char *at = reader->at;

	at += *at == '^';
	at += *at == ']';
	while (*at != '\0' && *at != ']') {
		if (at[0] == '[' && at[1] != '\0' && strchr(".:=", at[1]) != NULL) {
			const char end[] = { at[1], ']', '\0' };
			const char *found = strstr(at + 2, end);
			at = found != NULL ? found + 2 : at + strlen(at);
		} else {
			at++;
		}
	}
	reader->at = at + (*at == ']');
}

/* "3}", "3,}", "3,8}" and ",8}": one without an end is written out once more for it. */
static size_t read_interval(struct reader *reader)
{
	char *end;
	size_t times = capped(strtoul(reader->at, &end, 10));

	if (*end == ',') {
		const size_t most = capped(strtoul(end + 1, &end, 10));
		times = most > times ? most : times + 1;
	}
	reader->at = end + (*end == '}');
	return times > 0 ? times : 1;
}

/* How often a piece is written out, by all that stands behind it: a "+" is itself and a "*". */
static size_t read_times(struct reader *reader)
{
	size_t times = 1;

	while (*reader->at != '\0' && strchr("*?+{", *reader->at) != NULL) {
		const char kind = *reader->at++;
		if (kind == '+')
			times = capped(times * 2);
		else if (kind == '{')
			times = capped(times * read_interval(reader));
	}
	return times;
}

static size_t read_group(struct reader *reader);

static size_t read_inner(struct reader *reader)
{
	if (reader->depth == SB_PATTERN_DEPTH) {
		reader->excess = "its groups are too deep";
		return 0;
	}
	reader->depth++;
	const size_t size = read_group(reader);
	reader->depth--;
	reader->at += *reader->at == ')';
	return size;
}

static size_t read_atom(struct reader *reader)
{
	switch (*reader->at++) {
	case '(':
		return read_inner(reader);
	case '[':
		skip_set(reader);
		return 1;
	case '\\':
		reader->at += *reader->at != '\0';
		return 2;
	default:
		return 1;
	}
}

/* Calls itself no deeper than SB_PATTERN_DEPTH. */
static size_t read_group(struct reader *reader)
{
	size_t size = 1;

	while (*reader->at != '\0' && reader->excess == NULL) {
		if (*reader->at == ')' && reader->depth > 0)
			break;
		const size_t atom = read_atom(reader);
		size = capped(size + atom * read_times(reader));
		if (size > SB_PATTERN_WHOLE && reader->excess == NULL)
			reader->excess = "it repeats too much";
	}
	return size;
}

const char *sb_pattern_excess(const char *text)
{
	struct reader reader = { .at = text };

	if (strlen(text) > SB_PATTERN_SIZE)
		return "it is too long";
	read_group(&reader);
	return reader.excess;
}
