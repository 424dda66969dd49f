/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config.c - configuration text into entries; see config.h. libinih finds sections, keys and values; that it
 * gets line by line, from here, tells the handler where it is and keeps indented keys from continuing a
 * value. */
#include "plan/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_(number) #number
#define DIGITS(number)	DIGITS_(number)

struct parse {
	const char *file, *at, *end;
	unsigned line; /* the one that was read last */
	struct config *config;
	struct sb_err *err;
	int code;
};

static int refuse(struct parse *parse, int code, const char *what)
{
	parse->code = err_set(parse->err, code, "%s:%u: %s", parse->file, parse->line, what);
	return 0;
}

static bool is_text(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (iscntrl((unsigned char)line[i]) && line[i] != '\t' && line[i] != '\r')
			return false;
	return true;
}

/* Fits ini_reader. */
static char *read_line(char *line, int room, void *context)
{
	struct parse *parse = context;
	const char *start = parse->at, *newline;
	size_t length;

	if (parse->code || start == parse->end)
		return NULL;
	newline = memchr(start, '\n', (size_t)(parse->end - start));
	parse->at = newline ? newline + 1 : parse->end;
	parse->line++;
	while (start < parse->at && (*start == ' ' || *start == '\t'))
		start++;
	length = (size_t)((newline ? newline : parse->end) - start);
	if (!is_text(start, length))
		refuse(parse, -EINVAL, "this is no text; a configuration has no control characters");
	else if (length > CONFIG_LINE_MAX || (int)length + 2 > room)
		refuse(parse, -EFBIG,
		       "the line is longer than " DIGITS(
			       CONFIG_LINE_MAX) " bytes; a list may take several lines");
	if (parse->code)
		return NULL;
	snprintf(line, (size_t)room, "%.*s\n", (int)length, start);
	return line;
}

/* Fits ini_handler: 0 is a refusal. */
static int take_entry(void *context, const char *section, const char *key, const char *value)
{
	struct parse *parse = context;
	struct config_entry *entry = &parse->config->entries[parse->config->count];

	if (parse->config->count == CONFIG_ENTRIES_MAX)
		return refuse(parse, -EFBIG, "there are more than " DIGITS(CONFIG_ENTRIES_MAX) " keys");
	if (!*key)
		return refuse(parse, -EINVAL, "there is no key before the value; write key = value");
	if (strlen(section) >= CONFIG_NAME || strlen(key) >= CONFIG_NAME)
		return refuse(parse, -EINVAL, "no section and no key has a name as long as this");
	entry->line = parse->line;
	strcpy(entry->section, section);
	strcpy(entry->key, key);
	snprintf(entry->value, sizeof entry->value, "%s", value);
	parse->config->count++;
	return 1;
}

int config_parse(const char *file, const char *text, size_t size, struct config *config, struct sb_err *err)
{
	struct parse parse = { .file = file, .at = text, .end = text + size, .config = config, .err = err };
	int wrong;

	config->count = 0;
	if (size > CONFIG_TEXT_MAX)
		return err_set(err, -EFBIG, "'%s' is larger than %d bytes", file, CONFIG_TEXT_MAX);
	wrong = ini_parse_stream(read_line, &parse, take_entry, &parse);
	if (wrong > 0 && (!parse.code || (unsigned)wrong < parse.line)) {
		parse.line = (unsigned)wrong;
		refuse(&parse, -EINVAL, "this is neither '[section]' nor 'key = value'");
	}
	return parse.code;
}

static bool is_ended(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

bool config_is_sound(const struct config *config)
{
	bool is_sound = config->count <= CONFIG_ENTRIES_MAX;

	for (size_t i = 0; is_sound && i < config->count; i++) {
		const struct config_entry *entry = &config->entries[i];

		is_sound = is_ended(entry->section, sizeof entry->section) &&
			   is_ended(entry->key, sizeof entry->key) &&
			   is_ended(entry->value, sizeof entry->value);
	}
	return is_sound;
}
