/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_list.c - `stablebench list`: the cases, one to a line, or as JSON. Touches nothing on the host. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/session.h"

static int print_text(const struct plan *plan)
{
	for (size_t i = 0; i < plan->case_count; i++)
		puts(plan->cases[i].name);
	return 0;
}

static json_t *tags_array(const char *words)
{
	json_t *tags = json_array();

	while (*words) {
		size_t length = strcspn(words, " ");

		json_array_append_new(tags, json_stringn(words, length));
		words += length + (words[length] == ' ');
	}
	return tags;
}

static int print_json(const struct plan *plan)
{
	json_t *cases = json_array(), *document = json_pack("{s:o}", "cases", cases);
	int code;

	for (size_t i = 0; i < plan->case_count; i++)
		json_array_append_new(cases, json_pack("{s:s, s:o}", "name", plan->cases[i].name, "tags",
						       tags_array(plan->cases[i].tags)));
	code = json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
	return code;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	bool as_json = settings->format && !strcmp(settings->format, "json");
	struct session session;
	enum exit_code code;

	code = session_start(&session, settings, NULL);
	if (code == EXIT_CODE_OK)
		code = session_list(&session, settings, count, arguments);
	if (code == EXIT_CODE_OK && ((as_json ? print_json : print_text)(&session.plan) || fflush(stdout))) {
		fprintf(stderr, "stablebench: cannot write the list: %s\n", err_reason(errno));
		code = EXIT_CODE_ERROR;
	}
	if (code == EXIT_CODE_OK && session.refused)
		code = EXIT_CODE_ERROR;
	session_close(&session);
	return code;
}

const struct command command_list = {
	.name = "list",
	.bit = OPTION_OF_LIST,
	.arguments = "BINARY...",
	.summary = "print the cases of benchmarks",
	.arguments_min = 1,
	.arguments_max = -1,
	.run = run,
};
