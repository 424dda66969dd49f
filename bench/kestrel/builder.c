/* SPDX-License-Identifier: GPL-2.0-or-later */
/* builder.c - keeps the fields sorted while they come in; see builder.h. */
#include "kestrel/builder.h"

#include <errno.h>
#include <stdlib.h>

#include "kestrel/schema.h"

struct builder {
	const struct schema *schema;
	struct pool *pool;
	struct event_head head;
	uint32_t count;
	uint32_t fields[EVENT_FIELDS_MAX];
	struct value values[EVENT_FIELDS_MAX];
};

struct builder *builder_new(const struct schema *schema, struct pool *pool)
{
	struct builder *builder = aligned_alloc(64, (sizeof *builder + 63) / 64 * 64);

	if (!builder)
		return NULL;
	memset(builder, 0, sizeof *builder);
	builder->schema = schema;
	builder->pool = pool;
	return builder;
}

void builder_free(struct builder *builder)
{
	free(builder);
}

void builder_start(struct builder *builder, uint32_t type, uint64_t mono_ns, uint64_t wall_ns,
		   struct entity entity)
{
	builder->head = (struct event_head){ type, mono_ns, wall_ns, entity };
	builder->count = 0;
}

/* Sources mostly send fields in the order of their ids, so the place is looked for from the end. */
static uint32_t place_of(const struct builder *builder, uint32_t field)
{
	uint32_t place = builder->count;

	while (place > 0 && builder->fields[place - 1] >= field)
		place--;
	return place;
}

static void make_room(struct builder *builder, uint32_t place)
{
	uint32_t behind = builder->count - place;

	if (behind > 0) {
		memmove(&builder->fields[place + 1], &builder->fields[place],
			behind * sizeof builder->fields[0]);
		memmove(&builder->values[place + 1], &builder->values[place],
			behind * sizeof builder->values[0]);
	}
	builder->count++;
}

int builder_set(struct builder *builder, uint32_t field, struct value value)
{
	uint32_t place;

	if (field >= schema_count(builder->schema))
		return -ENOENT;
	if ((uint32_t)schema_type(builder->schema, field) != value.type)
		return -EINVAL;
	place = place_of(builder, field);
	if (place == builder->count || builder->fields[place] != field) {
		if (builder->count == EVENT_FIELDS_MAX)
			return -ENOSPC;
		make_room(builder, place);
		builder->fields[place] = field;
	}
	builder->values[place] = value;
	return 0;
}

int builder_build(struct builder *builder, struct event **event)
{
	*event = NULL;
	if (builder->head.type == 0)
		return -EINVAL;
	*event = event_new(builder->pool, &builder->head, builder->fields, builder->values, builder->count);
	return *event ? 0 : -ENOMEM;
}
