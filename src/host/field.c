/* SPDX-License-Identifier: GPL-2.0-or-later */
/* field.c - see field.h. */
#include "host/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool field_line(const char *text, const char *word, char *value, size_t size)
{
	const size_t length = strlen(word);

	for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		const char *at = line + length;
		size_t blanks;

		if (strncmp(line, word, length) != 0)
			continue;
		blanks = strspn(at, " \t");
		at += blanks;
		if (*at == ':' || *at == '=')
			at++;
		else if (!blanks)
			continue;
		at += strspn(at, " \t\"");
		snprintf(value, size, "%.*s", (int)strcspn(at, "\n\""), at);
		return value[0] != '\0';
	}
	return false;
}

bool field_number(const char *text, const char *word, double *number)
{
	char value[64], *end;

	if (!field_line(text, word, value, sizeof value))
		return false;
	*number = strtod(value, &end);
	return end != value;
}

bool field_has_word(const char *text, const char *word)
{
	const size_t length = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += length)
		if ((at == text || strchr(" \t\n", at[-1])) && (!at[length] || strchr(" \t\n", at[length])))
			return true;
	return false;
}

bool field_parameter(const char *text, const char *name, char *value, size_t size)
{
	const size_t length = strlen(name);
	bool found = false;

	for (const char *at = text; (at = strstr(at, name)); at += length) {
		if ((at != text && at[-1] != ' ') || at[length] != '=')
			continue;
		snprintf(value, size, "%.*s", (int)strcspn(at + length + 1, " \n"), at + length + 1);
		found = true;
	}
	return found;
}

bool field_bracketed(const char *text, char *value, size_t size)
{
	const char *open = strchr(text, '[');

	if (!open)
		return false;
	snprintf(value, size, "%.*s", (int)strcspn(open + 1, "]"), open + 1);
	return true;
}

void field_append(char *text, size_t size, const char *separator, const char *more)
{
	const size_t used = strlen(text);

	if (!used)
		separator = "";
	if (used + strlen(separator) + strlen(more) < size)
		snprintf(text + used, size - used, "%s%s", separator, more);
}
