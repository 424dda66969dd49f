/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * predicate.h - a condition on an event, written in Lua.
 *
 * The source is a chunk that runs once, when it is compiled, and returns the function that is called for each
 *event:
 *
 *	local pid = field("process.pid")
 *	return function() return pid() == 4711 end
 *
 * The function's result counts as Lua counts it: nil and false do not match, everything else does.
 */
#ifndef KESTREL_PREDICATE_H
#define KESTREL_PREDICATE_H

#include "kestrel/event.h"

struct predicate;
struct runtime;

/* Compiles the source; `name` stands in error sentences. The caller owns *predicate, which must be freed
 * before the runtime. -EINVAL: not Lua, failed, or did not return a function; -ENOMEM. runtime_error says
 * more. */
int predicate_new(struct runtime *runtime, const char *name, const char *source,
		  struct predicate **predicate);
void predicate_free(struct predicate *predicate);

/* 1 matches, 0 does not, -EINVAL or -ENOMEM where it failed; runtime_error says why. */
int predicate_match(const struct predicate *predicate, const struct event *event);

/* The same as a rule_condition, with the predicate as its context. */
int predicate_condition(void *predicate, const struct event *event);

#endif
