/* SPDX-License-Identifier: GPL-2.0-or-later */
/* printable.h - text that others wrote, made harmless for a terminal. */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include <stddef.h>

/* A copy of `size` bytes with a NUL behind them: lines and tabs stay; the text between them by the rule for
 * everything that a bench says: letters of every language pass, '?' stands for what a terminal would obey and
 * what is no UTF-8. The caller frees. */
char *printable_dup(const char *bytes, size_t size);

/* The same in place, for a text in a buffer of `size` bytes that is one line at most. */
void printable_clean(char *text, size_t size);

#endif
