/* SPDX-License-Identifier: GPL-2.0-or-later */
/* printable.c - see printable.h. */
#include "base/printable.h"

#include <stdbool.h>
#include <stdlib.h>

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

void printable_clean(char *text, size_t size)
{
	char *copy = alloc_text(text);

	wire_text_copy(text, size, copy);
	free(copy);
}
