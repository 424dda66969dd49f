/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schema.c - an open-addressing table of field paths; see schema.h. */
#include "kestrel/schema.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#define FIRST_SLOTS 64
#define EMPTY	    UINT32_MAX

struct field {
	char *path;
	uint32_t size;
	uint32_t type;
};

/* The hash stands beside the id: a probe that misses never follows the pointer to the path. */
struct slot {
	uint32_t hash;
	uint32_t field;
};

struct schema {
	struct slot *slots; /* a power of two, at most half full */
	uint32_t slot_count;
	uint32_t count;
	struct field *fields; /* room for half of the slots */
};

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/; also measures the path. */
static uint32_t hash_path(const char *path, uint32_t *size)
{
	uint32_t hash = 2166136261u;
	const char *at;

	for (at = path; *at; at++)
		hash = (hash ^ (uint8_t)*at) * 16777619u;
	*size = (uint32_t)(at - path);
	return hash ^ hash >> 15;
}

static bool is_path(const char *path)
{
	bool in_word = false;
	const char *at;

	for (at = path; *at; at++) {
		if (*at == '.' && !in_word)
			return false;
		if (*at != '.' && *at != '_' && !isalnum((unsigned char)*at))
			return false;
		in_word = *at != '.';
	}
	return in_word && at - path <= SCHEMA_PATH_MAX;
}

/* The slot that holds the path, or the empty one where it belongs. */
static struct slot *probe(const struct schema *schema, const char *path, uint32_t size, uint32_t hash)
{
	uint32_t mask = schema->slot_count - 1;
	struct slot *slot;
	uint32_t at;

	for (at = hash & mask;; at = (at + 1) & mask) {
		slot = &schema->slots[at];
		if (slot->field == EMPTY)
			return slot;
		if (slot->hash == hash && schema->fields[slot->field].size == size &&
		    memcmp(schema->fields[slot->field].path, path, size) == 0)
			return slot;
	}
}

static struct slot *empty_slots(uint32_t count)
{
	struct slot *slots = malloc(count * sizeof *slots);
	uint32_t i;

	for (i = 0; slots && i < count; i++)
		slots[i] = (struct slot){ 0, EMPTY };
	return slots;
}

static int grow(struct schema *schema)
{
	uint32_t old_count = schema->slot_count, i;
	struct slot *old = schema->slots, *slots = empty_slots(old_count * 2);
	struct field *fields = realloc(schema->fields, old_count * sizeof *fields);

	if (fields)
		schema->fields = fields;
	if (!slots || !fields) {
		free(slots);
		return -ENOMEM;
	}
	schema->slots = slots;
	schema->slot_count = old_count * 2;
	for (i = 0; i < old_count; i++) {
		const struct field *field;

		if (old[i].field == EMPTY)
			continue;
		field = &fields[old[i].field];
		*probe(schema, field->path, field->size, old[i].hash) = old[i];
	}
	free(old);
	return 0;
}

struct schema *schema_new(void)
{
	struct schema *schema = calloc(1, sizeof *schema);

	if (!schema)
		return NULL;
	schema->slot_count = FIRST_SLOTS;
	schema->slots = empty_slots(FIRST_SLOTS);
	schema->fields = malloc(FIRST_SLOTS / 2 * sizeof *schema->fields);
	if (schema->slots && schema->fields)
		return schema;
	schema_free(schema);
	return NULL;
}

void schema_free(struct schema *schema)
{
	uint32_t i;

	if (!schema)
		return;
	for (i = 0; i < schema->count; i++)
		free(schema->fields[i].path);
	free(schema->fields);
	free(schema->slots);
	free(schema);
}

static int append(struct schema *schema, const char *path, uint32_t size, uint32_t hash, uint32_t type)
{
	char *copy;

	if (schema->count == schema->slot_count / 2 && grow(schema) < 0)
		return -ENOMEM;
	copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	*probe(schema, path, size, hash) = (struct slot){ hash, schema->count };
	schema->fields[schema->count++] = (struct field){ copy, size, type };
	return 0;
}

int schema_add(struct schema *schema, const char *path, enum value_type type, uint32_t *field)
{
	uint32_t size, hash = hash_path(path, &size);
	struct slot *slot;

	if ((uint32_t)type >= VALUE_TYPES || !is_path(path))
		return -EINVAL;
	slot = probe(schema, path, size, hash);
	*field = slot->field == EMPTY ? schema->count : slot->field;
	if (slot->field == EMPTY)
		return append(schema, path, size, hash, type);
	return schema->fields[slot->field].type == (uint32_t)type ? 0 : -EEXIST;
}

int schema_find(const struct schema *schema, const char *path, uint32_t *field)
{
	uint32_t size, hash = hash_path(path, &size);
	const struct slot *slot = probe(schema, path, size, hash);

	*field = slot->field;
	return slot->field == EMPTY ? -ENOENT : 0;
}

uint32_t schema_count(const struct schema *schema)
{
	return schema->count;
}

enum value_type schema_type(const struct schema *schema, uint32_t field)
{
	return (enum value_type)schema->fields[field].type;
}

const char *schema_path(const struct schema *schema, uint32_t field)
{
	return schema->fields[field].path;
}
