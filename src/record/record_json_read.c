/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_json_read.c - a JSON document as a record: which object lies in which; see record_json.h. */
#include "record/record_json.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include "record/record_take.h"

static int take_sample(const struct record_reader *reader, const struct record_place *place,
		       const json_t *item, void *owner)
{
	struct record_launch *launch = owner;
	struct record_sample *sample = &launch->samples[place->index];
	int code = record_take_fields(reader, place, item, record_sample_fields, sample);

	if (!code && sample->iterations == 0)
		code = record_take_refuse(reader, place, "has no iterations");
	return code;
}

static int take_launch(const struct record_reader *reader, const struct record_place *place,
		       const json_t *item, void *owner)
{
	size_t count = json_array_size(json_object_get(item, "samples"));
	struct record_launch *launch = record_case_add_launch(owner, count);
	int code = record_take_fields(reader, place, item, record_launch_fields, launch);

	return code ? code : record_take_array(reader, place, item, "samples", take_sample, launch);
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
		code = record_take_array(reader, place, item, "throughput", take_throughput, c);
	if (!code)
		code = record_take_fields(reader, place, item, record_plan_fields, c);
	if (!code)
		code = record_take_array(reader, place, item, "flags", take_flag, c);
	return code ? code : record_take_array(reader, place, item, "launches", take_launch, c);
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
		code = record_take_array(reader, NULL, root, "conditions", take_condition, record);
	return code ? code : record_take_array(reader, NULL, root, "cases", take_case, record);
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
