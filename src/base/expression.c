/* SPDX-License-Identifier: GPL-2.0-or-later */
/* expression.c - see expression.h. */
#include "base/expression.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes there are to each group that is open, the whole expression first. */
struct measure {
	size_t size[EXPRESSION_DEPTH + 1];
	size_t depth;
	size_t last; /* of them of what a repetition would repeat */
};

static size_t least(size_t left, size_t right)
{
	return left < right ? left : right;
}

static void add(struct measure *measure, size_t size)
{
	measure->last = size;
	measure->size[measure->depth] = least(measure->size[measure->depth] + size, EXPRESSION_WHOLE + 1);
}

static void repeat(struct measure *measure, size_t times)
{
	const size_t once = measure->last;

	if (times > 1)
		add(measure, once * (least(times, EXPRESSION_WHOLE) - 1));
	measure->last = least(once * least(times ? times : 1, EXPRESSION_WHOLE), EXPRESSION_WHOLE + 1);
}

/* The letters behind a '[' up to its ']', which as the first one is a letter, as is what stands in [:x:],
 * [.x.] and [=x=]. */
static const char *skip_bracket(const char *text)
{
	text += *text == '^';
	text += *text == ']';
	while (*text && *text != ']') {
		const char kind = *text == '[' && text[1] && strchr(".:=", text[1]) ? text[1] : '\0';

		if (!kind) {
			text++;
			continue;
		}
		for (text += 2; *text && !(text[0] == kind && text[1] == ']'); text++)
			;
		text += *text ? 2 : 0;
	}
	return text + (*text == ']');
}

/* {N}, {N,}, {N,M} and {,M}; one without an end is written out once more for it. */
static const char *read_interval(struct measure *measure, const char *text)
{
	char *end;
	size_t times = strtoul(text, &end, 10);

	if (*end == ',') {
		const size_t most = strtoul(end + 1, &end, 10);

		times = most > times ? most : least(times, EXPRESSION_WHOLE) + 1;
	}
	repeat(measure, times);
	return end + (*end == '}');
}

static const char *read_one(struct measure *measure, const char *text)
{
	switch (*text) {
	case '\\':
		add(measure, 2);
		return text + (text[1] ? 2 : 1);
	case '[':
		add(measure, 1);
		return skip_bracket(text + 1);
	case '(':
		measure->size[++measure->depth] = 1;
		return text + 1;
	case ')':
		if (measure->depth > 0) {
			measure->depth--;
			add(measure, measure->size[measure->depth + 1]);
		}
		return text + 1;
	case '*':
	case '?': /* a further repetition would be of the same */
		measure->size[measure->depth]++;
		return text + 1;
	case '+':
		repeat(measure, 2);
		return text + 1;
	case '{':
		return read_interval(measure, text + 1);
	default:
		add(measure, 1);
		return text + 1;
	}
}

static const char *find_excess(const char *text)
{
	struct measure measure = { .depth = 0 };

	if (strlen(text) > EXPRESSION_SIZE)
		return "it is too long";
	while (*text && measure.size[measure.depth] <= EXPRESSION_WHOLE) {
		if (*text == '(' && measure.depth == EXPRESSION_DEPTH)
			return "its groups are too deep";
		text = read_one(&measure, text);
	}
	return *text || measure.size[0] > EXPRESSION_WHOLE ? "it repeats too much" : NULL;
}

int expression_compile(regex_t *expression, const char *text, int flags, struct sb_err *err)
{
	const char *excess = find_excess(text);
	char reason[160];
	int code;

	if (excess)
		return err_set(err, -EINVAL, "is no regular expression that can be used: %s", excess);
	code = regcomp(expression, text, REG_EXTENDED | REG_NOSUB | flags);
	if (!code)
		return 0;
	regerror(code, expression, reason, sizeof reason);
	return err_set(err, -EINVAL, "is no regular expression: %s", reason);
}
