/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrap.h - running text broken between words, for a terminal of known width. */
#ifndef REPORT_WRAP_H
#define REPORT_WRAP_H

#include <stdio.h>

/* Stands for a space at which no line is broken. */
#define WRAP_JOIN "\037"

/* Writes what is not to be broken into a text that will be: with WRAP_JOIN for each space. */
void wrap_put_joined(const char *item, FILE *text);

/* Writes the text as lines of at most `columns`, those after the first indented by `indent`; a word that is
 * longer gets a line of its own. 0 columns: one line. Ends with a line feed. */
void wrap_write(const char *text, int columns, int indent, FILE *stream);

/* The same behind `used` columns that are written already. */
void wrap_from(const char *text, int used, int columns, int indent, FILE *stream);

#endif
