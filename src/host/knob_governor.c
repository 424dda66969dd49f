/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_governor.c - the governor `performance` on every policy that holds a CPU of the bench or an idle
 * sibling of one: a forgotten sibling's request raises or lowers the clock of the shared core.
 *
 * A governor takes its tunables with it when it goes, `userspace` forgets its speed, and intel_pstate changes
 * the energy preference: all these are companions. libcpupower sets the governor on the real machine; it has
 * no root prefix, and does not check what became of a write, so values are read, and read back, from sysfs.
 */
#include "host/knob_table.h"

#include <cpufreq.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/cpulist.h"
#include "host/companion.h"
#include "host/field.h"
#include "host/policy.h"

#define WANTED "performance"

static const char *const companions[] = { "scaling_setspeed", "energy_performance_preference" };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* --- what there is -------------------------------------------------------------------------------------- */

static bool library_offers(unsigned cpu)
{
	struct cpufreq_available_governors *first = cpufreq_get_available_governors(cpu);
	bool found = false;

	for (struct cpufreq_available_governors *one = first; one && !found; one = one->next)
		found = !strcmp(one->governor, WANTED);
	if (first)
		cpufreq_put_available_governors(first);
	return found;
}

static bool is_offered(const struct path_root *root, const struct policy *policy)
{
	char path[KNOB_PATH], text[512];

	if (root->is_real && library_offers((unsigned)cpulist_first(&policy->cpus)))
		return true;
	policy_path(policy, "scaling_available_governors", path, sizeof path);
	return path_read(root, path, text, sizeof text, NULL) >= 0 && field_has_word(text, WANTED);
}

static void describe(struct condition *condition, const char *governor)
{
	if (!condition->before[0])
		snprintf(condition->before, sizeof condition->before, "%s", governor);
	else if (!field_has_word(condition->before, governor) &&
		 strlen(condition->before) + strlen(governor) + 2 < CONDITION_VALUE)
		strcat(strcat(condition->before, " "), governor);
}

static int plan_governor(struct knob_plan *plan, const struct policy *policy, size_t *already,
			 struct condition *condition)
{
	char path[KNOB_PATH];
	struct knob_setting *setting = &plan->settings[plan->count];

	policy_path(policy, "scaling_governor", path, sizeof path);
	if (!knob_add(plan, path, WANTED))
		return knob_conclude(&knob_governor, CONDITION_FAILED, condition, "cannot read '/%s'", path);
	describe(condition, setting->before);
	if (!strcmp(setting->before, WANTED)) {
		plan->count--;
		++*already;
		return 0;
	}
	if (is_offered(plan->root, policy))
		return 0;
	snprintf(condition->mend, sizeof condition->mend, "sudo modprobe cpufreq_performance");
	return knob_conclude(&knob_governor, CONDITION_UNSUPPORTED, condition,
			     "policy %d does not offer the governor '" WANTED "'", policy->number);
}

/* --- companions --------------------------------------------------------------------------------------- */

static void add_companions(struct knob_plan *plan, size_t governors)
{
	char path[KNOB_PATH];

	for (size_t i = 0; i < governors; i++) {
		const struct policy policy = { .number = policy_number(plan->settings[i].path) };

		for (size_t leaf = 0; leaf < COUNT(companions); leaf++)
			companion_add(plan, policy_path(&policy, companions[leaf], path, sizeof path));
		companion_add_tunables(plan, &policy, plan->settings[i].before);
	}
	companion_add_common_tunables(plan);
}

static int plan_all(struct knob_plan *plan, const struct knob_context *context, const struct policy *list,
		    size_t policies, struct condition *condition)
{
	size_t already = 0;

	for (size_t i = 0; i < policies; i++) {
		int code = knob_touches_bench(context, &list[i].cpus)
				   ? plan_governor(plan, &list[i], &already, condition)
				   : 0;

		if (code)
			return code;
	}
	if (plan->count) {
		add_companions(plan, plan->count);
		return (int)plan->count;
	}
	if (!already)
		return knob_conclude(&knob_governor, CONDITION_UNSUPPORTED, condition,
				     "no cpufreq policy has the bench's CPU");
	snprintf(condition->value, sizeof condition->value, WANTED);
	return knob_conclude(&knob_governor, CONDITION_ALREADY, condition, "found as wanted");
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	size_t policies;
	struct policy *list = policy_list(context->root, &policies);
	int count;

	if (policies) {
		count = plan_all(plan, context, list, policies, condition);
	} else {
		snprintf(condition->mend, sizeof condition->mend,
			 "let the system control P-states in the firmware set-up; in a VM, set it on its "
			 "host");
		count = knob_conclude(&knob_governor, CONDITION_UNSUPPORTED, condition,
				      "this host has no cpufreq: its hypervisor or firmware sets the clock");
	}
	free(list);
	return count;
}

/* --- writing ------------------------------------------------------------------------------------------ */

static int write_governor(const struct path_root *root, const char *path, const char *value,
			  struct sb_err *err)
{
	const char *leaf = policy_leaf(path);
	char governor[KNOB_VALUE];

	snprintf(governor, sizeof governor, "%s", value);
	if (root->is_real && leaf && !strcmp(leaf, "scaling_governor") &&
	    !cpufreq_modify_policy_governor((unsigned)policy_number(path), governor))
		return 0;
	return path_write(root, path, value, err); /* the library tells no reason */
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *leaf = policy_leaf(path);

	(void)knob;
	for (size_t i = 0; leaf && i < COUNT(companions); i++)
		if (!strcmp(leaf, companions[i]))
			return true;
	return (leaf && !strcmp(leaf, "scaling_governor")) || companion_is_tunable(path);
}

const struct knob knob_governor = {
	.name = "governor",
	.removes = "a clock that follows the load: ramp-up, and drift between samples",
	.scope = KNOB_SCOPE_HOST,
	.is_watched = true,
	.is_plain_file = true,
	.undo_rank = 10,
	.plan = plan,
	.write = write_governor,
	.owns_path = owns_path,
};
