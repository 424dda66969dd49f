/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * partial.h - the sequences that have begun: one partial match per rule and entity, in memory of a fixed
 * size.
 *
 * Found by hash of (rule, entity); kept per rule in the order of their last beginning, so that expiry looks
 * at the oldest only. When all room is taken the oldest of the rule makes place for the new one, or, where
 * the rule has none, the oldest of the rule that has the oldest.
 */
#ifndef KESTREL_PARTIAL_H
#define KESTREL_PARTIAL_H

#include "kestrel/rule.h"

/* A sequence that has reached one state. */
struct progress {
	uint64_t start_ns; /* time of the event that was the first step */
	uint64_t last_ns;  /* time of the last event that moved it on */
};

/* At most one sequence in each state; bit k of `live` says whether progress[k] holds one. The caller works on
 * these fields; the rest belongs to partial.c. Three cache lines, aligned to them. */
struct partial {
	struct entity entity;
	uint32_t rule;
	uint32_t live;
	uint64_t begun_ns; /* start_ns of the youngest sequence */
	uint32_t chain, before, behind;
	_Alignas(64) struct progress progress[RULE_STEPS_MAX - 1];
};

struct partials;

/* Room for `capacity` partial matches, all memory taken and touched now. NULL: no memory, or capacity 0. */
struct partials *partials_new(uint32_t capacity);
void partials_free(struct partials *partials);

/* Makes place for the partial matches of one more rule; rules count from 0. -ENOMEM. */
int partials_add_rule(struct partials *partials);

/* NULL: nothing has begun for this rule and entity. Borrowed until it is removed. */
struct partial *partials_find(const struct partials *partials, uint32_t rule, const struct entity *entity);

/* A new one with nothing live, at the young end; *evicted says whether an older one had to go. There must be
 * none yet. */
struct partial *partials_add(struct partials *partials, uint32_t rule, const struct entity *entity,
			     bool *evicted);

/* Notes a later beginning: moves it to the young end of its rule. */
void partials_renew(struct partials *partials, struct partial *partial, uint64_t begun_ns);

void partials_remove(struct partials *partials, struct partial *partial);

/* Removes those of a rule that began more than `maxspan_ns` before `now_ns`; gives their number. A partial
 * match that a late event began stands behind younger ones and goes with them. */
uint32_t partials_expire(struct partials *partials, uint32_t rule, uint64_t maxspan_ns, uint64_t now_ns);

uint32_t partials_count(const struct partials *partials);

#endif
