/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_way.h - the ways in which a name becomes an event; for event*.c alone.
 *
 * A name comes without its scope. A way fills what it knows of a zeroed event whose name and scale are set,
 * `scope` only where it cannot be the user's alone. -ENOENT: it is not a name of this kind, and the next way
 * is tried; any other code ends the search with its sentence.
 */
#ifndef HOST_EVENT_WAY_H
#define HOST_EVENT_WAY_H

#include "host/event.h"

int event_from_pfm(const struct event_host *host, const char *name, struct event *event, struct sb_err *err);
int event_from_kernel(const struct event_host *host, const char *name, struct event *event,
		      struct sb_err *err);
int event_from_source(const struct event_host *host, const char *name, struct event *event,
		      struct sb_err *err);
int event_from_tracepoint(const struct event_host *host, const char *name, struct event *event,
			  struct sb_err *err);

/* Whether a name begins with a group of tracepoints that tracefs shows. */
bool event_is_in_group(const struct event_host *host, const char *name);

/* "pmu/terms/": with slashes it can be nothing else. */
int event_from_terms(const struct event_host *host, const char *name, struct event *event,
		     struct sb_err *err);

/* A word of the sets' table ("l1d-misses"), whatever way its spelling goes; `resolve` is the walk through the
 * ways above. Where the processor has no event for it, that is the event's reason; -ENODATA, with the reason
 * too: it has no meaning there. -ENOENT: no such word. */
typedef int event_walk(const struct event_host *host, const char *name, struct event *event,
		       struct sb_err *err);
int event_from_word(const struct event_host *host, const char *name, event_walk *resolve,
		    struct event *event);

/* What the table has for a word on a kind of core: spellings, separated by EVENT_SPELLINGS, a "*slots" behind
 * some of them. NULL: no such word, or it has no meaning there. */
#define EVENT_SPELLINGS "|"
const char *event_word_cell(const char *name, enum microarchitecture_kind kind);

/* The members of a set, NULL behind the last; NULL: no such set. */
#define EVENT_SET_MAX 10
const char *const *event_set_members(const char *name);

/* The kernel's first name for a generic event of the processor, NULL: it is none. */
const char *event_kernel_name(const struct event *event);

/* The same event, whatever its name and scope: a raw code is the core's own. */
bool event_is_same(const struct event_host *host, const struct event *one, const struct event *other);

/* Whether the processor is known not to have it, though its PMU takes the code. */
bool event_is_unlisted(const struct event_host *host, const struct event *event);

/* Where a generic event of the processor goes on a machine with several kinds of cores. */
void event_choose_core(const struct event_host *host, struct event *event);

#endif
