/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.h - one typed value of an event field.
 *
 * A value is small and passed by value: the type, and the number itself or a view of text or bytes that
 * somebody else owns. An event owns what its values point to; a value handed to a builder is only borrowed
 * until the build.
 */
#ifndef KESTREL_VALUE_H
#define KESTREL_VALUE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum value_type { VALUE_U64, VALUE_I64, VALUE_F64, VALUE_STRING, VALUE_BOOL, VALUE_BYTES, VALUE_TYPES };

/* 16 bytes, so that it travels in two registers. `size` is the length of text (without a final zero, which
 * text inside an event has all the same) or bytes, 0 for the other types. */
struct value {
	uint32_t type;
	uint32_t size;
	union {
		uint64_t u64;
		int64_t i64;
		double f64;
		bool boolean;
		const char *text;
		const uint8_t *bytes;
	} as;
};

static inline struct value value_u64(uint64_t number)
{
	return (struct value){ .type = VALUE_U64, .as.u64 = number };
}

static inline struct value value_i64(int64_t number)
{
	return (struct value){ .type = VALUE_I64, .as.i64 = number };
}

static inline struct value value_f64(double number)
{
	return (struct value){ .type = VALUE_F64, .as.f64 = number };
}

/* `text` ends with a zero and is borrowed. */
static inline struct value value_string(const char *text)
{
	return (struct value){ .type = VALUE_STRING, .size = (uint32_t)strlen(text), .as.text = text };
}

static inline struct value value_bool(bool boolean)
{
	return (struct value){ .type = VALUE_BOOL, .as.u64 = boolean };
}

/* `bytes` are borrowed. */
static inline struct value value_bytes(const uint8_t *bytes, uint32_t size)
{
	return (struct value){ .type = VALUE_BYTES, .size = size, .as.bytes = bytes };
}

/* Whether the value carries text or bytes that live elsewhere. */
static inline bool value_is_view(struct value value)
{
	return value.type == VALUE_STRING || value.type == VALUE_BYTES;
}

/* Same type and same contents; numbers of different types are different values, NaN equals nothing. */
bool value_equal(struct value left, struct value right);

/* "u64", "string", ...; "?" for a number that is no type. Static text. */
const char *value_type_name(uint32_t type);

#endif
