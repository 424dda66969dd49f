/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assign.c - a text into the field of its option, one setter per type; describe.c is the way back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cpulist.h"
#include "base/units.h"
#include "cli/options.h"

#define NAME_ROOM      32     /* a knob's name, and more */
#define WORDS_MAX      16     /* of one OPTION_WORD */
#define DURATION_LEAST 1e-6   /* seconds */
#define DURATION_MOST  3600e3 /* 1000 hours */

static int set_flag(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	(void)row;
	if (value && strcmp(value, "1") && strcmp(value, "0"))
		return err_set(err, -EINVAL, "'%s' is neither 1 nor 0", value);
	*(bool *)field = !value || *value == '1';
	return 0;
}

static int set_text(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	char **text = field;

	(void)row;
	if (!*value)
		return err_set(err, -EINVAL, "an empty value is none");
	free(*text);
	*text = alloc_text(value);
	return 0;
}

static int set_list(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	(void)row;
	if (!*value)
		return err_set(err, -EINVAL, "an empty value is none");
	settings_list_add(field, value);
	return 0;
}

static int set_duration(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	double seconds;

	(void)row;
	if (units_parse_duration(value, &seconds, err))
		return -EINVAL;
	if (seconds < DURATION_LEAST || seconds > DURATION_MOST)
		return err_set(err, -ERANGE, "'%s' is not between 1us and 1000h", value);
	*(double *)field = seconds;
	return 0;
}

static int set_patience(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	if (strcmp(value, "none") != 0)
		return set_duration(row, field, value, err);
	*(double *)field = 0;
	return 0;
}

static int set_ratio(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	(void)row;
	return units_parse_ratio(value, field, err);
}

static int set_count(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	return units_parse_count(value, row->low, row->high, field, err);
}

static int set_range(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	struct settings_range *range = field;
	const char *colon = strchr(value, ':');
	char *low = colon ? strndup(value, (size_t)(colon - value)) : strdup(value);
	int code = units_parse_count(low ? low : "", row->low, row->high, &range->low, err);

	free(low);
	range->high = range->low;
	if (!code && colon)
		code = units_parse_count(colon + 1, row->low, row->high, &range->high, err);
	if (!code && range->high < range->low)
		code = err_set(err, -EINVAL, "'%s' ends before it begins; write MIN:MAX", value);
	return code;
}

static int set_seed(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	struct settings *settings = field;

	(void)row;
	settings->has_seed = true;
	return units_parse_count(value, 0, UINT64_MAX, &settings->seed, err);
}

static int set_cpus(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	struct settings *settings = field;

	(void)row;
	settings->has_quietest_cpu = !strcmp(value, "auto");
	settings->has_cpus = !settings->has_quietest_cpu;
	return settings->has_quietest_cpu ? 0 : cpulist_parse(value, &settings->cpus, err);
}

int options_complain_knob(const char *name, struct sb_err *err)
{
	const char *names[KNOB_MAX + 1] = { 0 }, *nearest;

	for (size_t i = 0; knob_table[i]; i++)
		names[i] = knob_table[i]->name;
	nearest = options_nearest(name, names);
	return nearest ? err_set(err, -EINVAL, "there is no knob '%s'; did you mean '%s'?", name, nearest)
		       : err_set(err, -EINVAL, "there is no knob '%s'; 'stablebench knobs' lists them", name);
}

static int set_profile(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	(void)row;
	if (knob_profile_parse(value, field))
		return 0;
	return err_set(err, -EINVAL, "'%s' is no profile: none, gentle, standard, strict", value);
}

/* "all" is every knob. */
static int set_knobs(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	uint64_t *bits = field;

	(void)row;
	do {
		const size_t length = strcspn(value, ",");
		char name[NAME_ROOM];
		const struct knob *knob;

		snprintf(name, sizeof name, "%.*s", (int)length, value);
		knob = knob_find(name);
		if (!knob && strcmp(name, "all") != 0)
			return options_complain_knob(name, err);
		*bits |= knob ? knob_bit(knob) : UINT64_MAX;
		value += length;
	} while (*value++ == ',');
	return 0;
}

static int set_word(const struct option_row *row, void *field, const char *value, struct sb_err *err)
{
	const char *words[WORDS_MAX + 1] = { NULL }, *nearest;
	char *copy = alloc_text(row->argument), *rest = copy;
	bool is_known = false;

	for (size_t i = 0; i < WORDS_MAX && rest; i++) {
		words[i] = strsep(&rest, "|");
		is_known = is_known || !strcmp(words[i], value);
	}
	nearest = options_nearest(value, words);
	if (!is_known && nearest)
		err_set(err, -EINVAL, "'%s' is none of %s; did you mean '%s'?", value, row->argument,
			nearest);
	else if (!is_known)
		err_set(err, -EINVAL, "'%s' is none of %s", value, row->argument);
	free(copy);
	return is_known ? set_text(row, field, value, err) : -EINVAL;
}

static int (*const setters[OPTION_TYPES])(const struct option_row *row, void *field, const char *value,
					  struct sb_err *err) = {
	[OPTION_FLAG] = set_flag,   [OPTION_SWITCH] = set_flag,	      [OPTION_TEXT] = set_text,
	[OPTION_LIST] = set_list,   [OPTION_RATIO] = set_ratio,	      [OPTION_DURATION] = set_duration,
	[OPTION_COUNT] = set_count, [OPTION_RANGE] = set_range,	      [OPTION_SEED] = set_seed,
	[OPTION_CPUS] = set_cpus,   [OPTION_PROFILE] = set_profile,   [OPTION_KNOBS] = set_knobs,
	[OPTION_WORD] = set_word,   [OPTION_PATIENCE] = set_patience,
};

bool options_is_repeatable(const struct option_row *row)
{
	return row->type == OPTION_LIST || row->type == OPTION_KNOBS;
}

/* What a repeatable option has added up. */
static void forget(const struct option_row *row, void *field)
{
	struct settings_list *list = field;

	if (row->type == OPTION_KNOBS)
		*(uint64_t *)field = 0;
	while (row->type == OPTION_LIST && list->count)
		free(list->texts[--list->count]);
}

int options_set(struct options *options, size_t index, enum option_level level, const char *value,
		struct sb_err *err)
{
	const struct option_row *row = &options->rows[index];
	void *field = (char *)options->settings + row->offset;

	if (options->levels[index] > level)
		return 0;
	if (options->levels[index] < level)
		forget(row, field);
	options->levels[index] = level;
	if (!value || *value || level >= OPTION_ENVIRONMENT || !options_is_repeatable(row))
		return setters[row->type](row, field, value, err);
	forget(row, field);
	return 0;
}
