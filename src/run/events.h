/* SPDX-License-Identifier: GPL-2.0-or-later */
/* events.h - from a list of events as it was typed to what the keeper is asked to try, and back to why not.
 */
#ifndef RUN_EVENTS_H
#define RUN_EVENTS_H

#include "host/event.h"
#include "run/counted.h"

#define EVENTS_NONE "none"

/* Zeroed: release is fine. */
struct events {
	struct path_root root;
	struct event_host host;
	struct event list[EVENT_MAX];
	size_t count;
	bool is_open;
};

/* Looks at the machine below `prefix` ("/", or a recorded one) for benches on `cpu`. 0 or a negative errno.
 */
int events_init(struct events *events, const char *prefix, unsigned cpu, struct sb_err *err);
void events_release(struct events *events);

/* Resolves a list, "none" being the empty one, as event_resolve does. */
int events_resolve(struct events *events, const char *list, struct sb_err *err);

/* Adds what was resolved to what the session counts, which had nothing before. */
void events_ask(const struct events *events, struct counted *counted);

/* After counted_try: says for each event that is not counted why that is so on this very host. */
void events_explain(const struct events *events, struct counted *counted);

/* Whether one of them needs a counter of the processor. */
bool events_need_counters(const struct events *events);

#endif
