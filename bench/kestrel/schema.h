/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schema.h - the fields that events may carry: path to field id, id to type.
 *
 * Ids are given out from 0 upwards in the order of registration and never taken back. A path is words of
 * letters, digits and '_' joined by dots: "process.parent.pid". Paths come from rule files and not from the
 * outside, so the hash has a fixed seed and the same schema lies the same way in every process.
 */
#ifndef KESTREL_SCHEMA_H
#define KESTREL_SCHEMA_H

#include "kestrel/value.h"

#define SCHEMA_PATH_MAX 127 /* bytes of a path */

struct schema;

struct schema *schema_new(void); /* NULL: no memory */
void schema_free(struct schema *schema);

/* Registers a path (copied) and puts its id into *field. A second registration with the same type gives the
 * same id. -EINVAL: not a path, or no such type; -EEXIST: known with another type; -ENOMEM. */
int schema_add(struct schema *schema, const char *path, enum value_type type, uint32_t *field);

/* The id of a path, or -ENOENT. */
int schema_find(const struct schema *schema, const char *path, uint32_t *field);

uint32_t schema_count(const struct schema *schema);

/* For an id below schema_count. The path is borrowed until the schema is freed. */
enum value_type schema_type(const struct schema *schema, uint32_t field);
const char *schema_path(const struct schema *schema, uint32_t field);

#endif
