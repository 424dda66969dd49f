/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c - finds the command, parses its options, runs it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/printable.h"
#include "cli/command.h"
#include "cli/configure.h"
#include "cli/session.h"

static void print_usage(FILE *stream)
{
	fputs("usage: stablebench COMMAND [OPTION]... [ARGUMENT]...\n\n"
	      "Runs benchmarks on a controlled Linux host and puts the host back as it was.\n\nCommands:\n",
	      stream);
	for (const struct command *const *command = commands; *command; command++)
		if (!(*command)->is_hidden)
			fprintf(stream, "  %-10s %s\n", (*command)->name, (*command)->summary);
	fputs("\n'stablebench COMMAND --help' tells the options of a command, stablebench(1) everything "
	      "else.\n",
	      stream);
}

static void print_help(const struct command *command, const struct option_row *rows)
{
	printf("usage: stablebench %s [OPTION]...%s%s\n\n%s\n\nOptions:\n", command->name,
	       *command->arguments ? " " : "", command->arguments, command->summary);
	options_print(rows, stdout);
	printf("\nEvery option is also an environment variable, --max-time is STABLEBENCH_MAX_TIME, and a "
	       "key of\n"
	       "stablebench.conf(5). See stablebench-%s(1).\n",
	       command->name);
}

static const struct command *find_command(const char *word)
{
	const char *nearest;
	const struct command *command = command_find(word, &nearest);
	char *said;

	if (command)
		return command;
	said = printable_dup(word, strlen(word));
	fprintf(stderr, "stablebench: unknown command '%s'", said);
	free(said);
	if (nearest)
		fprintf(stderr, "; did you mean '%s'?\n", nearest);
	else
		fprintf(stderr, "; 'stablebench --help' lists the commands\n");
	return NULL;
}

static char *join_words(int count, char **words)
{
	char *line = alloc_text("stablebench");

	for (int i = 0; i < count; i++) {
		char *longer = alloc_format("%s %s", line, words[i]);

		free(line);
		line = longer;
	}
	return line;
}

static void refuse_argument(const struct command *command, const char *argument)
{
	char *said = printable_dup(argument, strlen(argument));

	fprintf(stderr, "stablebench %s: one argument too many: '%s'\n", command->name, said);
	free(said);
}

/* A full disk, or a device that takes nothing. */
static enum exit_code flush(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_CODE_OK;
	fprintf(stderr, "stablebench: cannot write: %s\n", err_reason(errno));
	return EXIT_CODE_ERROR;
}

static enum exit_code run_command(const struct command *command, int argc, char **argv)
{
	struct option_row rows[OPTION_ROWS_MAX];
	struct settings settings;
	struct options options = { .rows = rows,
				   .settings = &settings,
				   .ends_at_argument = command->takes_command };
	struct sb_err err;
	enum exit_code code = command->takes_command ? COMMAND_FAILED : EXIT_CODE_USAGE;
	int help, first;

	settings_init(&settings);
	settings.command_line = join_words(argc, argv);
	options_select(command->bit, rows);
	first = options_parse(&options, argc, argv, &help, &err);
	if (first < 0) {
		printable_clean(err.text, sizeof err.text);
		fprintf(stderr, "stablebench %s: %s\n", command->name, err.text);
	} else if (help) {
		print_help(command, rows);
		code = flush();
	} else if (argc - first < command->arguments_min) {
		fprintf(stderr, "stablebench %s: %s is missing; see --help\n", command->name,
			command->arguments);
	} else if (command->arguments_max >= 0 && argc - first > command->arguments_max) {
		refuse_argument(command, argv[first + command->arguments_max]);
	} else if (configure_options(&options, command, CONFIGURE_SYSTEM_FILE, &err)) {
		session_complain(err.text);
	} else {
		code = command->run(&settings, argc - first, argv + first);
	}
	settings_release(&settings);
	return code;
}

/* What is opened later must not become standard output or error. */
static void open_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int main(int argc, char **argv)
{
	const struct command *command;

	open_standard_streams();

	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc < 2) {
		print_usage(stderr);
		return EXIT_CODE_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_usage(stdout);
		return flush();
	}
	if (!strcmp(argv[1], "--version")) {
		puts("stablebench " PACKAGE_VERSION);
		return flush();
	}
	command = find_command(argv[1]);
	return command ? run_command(command, argc - 1, argv + 1) : EXIT_CODE_USAGE;
}
