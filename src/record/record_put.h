/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_put.h - pieces of a JSON document, straight to a stream; internal to record/. */
#ifndef RECORD_RECORD_PUT_H
#define RECORD_RECORD_PUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "record/record_schema.h"

/* Where in an object or array the next member goes. */
struct record_members {
	FILE *stream;
	bool has_some;
};

/* What stands before an element of an array, and before the value of a member of an object. */
void record_put_item(struct record_members *members);
void record_put_member(struct record_members *members, const char *key);

void record_put_text(FILE *stream, const char *text);
void record_put_number(FILE *stream, double value);
void record_put_whole(FILE *stream, uint64_t value);

/* The fields of a table that are not absent, as members. */
void record_put_fields(struct record_members *members, const struct record_field *fields, const void *object);

/* An object that holds nothing but the fields of one table. */
void record_put_object(FILE *stream, const struct record_field *fields, const void *object);

#endif
