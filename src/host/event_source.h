/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_source.h - the PMUs that the kernel shows in sysfs, with the names and the layout of their events. */
#ifndef HOST_EVENT_SOURCE_H
#define HOST_EVENT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/path.h"

#define EVENT_SOURCE_ROOT "sys/bus/event_source/devices"

struct event_source {
	char name[48];
	uint32_t type;
	bool is_core;	  /* counts for tasks, on the CPUs in its `cpus`, or on all of them */
	bool is_cpu_wide; /* counts for no task: pmu_wide.h */
};

struct event_sources {
	struct event_source *list;
	size_t count, cores;
	const struct event_source *core; /* of the bench's CPU, NULL: none */
};

/* Those below the root. A host without any has none: no error. */
void event_sources_init(struct event_sources *sources, const struct path_root *root, unsigned cpu);
void event_sources_release(struct event_sources *sources);

/* NULL: none of that name. */
const struct event_source *event_sources_find(const struct event_sources *sources, const char *name);

struct event;

/* Applies terms ("event=0x51,umask=0x1,edge", or the name of one of the PMU's events) to type, config*, scale
 * and unit, by the layout in `format` (Documentation/ABI/testing/sysfs-bus-event_source-devices-format).
 * -ENOENT for a term that the PMU does not have, -ERANGE for a value too wide for it, -EINVAL. */
int event_source_apply(const struct event_source *source, const struct path_root *root, const char *terms,
		       struct event *event, struct sb_err *err);

/* Whether the PMU has an event of that name; `found` gets it as the PMU writes it. */
bool event_source_has(const struct event_source *source, const struct path_root *root, const char *name,
		      char *found, size_t size);

#endif
