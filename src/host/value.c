/* SPDX-License-Identifier: GPL-2.0-or-later */
/* value.c - see value.h. Text that is not of the kind compares as text. */
#include "host/value.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/cpulist.h"
#include "base/cpumask.h"

#define BLANKS " \t\n"

bool value_is_same_text(const char *one, const char *other)
{
	return !strcmp(one, other);
}

static bool parse_number(const char *text, long long *number)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 0);
	return end != text && !errno && !end[strspn(end, BLANKS)];
}

bool value_is_same_number(const char *one, const char *other)
{
	long long left, right;

	if (parse_number(one, &left) && parse_number(other, &right))
		return left == right;
	return value_is_same_text(one, other);
}

bool value_is_same_words(const char *one, const char *other)
{
	for (;;) {
		size_t length;

		one += strspn(one, BLANKS);
		other += strspn(other, BLANKS);
		length = strcspn(one, BLANKS);
		if (length != strcspn(other, BLANKS) || strncmp(one, other, length) != 0)
			return false;
		if (!length)
			return true;
		one += length;
		other += length;
	}
}

bool value_is_same_cpulist(const char *one, const char *other)
{
	cpu_set_t left, right;

	if (!cpulist_parse(one, &left, NULL) && !cpulist_parse(other, &right, NULL))
		return CPU_EQUAL(&left, &right);
	return value_is_same_text(one, other);
}

bool value_is_same_cpumask(const char *one, const char *other)
{
	cpu_set_t left, right;

	if (!cpumask_parse(one, &left) && !cpumask_parse(other, &right))
		return CPU_EQUAL(&left, &right);
	return value_is_same_text(one, other);
}

/* The chosen word of a list of choices, or the whole of a text without brackets. */
static const char *chosen(const char *text, size_t *length)
{
	const char *open = strchr(text, '['), *close = open ? strchr(open, ']') : NULL;

	*length = close ? (size_t)(close - open - 1) : strlen(text);
	return close ? open + 1 : text;
}

bool value_is_same_choice(const char *one, const char *other)
{
	size_t left_length, right_length;
	const char *left = chosen(one, &left_length), *right = chosen(other, &right_length);

	return left_length == right_length && !strncmp(left, right, left_length);
}
