/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options.c - environment and command line; see options.h. getopt_long does the splitting. */
#include "cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define HELP_COLUMN 22	 /* width of an option and its argument */
#define FIRST_ROW   1000 /* getopt's value of the first row, beyond all letters */

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

static int take_environment(struct options *options, struct sb_err *err)
{
	for (size_t i = 0; options->rows[i].name; i++) {
		char name[64];
		const char *value;

		if (options->rows[i].type == OPTION_SWITCH)
			continue;
		variable_name(options->rows[i].name, name, sizeof name);
		value = getenv(name);
		if (value && *value && options_set(options, i, OPTION_ENVIRONMENT, value, err)) {
			err_prefix(err, "environment variable %s", name);
			return -EINVAL;
		}
	}
	return 0;
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

static int take_option(struct options *options, size_t index, struct sb_err *err)
{
	const struct option_row *row = &options->rows[index];

	if (!options_set(options, index, OPTION_COMMAND_LINE, row->argument ? optarg : NULL, err))
		return 0;
	err_prefix(err, "option --%s", row->name);
	return -EINVAL;
}

int options_parse(struct options *options, int argc, char **argv, int *help, struct sb_err *err)
{
	struct option longs[OPTION_ROWS_MAX + 2];
	const char *letters = options->ends_at_argument ? "+:h" : ":h";
	int letter, before;

	*help = 0;
	make_long_options(options->rows, longs);
	if (take_environment(options, err))
		return -EINVAL;
	opterr = 0;
	optind = 0;
	for (before = 1; (letter = getopt_long(argc, argv, letters, longs, NULL)) != -1; before = optind) {
		if (letter == 'h')
			*help = 1;
		else if (letter < FIRST_ROW)
			return complain(options->rows, argv, optind > before ? optind - 1 : before, letter,
					err);
		else if (take_option(options, (size_t)(letter - FIRST_ROW), err))
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
