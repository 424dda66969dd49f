/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_list.h - every name that event_resolve knows on this host. */
#ifndef HOST_EVENT_LIST_H
#define HOST_EVENT_LIST_H

#include "host/event.h"

/* Borrowed for the time of the call. */
struct event_entry {
	const char *name;   /* as it can be typed */
	const char *source; /* "set", "kernel", "libpfm4", "sysfs", "tracepoint" */
	const char *text;   /* what it counts, "" where nobody says */
};

/* Stops at the first that is not 0. */
typedef int event_list_take(void *context, const struct event_entry *entry);

/* Sets and their words, the kernel's, libpfm4's for the kind of the bench's CPU, those of PMUs in sysfs; and
 * tracepoints, of which there are thousands, where they are wanted. Gives what `take` gave. */
int event_list(const struct event_host *host, bool with_tracepoints, event_list_take *take, void *context);

/* The parts of it. */
int event_list_sets(const struct event_host *host, event_list_take *take, void *context);
int event_list_kernel(const struct event_host *host, event_list_take *take, void *context);
int event_list_pfm(const struct event_host *host, event_list_take *take, void *context);
int event_list_sources(const struct event_host *host, event_list_take *take, void *context);
int event_list_tracepoints(const struct event_host *host, event_list_take *take, void *context);

#endif
