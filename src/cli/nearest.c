/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.c - what a mistyped word may have meant. */
#include <string.h>

#include "cli/options.h"

#define WORD_MAX 32

/* Edit distance (Levenshtein), one row at a time. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[WORD_MAX + 1];
	size_t length = strnlen(b, WORD_MAX);

	for (size_t j = 0; j <= length; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; i < strnlen(a, WORD_MAX); i++) {
		unsigned corner = row[0]++;

		for (size_t j = 0; j < length; j++) {
			unsigned best = corner + (a[i] != b[j]);

			corner = row[j + 1];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (corner + 1 < best)
				best = corner + 1;
			row[j + 1] = best;
		}
	}
	return row[length];
}

const char *options_nearest(const char *word, const char *const *names)
{
	char name[WORD_MAX] = { 0 };
	const char *best = NULL;
	unsigned least = 4;

	memcpy(name, word, strnlen(word, WORD_MAX - 1));
	name[strcspn(name, "=")] = '\0';
	for (; *names; names++) {
		unsigned away = distance(name, *names);

		if (away < least && away < strlen(*names)) {
			least = away;
			best = *names;
		}
	}
	return best;
}
