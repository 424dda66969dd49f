/* SPDX-License-Identifier: GPL-2.0-or-later */
/* printable.c - see printable.h. */
#include "base/printable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "wire.h"

char *printable_dup(const char *bytes, size_t size)
{
	char *text = alloc_zero(size + 1, 1), *part = alloc_zero(size + 1, 1);
	size_t length = 0;

	for (size_t at = 0; at <= size; at++) {
		bool is_end = at == size || bytes[at] == '\n' || bytes[at] == '\t';

		if (!is_end) {
			part[length++] = bytes[at] ? bytes[at] : '\x7f';
			continue;
		}
		part[length] = '\0';
		wire_text_copy(text + at - length, length + 1, part);
		text[at] = at < size ? bytes[at] : '\0';
		length = 0;
	}
	free(part);
	return text;
}

char *printable_dup_line(const char *text)
{
	const size_t size = strlen(text) + 1;
	char *line = alloc_zero(size, 1);

	wire_text_copy(line, size, text);
	return line;
}

void printable_clean(char *text, size_t size)
{
	char *copy = alloc_text(text);

	wire_text_copy(text, size, copy);
	free(copy);
}

bool printable_is_line(const char *text)
{
	char *line = printable_dup_line(text);
	const bool is_same = !strcmp(line, text);

	free(line);
	return is_same;
}

int printable_write(void (*compose)(void *context, FILE *text), void *context, FILE *stream)
{
	char *composed = NULL, *clean;
	size_t size = 0;
	FILE *text = open_memstream(&composed, &size);
	int code = 0;

	if (!text)
		return -errno;
	compose(context, text);
	fclose(text);
	clean = printable_dup(composed, size);
	if (fwrite(clean, 1, size, stream) != size || fflush(stream))
		code = -errno;
	free(clean);
	free(composed);
	return code;
}
