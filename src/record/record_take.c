/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_take.c - checked fields out of JSON; see record_take.h. */
#include "record/record_take.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/printable.h"
#include "base/units.h"
#include "record/record.h"

static void format_place(const struct record_place *place, char *text, size_t size)
{
	size_t used;

	if (place->above)
		format_place(place->above, text, size);
	used = strlen(text);
	if (place->key)
		snprintf(text + used, size - used, "%s%s", used ? "." : "", place->key);
	else
		snprintf(text + used, size - used, "[%zu]", place->index);
}

int record_take_refuse(const struct record_reader *reader, const struct record_place *place, const char *what)
{
	char where[128] = "";

	format_place(place, where, sizeof where);
	return err_set(reader->err, -EINVAL, "cannot read record '%s': '%s' %s", reader->name, where, what);
}

static int take_lines(const struct record_reader *reader, const struct record_place *place,
		      const struct record_field *field, const json_t *value, void *member)
{
	char **text = member;

	(void)field;
	if (!json_is_string(value))
		return record_take_refuse(reader, place, "is no text");
	free(*text);
	*text = alloc_text(json_string_value(value));
	return 0;
}

/* Reports show it within a line of theirs: a line feed of its own would forge the next one. */
static int take_text(const struct record_reader *reader, const struct record_place *place,
		     const struct record_field *field, const json_t *value, void *member)
{
	char **text = member;
	const int code = take_lines(reader, place, field, value, member);

	if (!code)
		printable_clean(*text, strlen(*text) + 1);
	return code;
}

static int take_words(const struct record_reader *reader, const struct record_place *place,
		      const struct record_field *field, const json_t *value, void *member)
{
	char **words = member, *joined;

	(void)field;
	if (!json_is_array(value) || json_array_size(value) > RECORD_TAKE_WORDS)
		return record_take_refuse(reader, place, "is no array of a few words");
	free(*words);
	*words = alloc_text("");
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *word = json_string_value(json_array_get(value, i));

		if (!word || !*word || strchr(word, ' ') || !printable_is_line(word))
			return record_take_refuse(reader, &(struct record_place){ place, NULL, i },
						  "is no word");
		joined = alloc_format("%s%s%s", *words, i ? " " : "", word);
		free(*words);
		*words = joined;
	}
	return 0;
}

static int take_buffer(const struct record_reader *reader, const struct record_place *place,
		       const struct record_field *field, const json_t *value, void *member)
{
	if (!json_is_string(value))
		return record_take_refuse(reader, place, "is no text");
	if (json_string_length(value) >= field->size)
		return record_take_refuse(reader, place, "is too long a text");
	strcpy(member, json_string_value(value));
	printable_clean(member, field->size);
	return 0;
}

static int take_number(const struct record_reader *reader, const struct record_place *place,
		       const struct record_field *field, const json_t *value, void *member)
{
	double number = json_number_value(value);

	(void)field;
	if (!json_is_number(value))
		return record_take_refuse(reader, place, "is no number");
	if (!isfinite(number) || number < 0)
		return record_take_refuse(reader, place, "is below zero or not finite");
	*(double *)member = number;
	return 0;
}

static int take_pair(const struct record_reader *reader, const struct record_place *place,
		     const struct record_field *field, const json_t *value, void *member)
{
	double *pair = member;
	int code = 0;

	if (json_array_size(value) != 2)
		return record_take_refuse(reader, place, "is no array of two numbers");
	for (size_t i = 0; i < 2 && !code; i++)
		code = take_number(reader, &(struct record_place){ place, NULL, i }, field,
				   json_array_get(value, i), &pair[i]);
	return code;
}

/* Above 2^53 as a decimal string; a string of more digits than a uint64_t holds is no whole number either. */
static bool parse_whole(const json_t *value, uint64_t *whole)
{
	const char *text = json_string_value(value);
	struct sb_err unused;

	if (json_is_integer(value) && json_integer_value(value) >= 0) {
		*whole = (uint64_t)json_integer_value(value);
		return true;
	}
	return text && !units_parse_count(text, 0, UINT64_MAX, whole, &unused);
}

int record_take_whole(const struct record_reader *reader, const struct record_place *place,
		      const json_t *value, uint64_t *whole)
{
	return parse_whole(value, whole) ? 0 : record_take_refuse(reader, place, "is no whole number");
}

static int take_whole(const struct record_reader *reader, const struct record_place *place,
		      const struct record_field *field, const json_t *value, void *member)
{
	(void)field;
	return record_take_whole(reader, place, value, member);
}

static int take_small(const struct record_reader *reader, const struct record_place *place,
		      const struct record_field *field, const json_t *value, void *member)
{
	uint64_t whole;

	(void)field;
	if (!parse_whole(value, &whole))
		return record_take_refuse(reader, place, "is no whole number");
	if (whole > UINT32_MAX)
		return record_take_refuse(reader, place, "is too large");
	*(uint32_t *)member = (uint32_t)whole;
	return 0;
}

static int take_word(const struct record_reader *reader, const struct record_place *place,
		     const struct record_field *field, const json_t *value, void *member)
{
	const char *word = json_string_value(value), *name;

	for (unsigned i = 0; word && (name = field->name(i)); i++)
		if (!strcmp(name, word)) {
			*(unsigned *)member = i;
			return 0;
		}
	return record_take_refuse(reader, place, "is none of the words that may stand there");
}

static uint32_t cause_of(const char *word)
{
	const char *name;

	for (unsigned bit = 1; word && (name = record_cause_name(bit)); bit <<= 1)
		if (!strcmp(name, word))
			return bit;
	return 0;
}

static int take_causes(const struct record_reader *reader, const struct record_place *place,
		       const struct record_field *field, const json_t *value, void *member)
{
	uint32_t *causes = member;

	(void)field;
	if (!json_is_array(value))
		return record_take_refuse(reader, place, "is no array");
	for (size_t i = 0; i < json_array_size(value); i++) {
		uint32_t bit = cause_of(json_string_value(json_array_get(value, i)));

		if (!bit)
			return record_take_refuse(reader, &(struct record_place){ place, NULL, i },
						  "is no known cause");
		*causes |= bit;
	}
	return 0;
}

static int take_truth(const struct record_reader *reader, const struct record_place *place,
		      const struct record_field *field, const json_t *value, void *member)
{
	(void)field;
	if (!json_is_boolean(value))
		return record_take_refuse(reader, place, "is neither true nor false");
	*(bool *)member = json_is_true(value);
	return 0;
}

static int (*const takers[RECORD_KINDS])(const struct record_reader *reader, const struct record_place *place,
					 const struct record_field *field, const json_t *value,
					 void *member) = {
	[RECORD_TEXT] = take_text,     [RECORD_LINES] = take_lines,   [RECORD_WORDS] = take_words,
	[RECORD_BUFFER] = take_buffer, [RECORD_NUMBER] = take_number, [RECORD_PAIR] = take_pair,
	[RECORD_WHOLE] = take_whole,   [RECORD_SMALL] = take_small,   [RECORD_WORD] = take_word,
	[RECORD_CAUSES] = take_causes, [RECORD_TRUTH] = take_truth,
};

int record_take_fields(const struct record_reader *reader, const struct record_place *place,
		       const json_t *value, const struct record_field *fields, void *object)
{
	int code = 0;

	if (!json_is_object(value))
		return record_take_refuse(reader, place, value ? "is no object" : "is missing");
	for (const struct record_field *field = fields; field->key && !code; field++) {
		const json_t *member = json_object_get(value, field->key);
		const struct record_place here = { place, field->key, 0 };

		if (member)
			code = takers[field->kind](reader, &here, field, member,
						   (char *)object + field->offset);
		else if (field->required)
			code = record_take_refuse(reader, &here, "is missing");
	}
	return code;
}

int record_take_array(const struct record_reader *reader, const struct record_place *above,
		      const json_t *object, const char *key, bool is_optional, record_item_taker *take_item,
		      void *owner)
{
	const json_t *array = json_object_get(object, key);
	const struct record_place place = { above, key, 0 };
	int code = 0;

	if (!array && is_optional)
		return 0;
	if (!json_is_array(array))
		return record_take_refuse(reader, &place, array ? "is no array" : "is missing");
	for (size_t i = 0; i < json_array_size(array) && !code; i++)
		code = take_item(reader, &(struct record_place){ &place, NULL, i }, json_array_get(array, i),
				 owner);
	return code;
}
