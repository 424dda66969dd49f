/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_doctor.c - `stablebench doctor`: the conditions of this host now, each with what it costs and the
 * command that mends it, and one verdict line. Looks, never sets.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/findings.h"
#include "cli/session.h"
#include "cli/sysroot.h"
#include "cli/terminal.h"

static void print_text(const struct findings *findings, const struct settings *settings)
{
	const struct findings_style style = { .columns = terminal_columns(STDOUT_FILENO),
					      .color = terminal_has_color(STDOUT_FILENO),
					      .all = settings->all };

	findings_print(findings, &style, stdout);
}

static json_t *finding_object(const struct finding *finding)
{
	const struct condition *condition = &finding->condition;
	json_t *object =
		json_pack("{s:s, s:b, s:s, s:s, s:s, s:s, s:s}", "knob", condition->knob, "met",
			  condition_is_met(condition), "outcome", condition_outcome_name(condition->outcome),
			  "standing", findings_standing_name(finding->standing), "value", condition->value,
			  "reason", condition->reason, "mend", condition->mend);

	if (finding->removes)
		json_object_set_new(object, "removes", json_string(finding->removes));
	if (finding->costs)
		json_object_set_new(object, "costs", json_string(finding->costs));
	return object;
}

static void print_json(const struct findings *findings)
{
	const enum findings_grade grade = findings_grade(findings);
	json_t *list = json_array();
	json_t *document = json_pack("{s:b, s:s, s:o}", "ready", grade != FINDINGS_NOT_READY, "grade",
				     findings_grade_name(grade), "conditions", list);

	for (size_t i = 0; i < findings->count; i++)
		json_array_append_new(list, finding_object(&findings->list[i]));
	json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	bool as_json = settings->format && !strcmp(settings->format, "json");
	struct findings findings;
	struct identity identity;
	struct path_root root;
	struct sb_err err;
	int code;

	(void)count;
	(void)arguments;
	if (identity_resolve(NULL, false, &identity, &err) ||
	    sysroot_open(settings, &identity, &root, &err)) {
		session_complain(err.text);
		return EXIT_CODE_ERROR;
	}
	code = findings_collect(&root, settings, &findings, &err);
	path_root_release(&root);
	if (code) {
		session_complain(err.text);
		return settings->has_cpus ? EXIT_CODE_USAGE : EXIT_CODE_ERROR;
	}
	if (as_json)
		print_json(&findings);
	else
		print_text(&findings, settings);
	if (fflush(stdout)) {
		fprintf(stderr, "stablebench: cannot write the findings: %s\n", err_reason(errno));
		return EXIT_CODE_ERROR;
	}
	return findings_grade(&findings) == FINDINGS_NOT_READY ? EXIT_CODE_CONDITIONS : EXIT_CODE_OK;
}

const struct command command_doctor = {
	.name = "doctor",
	.bit = OPTION_OF_DOCTOR,
	.arguments = "",
	.summary = "the conditions of this host, each with what mends it",
	.arguments_min = 0,
	.arguments_max = 0,
	.run = run,
};
