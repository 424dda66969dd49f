/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about kestrel/schema: ids are dense, paths are checked, types are kept. */
#include "kestrel/schema.h"

#include <errno.h>
#include <stdio.h>

#include "unit.h"

START_TEST(ids_rise_from_nought_and_are_found_again)
{
	struct schema *schema = schema_new();
	char path[32];
	uint32_t field, i;

	for (i = 0; i < 1000; i++) {
		snprintf(path, sizeof path, "group_%u.field_%u", i % 7, i);
		ck_assert_int_eq(schema_add(schema, path, (enum value_type)(i % VALUE_TYPES), &field), 0);
		ck_assert_uint_eq(field, i);
	}
	ck_assert_uint_eq(schema_count(schema), 1000);
	for (i = 0; i < 1000; i++) {
		snprintf(path, sizeof path, "group_%u.field_%u", i % 7, i);
		ck_assert_int_eq(schema_find(schema, path, &field), 0);
		ck_assert_uint_eq(field, i);
		ck_assert_uint_eq(schema_type(schema, field), i % VALUE_TYPES);
		ck_assert_str_eq(schema_path(schema, field), path);
	}
	schema_free(schema);
}
END_TEST

START_TEST(a_path_that_was_never_added_is_not_found)
{
	struct schema *schema = schema_new();
	uint32_t field;

	ck_assert_int_eq(schema_find(schema, "process.pid", &field), -ENOENT);
	ck_assert_int_eq(schema_add(schema, "process.pid", VALUE_U64, &field), 0);
	ck_assert_int_eq(schema_find(schema, "process.pi", &field), -ENOENT);
	ck_assert_int_eq(schema_find(schema, "process.pid2", &field), -ENOENT);
	ck_assert_int_eq(schema_find(schema, "", &field), -ENOENT);
	schema_free(schema);
}
END_TEST

START_TEST(a_path_has_one_type)
{
	struct schema *schema = schema_new();
	uint32_t first, again;

	ck_assert_int_eq(schema_add(schema, "process.pid", VALUE_U64, &first), 0);
	ck_assert_int_eq(schema_add(schema, "process.pid", VALUE_U64, &again), 0);
	ck_assert_uint_eq(first, again);
	ck_assert_int_eq(schema_add(schema, "process.pid", VALUE_I64, &again), -EEXIST);
	ck_assert_uint_eq(schema_type(schema, first), VALUE_U64);
	ck_assert_uint_eq(schema_count(schema), 1);
	schema_free(schema);
}
END_TEST

START_TEST(what_is_no_path_is_refused)
{
	static const char *const rows[] = { "", ".", "a.", ".a", "a..b", "a b", "a-b", "a/b", "\xc3\xa4" };
	struct schema *schema = schema_new();
	char path[SCHEMA_PATH_MAX + 2];
	uint32_t field;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert_msg(schema_add(schema, rows[i], VALUE_BOOL, &field) == -EINVAL, "'%s' was taken",
			      rows[i]);
	memset(path, 'a', sizeof path);
	path[SCHEMA_PATH_MAX + 1] = '\0';
	ck_assert_int_eq(schema_add(schema, path, VALUE_BOOL, &field), -EINVAL);
	path[SCHEMA_PATH_MAX] = '\0';
	ck_assert_int_eq(schema_add(schema, path, VALUE_BOOL, &field), 0);
	ck_assert_int_eq(schema_add(schema, "a.b", VALUE_TYPES, &field), -EINVAL);
	ck_assert_uint_eq(schema_count(schema), 1);
	schema_free(schema);
	schema_free(NULL);
}
END_TEST

START_TEST(values_are_equal_by_type_and_contents)
{
	static const uint8_t bytes[] = { 's', 'h' };

	ck_assert(value_equal(value_u64(7), value_u64(7)));
	ck_assert(!value_equal(value_u64(7), value_i64(7)));
	ck_assert(!value_equal(value_i64(-1), value_i64(1)));
	ck_assert(value_equal(value_f64(0.0), value_f64(-0.0)));
	ck_assert(!value_equal(value_f64(0.0 / 0.0), value_f64(0.0 / 0.0)));
	ck_assert(value_equal(value_bool(true), value_bool(true)));
	ck_assert(value_equal(value_string("sh"), value_string("sh")));
	ck_assert(!value_equal(value_string("sh"), value_string("shell")));
	ck_assert(!value_equal(value_string("sh"), value_bytes(bytes, 2)));
	ck_assert(value_equal(value_bytes(bytes, 2), value_bytes(bytes, 2)));
	ck_assert(!value_equal(value_bytes(bytes, 2), value_bytes(bytes, 1)));
}
END_TEST

START_TEST(types_have_names)
{
	ck_assert_str_eq(value_type_name(VALUE_U64), "u64");
	ck_assert_str_eq(value_type_name(VALUE_BYTES), "bytes");
	ck_assert_str_eq(value_type_name(VALUE_TYPES), "?");
}
END_TEST

UNIT_MAIN("kestrel/schema", ids_rise_from_nought_and_are_found_again,
	  a_path_that_was_never_added_is_not_found, a_path_has_one_type, what_is_no_path_is_refused,
	  values_are_equal_by_type_and_contents, types_have_names)
