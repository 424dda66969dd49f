/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.c - see output.h. */
#include "run/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"

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
	return printable_dup(output->kept + start, end - start);
}
