/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_json_write.c - a record as a JSON document, straight to the stream; see record_json.h.
 *
 * jansson only reads here: it would hold the whole document a second time, indents everything or nothing, and
 * prints 0.1 as 0.10000000000000001.
 */
#include "record/record_json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "record/record_schema.h"

/* Where in an object or array the next member goes. */
struct members {
	FILE *stream;
	bool has_some;
};

/* Length of the well-formed UTF-8 sequence at text, 0 where there is none (RFC 3629). */
static size_t sequence_length(const unsigned char *text)
{
	static const struct {
		unsigned char first_low, first_high, second_low, second_high;
		size_t length;
	} rows[] = {
		{ 0x01, 0x7f, 0x00, 0xff, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (text[0] < rows[i].first_low || text[0] > rows[i].first_high)
			continue;
		if (rows[i].length > 1 && (text[1] < rows[i].second_low || text[1] > rows[i].second_high))
			return 0;
		for (size_t j = 2; j < rows[i].length; j++)
			if ((text[j] & 0xc0) != 0x80)
				return 0;
		return rows[i].length;
	}
	return 0;
}

static void put_character(FILE *stream, const unsigned char *text, size_t length)
{
	static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (size_t i = 0; i + 1 < sizeof names; i += 2)
		if (length == 1 && text[0] == (unsigned char)names[i]) {
			fprintf(stream, "\\%c", names[i + 1]);
			return;
		}
	if (length == 1 && (text[0] < 0x20 || text[0] == 0x7f))
		fprintf(stream, "\\u%04x", text[0]);
	else if (length == 0)
		fputs("\xef\xbf\xbd", stream); /* what a bench printed may be no text */
	else
		fwrite(text, 1, length, stream);
}

static void put_text(FILE *stream, const char *string, size_t size)
{
	const unsigned char *text = (const unsigned char *)string, *end = text + size;

	putc('"', stream);
	while (text < end) {
		size_t length = sequence_length(text);

		put_character(stream, text, length);
		text += length ? length : 1;
	}
	putc('"', stream);
}

static void put_string(FILE *stream, const char *string)
{
	put_text(stream, string, strlen(string));
}

/* The shortest of the decimals that read back as the same double. */
static void put_number(FILE *stream, double value)
{
	char text[40];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	fputs(text, stream);
}

/* Readers with doubles for numbers, jq among them, hold whole numbers up to 2^53 only. */
static void put_whole(FILE *stream, uint64_t value)
{
	fprintf(stream, value <= UINT64_C(1) << 53 ? "%" PRIu64 : "\"%" PRIu64 "\"", value);
}

static void begin_item(struct members *members)
{
	if (members->has_some)
		putc(',', members->stream);
	members->has_some = true;
}

static void begin_member(struct members *members, const char *key)
{
	begin_item(members);
	put_string(members->stream, key);
	putc(':', members->stream);
}

static void put_words(FILE *stream, const char *words)
{
	struct members items = { stream, false };

	putc('[', stream);
	while (*(words += strspn(words, " "))) {
		size_t length = strcspn(words, " ");

		begin_item(&items);
		put_text(stream, words, length);
		words += length;
	}
	putc(']', stream);
}

static void put_causes(FILE *stream, uint32_t causes)
{
	struct members items = { stream, false };
	const char *name;

	putc('[', stream);
	for (unsigned bit = 1; (name = record_cause_name(bit)); bit <<= 1)
		if (causes & bit) {
			begin_item(&items);
			put_string(stream, name);
		}
	putc(']', stream);
}

static void put_pair(FILE *stream, const double *pair)
{
	putc('[', stream);
	put_number(stream, pair[0]);
	putc(',', stream);
	put_number(stream, pair[1]);
	putc(']', stream);
}

static const void *member_of(const struct record_field *field, const void *object)
{
	return (const char *)object + field->offset;
}

static uint64_t whole_of(const struct record_field *field, const void *member)
{
	return field->kind == RECORD_WHOLE ? *(const uint64_t *)member : *(const uint32_t *)member;
}

static bool is_absent(const struct record_field *field, const void *member)
{
	const double *number = member;

	switch (field->kind) {
	case RECORD_TEXT:
	case RECORD_WORDS:
		return !*(char *const *)member;
	case RECORD_NUMBER:
		return !isfinite(number[0]) || (field->is_zero_absent && number[0] <= 0);
	case RECORD_PAIR:
		return !isfinite(number[0]) || !isfinite(number[1]);
	case RECORD_WHOLE:
	case RECORD_SMALL:
		return field->is_zero_absent && whole_of(field, member) == 0;
	case RECORD_TRUTH:
		return field->is_zero_absent && !*(const bool *)member;
	default:
		return false;
	}
}

static void put_value(FILE *stream, const struct record_field *field, const void *member)
{
	switch (field->kind) {
	case RECORD_TEXT:
		put_string(stream, *(char *const *)member);
		break;
	case RECORD_WORDS:
		put_words(stream, *(char *const *)member);
		break;
	case RECORD_BUFFER:
		put_string(stream, member);
		break;
	case RECORD_NUMBER:
		put_number(stream, *(const double *)member);
		break;
	case RECORD_PAIR:
		put_pair(stream, member);
		break;
	case RECORD_WORD:
		put_string(stream, field->name(*(const unsigned *)member));
		break;
	case RECORD_CAUSES:
		put_causes(stream, *(const uint32_t *)member);
		break;
	case RECORD_TRUTH:
		fputs(*(const bool *)member ? "true" : "false", stream);
		break;
	default:
		put_whole(stream, whole_of(field, member));
		break;
	}
}

static void put_fields(struct members *members, const struct record_field *fields, const void *object)
{
	for (const struct record_field *field = fields; field->key; field++) {
		const void *member = member_of(field, object);

		if (is_absent(field, member))
			continue;
		begin_member(members, field->key);
		put_value(members->stream, field, member);
	}
}

/* An object that holds nothing but the fields of one table. */
static void put_object(FILE *stream, const struct record_field *fields, const void *object)
{
	struct members members = { stream, false };

	putc('{', stream);
	put_fields(&members, fields, object);
	putc('}', stream);
}

static void put_launch(FILE *stream, const struct record_launch *launch)
{
	struct members members = { stream, false }, samples = { stream, false };

	putc('{', stream);
	put_fields(&members, record_launch_fields, launch);
	begin_member(&members, "samples");
	putc('[', stream);
	for (size_t i = 0; i < launch->sample_count; i++) {
		begin_item(&samples);
		put_object(stream, record_sample_fields, &launch->samples[i]);
	}
	fputs("]}", stream);
}

static void put_throughput(struct members *members, const struct record_case *c)
{
	struct members items = { members->stream, false };

	begin_member(members, "throughput");
	putc('[', members->stream);
	for (size_t i = 0; i < c->throughput_count; i++) {
		begin_item(&items);
		put_object(members->stream, record_throughput_fields, &c->throughput[i]);
	}
	putc(']', members->stream);
}

static void put_flags(struct members *members, const struct record_case *c)
{
	struct members items = { members->stream, false };

	begin_member(members, "flags");
	putc('[', members->stream);
	for (size_t i = 0; i < c->flag_count; i++) {
		begin_item(&items);
		put_string(members->stream, c->flags[i]);
	}
	putc(']', members->stream);
}

static void put_launches(struct members *members, const struct record_case *c)
{
	struct members items = { members->stream, false };

	begin_member(members, "launches");
	putc('[', members->stream);
	for (size_t i = 0; i < c->launch_count; i++) {
		begin_item(&items);
		putc('\n', members->stream);
		put_launch(members->stream, &c->launches[i]);
	}
	putc(']', members->stream);
}

static void put_case(FILE *stream, const struct record_case *c)
{
	struct members members = { stream, false };

	putc('{', stream);
	put_fields(&members, record_case_fields, c);
	begin_member(&members, "quantiles_s");
	put_object(stream, record_quantile_fields, c);
	put_throughput(&members, c);
	put_fields(&members, record_plan_fields, c);
	put_flags(&members, c);
	put_launches(&members, c);
	putc('}', stream);
}

static void put_facts(FILE *stream, const struct record *record)
{
	struct members members = { stream, false };

	putc('{', stream);
	for (size_t i = 0; i < record->fact_count; i++) {
		const struct record_fact *fact = &record->facts[i];

		if (!fact->text && !isfinite(fact->number))
			continue;
		begin_member(&members, fact->key);
		if (fact->text)
			put_string(stream, fact->text);
		else
			put_number(stream, fact->number);
	}
	putc('}', stream);
}

static void put_options(FILE *stream, const struct record *record)
{
	struct members members = { stream, false };

	putc('{', stream);
	for (size_t i = 0; i < record->option_count; i++) {
		if (!record->options[i].text)
			continue;
		begin_member(&members, record->options[i].key);
		put_string(stream, record->options[i].text);
	}
	putc('}', stream);
}

static void put_conditions(FILE *stream, const struct record *record)
{
	struct members items = { stream, false };

	putc('[', stream);
	for (size_t i = 0; i < record->condition_count; i++) {
		begin_item(&items);
		putc('\n', stream);
		put_object(stream, record_condition_fields, &record->conditions[i]);
	}
	putc(']', stream);
}

static void put_cases(FILE *stream, const struct record *record)
{
	struct members items = { stream, false };

	putc('[', stream);
	for (size_t i = 0; i < record->case_count; i++) {
		begin_item(&items);
		putc('\n', stream);
		put_case(stream, &record->cases[i]);
	}
	putc(']', stream);
}

int record_json_write(const struct record *record, FILE *stream, struct sb_err *err)
{
	struct members members = { stream, false };
	int code;

	errno = 0;
	fputs("{\"schema\":\"" RECORD_SCHEMA "\"", stream);
	members.has_some = true;
	put_fields(&members, record_document_fields, record);
	fputs(",\n\"session\":", stream);
	put_object(stream, record_session_fields, record);
	fputs(",\n\"clock\":", stream);
	put_object(stream, record_clock_fields, record);
	fputs(",\n\"cpus\":", stream);
	put_object(stream, record_cpus_fields, record);
	fputs(",\n\"machine\":", stream);
	put_facts(stream, record);
	fputs(",\n\"plan\":", stream);
	put_options(stream, record);
	fputs(",\n\"conditions\":", stream);
	put_conditions(stream, record);
	fputs(",\n\"cases\":", stream);
	put_cases(stream, record);
	fputs("}\n", stream);
	if (!fflush(stream) && !ferror(stream))
		return 0;
	code = errno ? -errno : -EIO;
	return err_set(err, code, "cannot write the record: %s", err_reason(code));
}
