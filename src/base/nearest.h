/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.h - what a mistyped word may have meant. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

#define NEAREST_WORD 64
#define NEAREST_MAX  3

/* The best of the names that were offered, the nearest first; equally near ones in the order of the offers.
 */
struct nearest {
	char word[NEAREST_WORD];
	struct {
		char name[NEAREST_WORD];
		unsigned away;
	} best[NEAREST_MAX];
	size_t count;
};

/* Edits (insert, drop, replace: Levenshtein) that make one word the other, without regard to case. */
unsigned nearest_distance(const char *a, const char *b);

void nearest_init(struct nearest *nearest, const char *word);

/* Keeps a name that is less than a third of the word's letters away, or contains the whole word. */
void nearest_offer(struct nearest *nearest, const char *name);

/* "'a', 'b' or 'c'"; "" when nothing was near. Gives text back. */
const char *nearest_text(const struct nearest *nearest, char *text, size_t size);

#endif
