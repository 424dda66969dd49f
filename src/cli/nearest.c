/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.c - what a mistyped option, command or value may have meant. */
#include "base/nearest.h"

#include <stdio.h>
#include <string.h>
#include "cli/options.h"

const char *options_nearest(const char *word, const char *const *names)
{
	char name[NEAREST_WORD];
	const char *best = NULL;
	unsigned least = 4;

	snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
	for (; *names; names++) {
		unsigned away = nearest_distance(name, *names);

		if (away < least && away < strlen(*names)) {
			least = away;
			best = *names;
		}
	}
	return best;
}
