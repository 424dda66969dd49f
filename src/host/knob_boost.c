/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_boost.c - turbo off: a clock above the base one depends on temperature and on how many cores are
 * awake.
 *
 * intel_pstate has no_turbo; the other drivers have cpufreq/boost, and newer kernels (6.11) policyN/boost as
 * well. The global switch overwrites those of the policies, and they are refused while it is off, so it goes
 * back first. With frequency tables (cpufreq-dt) it also resets every request for a maximum frequency
 * (cpufreq_boost_set_sw).
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/policy.h"

#define NO_TURBO "sys/devices/system/cpu/intel_pstate/no_turbo"
#define BOOST	 POLICY_ROOT "/boost"

/* One switch for the whole host. 1: to be set; 0: as wanted already. */
static int plan_switch(struct knob_plan *plan, const char *path, const char *off, struct condition *condition)
{
	if (!knob_add(plan, path, off))
		return knob_conclude(&knob_boost, CONDITION_FAILED, condition, "cannot read '/%s'", path);
	condition_keep(condition->before, plan->settings[0].before);
	if (strcmp(plan->settings[0].before, off))
		return 1;
	snprintf(condition->value, sizeof condition->value, "%s", condition->before);
	return knob_conclude(&knob_boost, CONDITION_ALREADY, condition, "turbo is off");
}

/* What the global switch takes along. */
static int add_companions(struct knob_plan *plan)
{
	static const char *const leaves[] = { "boost", "scaling_max_freq" };
	char path[KNOB_PATH];
	size_t policies;
	struct policy *list = policy_list(plan->root, &policies);

	for (size_t leaf = 0; leaf < sizeof leaves / sizeof leaves[0]; leaf++)
		for (size_t i = 0; i < policies; i++)
			if (path_exists(plan->root, policy_path(&list[i], leaves[leaf], path, sizeof path)))
				knob_add(plan, path, "");
	free(list);
	return (int)plan->count;
}

/* No global switch: those of the bench's policies. -ENOTSUP when there are none, and nothing is concluded. */
static int plan_policies(const struct knob_context *context, struct knob_plan *plan,
			 struct condition *condition)
{
	char path[KNOB_PATH];
	size_t policies, found = 0;
	struct policy *list = policy_list(context->root, &policies);

	for (size_t i = 0; i < policies; i++) {
		if (!knob_touches_bench(context, &list[i].cpus))
			continue;
		policy_path(&list[i], "boost", path, sizeof path);
		if (!knob_add(plan, path, "0"))
			continue;
		found++;
		condition_keep(condition->before, plan->settings[plan->count - 1].before);
		plan->count -= !strcmp(plan->settings[plan->count - 1].before, "0");
	}
	free(list);
	if (!found)
		return -ENOTSUP;
	if (plan->count)
		return (int)plan->count;
	snprintf(condition->value, sizeof condition->value, "%s", condition->before);
	return knob_conclude(&knob_boost, CONDITION_ALREADY, condition, "turbo is off");
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	int count;

	if (path_exists(context->root, NO_TURBO))
		return plan_switch(plan, NO_TURBO, "1", condition);
	if (path_exists(context->root, BOOST)) {
		count = plan_switch(plan, BOOST, "0", condition);
		return count == 1 ? add_companions(plan) : count;
	}
	count = plan_policies(context, plan, condition);
	if (count != -ENOTSUP)
		return count;
	snprintf(condition->mend, sizeof condition->mend,
		 "turn turbo off in the firmware set-up; in a VM, on its host");
	return knob_conclude(&knob_boost, CONDITION_UNSUPPORTED, condition,
			     "this host has no switch for turbo: its cpufreq driver, if any, offers none");
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *leaf = policy_leaf(path);

	(void)knob;
	if (leaf)
		return !strcmp(leaf, "boost") || !strcmp(leaf, "scaling_max_freq");
	return !strcmp(path, NO_TURBO) || !strcmp(path, BOOST);
}

const struct knob knob_boost = {
	.name = "boost",
	.removes = "a clock that depends on heat and on the load of other cores",
	.scope = KNOB_SCOPE_HOST,
	.is_watched = true,
	.undo_rank = 20,
	.plan = plan,
	.owns_path = owns_path,
};
