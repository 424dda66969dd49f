/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rule.h - a sequence rule: these events, in this order, of one entity, within a time.
 *
 * A rule is a plain description that its author fills and an engine copies; the texts and contexts it points
 * to must outlive the engine. It compiles to a chain automaton: state k means "the first k+1 steps have been
 * seen".
 */
#ifndef KESTREL_RULE_H
#define KESTREL_RULE_H

#include "kestrel/event.h"

#define RULE_STEPS_MAX 8

/* A condition on an event beyond its type: 1 holds, 0 does not, negative errno could not be told. */
typedef int rule_condition(void *context, const struct event *event);

struct step {
	uint32_t event_type;
	rule_condition *condition; /* NULL: the type is enough */
	void *context;
};

struct rule {
	const char *name;
	struct step steps[RULE_STEPS_MAX];
	uint32_t step_count;
	uint64_t maxspan_ns; /* from the first step to the last at most; 0: no limit */
	struct step until;   /* such an event ends all that has begun for the entity; event_type 0: none */
};

/* 0, or -EINVAL: no name, no step or too many, or a step without an event type. */
int rule_check(const struct rule *rule);

#endif
