/* SPDX-License-Identifier: GPL-2.0-or-later */
/* findings.c - see findings.h. */
#include "cli/findings.h"

#include <string.h>
#include <unistd.h>

static const char *const standings[STANDINGS] = {
	[STANDING_FAULT] = "fault", [STANDING_NOTE] = "note",	  [STANDING_LOCKED] = "locked",
	[STANDING_RUN] = "run",	    [STANDING_ROOT] = "root",	  [STANDING_ASKED] = "asked",
	[STANDING_FINE] = "fine",   [STANDING_ABSENT] = "absent",
};

static const char *const grades[] = {
	[FINDINGS_READY] = "ready",
	[FINDINGS_FAIR] = "fair",
	[FINDINGS_NOT_READY] = "not ready",
};

const char *findings_standing_name(enum standing standing)
{
	return standings[standing];
}

const char *findings_grade_name(enum findings_grade grade)
{
	return grades[grade];
}

enum findings_grade findings_grade(const struct findings *findings)
{
	if (findings->of[STANDING_FAULT])
		return FINDINGS_NOT_READY;
	return findings->of[STANDING_NOTE] || findings->of[STANDING_LOCKED] || findings->of[STANDING_ROOT]
		       ? FINDINGS_FAIR
		       : FINDINGS_READY;
}

static enum standing knob_standing(const struct condition *condition, bool is_chosen, bool is_root)
{
	switch (condition->outcome) {
	case CONDITION_APPLIED:
	case CONDITION_ALREADY:
		return STANDING_FINE;
	case CONDITION_UNSUPPORTED:
		return STANDING_ABSENT;
	case CONDITION_FAILED:
		return is_chosen ? STANDING_NOTE : STANDING_ASKED;
	case CONDITION_DENIED:
		if (is_chosen)
			return is_root ? STANDING_LOCKED : STANDING_ROOT;
		return STANDING_ASKED;
	default:
		return is_chosen ? STANDING_RUN : STANDING_ASKED;
	}
}

static enum standing check_standing(const struct checkup_finding *finding)
{
	static const enum standing of_grade[] = {
		[CHECKUP_NOTE] = STANDING_NOTE,
		[CHECKUP_BAD] = STANDING_FAULT,
	};

	if (finding->grade != CHECKUP_FINE)
		return of_grade[finding->grade];
	if (finding->condition.outcome == CONDITION_DENIED)
		return STANDING_ROOT;
	return condition_is_met(&finding->condition) ? STANDING_FINE : STANDING_ABSENT;
}

static struct finding *add(struct findings *findings, const struct condition *condition,
			   enum standing standing)
{
	struct finding *finding = &findings->list[findings->count++];

	*finding = (struct finding){ .condition = *condition, .standing = standing };
	findings->of[standing]++;
	return finding;
}

int findings_collect(const struct path_root *root, const struct settings *settings, struct findings *findings,
		     struct sb_err *err)
{
	struct knob_context context = {
		.root = root, .latency_fd = -1, .cgroup_procs_fd = -1, .cgroup_kill_fd = -1
	};
	struct condition conditions[KNOB_MAX];
	struct checkup_finding checks[CHECKUP_MAX];
	const bool is_root = geteuid() == 0;
	int code = topology_choose(root, settings->has_cpus ? &settings->cpus : NULL, &context.topology, err);
	size_t count;

	memset(findings, 0, sizeof *findings);
	if (code)
		return code;
	count = checkup_collect(root, &context.topology, checks);
	for (size_t i = 0; i < count; i++)
		add(findings, &checks[i].condition, check_standing(&checks[i]))->costs = checks[i].costs;
	count = knob_survey(&context, &settings->choice, conditions);
	for (size_t i = 0; i < count; i++) {
		const bool is_chosen = knob_is_chosen(knob_table[i], &settings->choice);
		const enum standing standing = knob_standing(&conditions[i], is_chosen, is_root);

		add(findings, &conditions[i], standing)->removes = knob_table[i]->removes;
	}
	return 0;
}
