/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h - one thing that happened: type, times, the entity it belongs to, and a sparse set of typed fields.
 *
 * An event never changes once built (builder.h builds it) and owns its text and bytes; header, field ids,
 * values and payload stand in one block of a pool. Ids are sorted: a lookup is a binary search in an array of
 * 32-bit numbers.
 */
#ifndef KESTREL_EVENT_H
#define KESTREL_EVENT_H

#include "kestrel/value.h"

#include <stddef.h>

#define EVENT_FIELDS_MAX 256

struct event;
struct pool;

/* What a sequence is about: a process, a session, a host; 128 bits, so that a UUID fits. */
struct entity {
	uint64_t high;
	uint64_t low;
};

struct event_head {
	uint32_t type;	  /* from 1 on */
	uint64_t mono_ns; /* orders events */
	uint64_t wall_ns; /* for people */
	struct entity entity;
};

/* Copies everything into one block of the pool, which must outlive the event. `fields` rises strictly. NULL:
 * the pool is used up. For the builder; others go through it. */
struct event *event_new(struct pool *pool, const struct event_head *head, const uint32_t *fields,
			const struct value *values, uint32_t count);
void event_free(struct event *event);

/* Borrowed until the event is freed. */
const struct event_head *event_head(const struct event *event);

uint32_t event_count(const struct event *event); /* fields that are set */

/* The value of a field, borrowed until the event is freed; NULL: not set. */
const struct value *event_get(const struct event *event, uint32_t field);

/* The value of a field that must have this type: 0, -ENOENT (not set) or -EINVAL (of another type). */
int event_read_u64(const struct event *event, uint32_t field, uint64_t *number);
int event_read_i64(const struct event *event, uint32_t field, int64_t *number);
int event_read_f64(const struct event *event, uint32_t field, double *number);
int event_read_bool(const struct event *event, uint32_t field, bool *boolean);

/* Copies text and its final zero, or bytes, into `buffer`; gives the length without the zero, -ENOENT (not
 * set), -EINVAL (neither text nor bytes) or -ENOSPC (buffer too small, untouched). */
int event_copy_view(const struct event *event, uint32_t field, void *buffer, size_t size);

#endif
