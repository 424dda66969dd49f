/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event.c - an immutable event in one block of a pool; see event.h. */
#include "kestrel/event.h"

#include <errno.h>

#include "kestrel/pool.h"

/* In the block: this header, the values, the ids, then text and bytes. */
struct event {
	struct event_head head;
	struct pool *pool;
	uint32_t size; /* of the block */
	uint32_t count;
	const uint32_t *fields;
	struct value values[];
};

/* Text keeps a final zero, so that it can be handed to anything that wants a C string. */
static size_t payload_size(struct value value)
{
	if (!value_is_view(value))
		return 0;
	return (size_t)value.size + (value.type == VALUE_STRING);
}

static size_t block_size(const struct value *values, uint32_t count)
{
	size_t size = sizeof(struct event) + count * (sizeof(struct value) + sizeof(uint32_t));
	uint32_t i;

	for (i = 0; i < count; i++)
		size += payload_size(values[i]);
	return size;
}

static void copy_fields(struct event *event, uint32_t *own_fields, const uint32_t *fields,
			const struct value *values)
{
	char *payload = (char *)(own_fields + event->count);
	uint32_t i;

	for (i = 0; i < event->count; i++) {
		own_fields[i] = fields[i];
		event->values[i] = values[i];
		if (!value_is_view(values[i]))
			continue;
		memcpy(payload, values[i].as.bytes, values[i].size);
		event->values[i].as.text = payload;
		payload += values[i].size;
		if (values[i].type == VALUE_STRING)
			*payload++ = '\0';
	}
}

struct event *event_new(struct pool *pool, const struct event_head *head, const uint32_t *fields,
			const struct value *values, uint32_t count)
{
	size_t size = block_size(values, count);
	struct event *event = size <= UINT32_MAX ? pool_alloc(pool, size) : NULL;
	uint32_t *own_fields;

	if (!event)
		return NULL;
	own_fields = (uint32_t *)(event->values + count);
	event->head = *head;
	event->pool = pool;
	event->size = (uint32_t)size;
	event->count = count;
	event->fields = own_fields;
	copy_fields(event, own_fields, fields, values);
	return event;
}

void event_free(struct event *event)
{
	if (event)
		pool_return(event->pool, event, event->size);
}

const struct event_head *event_head(const struct event *event)
{
	return &event->head;
}

uint32_t event_count(const struct event *event)
{
	return event->count;
}

const struct value *event_get(const struct event *event, uint32_t field)
{
	const uint32_t *fields = event->fields;
	uint32_t first = 0, left = event->count;

	if (left == 0)
		return NULL;
	while (left > 1) {
		uint32_t half = left / 2;

		if (fields[first + half] <= field)
			first += half;
		left -= half;
	}
	return fields[first] == field ? &event->values[first] : NULL;
}

static int get_typed(const struct event *event, uint32_t field, uint32_t type, const struct value **value)
{
	*value = event_get(event, field);
	if (!*value)
		return -ENOENT;
	return (*value)->type == type ? 0 : -EINVAL;
}

int event_read_u64(const struct event *event, uint32_t field, uint64_t *number)
{
	const struct value *value;
	int rc = get_typed(event, field, VALUE_U64, &value);

	if (rc == 0)
		*number = value->as.u64;
	return rc;
}

int event_read_i64(const struct event *event, uint32_t field, int64_t *number)
{
	const struct value *value;
	int rc = get_typed(event, field, VALUE_I64, &value);

	if (rc == 0)
		*number = value->as.i64;
	return rc;
}

int event_read_f64(const struct event *event, uint32_t field, double *number)
{
	const struct value *value;
	int rc = get_typed(event, field, VALUE_F64, &value);

	if (rc == 0)
		*number = value->as.f64;
	return rc;
}

int event_read_bool(const struct event *event, uint32_t field, bool *boolean)
{
	const struct value *value;
	int rc = get_typed(event, field, VALUE_BOOL, &value);

	if (rc == 0)
		*boolean = value->as.boolean;
	return rc;
}

int event_copy_view(const struct event *event, uint32_t field, void *buffer, size_t size)
{
	const struct value *value = event_get(event, field);

	if (!value)
		return -ENOENT;
	if (!value_is_view(*value))
		return -EINVAL;
	if (payload_size(*value) > size)
		return -ENOSPC;
	memcpy(buffer, value->as.bytes, payload_size(*value));
	return (int)value->size;
}
