/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.c - see nearest.h. */
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool differ(char a, char b)
{
	return tolower((unsigned char)a) != tolower((unsigned char)b);
}

/* One row of the table of Levenshtein at a time. */
unsigned nearest_distance(const char *a, const char *b)
{
	unsigned row[NEAREST_WORD + 1];
	const size_t height = strnlen(a, NEAREST_WORD), length = strnlen(b, NEAREST_WORD);

	for (size_t j = 0; j <= length; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; i < height; i++) {
		unsigned corner = row[0]++;

		for (size_t j = 0; j < length; j++) {
			unsigned best = corner + differ(a[i], b[j]);

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

void nearest_init(struct nearest *nearest, const char *word)
{
	*nearest = (struct nearest){ .count = 0 };
	snprintf(nearest->word, sizeof nearest->word, "%s", word);
}

static void keep(struct nearest *nearest, const char *name, unsigned away)
{
	size_t at = nearest->count;

	while (at > 0 && nearest->best[at - 1].away > away)
		at--;
	if (at == NEAREST_MAX)
		return;
	if (nearest->count < NEAREST_MAX)
		nearest->count++;
	memmove(&nearest->best[at + 1], &nearest->best[at],
		(nearest->count - at - 1) * sizeof nearest->best[0]);
	snprintf(nearest->best[at].name, sizeof nearest->best[at].name, "%s", name);
	nearest->best[at].away = away;
}

static bool is_kept(const struct nearest *nearest, const char *name)
{
	for (size_t i = 0; i < nearest->count; i++)
		if (strcmp(nearest->best[i].name, name) == 0)
			return true;
	return false;
}

void nearest_offer(struct nearest *nearest, const char *name)
{
	const size_t length = strlen(nearest->word), given = strlen(name);
	const size_t bound = length / 3 + 1;
	unsigned away;

	if (given >= NEAREST_WORD || is_kept(nearest, name))
		return;
	if (length >= 3 && given > length && strcasestr(name, nearest->word)) {
		keep(nearest, name, (unsigned)bound);
		return;
	}
	if (given > length + bound || length > given + bound)
		return;
	away = nearest_distance(nearest->word, name);
	if (away <= bound && away < given)
		keep(nearest, name, away);
}

const char *nearest_text(const struct nearest *nearest, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < nearest->count && used < size; i++) {
		const char *between = i == 0 ? "" : i + 1 == nearest->count ? " or " : ", ";
		const int wrote =
			snprintf(text + used, size - used, "%s'%s'", between, nearest->best[i].name);

		used += wrote > 0 ? (size_t)wrote : 0;
	}
	return text;
}
