/* SPDX-License-Identifier: GPL-2.0-or-later */
/* printable.h - text that others wrote, made harmless for a terminal. */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A copy of `size` bytes with a NUL behind them: lines and tabs stay; the text between them by the rule for
 * everything that a bench says: letters of every language pass, '?' stands for what a terminal would obey and
 * what is no UTF-8. The caller frees. */
char *printable_dup(const char *bytes, size_t size);

/* The same of a text that has to stay within its line: '?' stands for line feeds and tabs too. */
char *printable_dup_line(const char *text);

/* The same in place, for a text in a buffer of `size` bytes. */
void printable_clean(char *text, size_t size);

/* Whether there is nothing to replace: a name can be shown, and typed, as it is. */
bool printable_is_line(const char *text);

/* Composes in memory, and writes what printable_dup makes of it. 0 or a negative errno. */
int printable_write(void (*compose)(void *context, FILE *text), void *context, FILE *stream);

#endif
