/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kestrel.c - a security event engine, part one: building events, the schema, reading fields.
 *
 * Each body checks once that the code under test does what it should, then times it. What an iteration takes
 * from the pool it gives back, so that all iterations of all processes find the pool in the same state.
 */
#include <stablebench.h>

#include "kestrel/fixture.h"
#include "kestrel/pool.h"

#define START_NS 1000000000u
#define BATCH	 100

static void set_up(sb_bench *b)
{
	struct fixture *fixture = fixture_new();

	sb_state_set(b, fixture);
	if (!fixture)
		sb_fail(b, "the fixture could not be made: no memory");
}

static void tear_down(sb_bench *b)
{
	fixture_free(sb_state(b));
}

static void check_pool(sb_bench *b, const struct fixture *fixture)
{
	if (pool_used(fixture->pool) != fixture->pool_used)
		sb_fail(b, "the pool holds more than before the loop: events leak");
}

#define CASE(group_) .group = group_, .tags = "micro"
#define SET_UP	     .setup = set_up, .teardown = tear_down

/* --- event
 * -------------------------------------------------------------------------------------------------------- */

static struct event *build(struct fixture *fixture, const uint32_t *fields, uint32_t count, uint64_t entity)
{
	struct event *event;
	uint32_t i;

	builder_start(fixture->builder, 1, START_NS + entity, START_NS + entity,
		      (struct entity){ 0, entity });
	for (i = 0; i < count; i++)
		builder_set(fixture->builder, fields[i], fixture->values[fields[i]]);
	builder_build(fixture->builder, &event);
	return event;
}

static void time_build(sb_bench *b, const uint32_t *fields, uint32_t count)
{
	struct fixture *fixture = sb_state(b);
	struct event *event = build(fixture, fields, count, 1);
	FIXTURE_STACK();

	if (!fixture_holds(fixture, event, count))
		sb_fail(b, "the event does not hold what was set");
	event_free(event);
	sb_elements(b, 1);
	SB_LOOP(b) {
		event = build(fixture, fields, count, 1);
		sb_keep(event);
		event_free(event);
	}
	check_pool(b, fixture);
}

SB_BENCH(event_builder_minimal, CASE("event"), SET_UP)
{
	time_build(b, NULL, 0);
}

SB_BENCH(event_builder_single_field, CASE("event"), SET_UP)
{
	static const uint32_t fields[] = { FIXTURE_PID };

	time_build(b, fields, 1);
}

SB_BENCH(event_builder_multiple_fields, CASE("event"), SET_UP)
{
	static const uint32_t fields[] = { FIXTURE_PID, FIXTURE_NAME, FIXTURE_NICE, FIXTURE_EXECUTABLE };

	time_build(b, fields, 4);
}

SB_BENCH(event_builder_50_fields, CASE("event"), SET_UP)
{
	uint32_t fields[FIXTURE_FIELDS], i;

	for (i = 0; i < FIXTURE_FIELDS; i++)
		fields[i] = i;
	time_build(b, fields, FIXTURE_FIELDS);
}

SB_BENCH(event_builder_text, CASE("event"), .args = { SB_AXIS(size, 16, 1024) }, SET_UP)
{
	static const uint32_t fields[] = { FIXTURE_NAME };
	struct fixture *fixture = sb_state(b);
	size_t size = (size_t)sb_arg(b, "size");
	char text[1024 + 1];

	memset(text, 'k', size);
	text[size] = '\0';
	fixture->values[FIXTURE_NAME] = value_string(text);
	sb_bytes(b, (double)size);
	time_build(b, fields, 1);
}

/* A source that delivers in batches: all hundred events live at the same time. */
static void build_batch(struct fixture *fixture, struct event **events)
{
	static const uint32_t fields[] = { FIXTURE_PID };
	uint32_t i;

	for (i = 0; i < BATCH; i++)
		events[i] = build(fixture, fields, 1, i);
}

static void free_batch(struct event **events)
{
	uint32_t i;

	for (i = 0; i < BATCH; i++)
		event_free(events[i]);
}

SB_BENCH(create_100_events, CASE("event"), SET_UP)
{
	struct fixture *fixture = sb_state(b);
	struct event *events[BATCH];
	uint32_t i;
	FIXTURE_STACK();

	build_batch(fixture, events);
	for (i = 0; i < BATCH; i++) {
		if (!fixture_holds(fixture, events[i], 1) || event_head(events[i])->entity.low != i)
			sb_fail(b, "an event of the batch does not hold what was set");
	}
	free_batch(events);
	sb_elements(b, BATCH);
	SB_LOOP(b) {
		build_batch(fixture, events);
		sb_keep(&events[0]);
		free_batch(events);
	}
	check_pool(b, fixture);
}

/* --- schema
 * ------------------------------------------------------------------------------------------------------- */

static struct schema *register_fields(const struct fixture *fixture)
{
	struct schema *schema = schema_new();
	uint32_t i, field;

	for (i = 0; i < FIXTURE_FIELDS; i++)
		schema_add(schema, fixture_path(i), (enum value_type)fixture->values[i].type, &field);
	return schema;
}

SB_BENCH(schema_register_50_fields, CASE("schema"), SET_UP)
{
	struct fixture *fixture = sb_state(b);
	struct schema *schema = register_fields(fixture);
	FIXTURE_STACK();

	if (schema_count(schema) != FIXTURE_FIELDS)
		sb_fail(b, "not every field was registered");
	schema_free(schema);
	sb_elements(b, FIXTURE_FIELDS);
	SB_LOOP(b) {
		schema = register_fields(fixture);
		sb_keep(schema);
		schema_free(schema);
	}
}

SB_BENCH(schema_find_field, CASE("schema"), SET_UP)
{
	struct fixture *fixture = sb_state(b);
	const char *path = fixture_path(FIXTURE_FIELDS / 2);
	uint32_t field;
	FIXTURE_STACK();

	if (schema_find(fixture->schema, path, &field) < 0 || field != FIXTURE_FIELDS / 2)
		sb_fail(b, "the path leads to another field");
	sb_elements(b, 1);
	SB_LOOP(b) {
		sb_keep(path);
		sb_keep(schema_find(fixture->schema, path, &field));
		sb_keep(field);
	}
}

SB_BENCH(schema_find_all_fields, CASE("schema"), SET_UP)
{
	struct fixture *fixture = sb_state(b);
	uint32_t i, field, sum = 0;
	FIXTURE_STACK();

	for (i = 0; i < FIXTURE_FIELDS; i++) {
		if (schema_find(fixture->schema, fixture_path(i), &field) < 0 || field != i)
			sb_fail(b, "a path leads to another field");
	}
	sb_elements(b, FIXTURE_FIELDS);
	SB_LOOP(b) {
		for (i = 0; i < FIXTURE_FIELDS; i++) {
			schema_find(fixture->schema, fixture_path(i), &field);
			sum += field;
		}
		sb_keep(sum);
	}
}

/* --- lookup
 * ------------------------------------------------------------------------------------------------------- */

static void time_lookup(sb_bench *b, uint32_t field)
{
	struct fixture *fixture = sb_state(b);
	const struct value *value = event_get(fixture->full, field);
	FIXTURE_STACK();

	if (!value || !value_equal(*value, fixture->values[field]))
		sb_fail(b, "the field has another value than was set");
	sb_elements(b, 1);
	SB_LOOP(b) {
		sb_keep(event_get(fixture->full, field));
	}
}

SB_BENCH(field_lookup_first, CASE("lookup"), SET_UP)
{
	time_lookup(b, 0);
}

SB_BENCH(field_lookup_middle, CASE("lookup"), SET_UP)
{
	time_lookup(b, FIXTURE_FIELDS / 2);
}

SB_BENCH(field_lookup_last, CASE("lookup"), SET_UP)
{
	time_lookup(b, FIXTURE_FIELDS - 1);
}

SB_BENCH(field_lookup_all_sequential, CASE("lookup"), SET_UP)
{
	struct fixture *fixture = sb_state(b);
	uint32_t field;
	FIXTURE_STACK();

	if (!fixture_holds(fixture, fixture->full, FIXTURE_FIELDS))
		sb_fail(b, "a field has another value than was set");
	sb_elements(b, FIXTURE_FIELDS);
	SB_LOOP(b) {
		for (field = 0; field < FIXTURE_FIELDS; field++)
			sb_keep(event_get(fixture->full, field));
	}
}

SB_BENCH(typed_value_extract_u64, CASE("lookup"), SET_UP)
{
	struct fixture *fixture = sb_state(b);
	uint64_t number = 0;
	FIXTURE_STACK();

	if (event_read_u64(fixture->full, FIXTURE_PID, &number) < 0 ||
	    number != fixture->values[FIXTURE_PID].as.u64)
		sb_fail(b, "another number was read than was set");
	sb_elements(b, 1);
	SB_LOOP(b) {
		event_read_u64(fixture->full, FIXTURE_PID, &number);
		sb_keep(number);
	}
}

SB_BENCH(typed_value_extract_string, CASE("lookup"), SET_UP)
{
	struct fixture *fixture = sb_state(b);
	char text[64];
	FIXTURE_STACK();

	if (event_copy_view(fixture->full, FIXTURE_NAME, text, sizeof text) < 0 ||
	    strcmp(text, fixture->values[FIXTURE_NAME].as.text) != 0)
		sb_fail(b, "another text was read than was set");
	sb_elements(b, 1);
	SB_LOOP(b) {
		event_copy_view(fixture->full, FIXTURE_NAME, text, sizeof text);
		sb_keep(text);
	}
}

/* What a rule does that reads one field of each type: sum of the numbers, length of the texts. */
static double extract_all(const struct event *event)
{
	double sum = 0, real = 0;
	uint64_t number = 0;
	int64_t integer = 0;
	bool boolean = false;
	char view[64];
	uint32_t field;

	for (field = 0; field + VALUE_TYPES <= FIXTURE_FIELDS; field += VALUE_TYPES) {
		event_read_u64(event, field + VALUE_U64, &number);
		event_read_i64(event, field + VALUE_I64, &integer);
		event_read_f64(event, field + VALUE_F64, &real);
		event_read_bool(event, field + VALUE_BOOL, &boolean);
		sum += (double)number + (double)integer + real + boolean;
		sum += event_copy_view(event, field + VALUE_STRING, view, sizeof view);
		sum += event_copy_view(event, field + VALUE_BYTES, view, sizeof view);
	}
	return sum;
}

static double expected_sum(const struct fixture *fixture)
{
	const struct value *value = fixture->values;
	double sum = 0;
	uint32_t i;

	for (i = 0; i + VALUE_TYPES <= FIXTURE_FIELDS; i += VALUE_TYPES, value += VALUE_TYPES)
		sum += (double)value[VALUE_U64].as.u64 + (double)value[VALUE_I64].as.i64 +
		       value[VALUE_F64].as.f64 + value[VALUE_BOOL].as.boolean + value[VALUE_STRING].size +
		       value[VALUE_BYTES].size;
	return sum;
}

SB_BENCH(typed_value_extract_all, CASE("lookup"), SET_UP)
{
	struct fixture *fixture = sb_state(b);
	FIXTURE_STACK();

	if (extract_all(fixture->full) != expected_sum(fixture))
		sb_fail(b, "the values read do not sum up to those that were set");
	sb_elements(b, FIXTURE_FIELDS / VALUE_TYPES * VALUE_TYPES);
	SB_LOOP(b) {
		sb_keep(extract_all(fixture->full));
	}
}
