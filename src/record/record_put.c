/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_put.c - see record_put.h.
 *
 * jansson only reads here: it would hold the whole document a second time, indents everything or nothing, and
 * prints 0.1 as 0.10000000000000001.
 */
#include "record/record_put.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/printable.h"
#include "record/record.h"

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

/* A control of U+0080 to U+009F, or what turns text around or is not seen: a terminal that is shown the
 * document obeys them raw. All of them are below U+10000. */
static bool is_harmful(const unsigned char *text, size_t length)
{
	char letter[4] = "";

	if (length < 2 || length >= sizeof letter)
		return false;
	memcpy(letter, text, length);
	return !printable_is_line(letter);
}

static unsigned decode(const unsigned char *text, size_t length)
{
	unsigned code = text[0] & (0x7fu >> length);

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (text[i] & 0x3fu);
	return code;
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
	else if (is_harmful(text, length))
		fprintf(stream, "\\u%04x", decode(text, length));
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

void record_put_text(FILE *stream, const char *text)
{
	put_text(stream, text, strlen(text));
}

/* The shortest of the decimals that read back as the same double. */
void record_put_number(FILE *stream, double value)
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
void record_put_whole(FILE *stream, uint64_t value)
{
	fprintf(stream, value <= UINT64_C(1) << 53 ? "%" PRIu64 : "\"%" PRIu64 "\"", value);
}

void record_put_item(struct record_members *members)
{
	if (members->has_some)
		putc(',', members->stream);
	members->has_some = true;
}

void record_put_member(struct record_members *members, const char *key)
{
	record_put_item(members);
	record_put_text(members->stream, key);
	putc(':', members->stream);
}

static void put_words(FILE *stream, const char *words)
{
	struct record_members items = { stream, false };

	putc('[', stream);
	while (*(words += strspn(words, " "))) {
		size_t length = strcspn(words, " ");

		record_put_item(&items);
		put_text(stream, words, length);
		words += length;
	}
	putc(']', stream);
}

static void put_causes(FILE *stream, uint32_t causes)
{
	struct record_members items = { stream, false };
	const char *name;

	putc('[', stream);
	for (unsigned bit = 1; (name = record_cause_name(bit)); bit <<= 1)
		if (causes & bit) {
			record_put_item(&items);
			record_put_text(stream, name);
		}
	putc(']', stream);
}

static void put_pair(FILE *stream, const double *pair)
{
	putc('[', stream);
	record_put_number(stream, pair[0]);
	putc(',', stream);
	record_put_number(stream, pair[1]);
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
	case RECORD_LINES:
	case RECORD_WORDS:
		return !*(char *const *)member;
	case RECORD_NUMBER:
		return !isfinite(number[0]) || (field->is_zero_absent && number[0] <= 0);
	case RECORD_PAIR:
		return !isfinite(number[0]) || !isfinite(number[1]);
	case RECORD_WHOLE:
	case RECORD_SMALL:
		return field->is_zero_absent && whole_of(field, member) == 0;
	case RECORD_WORD:
		return field->is_zero_absent && *(const unsigned *)member == 0;
	case RECORD_TRUTH:
		return field->is_zero_absent && !*(const bool *)member;
	case RECORD_BUFFER:
		return field->is_zero_absent && !*(const char *)member;
	default:
		return false;
	}
}

static void put_value(FILE *stream, const struct record_field *field, const void *member)
{
	switch (field->kind) {
	case RECORD_TEXT:
	case RECORD_LINES:
		record_put_text(stream, *(char *const *)member);
		break;
	case RECORD_WORDS:
		put_words(stream, *(char *const *)member);
		break;
	case RECORD_BUFFER:
		record_put_text(stream, member);
		break;
	case RECORD_NUMBER:
		record_put_number(stream, *(const double *)member);
		break;
	case RECORD_PAIR:
		put_pair(stream, member);
		break;
	case RECORD_WORD:
		record_put_text(stream, field->name(*(const unsigned *)member));
		break;
	case RECORD_CAUSES:
		put_causes(stream, *(const uint32_t *)member);
		break;
	case RECORD_TRUTH:
		fputs(*(const bool *)member ? "true" : "false", stream);
		break;
	default:
		record_put_whole(stream, whole_of(field, member));
		break;
	}
}

void record_put_fields(struct record_members *members, const struct record_field *fields, const void *object)
{
	for (const struct record_field *field = fields; field->key; field++) {
		const void *member = member_of(field, object);

		if (is_absent(field, member))
			continue;
		record_put_member(members, field->key);
		put_value(members->stream, field, member);
	}
}

void record_put_object(FILE *stream, const struct record_field *fields, const void *object)
{
	struct record_members members = { stream, false };

	putc('{', stream);
	record_put_fields(&members, fields, object);
	putc('}', stream);
}
