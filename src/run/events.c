/* SPDX-License-Identifier: GPL-2.0-or-later */
/* events.c - see events.h. */
#include "run/events.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>

/* What the keeper is told, in its own words. */
_Static_assert(EVENT_USER == (int)KEEPER_SCOPE_USER && EVENT_KERNEL == (int)KEEPER_SCOPE_KERNEL &&
		       EVENT_HYPERVISOR == (int)KEEPER_SCOPE_HYPERVISOR,
	       "a scope has the same bit on both sides");
_Static_assert(EVENT_MAX == KEEPER_EVENTS_MAX, "what can be resolved at once can be tried at once");

int events_init(struct events *events, const char *prefix, unsigned cpu, struct sb_err *err)
{
	int code;

	events->count = 0;
	events->is_open = false;
	code = path_root_init(&events->root, prefix, err);
	if (code)
		return code;
	events->is_open = true;
	return event_host_init(&events->host, &events->root, cpu, err);
}

void events_release(struct events *events)
{
	if (!events->is_open)
		return;
	event_host_release(&events->host);
	path_root_release(&events->root);
	events->is_open = false;
}

/* Beside events it would be taken for a part of a name. */
static bool names_none(const char *list)
{
	const size_t length = strlen(EVENTS_NONE);

	for (const char *item = list; item; item = strchr(item, ',')) {
		item += *item == ',';
		if (strncmp(item, EVENTS_NONE, length) == 0 && (!item[length] || item[length] == ','))
			return true;
	}
	return false;
}

int events_resolve(struct events *events, const char *list, struct sb_err *err)
{
	int code;

	events->count = 0;
	if (strcmp(list, EVENTS_NONE) == 0)
		return 0;
	if (names_none(list))
		return err_set(err, -EINVAL, "'" EVENTS_NONE "' stands alone: with it nothing is counted");
	code = event_resolve(&events->host, list, events->list, EVENT_MAX, &events->count, err);
	if (code == 0)
		event_name_words(&events->host, events->list, events->count);
	return code;
}

static void ask(const struct event *event, struct counted *counted)
{
	struct counted_event names = { .scale = event->scale };
	struct keeper_event asked = { .type = event->type,
				      .scope = event->scope,
				      .config = event->config,
				      .config1 = event->config1,
				      .config2 = event->config2 };

	memcpy(names.name, event->name, sizeof names.name);
	memcpy(names.event, event->spelled, sizeof names.event);
	memcpy(names.word, event->word, sizeof names.word);
	memcpy(names.unit, event->unit, sizeof names.unit);
	memcpy(names.reason, event->reason, sizeof names.reason);
	memcpy(asked.tracepoint, event->tracepoint, sizeof asked.tracepoint);
	counted_add(counted, &names, &asked);
}

void events_ask(const struct events *events, struct counted *counted)
{
	for (size_t i = 0; i < events->count; i++)
		ask(&events->list[i], counted);
}

/* What the kernel itself counts stands still because nothing happened, and it shows no register that the
 * processor has not. */
static bool may_stand_still(const struct event *event)
{
	return event->type == PERF_TYPE_SOFTWARE || event->type == PERF_TYPE_TRACEPOINT ||
	       event_is_register(event);
}

void events_explain(const struct events *events, struct counted *counted)
{
	for (size_t i = 0; i < events->count; i++) {
		struct counted_event *names = &counted->events[i];
		struct keeper_probe *probe = &counted->probes[i];

		if (names->reason[0])
			continue;
		if (probe->state == KEEPER_PROBE_NEVER_COUNTS && may_stand_still(&events->list[i]))
			probe->state = KEEPER_PROBE_COUNTS;
		if (probe->code)
			event_refusal(&events->host, &events->list[i], probe->code, names->reason,
				      sizeof names->reason);
		else if (probe->state == KEEPER_PROBE_NEVER_COUNTS)
			event_silence(&events->host, &events->list[i], names->reason, sizeof names->reason);
	}
}

bool events_need_counters(const struct events *events)
{
	for (size_t i = 0; i < events->count; i++)
		if (event_needs_counter(&events->host, &events->list[i]))
			return true;
	return false;
}
