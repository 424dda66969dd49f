/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options.c - see options.h. One setter per type; getopt_long does the splitting. */
#include "cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cpulist.h"
#include "base/units.h"

#define WORD_MAX       32
#define WORDS_MAX      16     /* of one OPTION_WORD */
#define HELP_COLUMN    22     /* width of an option and its argument */
#define DURATION_LEAST 1e-6   /* seconds */
#define DURATION_MOST  3600e3 /* 1000 hours */
#define FIRST_ROW      1000   /* getopt's value of the first row, beyond all letters */

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
	settings->has_cpus = true;
	return cpulist_parse(value, &settings->cpus, err);
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
		char name[WORD_MAX];
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
	[OPTION_FLAG] = set_flag,   [OPTION_SWITCH] = set_flag,	    [OPTION_TEXT] = set_text,
	[OPTION_LIST] = set_list,   [OPTION_RATIO] = set_ratio,	    [OPTION_DURATION] = set_duration,
	[OPTION_COUNT] = set_count, [OPTION_RANGE] = set_range,	    [OPTION_SEED] = set_seed,
	[OPTION_CPUS] = set_cpus,   [OPTION_PROFILE] = set_profile, [OPTION_KNOBS] = set_knobs,
	[OPTION_WORD] = set_word,
};

static int set_option(const struct option_row *row, struct settings *settings, const char *value,
		      struct sb_err *err)
{
	return setters[row->type](row, (char *)settings + row->offset, value, err);
}

void options_select(enum option_command command, struct option_row rows[OPTION_ROWS_MAX])
{
	size_t count = 0;

	for (const struct option_row *row = option_catalog; row->name; row++)
		if (row->commands & command && count < OPTION_ROWS_MAX - 1)
			rows[count++] = *row;
	rows[count] = (struct option_row){ 0 };
}

static void variable_name(const char *option, char *name, size_t size)
{
	size_t used = (size_t)snprintf(name, size, "STABLEBENCH_%s", option);

	for (size_t i = 0; i < used && i < size; i++)
		name[i] = name[i] == '-' ? '_' : (char)toupper((unsigned char)name[i]);
}

static int take_environment(const struct option_row *rows, struct settings *settings, struct sb_err *err)
{
	for (const struct option_row *row = rows; row->name; row++) {
		char name[64];
		const char *value;

		if (row->type == OPTION_SWITCH)
			continue;
		variable_name(row->name, name, sizeof name);
		value = getenv(name);
		if (value && *value && set_option(row, settings, value, err)) {
			err_prefix(err, "environment variable %s", name);
			return -EINVAL;
		}
	}
	return 0;
}

/* Lists are replaced by the command line, not added to. */
static void forget_environment_list(const struct option_row *row, struct settings *settings, uint64_t *seen,
				    int index)
{
	void *field = (char *)settings + row->offset;
	struct settings_list *list = field;

	if ((row->type != OPTION_LIST && row->type != OPTION_KNOBS) || *seen & (UINT64_C(1) << index))
		return;
	*seen |= UINT64_C(1) << index;
	if (row->type == OPTION_KNOBS)
		*(uint64_t *)field = 0;
	while (row->type == OPTION_LIST && list->count)
		free(list->texts[--list->count]);
}

static int complain(const struct option_row *rows, char **argv, int index, int letter, struct sb_err *err)
{
	const char *names[OPTION_ROWS_MAX + 2] = { "help" }, *nearest, *word = argv[index];
	int count = 1;

	if (letter == ':')
		return err_set(err, -EINVAL, "option '%s' needs a value; see --help", word);
	if (strncmp(word, "--", 2))
		return err_set(err, -EINVAL, "unknown option '%s'; options are written --name, see --help",
			       word);
	for (const struct option_row *row = rows; row->name; row++) {
		size_t length = strcspn(word + 2, "=");

		if (strlen(row->name) == length && !strncmp(row->name, word + 2, length))
			return err_set(err, -EINVAL, "option '--%s' takes no value", row->name);
		names[count++] = row->name;
	}
	nearest = options_nearest(word + 2, names);
	return nearest ? err_set(err, -EINVAL, "unknown option '%s'; did you mean '--%s'?", word, nearest)
		       : err_set(err, -EINVAL, "unknown option '%s'; see --help", word);
}

static void make_long_options(const struct option_row *rows, struct option *options)
{
	int count = 0;

	for (; rows[count].name; count++)
		options[count] = (struct option){ rows[count].name,
						  rows[count].argument ? required_argument : no_argument,
						  NULL, FIRST_ROW + count };
	options[count++] = (struct option){ "help", no_argument, NULL, 'h' };
	options[count] = (struct option){ 0 };
}

static int take_option(const struct option_row *rows, int index, struct settings *settings, uint64_t *seen,
		       struct sb_err *err)
{
	const struct option_row *row = &rows[index];

	forget_environment_list(row, settings, seen, index);
	if (!set_option(row, settings, row->argument ? optarg : NULL, err))
		return 0;
	err_prefix(err, "option --%s", row->name);
	return -EINVAL;
}

int options_parse(const struct option_row *rows, int argc, char **argv, bool ends_at_argument,
		  struct settings *settings, int *help, struct sb_err *err)
{
	struct option options[OPTION_ROWS_MAX + 2];
	const char *letters = ends_at_argument ? "+:h" : ":h";
	uint64_t seen = 0;
	int letter, before;

	*help = 0;
	make_long_options(rows, options);
	if (take_environment(rows, settings, err))
		return -EINVAL;
	opterr = 0;
	optind = 0;
	for (before = 1; (letter = getopt_long(argc, argv, letters, options, NULL)) != -1; before = optind) {
		if (letter == 'h')
			*help = 1;
		else if (letter < FIRST_ROW)
			return complain(rows, argv, optind > before ? optind - 1 : before, letter, err);
		else if (take_option(rows, letter - FIRST_ROW, settings, &seen, err))
			return -EINVAL;
	}
	return optind;
}

void options_print(const struct option_row *rows, FILE *stream)
{
	for (const struct option_row *row = rows; row->name; row++) {
		char left[48];

		snprintf(left, sizeof left, "--%s%s%s", row->name, row->argument ? " " : "",
			 row->argument ? row->argument : "");
		if (strlen(left) > HELP_COLUMN) {
			fprintf(stream, "  %s\n", left);
			left[0] = '\0';
		}
		fprintf(stream, "  %-*s %s\n", HELP_COLUMN, left, row->help);
	}
	fprintf(stream, "  %-*s %s\n", HELP_COLUMN, "--help", "show this help");
}

/* Edit distance (Levenshtein), one row at a time. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[WORD_MAX + 1];
	size_t length = strnlen(b, WORD_MAX);

	for (size_t j = 0; j <= length; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; i < strnlen(a, WORD_MAX); i++) {
		unsigned corner = row[0]++;

		for (size_t j = 0; j < length; j++) {
			unsigned best = corner + (a[i] != b[j]);

			corner = row[j + 1];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (corner + 1 < best)
				best = corner + 1;
			row[j + 1] = best;
		}
	}
	return row[length];
}

const char *options_nearest(const char *word, const char *const *names)
{
	char name[WORD_MAX] = { 0 };
	const char *best = NULL;
	unsigned least = 4;

	memcpy(name, word, strnlen(word, WORD_MAX - 1));
	name[strcspn(name, "=")] = '\0';
	for (; *names; names++) {
		unsigned away = distance(name, *names);

		if (away < least && away < strlen(*names)) {
			least = away;
			best = *names;
		}
	}
	return best;
}
