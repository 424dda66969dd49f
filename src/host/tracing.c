/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracing.c - see tracing.h. Files: Documentation/trace/ftrace.rst. */
#include "host/tracing.h"

#include <stdio.h>
#include <string.h>

static const char *const mounts[] = { "sys/kernel/tracing", "sys/kernel/debug/tracing" };

static bool read_leaf(const struct path_root *root, const char *mount, const char *leaf, char *text,
		      size_t size)
{
	char path[96];

	snprintf(path, sizeof path, "%s/%s", mount, leaf);
	return path_read(root, path, text, size, NULL) > 0;
}

bool tracing_active(const struct path_root *root, char *text, size_t size)
{
	char tracer[64], on[8], events[8];

	for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
		if (!read_leaf(root, mounts[i], "current_tracer", tracer, sizeof tracer))
			continue;
		if (read_leaf(root, mounts[i], "tracing_on", on, sizeof on) && !strcmp(on, "0"))
			snprintf(text, size, "none");
		else if (strcmp(tracer, "nop") != 0)
			snprintf(text, size, "%s", tracer);
		else if (read_leaf(root, mounts[i], "events/enable", events, sizeof events) &&
			 strcmp(events, "0") != 0)
			snprintf(text, size, "events");
		else
			snprintf(text, size, "none");
		return true;
	}
	return false;
}
