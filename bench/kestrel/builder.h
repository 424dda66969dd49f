/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * builder.h - collects the fields of one event after the other, checks them against a schema, and builds
 * events.
 *
 * A builder is made once and used for all events of a source: start, set..., build. Fields may come in any
 * order; the last value of a field counts.
 */
#ifndef KESTREL_BUILDER_H
#define KESTREL_BUILDER_H

#include "kestrel/event.h"

struct builder;
struct schema;

/* Schema and pool are borrowed and must outlive the builder; events come out of the pool. NULL: no memory. */
struct builder *builder_new(const struct schema *schema, struct pool *pool);
void builder_free(struct builder *builder);

/* Forgets what was set before. */
void builder_start(struct builder *builder, uint32_t type, uint64_t mono_ns, uint64_t wall_ns,
		   struct entity entity);

/* Text and bytes are borrowed until the event is built. -ENOENT: the schema has no such field; -EINVAL: it
 * has another type there; -ENOSPC: more than EVENT_FIELDS_MAX fields. After an error the builder is as it
 * was. */
int builder_set(struct builder *builder, uint32_t field, struct value value);

/* The caller owns *event. The builder keeps its fields, so that a near copy can be built next.
 * -EINVAL: event type 0; -ENOMEM: the pool is used up. */
int builder_build(struct builder *builder, struct event **event);

#endif
