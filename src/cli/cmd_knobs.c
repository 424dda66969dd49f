/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_knobs.c - `stablebench knobs`: every knob, what it removes, and whether this host has it. Looks, never
 * sets. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/session.h"
#include "cli/sysroot.h"
#include "cli/terminal.h"
#include "report/wrap.h"

#define INDENT 4

struct survey {
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	const struct settings *settings;
	char **names; /* those that were asked for; none: all */
	int count;
};

/* Where a run may set it, asked as if every knob were wanted. */
static const char *state(const struct condition *condition)
{
	return condition->outcome == CONDITION_REFUSED ? "can be set"
						       : condition_outcome_name(condition->outcome);
}

static const char *profile_word(const struct knob *knob)
{
	const enum knob_profile first = knob_first_profile(knob);

	return first == KNOB_PROFILES ? "by name" : knob_profile_name(first);
}

static bool is_asked_for(const struct survey *survey, const struct knob *knob)
{
	for (int i = 0; i < survey->count; i++)
		if (!strcmp(survey->names[i], knob->name))
			return true;
	return survey->count == 0;
}

static void print_below(const char *text, int columns)
{
	printf("%*s", INDENT, "");
	wrap_write(text, columns > INDENT ? columns - INDENT : 0, INDENT, stdout);
}

static void print_more(const struct condition *condition, const struct knob *knob, int columns)
{
	char line[CONDITION_REASON + CONDITION_VALUE];

	snprintf(line, sizeof line, "removes %s", knob->removes);
	print_below(line, columns);
	if (knob->is_unproven)
		print_below("unproven: not yet seen at work on a real kernel", columns);
	if (condition->outcome == CONDITION_REFUSED && condition->before[0]) {
		snprintf(line, sizeof line, "is '%s' now", condition->before);
		print_below(line, columns);
	} else if (condition->outcome != CONDITION_REFUSED) {
		print_below(condition->reason, columns);
	}
}

static int print_text(const struct survey *survey)
{
	const int columns = terminal_columns(STDOUT_FILENO);

	for (size_t i = 0; knob_table[i]; i++) {
		const struct knob *knob = knob_table[i];

		if (!is_asked_for(survey, knob))
			continue;
		printf("%-18s %-9s %-12s%s\n", knob->name, profile_word(knob), state(&survey->conditions[i]),
		       knob_is_chosen(knob, &survey->settings->choice) ? "" : " (not in this choice)");
		print_more(&survey->conditions[i], knob, columns);
	}
	return 0;
}

static int print_json(const struct survey *survey)
{
	json_t *list = json_array(), *document = json_pack("{s:o}", "knobs", list);
	int code;

	for (size_t i = 0; knob_table[i]; i++) {
		const struct knob *knob = knob_table[i];
		const struct condition *condition = &survey->conditions[i];

		if (is_asked_for(survey, knob))
			json_array_append_new(list,
					      json_pack("{s:s, s:s, s:s, s:b, s:b, s:s, s:s, s:s, s:s}",
							"name", knob->name, "removes", knob->removes,
							"profile", profile_word(knob), "chosen",
							knob_is_chosen(knob, &survey->settings->choice),
							"unproven", knob->is_unproven, "state",
							state(condition), "now", condition->before, "reason",
							condition->reason, "mend", condition->mend));
	}
	code = json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
	return code;
}

static int look(struct survey *survey, struct identity *identity, struct sb_err *err)
{
	const struct knob_choice all = { KNOB_PROFILE_STRICT, UINT64_MAX, 0 };
	const struct settings *settings = survey->settings;
	struct knob_context context = { .latency_fd = -1, .cgroup_procs_fd = -1, .wants_counters = true };
	struct path_root root;
	int code = sysroot_open(settings, identity, &root, err);

	if (code)
		return code;
	context.root = &root;
	code = topology_choose(&root, settings->has_cpus ? &settings->cpus : NULL, &context.topology, err);
	if (!code)
		knob_survey(&context, &all, survey->conditions);
	path_root_release(&root);
	return code;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	const bool as_json = settings->format && !strcmp(settings->format, "json");
	struct survey survey = { .settings = settings, .names = arguments, .count = count };
	struct identity identity;
	struct sb_err err;

	for (int i = 0; i < count; i++) {
		if (knob_find(arguments[i]))
			continue;
		options_complain_knob(arguments[i], &err);
		session_complain(err.text);
		return EXIT_CODE_USAGE;
	}
	if (identity_resolve(NULL, false, &identity, &err) || look(&survey, &identity, &err)) {
		session_complain(err.text);
		return EXIT_CODE_ERROR;
	}
	if ((as_json ? print_json : print_text)(&survey) || fflush(stdout)) {
		fprintf(stderr, "stablebench: cannot write the knobs: %s\n", err_reason(errno));
		return EXIT_CODE_ERROR;
	}
	return EXIT_CODE_OK;
}

const struct command command_knobs = {
	.name = "knobs",
	.bit = OPTION_OF_KNOBS,
	.arguments = "[KNOB]...",
	.summary = "what can be controlled on this host, and why the rest cannot",
	.arguments_min = 0,
	.arguments_max = -1,
	.run = run,
};
