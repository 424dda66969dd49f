/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.h - what the kestrel benchmarks stand on: a schema of 50 fields of all types, a pool, a builder,
 * and one event that carries every field.
 */
#ifndef KESTREL_FIXTURE_H
#define KESTREL_FIXTURE_H

#include <stablebench.h>

#include "kestrel/builder.h"
#include "kestrel/schema.h"

#define FIXTURE_FIELDS 50

/* Fields the benchmarks name; the id of a field is its place in the table of paths. */
enum { FIXTURE_PID = 0, FIXTURE_NICE = 1, FIXTURE_NAME = 3, FIXTURE_EXECUTABLE = 9, FIXTURE_PARENT_PID = 6 };

struct fixture {
	struct schema *schema;
	struct pool *pool;
	struct builder *builder;
	struct value values[FIXTURE_FIELDS]; /* one for each field, of its type */
	struct event *full;		     /* all of them */
	size_t pool_used;		     /* when everything had been made */
};

/*
 * Puts the frame that follows at a fixed place within a page. The first thread's stack begins wherever
 * arguments and environment end; where a line of it has the lowest twelve address bits of a line of the pool,
 * loads wait for stores that are none of theirs (4K aliasing), and a minimal event took 17 ns instead of 15
 * in one of thirty launches. The threads of an engine have stacks of whole pages, as the pool has, so this is
 * how its code would meet them.
 */
#define FIXTURE_STACK()                                                                                      \
	_Alignas(4096) char page[64];                                                                        \
	sb_keep(&page[0])

struct fixture *fixture_new(void); /* NULL: no memory */
void fixture_free(struct fixture *fixture);

/* The path of field 0 to FIXTURE_FIELDS - 1. Static text. */
const char *fixture_path(uint32_t field);

/* An event of a type, at a time, of an entity, with the process' id, name and nice value; NULL: no memory. */
struct event *fixture_event(struct fixture *fixture, uint32_t type, uint64_t mono_ns, uint64_t entity);

/* Whether the event has this many fields, all with the fixture's values. */
bool fixture_holds(const struct fixture *fixture, const struct event *event, uint32_t count);

#endif
