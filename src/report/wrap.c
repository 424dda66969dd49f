/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrap.c - see wrap.h. The text is ASCII, as all sentences of the program are. */
#include "report/wrap.h"

#include <stdbool.h>
#include <string.h>

void wrap_put_joined(const char *item, FILE *text)
{
	for (; *item; item++)
		fputc(*item == ' ' ? WRAP_JOIN[0] : *item, text);
}

static void put_word(const char *text, int length, FILE *stream)
{
	for (int i = 0; i < length; i++)
		fputc(text[i] == WRAP_JOIN[0] ? ' ' : text[i], stream);
}

void wrap_from(const char *text, int used, int columns, int indent, FILE *stream)
{
	for (bool is_first = true; *text; is_first = false) {
		int length = (int)strcspn(text, " ");

		if (!is_first && columns && used + 1 + length > columns) {
			fprintf(stream, "\n%*s", indent, "");
			used = indent;
		} else if (!is_first) {
			fputc(' ', stream);
			used++;
		}
		put_word(text, length, stream);
		used += length;
		text += length;
		text += *text == ' ';
	}
	fputc('\n', stream);
}

void wrap_write(const char *text, int columns, int indent, FILE *stream)
{
	wrap_from(text, 0, columns, indent, stream);
}
