/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_source.c - which PMUs there are; see event_source.h. */
#include "host/event_source.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/cpulist.h"
#include "base/printable.h"
#include "host/event.h"
#include "host/pmu_wide.h"

struct search {
	const struct path_root *root;
	struct event_sources *sources;
	unsigned cpu;
	size_t core; /* index of the bench's core's, counted from 1 */
};

static bool read_leaf(const struct path_root *root, const char *name, const char *leaf, char *text,
		      size_t size)
{
	char path[256];

	snprintf(path, sizeof path, EVENT_SOURCE_ROOT "/%s/%s", name, leaf);
	return path_read(root, path, text, size, NULL) >= 0;
}

/* Only PMUs of cores list their CPUs in `cpus`; x86 with one kind of cores has "cpu", which lists none. */
static bool is_core(const struct search *search, const char *name, bool *has_cpu)
{
	char text[1024];
	cpu_set_t cpus;

	*has_cpu = strcmp(name, "cpu") == 0;
	if (*has_cpu)
		return true;
	if (strcmp(name, "power") == 0 || !read_leaf(search->root, name, "cpus", text, sizeof text))
		return false;
	*has_cpu = cpulist_parse(text, &cpus, NULL) == 0 && search->cpu < CPU_SETSIZE &&
		   CPU_ISSET(search->cpu, &cpus);
	return true;
}

/* A name that cannot be shown is none that the kernel gives: it stands in a recorded tree alone. */
static int take(const char *name, void *context)
{
	struct search *search = context;
	struct event_sources *sources = search->sources;
	struct event_source *source;
	char text[1024];
	bool has_cpu;

	if (strlen(name) >= sizeof source->name || !printable_is_line(name) ||
	    !read_leaf(search->root, name, "type", text, sizeof text))
		return 0;
	sources->list = alloc_grow(sources->list, sources->count + 1, sizeof *sources->list);
	source = &sources->list[sources->count++];
	*source = (struct event_source){ .type = (uint32_t)strtoul(text, NULL, 10) };
	snprintf(source->name, sizeof source->name, "%s", name);
	source->is_core = is_core(search, name, &has_cpu);
	source->is_cpu_wide = pmu_is_wide(search->root, name, NULL);
	sources->cores += source->is_core;
	if (source->is_core && has_cpu)
		search->core = sources->count;
	return 0;
}

void event_sources_init(struct event_sources *sources, const struct path_root *root, unsigned cpu)
{
	struct search search = { .root = root, .sources = sources, .cpu = cpu };

	*sources = (struct event_sources){ .count = 0 };
	path_each(root, EVENT_SOURCE_ROOT, take, &search, NULL);
	if (search.core)
		sources->core = &sources->list[search.core - 1];
}

void event_sources_release(struct event_sources *sources)
{
	free(sources->list);
	*sources = (struct event_sources){ .count = 0 };
}

const struct event_source *event_sources_find(const struct event_sources *sources, const char *name)
{
	for (size_t i = 0; i < sources->count; i++)
		if (strcmp(sources->list[i].name, name) == 0)
			return &sources->list[i];
	return NULL;
}

/* Arm's manuals write CPU_CYCLES, its PMUs cpu_cycles. */
bool event_source_has(const struct event_source *source, const struct path_root *root, const char *name,
		      char *found, size_t size)
{
	char path[EVENT_NAME + 160];

	if (strchr(name, '/') || strlen(name) >= size)
		return false;
	snprintf(found, size, "%s", name);
	for (int attempt = 0; attempt < 2; attempt++) {
		snprintf(path, sizeof path, EVENT_SOURCE_ROOT "/%s/events/%s", source->name, found);
		if (path_exists(root, path))
			return true;
		for (char *letter = found; *letter; letter++)
			*letter = (char)tolower((unsigned char)*letter);
	}
	return false;
}
