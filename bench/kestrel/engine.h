/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.h - runs events through sequence rules and raises alerts.
 *
 * For each event the engine takes the transitions of its type (route.h), the last step of a rule before the
 * first, so that one event never moves the same sequence twice. A later first step replaces an earlier one
 * that waits in the same state: the youngest sequence wins, as in the sequences of the Event Query Language.
 * An event that is older than the last event of the sequence it would move is late and moves nothing.
 * Sequences older than a rule's maxspan are dropped when the next event of that rule comes, or by
 * engine_expire. Nothing is allocated while events are processed. Not for use by two threads at once.
 */
#ifndef KESTREL_ENGINE_H
#define KESTREL_ENGINE_H

#include "kestrel/rule.h"

struct engine;

struct alert {
	const char *rule; /* its name */
	struct entity entity;
	uint64_t start_ns; /* mono_ns of the first step */
	uint64_t end_ns;   /* of the last */
};

typedef void alert_handler(void *context, const struct alert *alert);

struct engine_counts {
	uint64_t events;
	uint64_t advanced; /* sequences begun, moved on, or completed */
	uint64_t alerts;
	uint64_t late;
	uint64_t expired; /* partial matches dropped for age */
	uint64_t evicted; /* partial matches dropped for room */
	uint64_t ended;	  /* partial matches ended by `until` */
	uint64_t errors;  /* conditions that could not be told; they count as not holding */
};

/* `capacity`: partial matches at a time over all rules. The handler is called within engine_process and must
 * not call the engine. NULL: no memory, or capacity 0. */
struct engine *engine_new(uint32_t capacity, alert_handler *handler, void *context);
void engine_free(struct engine *engine);

/* Copies the rule. -EINVAL: see rule_check, and nothing changed; -ENOMEM: the rule may be there in part, so
 * free the engine. */
int engine_add_rule(struct engine *engine, const struct rule *rule);

/* Gives the number of alerts raised. */
uint32_t engine_process(struct engine *engine, const struct event *event);

/* Drops what is too old at this time, in all rules; gives the number of partial matches dropped. */
uint32_t engine_expire(struct engine *engine, uint64_t now_ns);

uint32_t engine_partials(const struct engine *engine); /* partial matches now */
const struct engine_counts *engine_counts(const struct engine *engine);

#endif
