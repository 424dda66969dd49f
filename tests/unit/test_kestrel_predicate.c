/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about kestrel/predicate and kestrel/runtime: scripts see the event, and nothing else of the machine.
 */
#include "kestrel/predicate.h"

#include <errno.h>
#include <stdio.h>

#include "kestrel/builder.h"
#include "kestrel/engine.h"
#include "kestrel/pool.h"
#include "kestrel/runtime.h"
#include "kestrel/schema.h"
#include "unit.h"

enum { PID, DELTA, LOAD, NAME, REMOTE, HASH };

struct bed {
	struct schema *schema;
	struct pool *pool;
	struct builder *builder;
	struct runtime *runtime;
	struct event *event;
};

static struct bed bed_new(int instructions)
{
	static const char *const paths[] = { "process.pid",  "delta",	       "load",
					     "process.name", "session.remote", "hash" };
	struct bed bed = { .schema = schema_new(), .pool = pool_new(4096) };
	uint32_t field;

	for (int i = 0; i < VALUE_TYPES; i++)
		ck_assert_int_eq(schema_add(bed.schema, paths[i], (enum value_type)i, &field), 0);
	ck_assert_int_eq(schema_add(bed.schema, "never.set", VALUE_U64, &field), 0);
	bed.builder = builder_new(bed.schema, bed.pool);
	builder_start(bed.builder, 1, 0, 0, (struct entity){ 0, 1 });
	builder_set(bed.builder, PID, value_u64(4711));
	builder_set(bed.builder, DELTA, value_i64(-5));
	builder_set(bed.builder, LOAD, value_f64(0.5));
	builder_set(bed.builder, NAME, value_string("bash"));
	builder_set(bed.builder, REMOTE, value_bool(true));
	builder_set(bed.builder, HASH, value_bytes((const uint8_t *)"\0\1", 2));
	ck_assert_int_eq(builder_build(bed.builder, &bed.event), 0);
	bed.runtime = runtime_new(bed.schema, (struct runtime_limits){ 256 << 10, instructions });
	ck_assert_ptr_nonnull(bed.runtime);
	return bed;
}

static void bed_free(struct bed bed)
{
	runtime_free(bed.runtime);
	event_free(bed.event);
	builder_free(bed.builder);
	schema_free(bed.schema);
	pool_free(bed.pool);
}

/* Compiles, matches once and frees: 1, 0, or what failed. */
static int outcome(struct bed *bed, const char *source)
{
	struct predicate *predicate;
	int rc = predicate_new(bed->runtime, "test", source, &predicate);

	if (rc < 0)
		return rc;
	rc = predicate_match(predicate, bed->event);
	predicate_free(predicate);
	return rc;
}

START_TEST(every_type_of_field_reaches_the_script)
{
	static const char *const sources[] = {
		"local f = field('process.pid') return function() return f() == 4711 end",
		"local f = field('delta') return function() return f() == -5 end",
		"local f = field('load') return function() return f() == 0.5 end",
		"local f = field('process.name') return function() return f() == 'bash' end",
		"local f = field('session.remote') return function() return f() == true end",
		"local f = field('hash') return function() return f() == '\\0\\1' end",
		"local f = field('never.set') return function() return f() == nil end",
		"local f = field_is('process.name', 'bash') return function() return f() end",
		"local f = field_is('hash', '\\0\\1') return function() return f() end",
	};
	struct bed bed = bed_new(0);

	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
		ck_assert_msg(outcome(&bed, sources[i]) == 1, "%s", sources[i]);
	bed_free(bed);
}
END_TEST

START_TEST(a_false_or_missing_result_is_no_match)
{
	static const char *const sources[] = {
		"local f = field('process.pid') return function() return f() == 4712 end",
		"return function() end",
		"return function() return nil end",
		"local f = field_is('process.name', 'bas') return function() return f() end",
		"local f = field_is('process.pid', '4711') return function() return f() end",
		"local f = field_is('never.set', '') return function() return f() end",
	};
	struct bed bed = bed_new(0);

	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
		ck_assert_msg(outcome(&bed, sources[i]) == 0, "%s", sources[i]);
	bed_free(bed);
}
END_TEST

START_TEST(what_does_not_compile_is_refused_with_a_reason)
{
	static const char *const rows[][2] = {
		{ "return function( end", "test:1: <name> or '...' expected near 'end'" },
		{ "return 5", "predicate 'test' returns a number instead of a function" },
		{ "", "predicate 'test' returns a nil instead of a function" },
		{ "return field('no.such')", "test:1: the schema has no field 'no.such'" },
		{ "x = 1 return print", "test:1: global 'x' cannot be set: use a local variable" },
		{ "local f = field('delta') f() return f",
		  "test:1: a field can be read only while an event is evaluated" },
		{ "error({})", "an error that is no text" },
		{ "\033Lua", "attempt to load a binary chunk (mode is 't')" },
	};
	struct bed bed = bed_new(0);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ck_assert_int_eq(outcome(&bed, rows[i][0]), -EINVAL);
		ck_assert_str_eq(runtime_error(bed.runtime), rows[i][1]);
	}
	bed_free(bed);
}
END_TEST

START_TEST(a_script_sees_nothing_that_leads_outside)
{
	static const char *const names[] = {
		"os",	  "io",		  "require", "load",   "loadstring",
		"dofile", "loadfile",	  "debug",   "rawset", "getmetatable",
		"print",  "setmetatable", "package", "_G",     "collectgarbage"
	};
	struct bed bed = bed_new(0);
	char source[80];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(source, sizeof source, "return function() return %s == nil end", names[i]);
		ck_assert_msg(outcome(&bed, source) == 1, "%s is there", names[i]);
	}
	ck_assert_int_eq(outcome(&bed, "return function() return math.max(1, 2) == 2 end"), 1);
	ck_assert_int_eq(outcome(&bed, "return function() return ('x'):rep(3) == 'xxx' end"), 1);
	bed_free(bed);
}
END_TEST

START_TEST(a_failing_predicate_says_why_and_the_next_one_works)
{
	struct bed bed = bed_new(0);

	ck_assert_int_eq(outcome(&bed, "return function() return nil + 1 end"), -EINVAL);
	ck_assert_str_eq(runtime_error(bed.runtime), "test:1: attempt to perform arithmetic on a nil value");
	ck_assert_int_eq(outcome(&bed, "return function() return true end"), 1);
	bed_free(bed);
}
END_TEST

START_TEST(a_script_that_eats_memory_is_stopped)
{
	static const char source[] =
		"return function() local t = {} for i = 1, 1e9 do t[i] = i end return t end";
	struct bed bed = bed_new(0);

	ck_assert_int_eq(outcome(&bed, source), -ENOMEM);
	ck_assert_str_eq(runtime_error(bed.runtime), "not enough memory");
	ck_assert_int_eq(outcome(&bed, "return function() return true end"), 1);
	bed_free(bed);
}
END_TEST

START_TEST(a_script_that_does_not_end_is_stopped)
{
	struct bed bed = bed_new(10000);
	struct predicate *predicate;

	ck_assert_int_eq(outcome(&bed, "return function() while true do end end"), -EINVAL);
	ck_assert_str_eq(runtime_error(bed.runtime), "test:1: more than 10000 instructions");
	ck_assert_int_eq(outcome(&bed, "while true do end"), -EINVAL);
	ck_assert_int_eq(predicate_new(bed.runtime, "short", "return function() return true end", &predicate),
			 0);
	for (int i = 0; i < 20000; i++)
		ck_assert_int_eq(predicate_match(predicate, bed.event), 1);
	predicate_free(predicate);
	bed_free(bed);
}
END_TEST

START_TEST(compiling_and_freeing_over_and_over_needs_no_more_memory)
{
	static const char source[] = "local f, is = field('process.pid'), field_is('process.name', 'bash')\n"
				     "return function() return f() == 4711 and is() end";
	struct bed bed = bed_new(0);
	size_t used = 0;

	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(outcome(&bed, source), 1);
		runtime_collect(bed.runtime);
		if (i == 10)
			used = runtime_memory(bed.runtime);
		ck_assert_int_le(i > 10 ? runtime_memory(bed.runtime) : 0, used);
	}
	bed_free(bed);
}
END_TEST

START_TEST(too_little_memory_to_start_gives_no_runtime)
{
	struct schema *schema = schema_new();

	for (size_t memory = 1; memory <= 4096; memory *= 2)
		ck_assert_ptr_null(runtime_new(schema, (struct runtime_limits){ memory, 0 }));
	schema_free(schema);
	runtime_free(NULL);
	predicate_free(NULL);
}
END_TEST

START_TEST(a_predicate_can_be_the_condition_of_a_rule)
{
	struct bed bed = bed_new(0);
	struct engine *engine = engine_new(1, NULL, NULL);
	struct rule rule = { .name = "shell", .step_count = 1 };
	struct predicate *predicate;

	ck_assert_int_eq(
		predicate_new(bed.runtime, "shell", "return field_is('process.name', 'bash')", &predicate),
		0);
	rule.steps[0] = (struct step){ 1, predicate_condition, predicate };
	ck_assert_int_eq(engine_add_rule(engine, &rule), 0);
	ck_assert_uint_eq(engine_process(engine, bed.event), 1);
	event_free(bed.event);
	builder_set(bed.builder, NAME, value_string("zsh"));
	ck_assert_int_eq(builder_build(bed.builder, &bed.event), 0);
	ck_assert_uint_eq(engine_process(engine, bed.event), 0);
	engine_free(engine);
	predicate_free(predicate);
	bed_free(bed);
}
END_TEST

UNIT_MAIN("kestrel/predicate", every_type_of_field_reaches_the_script, a_false_or_missing_result_is_no_match,
	  what_does_not_compile_is_refused_with_a_reason, a_script_sees_nothing_that_leads_outside,
	  a_failing_predicate_says_why_and_the_next_one_works, a_script_that_eats_memory_is_stopped,
	  a_script_that_does_not_end_is_stopped, compiling_and_freeing_over_and_over_needs_no_more_memory,
	  too_little_memory_to_start_gives_no_runtime, a_predicate_can_be_the_condition_of_a_rule)
