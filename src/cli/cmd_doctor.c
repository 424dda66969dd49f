/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_doctor.c - `stablebench doctor`: the conditions of this host now, each with the command that mends it,
 * and one verdict line. Looks, never sets.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/session.h"
#include "cli/sysroot.h"
#include "host/checkup.h"
#include "host/knob.h"

struct findings {
	struct condition conditions[CHECKUP_MAX + KEEPER_CONDITIONS_MAX];
	size_t count;
	size_t unmet;
};

/* What a run would set by itself does not make a host less ready. */
enum grade { MET, SET_BY_RUN, UNMET };

static const char *const marks[] = { [MET] = "ok ", [SET_BY_RUN] = "run", [UNMET] = "no " };

static enum grade grade(const struct condition *condition)
{
	if (condition_is_met(condition))
		return MET;
	return condition->outcome == CONDITION_REFUSED ? SET_BY_RUN : UNMET;
}

static int examine(const struct path_root *root, const struct settings *settings, struct findings *findings,
		   struct sb_err *err)
{
	struct knob_context context = { .root = root, .latency_fd = -1, .cgroup_procs_fd = -1 };
	int code = topology_choose(root, settings->has_cpus ? &settings->cpus : NULL, &context.topology, err);

	if (code)
		return code;
	findings->count = knob_survey(&context, &settings->choice, findings->conditions);
	findings->count += checkup_collect(root, &context.topology, findings->conditions + findings->count);
	for (size_t i = 0; i < findings->count; i++)
		findings->unmet += grade(&findings->conditions[i]) == UNMET;
	return 0;
}

static void print_text(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct condition *condition = &findings->conditions[i];

		printf("%s  %-18s %s\n", marks[grade(condition)], condition->knob,
		       condition->value[0] ? condition->value : condition->before);
		if (condition->reason[0])
			printf("     %-18s %s\n", "", condition->reason);
		if (!condition_is_met(condition) && condition->mend[0])
			printf("     %-18s mend: %s\n", "", condition->mend);
	}
	if (findings->unmet)
		printf("not ready: %zu of %zu conditions are not met\n", findings->unmet, findings->count);
	else
		printf("ready: all %zu conditions are met or set by a run\n", findings->count);
}

static void print_json(const struct findings *findings)
{
	json_t *list = json_array();
	json_t *document = json_pack("{s:b, s:o}", "ready", findings->unmet == 0, "conditions", list);

	for (size_t i = 0; i < findings->count; i++) {
		const struct condition *condition = &findings->conditions[i];

		json_array_append_new(list, json_pack("{s:s, s:b, s:s, s:s, s:s, s:s}", "knob",
						      condition->knob, "met", condition_is_met(condition),
						      "outcome", condition_outcome_name(condition->outcome),
						      "value", condition->value, "reason", condition->reason,
						      "mend", condition->mend));
	}
	json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	bool as_json = settings->format && !strcmp(settings->format, "json");
	struct findings findings = { .count = 0 };
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
	code = examine(&root, settings, &findings, &err);
	path_root_release(&root);
	if (code) {
		session_complain(err.text);
		return settings->has_cpus ? EXIT_CODE_USAGE : EXIT_CODE_ERROR;
	}
	(as_json ? print_json : print_text)(&findings);
	if (fflush(stdout)) {
		fprintf(stderr, "stablebench: cannot write the findings: %s\n", err_reason(errno));
		return EXIT_CODE_ERROR;
	}
	return findings.unmet ? EXIT_CODE_CONDITIONS : EXIT_CODE_OK;
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
