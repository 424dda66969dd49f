/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrap.c - see wrap.h. The text is ASCII, as all sentences of the program are. */
#include "report/wrap.h"

#include <string.h>

void wrap_write(const char *text, int columns, int indent, FILE *stream)
{
	int used = 0;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (used && columns && used + 1 + length > columns) {
			fprintf(stream, "\n%*s", indent, "");
			used = indent;
		} else if (used) {
			fputc(' ', stream);
			used++;
		}
		fprintf(stream, "%.*s", length, text);
		used += length;
		text += length;
		text += *text == ' ';
	}
	fputc('\n', stream);
}
