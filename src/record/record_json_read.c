/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_json_read.c - a JSON document as a record: which object lies in which; see record_json.h. */
#include "record/record_json.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/printable.h"
#include "record/record_take.h"

/* A launch on its way into its case. */
struct launch_owner {
	struct record_case *c;
	struct record_launch *launch;
};

static const char *counter_name(const struct launch_owner *owner, size_t i)
{
	return owner->c->counters[owner->launch->counters[i].index].name;
}

/* Values by name; one that is not there is 0. */
static int take_counts(const struct record_reader *reader, const struct record_place *place,
		       const json_t *item, const struct launch_owner *owner, uint64_t *counts)
{
	const struct record_place counters = { place, "counters", 0 };
	const json_t *object = json_object_get(item, counters.key);
	int code = 0;

	if (object && !json_is_object(object))
		return record_take_refuse(reader, &counters, "is no object");
	for (size_t i = 0; i < owner->launch->counter_count && !code; i++) {
		const struct record_place here = { &counters, counter_name(owner, i), 0 };
		const json_t *value = json_object_get(object, here.key);

		if (value)
			code = record_take_whole(reader, &here, value, &counts[i]);
	}
	return code;
}

static int take_witnesses(const struct record_reader *reader, const struct record_place *place,
			  const json_t *item, struct record_sample *sample)
{
	const struct record_place witnesses = { place, "witnesses", 0 };
	const json_t *object = json_object_get(item, witnesses.key);
	int code = 0;

	if (object && !json_is_object(object))
		return record_take_refuse(reader, &witnesses, "is no object");
	for (unsigned i = 0; i < SB_WIRE_WITNESSES_MAX && !code; i++) {
		const struct record_place here = { &witnesses, record_sample_witness_name(i), 0 };
		const json_t *value = json_object_get(object, here.key);
		uint64_t count = 0;

		if (value)
			code = record_take_whole(reader, &here, value, &count);
		if (!code && count > UINT32_MAX)
			code = record_take_refuse(reader, &here, "is too large");
		sample->witnesses[i] = (uint32_t)count;
	}
	return code;
}

static int take_sample(const struct record_reader *reader, const struct record_place *place,
		       const json_t *item, void *context)
{
	const struct launch_owner *owner = context;
	struct record_sample *sample = &owner->launch->samples[place->index];
	int code = record_take_fields(reader, place, item, record_sample_fields, sample);

	if (!code && sample->iterations == 0)
		code = record_take_refuse(reader, place, "has no iterations");
	if (!code)
		code = take_counts(reader, place, item, owner, sample->counters);
	return code ? code : take_witnesses(reader, place, item, sample);
}

static int take_launch_counter(const struct record_reader *reader, const struct record_place *place,
			       const json_t *value, const struct launch_owner *owner)
{
	struct record_launch *launch = owner->launch;
	struct record_launch_counter *counter = &launch->counters[launch->counter_count];

	if (launch->counter_count == SB_WIRE_COUNTERS_MAX)
		return record_take_refuse(reader, place, "is one too many");
	for (counter->index = 0; counter->index < owner->c->counter_count; counter->index++)
		if (!strcmp(owner->c->counters[counter->index].name, place->key))
			break;
	if (counter->index == owner->c->counter_count)
		return record_take_refuse(reader, place, "is no counter of the case");
	launch->counter_count++;
	return record_take_whole(reader, place, value, &counter->overhead);
}

static int take_launch_counters(const struct record_reader *reader, const struct record_place *above,
				const json_t *item, const struct launch_owner *owner)
{
	const struct record_place place = { above, "counter_overhead", 0 };
	json_t *object = json_object_get(item, place.key), *value;
	const char *key;
	int code = 0;

	if (object && !json_is_object(object))
		return record_take_refuse(reader, &place, "is no object");
	json_object_foreach(object, key, value) {
		code = take_launch_counter(reader, &(struct record_place){ &place, key, 0 }, value, owner);
		if (code)
			return code;
	}
	return 0;
}

static int take_thread(const struct record_reader *reader, const struct record_place *place,
		       const json_t *item, void *owner)
{
	struct record_thread thread = { .median_s = NAN };
	int code;

	if (place->index >= SB_WIRE_THREADS_MAX)
		return record_take_refuse(reader, place, "is one too many");
	code = record_take_fields(reader, place, item, record_thread_fields, &thread);
	if (!code)
		code = take_counts(reader, place, item, owner, thread.counters);
	if (!code)
		record_launch_add_thread(((struct launch_owner *)owner)->launch, &thread);
	return code;
}

static int take_launch(const struct record_reader *reader, const struct record_place *place,
		       const json_t *item, void *c)
{
	const size_t count = json_array_size(json_object_get(item, "samples"));
	struct launch_owner owner = { c, record_case_add_launch(c, count) };
	const struct record_place host = { place, "host", 0 };
	const json_t *readings = json_object_get(item, host.key);
	int code = record_take_fields(reader, place, item, record_launch_fields, owner.launch);

	if (!code && readings)
		code = record_take_fields(reader, &host, readings, record_host_fields, owner.launch);
	if (!code)
		code = take_launch_counters(reader, place, item, &owner);
	if (!code)
		code = record_take_array(reader, place, item, "threads", true, take_thread, &owner);
	return code ? code : record_take_array(reader, place, item, "samples", false, take_sample, &owner);
}

static int take_counters(const struct record_reader *reader, const struct record_place *above,
			 const json_t *item, struct record_case *c)
{
	const struct record_place place = { above, "counters", 0 };
	json_t *object = json_object_get(item, place.key), *value;
	const char *key;
	int code = 0;

	if (object && !json_is_object(object))
		return record_take_refuse(reader, &place, "is no object");
	json_object_foreach(object, key, value) {
		const struct record_place here = { &place, key, 0 };

		if (c->counter_count == RECORD_TAKE_WORDS)
			return record_take_refuse(reader, &here, "is one too many");
		if (!printable_is_line(key))
			return record_take_refuse(reader, &here, "is no name of a counter");
		code = record_take_fields(reader, &here, value, record_counter_fields,
					  record_case_add_counter(c, key));
		if (code)
			return code;
	}
	return 0;
}

static int take_thief(const struct record_reader *reader, const struct record_place *place,
		      const json_t *item, void *c)
{
	struct record_thief thief = { .stolen_s = NAN };
	int code = 0;

	if (place->index >= RECORD_TAKE_WORDS)
		return record_take_refuse(reader, place, "is one too many");
	code = record_take_fields(reader, place, item, record_thief_fields, &thief);
	if (!code)
		record_case_add_thief(c, &thief);
	free(thief.name);
	free(thief.knob);
	free(thief.remedy);
	return code;
}

static int take_witness(const struct record_reader *reader, const struct record_place *place,
			const json_t *item, void *record)
{
	struct record_witness witness = { 0 };
	int code = record_take_fields(reader, place, item, record_witness_fields, &witness);

	if (!code)
		record_add_witness(record, witness.name, witness.reason);
	free(witness.name);
	free(witness.reason);
	return code;
}

static int take_throughput(const struct record_reader *reader, const struct record_place *place,
			   const json_t *item, void *owner)
{
	struct record_case *c = owner;

	if (c->throughput_count == RECORD_UNITS)
		return record_take_refuse(reader, place, "is one too many");
	c->throughput[c->throughput_count].per_iteration = NAN;
	c->throughput[c->throughput_count].per_second = NAN;
	return record_take_fields(reader, place, item, record_throughput_fields,
				  &c->throughput[c->throughput_count++]);
}

static int take_flag(const struct record_reader *reader, const struct record_place *place, const json_t *item,
		     void *owner)
{
	if (!json_is_string(item) || place->index >= RECORD_TAKE_WORDS)
		return record_take_refuse(reader, place, "is no text, or one too many");
	if (!printable_is_line(json_string_value(item)))
		return record_take_refuse(reader, place, "is no flag");
	record_case_flag(owner, json_string_value(item));
	return 0;
}

static int take_condition(const struct record_reader *reader, const struct record_place *place,
			  const json_t *item, void *owner)
{
	struct condition condition = { 0 };
	int code = record_take_fields(reader, place, item, record_condition_fields, &condition);

	if (!code)
		record_add_condition(owner, &condition);
	return code;
}

static int take_case(const struct record_reader *reader, const struct record_place *place, const json_t *item,
		     void *owner)
{
	struct record_case *c = record_add_case(owner, NULL, NULL);
	const struct record_place quantiles = { place, "quantiles_s", 0 };
	int code = record_take_fields(reader, place, item, record_case_fields, c);

	if (!code)
		code = record_take_fields(reader, &quantiles, json_object_get(item, quantiles.key),
					  record_quantile_fields, c);
	if (!code)
		code = record_take_array(reader, place, item, "throughput", false, take_throughput, c);
	if (!code)
		code = record_take_fields(reader, place, item, record_plan_fields, c);
	if (!code)
		code = record_take_array(reader, place, item, "flags", false, take_flag, c);
	if (!code)
		code = take_counters(reader, place, item, c);
	if (!code)
		code = record_take_array(reader, place, item, "thieves", true, take_thief, c);
	return code ? code : record_take_array(reader, place, item, "launches", false, take_launch, c);
}

static int take_facts(const struct record_reader *reader, const struct record_place *place, json_t *object,
		      struct record *record)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return record_take_refuse(reader, place, object ? "is no object" : "is missing");
	json_object_foreach(object, key, value) {
		if (json_is_string(value))
			record_add_fact(record, key, json_string_value(value));
		else if (json_is_number(value))
			record_add_fact_number(record, key, json_number_value(value));
		else
			return record_take_refuse(reader, &(struct record_place){ place, key, 0 },
						  "is neither text nor number");
	}
	return 0;
}

static int take_options(const struct record_reader *reader, const struct record_place *place, json_t *object,
			struct record *record)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return record_take_refuse(reader, place, object ? "is no object" : "is missing");
	json_object_foreach(object, key, value) {
		if (!json_is_string(value))
			return record_take_refuse(reader, &(struct record_place){ place, key, 0 },
						  "is no text");
		record_add_option(record, key, json_string_value(value));
	}
	return 0;
}

/* Objects of the document that hold fields of the record itself. */
static const struct {
	const char *key;
	const struct record_field *fields;
} parts[] = {
	{ "session", record_session_fields },
	{ "clock", record_clock_fields },
	{ "cpus", record_cpus_fields },
};

static int take_parts(const struct record_reader *reader, const json_t *root, struct record *record)
{
	int code = 0;

	for (size_t i = 0; i < sizeof parts / sizeof parts[0] && !code; i++) {
		const struct record_place place = { NULL, parts[i].key, 0 };

		code = record_take_fields(reader, &place, json_object_get(root, place.key), parts[i].fields,
					  record);
	}
	return code;
}

static int take_schema(const struct record_reader *reader, const json_t *root)
{
	const char *schema = json_string_value(json_object_get(root, "schema"));

	if (!schema)
		return err_set(reader->err, -EINVAL,
			       "cannot read '%s': it has no 'schema', so it is no record", reader->name);
	if (strcmp(schema, RECORD_SCHEMA))
		return err_set(reader->err, -ENOTSUP,
			       "cannot read '%s': its schema is '%.64s', and this version reads '%s'",
			       reader->name, schema, RECORD_SCHEMA);
	return 0;
}

static int take_document(const struct record_reader *reader, json_t *root, struct record *record)
{
	const struct record_place machine = { NULL, "machine", 0 }, plan = { NULL, "plan", 0 };
	int code = take_schema(reader, root);

	if (!code)
		code = record_take_fields(reader, NULL, root, record_document_fields, record);
	if (!code)
		code = take_parts(reader, root, record);
	if (!code)
		code = take_facts(reader, &machine, json_object_get(root, machine.key), record);
	if (!code)
		code = take_options(reader, &plan, json_object_get(root, plan.key), record);
	if (!code)
		code = record_take_array(reader, NULL, root, "conditions", false, take_condition, record);
	if (!code)
		code = record_take_array(reader, NULL, root, "witnesses", true, take_witness, record);
	return code ? code : record_take_array(reader, NULL, root, "cases", false, take_case, record);
}

int record_json_read(FILE *stream, const char *name, struct record *record, struct sb_err *err)
{
	const struct record_reader reader = { name, err };
	json_error_t error;
	json_t *root;
	int code;

	errno = 0;
	root = json_loadf(stream, JSON_REJECT_DUPLICATES, &error);
	if (!root && ferror(stream)) {
		code = errno ? -errno : -EIO;
		return err_set(err, code, "cannot read '%s': %s", name, err_reason(code));
	}
	if (!root)
		return err_set(err, -EINVAL, "cannot read '%s' as JSON: line %d: %s", name, error.line,
			       error.text);
	record_init(record);
	code = take_document(&reader, root, record);
	json_decref(root);
	if (code)
		record_release(record);
	return code;
}
