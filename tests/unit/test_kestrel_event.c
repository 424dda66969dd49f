/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about kestrel/event and kestrel/builder: what goes in comes out, and nothing is borrowed for longer.
 */
#include "kestrel/builder.h"

#include <errno.h>
#include <stdio.h>

#include "kestrel/pool.h"
#include "kestrel/schema.h"
#include "unit.h"

#define FIELDS (EVENT_FIELDS_MAX + 4)

static void start(struct builder *builder)
{
	builder_start(builder, 3, 10, 20, (struct entity){ 1, 2 });
}

/* Field i has type i % VALUE_TYPES. */
struct bed {
	struct schema *schema;
	struct pool *pool;
	struct builder *builder;
};

static struct bed bed_new(void)
{
	struct bed bed = { .schema = schema_new(), .pool = pool_new(1 << 16) };
	char path[16];
	uint32_t field;

	for (int i = 0; i < FIELDS; i++) {
		snprintf(path, sizeof path, "f%d", i);
		ck_assert_int_eq(schema_add(bed.schema, path, (enum value_type)(i % VALUE_TYPES), &field), 0);
	}
	bed.builder = builder_new(bed.schema, bed.pool);
	start(bed.builder);
	return bed;
}

static void bed_free(struct bed bed)
{
	ck_assert_uint_eq(pool_used(bed.pool), 0);
	builder_free(bed.builder);
	schema_free(bed.schema);
	pool_free(bed.pool);
}

static struct value value_of(uint32_t field)
{
	static const uint8_t bytes[] = { 0, 1, 2, 0, 4 };

	switch (field % VALUE_TYPES) {
	case VALUE_U64:
		return value_u64(field);
	case VALUE_I64:
		return value_i64(-(int64_t)field);
	case VALUE_F64:
		return value_f64(field / 8.0);
	case VALUE_STRING:
		return value_string("some text");
	case VALUE_BOOL:
		return value_bool(field & 8);
	default:
		return value_bytes(bytes, field % 6);
	}
}

static struct event *built(struct bed *bed)
{
	struct event *event;

	ck_assert_int_eq(builder_build(bed->builder, &event), 0);
	return event;
}

START_TEST(an_event_keeps_its_head)
{
	struct bed bed = bed_new();
	struct event *event = built(&bed);

	ck_assert_uint_eq(event_head(event)->type, 3);
	ck_assert_uint_eq(event_head(event)->mono_ns, 10);
	ck_assert_uint_eq(event_head(event)->wall_ns, 20);
	ck_assert_uint_eq(event_head(event)->entity.high, 1);
	ck_assert_uint_eq(event_head(event)->entity.low, 2);
	ck_assert_uint_eq(event_count(event), 0);
	ck_assert_ptr_null(event_get(event, 0));
	event_free(event);
	event_free(NULL);
	bed_free(bed);
}
END_TEST

/* Steps that are prime to the number of fields give every order from rising to falling to scattered. */
START_TEST(fields_in_any_order_are_all_found)
{
	static const uint32_t steps[] = { 1, 49, 7, 11, 23 };
	struct bed bed = bed_new();

	for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
		struct event *event;
		uint32_t i;

		start(bed.builder);
		for (i = 0; i < 50; i++) {
			uint32_t field = i * steps[s] % 50;

			ck_assert_int_eq(builder_set(bed.builder, field * 2, value_of(field * 2)), 0);
		}
		event = built(&bed);
		ck_assert_uint_eq(event_count(event), 50);
		for (i = 0; i < 100; i++) {
			const struct value *value = event_get(event, i);

			ck_assert_int_eq(value != NULL, i % 2 == 0);
			ck_assert(!value || value_equal(*value, value_of(i)));
		}
		ck_assert_ptr_null(event_get(event, UINT32_MAX));
		event_free(event);
	}
	bed_free(bed);
}
END_TEST

START_TEST(the_last_value_of_a_field_counts)
{
	struct bed bed = bed_new();
	struct event *event;
	uint64_t number;

	ck_assert_int_eq(builder_set(bed.builder, 6, value_u64(1)), 0);
	ck_assert_int_eq(builder_set(bed.builder, 12, value_u64(2)), 0);
	ck_assert_int_eq(builder_set(bed.builder, 6, value_u64(3)), 0);
	event = built(&bed);
	ck_assert_uint_eq(event_count(event), 2);
	ck_assert_int_eq(event_read_u64(event, 6, &number), 0);
	ck_assert_uint_eq(number, 3);
	event_free(event);
	bed_free(bed);
}
END_TEST

START_TEST(an_event_owns_its_text_and_bytes)
{
	struct bed bed = bed_new();
	char text[] = "bash";
	uint8_t bytes[] = { 1, 0, 3 };
	char copy[8];
	struct event *event;

	ck_assert_int_eq(builder_set(bed.builder, VALUE_STRING, value_string(text)), 0);
	ck_assert_int_eq(builder_set(bed.builder, VALUE_BYTES, value_bytes(bytes, 3)), 0);
	event = built(&bed);
	memset(text, 'x', 4);
	memset(bytes, 9, 3);
	ck_assert_str_eq(event_get(event, VALUE_STRING)->as.text, "bash");
	ck_assert_int_eq(event_copy_view(event, VALUE_STRING, copy, 5), 4);
	ck_assert_str_eq(copy, "bash");
	ck_assert_int_eq(event_copy_view(event, VALUE_BYTES, copy, 3), 3);
	ck_assert_mem_eq(copy, "\1\0\3", 3);
	event_free(event);
	bed_free(bed);
}
END_TEST

START_TEST(a_read_of_another_type_or_of_nothing_is_refused)
{
	struct bed bed = bed_new();
	struct event *event;
	uint64_t u64 = 77;
	int64_t i64;
	double f64;
	bool boolean;
	char text[4] = "abc";

	for (uint32_t i = 0; i < VALUE_TYPES; i++)
		ck_assert_int_eq(builder_set(bed.builder, i, value_of(i)), 0);
	event = built(&bed);
	ck_assert_int_eq(event_read_u64(event, VALUE_I64, &u64), -EINVAL);
	ck_assert_int_eq(event_read_u64(event, 99, &u64), -ENOENT);
	ck_assert_uint_eq(u64, 77);
	ck_assert_int_eq(event_read_i64(event, VALUE_U64, &i64), -EINVAL);
	ck_assert_int_eq(event_read_f64(event, VALUE_U64, &f64), -EINVAL);
	ck_assert_int_eq(event_read_bool(event, VALUE_U64, &boolean), -EINVAL);
	ck_assert_int_eq(event_copy_view(event, VALUE_U64, text, 4), -EINVAL);
	ck_assert_int_eq(event_copy_view(event, 99, text, 4), -ENOENT);
	ck_assert_int_eq(event_copy_view(event, VALUE_STRING, text, 4), -ENOSPC);
	ck_assert_str_eq(text, "abc");
	ck_assert_int_eq(event_read_i64(event, VALUE_I64, &i64), 0);
	ck_assert_int_eq(i64, -1);
	ck_assert_int_eq(event_read_f64(event, VALUE_F64, &f64), 0);
	ck_assert(f64 == 0.25);
	ck_assert_int_eq(event_read_bool(event, VALUE_BOOL, &boolean), 0);
	ck_assert(!boolean);
	event_free(event);
	bed_free(bed);
}
END_TEST

START_TEST(a_builder_holds_to_the_schema)
{
	struct bed bed = bed_new();
	struct event *event;

	ck_assert_int_eq(builder_set(bed.builder, 0, value_i64(1)), -EINVAL);
	ck_assert_int_eq(builder_set(bed.builder, FIELDS, value_u64(1)), -ENOENT);
	event = built(&bed);
	ck_assert_uint_eq(event_count(event), 0);
	event_free(event);
	builder_start(bed.builder, 0, 10, 20, (struct entity){ 1, 2 });
	ck_assert_int_eq(builder_build(bed.builder, &event), -EINVAL);
	ck_assert_ptr_null(event);
	bed_free(bed);
}
END_TEST

START_TEST(one_field_too_many_leaves_the_others)
{
	struct bed bed = bed_new();
	struct event *event;
	uint32_t i;

	for (i = 0; i < EVENT_FIELDS_MAX; i++)
		ck_assert_int_eq(builder_set(bed.builder, FIELDS - 1 - i, value_of(FIELDS - 1 - i)), 0);
	ck_assert_int_eq(builder_set(bed.builder, 0, value_of(0)), -ENOSPC);
	ck_assert_int_eq(builder_set(bed.builder, 6, value_u64(5)), 0);
	event = built(&bed);
	ck_assert_uint_eq(event_count(event), EVENT_FIELDS_MAX);
	ck_assert_uint_eq(event_get(event, 6)->as.u64, 5);
	event_free(event);
	bed_free(bed);
}
END_TEST

START_TEST(a_used_up_pool_fails_the_build_and_recovers)
{
	struct schema *schema = schema_new();
	struct pool *pool = pool_new(4096);
	struct builder *builder = builder_new(schema, pool);
	struct event *events[128];
	int count = 0;

	start(builder);
	while (builder_build(builder, &events[count]) == 0)
		count++;
	ck_assert_int_gt(count, 10);
	ck_assert_int_eq(builder_build(builder, &events[count]), -ENOMEM);
	event_free(events[--count]);
	ck_assert_int_eq(builder_build(builder, &events[count]), 0);
	builder_free(builder);
	schema_free(schema);
	pool_free(pool);
}
END_TEST

UNIT_MAIN("kestrel/event", an_event_keeps_its_head, fields_in_any_order_are_all_found,
	  the_last_value_of_a_field_counts, an_event_owns_its_text_and_bytes,
	  a_read_of_another_type_or_of_nothing_is_refused, a_builder_holds_to_the_schema,
	  one_field_too_many_leaves_the_others, a_used_up_pool_fails_the_build_and_recovers)
