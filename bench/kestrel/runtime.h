/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runtime.h - a Lua state that predicates run in.
 *
 * Memory comes from a pool of a fixed size and, if wanted, the instructions of a call are limited. Scripts
 *see a read-only global environment: the harmless part of the basic functions, `math`, `string`, and
 *
 *	field(path)             a function that gives the value of that field in the current event, or nil
 *	field_is(path, text)    a function that says whether that field is this text
 *
 * Both look the path up once, when the script is compiled. Reading a field is then a call of a C function
 *that knows its field id: no global, no string key and, with field_is, no new string is touched per event.
 *Text in Lua is hashed with a seed taken from addresses and the time, so that what is not touched cannot
 *differ between processes. 64-bit unsigned values beyond 2^63 appear as the negative integers of the same
 *bits.
 */
#ifndef KESTREL_RUNTIME_H
#define KESTREL_RUNTIME_H

#include <stddef.h>

struct event;
struct lua_State;
struct runtime;
struct schema;

struct runtime_limits {
	size_t memory;	  /* bytes for everything in Lua; starting alone takes some 16 KiB */
	int instructions; /* of one call, 0: no limit */
};

/* The schema is borrowed and must outlive the runtime. NULL: no memory, or a limit that leaves no room to
 * start. */
struct runtime *runtime_new(const struct schema *schema, struct runtime_limits limits);
void runtime_free(struct runtime *runtime);

/* Calls the function below `arguments` values on the stack, with `event` as the current one (NULL: none), and
 * leaves `results` values. -ENOMEM or -EINVAL: nothing is left, and runtime_error says why. For predicate.c.
 */
int runtime_call(struct runtime *runtime, const struct event *event, int arguments, int results);
struct lua_State *runtime_state(struct runtime *runtime);
void runtime_push_globals(struct runtime *runtime);

/* Why the last call failed; borrowed until the next one. */
const char *runtime_error(const struct runtime *runtime);

/* Collects all garbage now. Lua does it by itself in small steps; an engine does it after it has loaded
 * rules. */
void runtime_collect(struct runtime *runtime);

/* Bytes of the pool that are in use. */
size_t runtime_memory(const struct runtime *runtime);

#endif
