/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_energy.c - what a CPU itself prefers, speed or thrift, where its firmware chooses the clock: the
 * preference of each policy (HWP, CPPC) and the bias of each CPU (Intel's EPB).
 *
 * Under the governor `performance` the active drivers set the preference to the fastest by themselves, take
 * no other (EBUSY) and put back the one before, or do not (amd-pstate): therefore the governor has it as a
 * companion, which gives way to a session that sets it here; and it goes back behind the governor. The
 * passive drivers leave it alone: there only this sets it.
 */
#include "host/knob_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/policy.h"
#include "host/value.h"

#define PREFERENCE "energy_performance_preference"
#define BIAS	   "sys/devices/system/cpu/cpu%u/power/energy_perf_bias"

/* The names that the kernel takes for a bias, which it reads back as a number (intel_epb.c). */
static const struct {
	const char *name, *number;
} biases[] = {
	{ "performance", "0" }, { "balance-performance", "4" }, { "normal", "6" }, { "balance-power", "8" },
	{ "power", "15" },
};

static int conclude(const struct knob_plan *plan, size_t already, const char *missing,
		    struct condition *condition)
{
	if (plan->count) {
		condition_keep(condition->before, plan->settings[0].before);
		return (int)plan->count;
	}
	if (already)
		return knob_conclude(plan->knob, CONDITION_ALREADY, condition, "found as wanted");
	return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition, "%s", missing);
}

/* --- the preference of a policy ------------------------------------------------------------------------- */

static int plan_preference(const struct knob_context *context, struct knob_plan *plan,
			   struct condition *condition)
{
	char path[KNOB_PATH];
	size_t policies, already = 0;
	struct policy *list = policy_list(context->root, &policies);

	for (size_t i = 0; i < policies; i++)
		if (knob_touches_bench(context, &list[i].cpus))
			knob_want(plan, policy_path(&list[i], PREFERENCE, path, sizeof path), "performance",
				  &already);
	free(list);
	return conclude(plan, already,
			"no energy preference can be set here: it needs HWP on Intel or CPPC on AMD, and a "
			"driver that uses it",
			condition);
}

/* 0 is how some drivers print the fastest. */
static bool is_same_preference(const char *one, const char *other)
{
	const char *left = strcmp(one, "0") ? one : "performance",
		   *right = strcmp(other, "0") ? other : "performance";

	return value_is_same_number(left, right);
}

static bool owns_preference(const struct knob *knob, const char *path)
{
	const char *leaf = policy_leaf(path);

	(void)knob;
	return leaf && !strcmp(leaf, PREFERENCE);
}

/* --- the bias of a CPU ---------------------------------------------------------------------------------- */

static int plan_bias(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	char path[KNOB_PATH];
	size_t already = 0;

	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &context->topology.bench) && !CPU_ISSET(cpu, &context->topology.siblings))
			continue;
		snprintf(path, sizeof path, BIAS, cpu);
		knob_want(plan, path, "0", &already);
	}
	return conclude(plan, already, "this CPU has no energy bias (Intel's EPB)", condition);
}

static const char *bias_number(const char *bias)
{
	for (size_t i = 0; i < sizeof biases / sizeof biases[0]; i++)
		if (!strcmp(bias, biases[i].name))
			return biases[i].number;
	return bias;
}

static bool is_same_bias(const char *one, const char *other)
{
	return value_is_same_number(bias_number(one), bias_number(other));
}

static bool owns_bias(const struct knob *knob, const char *path)
{
	char expected[KNOB_PATH];
	unsigned cpu;

	(void)knob;
	if (sscanf(path, BIAS, &cpu) != 1 || cpu >= CPU_SETSIZE)
		return false;
	snprintf(expected, sizeof expected, BIAS, cpu);
	return !strcmp(path, expected);
}

const struct knob knob_epp = {
	.name = "epp",
	.removes = "a processor that saves energy by lowering the clock on its own",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_OPT_IN,
	.is_unproven = true,
	.is_watched = true,
	.is_moved_along = true,
	.undo_rank = 12,
	.plan = plan_preference,
	.is_same = is_same_preference,
	.owns_path = owns_preference,
};

const struct knob knob_epb = {
	.name = "epb",
	.removes = "a package that leans towards saving energy",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_OPT_IN,
	.is_unproven = true,
	.is_watched = true,
	.undo_rank = 14,
	.plan = plan_bias,
	.is_same = is_same_bias,
	.owns_path = owns_bias,
};
