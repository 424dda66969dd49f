/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route.c - an open-addressing table of event types, each with a growing list; see route.h. */
#include "kestrel/route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ENTRIES 64
#define FIRST_ROOM    8

/* `room` 0 marks an entry that is not in use. */
struct entry {
	uint32_t event_type;
	uint32_t count;
	uint32_t room;
	struct transition *list;
};

struct routes {
	struct entry *entries; /* a power of two, at most half full */
	uint32_t entry_count;
	uint32_t used;
};

/* Types are small numbers, often multiples of something: Fibonacci hashing spreads them (Knuth, 6.4). */
static struct entry *probe(const struct routes *routes, uint32_t event_type)
{
	uint32_t mask = routes->entry_count - 1, at;

	for (at = event_type * 2654435769u >> 16 & mask;; at = (at + 1) & mask) {
		struct entry *entry = &routes->entries[at];

		if (entry->room == 0 || entry->event_type == event_type)
			return entry;
	}
}

static int grow_table(struct routes *routes)
{
	struct routes larger = { .entry_count = routes->entry_count * 2, .used = routes->used };
	uint32_t i;

	larger.entries = calloc(larger.entry_count, sizeof *larger.entries);
	if (!larger.entries)
		return -ENOMEM;
	for (i = 0; i < routes->entry_count; i++) {
		if (routes->entries[i].room > 0)
			*probe(&larger, routes->entries[i].event_type) = routes->entries[i];
	}
	free(routes->entries);
	*routes = larger;
	return 0;
}

static int grow_entry(struct entry *entry)
{
	uint32_t room = entry->room ? entry->room * 2 : FIRST_ROOM;
	struct transition *list = aligned_alloc(64, room * sizeof *list);

	if (!list)
		return -ENOMEM;
	if (entry->count > 0)
		memcpy(list, entry->list, entry->count * sizeof *list);
	free(entry->list);
	entry->list = list;
	entry->room = room;
	return 0;
}

struct routes *routes_new(void)
{
	struct routes *routes = calloc(1, sizeof *routes);

	if (!routes)
		return NULL;
	routes->entry_count = FIRST_ENTRIES;
	routes->entries = calloc(FIRST_ENTRIES, sizeof *routes->entries);
	if (routes->entries)
		return routes;
	free(routes);
	return NULL;
}

void routes_free(struct routes *routes)
{
	uint32_t i;

	if (!routes)
		return;
	for (i = 0; i < routes->entry_count; i++)
		free(routes->entries[i].list);
	free(routes->entries);
	free(routes);
}

int routes_add(struct routes *routes, uint32_t event_type, struct transition transition)
{
	struct entry *entry = probe(routes, event_type);

	if (entry->room == 0 && routes->used == routes->entry_count / 2) {
		if (grow_table(routes) < 0)
			return -ENOMEM;
		entry = probe(routes, event_type);
	}
	if (entry->room == 0)
		routes->used++;
	if (entry->count == entry->room && grow_entry(entry) < 0) {
		routes->used -= entry->room == 0;
		return -ENOMEM;
	}
	entry->event_type = event_type;
	entry->list[entry->count++] = transition;
	return 0;
}

const struct transition *routes_get(const struct routes *routes, uint32_t event_type, uint32_t *count)
{
	const struct entry *entry = probe(routes, event_type);

	*count = entry->count;
	return entry->list;
}
