/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_take.h - fields of a parsed document, each checked before it is believed; internal to record/.
 *
 * What is wrong is named by its place: 'cases[3].launches[0].samples[5].time_s' is no number.
 */
#ifndef RECORD_RECORD_TAKE_H
#define RECORD_RECORD_TAKE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "record/record_schema.h"

/* Flags or tags of one case. Both are looked through word by word, so a document may not have a million of
 * them. */
#define RECORD_TAKE_WORDS 256

struct record_reader {
	const char *name; /* of the document */
	struct sb_err *err;
};

/* A place in the document: a key of the place above it, or, without key, an index. It lives on the stack of
 * the descent, and is put into words only for an error. */
struct record_place {
	const struct record_place *above; /* NULL: the document */
	const char *key;
	size_t index;
};

/* Makes the sentence "'place' what"; gives -EINVAL. */
int record_take_refuse(const struct record_reader *reader, const struct record_place *place,
		       const char *what);

/* Takes the fields of a table out of a JSON object into the members of `object`; keys that no field has are
 * left for later versions. 0 or -EINVAL. */
int record_take_fields(const struct record_reader *reader, const struct record_place *place,
		       const json_t *value, const struct record_field *fields, void *object);

/* A whole number, which above 2^53 stands as text. 0 or -EINVAL. */
int record_take_whole(const struct record_reader *reader, const struct record_place *place,
		      const json_t *value, uint64_t *whole);

typedef int record_item_taker(const struct record_reader *reader, const struct record_place *place,
			      const json_t *item, void *owner);

/* Calls take_item for every element of the array `key` of an object, until one fails. A record of before
 * there was such an array has none: where `is_optional`, that is fine. */
int record_take_array(const struct record_reader *reader, const struct record_place *above,
		      const json_t *object, const char *key, bool is_optional, record_item_taker *take_item,
		      void *owner);

#endif
