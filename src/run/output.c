/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.c - see output.h. */
#include "run/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "wire.h"

static void keep_end(struct output *output, const char *bytes, size_t size)
{
	size_t drop;

	output->total += size;
	if (size > OUTPUT_KEPT) {
		bytes += size - OUTPUT_KEPT;
		size = OUTPUT_KEPT;
	}
	drop = output->used + size > OUTPUT_KEPT ? output->used + size - OUTPUT_KEPT : 0;
	memmove(output->kept, output->kept + drop, output->used - drop);
	memcpy(output->kept + output->used - drop, bytes, size);
	output->used += size - drop;
}

bool output_drain(struct output *output, int fd)
{
	char bytes[16384];

	for (int i = 0; i < 16; i++) {
		ssize_t size = read(fd, bytes, sizeof bytes);

		if (size < 0)
			return errno == EAGAIN || errno == EINTR;
		if (!size)
			return false;
		keep_end(output, bytes, (size_t)size);
	}
	return true;
}

/* Lines and tabs stay; the text between them by the rule for everything that a bench says: letters of every
 * language pass, what a terminal would obey and what is no UTF-8 does not. */
static char *dup_harmless(const char *bytes, size_t size)
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

char *output_dup_tail(const struct output *output)
{
	size_t start, end = output->used;
	int lines = 0;

	while (end > 0 && output->kept[end - 1] == '\n')
		end--;
	if (!end)
		return NULL;
	for (start = end; start > 0; start--)
		if (output->kept[start - 1] == '\n' && ++lines == OUTPUT_LINES)
			break;
	return dup_harmless(output->kept + start, end - start);
}
