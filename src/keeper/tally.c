/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tally.c - see tally.h. */
#include "keeper/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMELESS "unknown tasks"

void tally_begin(struct tally *tally, const struct path_root *root, const cpu_set_t *cpus)
{
	tally->cpus = *cpus;
	tally->rows = interruptions_dup(root, cpus, &tally->count);
}

static int by_count(const void *left, const void *right)
{
	const struct interruption *one = left, *other = right;

	return one->count < other->count ? 1 : one->count > other->count ? -1 : 0;
}

static void add(struct keeper_thieves *thieves, uint32_t kind, uint32_t id, const char *name, uint64_t count)
{
	struct keeper_thief *row;

	thieves->total += count;
	if (!count || thieves->count == KEEPER_THIEVES_MAX)
		return;
	row = &thieves->rows[thieves->count++];
	*row = (struct keeper_thief){ .kind = kind, .id = id, .count = count };
	snprintf(row->name, sizeof row->name, "%s", name);
}

void tally_end(struct tally *tally, const struct path_root *root, uint64_t switches,
	       struct keeper_thieves *thieves)
{
	struct interruption *rows;
	size_t count;

	if (!CPU_COUNT(&tally->cpus))
		return;
	rows = interruptions_dup(root, &tally->cpus, &count);
	interruptions_subtract(rows, &count, tally->rows, tally->count);
	if (count)
		qsort(rows, count, sizeof *rows, by_count);
	*thieves = (struct keeper_thieves){ .is_known = KEEPER_THIEVES_COUNTED };
	add(thieves, SB_WIRE_THEFT_TASK, 0, NAMELESS, switches);
	for (size_t i = 0; i < count; i++)
		add(thieves, rows[i].kind, rows[i].id, rows[i].name, rows[i].count);
	free(rows);
	free(tally->rows);
	*tally = (struct tally){ .rows = NULL };
}
