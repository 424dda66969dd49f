/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_frequency.c - the bench's policies nailed to the base frequency, the highest that does not depend on
 * heat.
 *
 * Reading a limit shows the effective one, writing it sets the request of user space only (freq QoS). Where
 * something else lowers the effective limit while we look, the request cannot be known, and what was read
 * would go back as a request that outlives the cause: then nothing is set. The lower limit must not pass the
 * upper one on the way (EINVAL before Linux 5.4), so the one that makes room is written first; on the way
 * back the second pass of the restore does as much.
 */
#include "host/knob_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/policy.h"
#include "host/value.h"

#define NO_TURBO "sys/devices/system/cpu/intel_pstate/no_turbo"
#define BOOST	 POLICY_ROOT "/boost"

/* -1 where there is no such number. */
static long long read_leaf(const struct path_root *root, const struct policy *policy, const char *leaf)
{
	char path[KNOB_PATH];
	long long value;

	policy_path(policy, leaf, path, sizeof path);
	return path_read_long(root, path, &value, NULL) ? -1 : value;
}

static bool holds(const struct path_root *root, const char *path, long long wanted)
{
	long long value;

	return !path_read_long(root, path, &value, NULL) && value == wanted;
}

/* --- the base frequency --------------------------------------------------------------------------------- */

/* Tables leave the boost frequencies out; but ACPI marks turbo as one more state, 1 MHz above the base. */
static long long highest_of_table(const struct path_root *root, const struct policy *policy)
{
	char path[KNOB_PATH], text[2048], *end;
	long long first = -1, second = -1;

	policy_path(policy, "scaling_available_frequencies", path, sizeof path);
	if (path_read(root, path, text, sizeof text, NULL) < 0)
		return -1;
	for (const char *at = text;; at = end) {
		const long long khz = strtoll(at, &end, 10);

		if (end == at)
			break;
		if (khz > first) {
			second = first;
			first = khz;
		} else if (khz > second) {
			second = khz;
		}
	}
	return second > 0 && first - second == 1000 ? second : first;
}

/* CPPC tells in MHz. */
static long long nominal_of_firmware(const struct path_root *root, const struct policy *policy)
{
	char path[KNOB_PATH];
	long long mhz;

	snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/acpi_cppc/nominal_freq", policy->number);
	return path_read_long(root, path, &mhz, NULL) || mhz <= 0 ? -1 : mhz * 1000;
}

/* cpuinfo_max_freq is the last resort: with turbo on, some drivers count it in. */
static long long find_base_khz(const struct path_root *root, const struct policy *policy)
{
	const long long limit = read_leaf(root, policy, "cpuinfo_max_freq");
	long long base = read_leaf(root, policy, "base_frequency");

	if (base <= 0)
		base = highest_of_table(root, policy);
	if (base <= 0)
		base = nominal_of_firmware(root, policy);
	if (base <= 0 && !path_exists(root, NO_TURBO) && !holds(root, BOOST, 1))
		base = limit;
	return limit > 0 && base > limit ? limit : base;
}

/* --- planning ------------------------------------------------------------------------------------------- */

static int refuse_no_turbo(struct condition *condition)
{
	snprintf(condition->mend, sizeof condition->mend, "echo 0 | sudo tee /%s", NO_TURBO);
	return knob_conclude(&knob_frequency, CONDITION_UNSUPPORTED, condition,
			     "turbo was off before, which lowers the limits that are read: they could not be "
			     "put back as they were asked for");
}

static int refuse_limited(const struct policy *policy, long long limit_khz, struct condition *condition)
{
	snprintf(condition->mend, sizeof condition->mend, "find what the firmware limits the clock for");
	return knob_conclude(&knob_frequency, CONDITION_UNSUPPORTED, condition,
			     "the firmware limits policy %d to %lld kHz now, so the limit that was asked for "
			     "is not known and could not be put back",
			     policy->number, limit_khz);
}

/* Both limits in the order in which the lower one never passes the upper one. */
static bool add_limits(struct knob_plan *plan, const struct policy *policy, long long base_khz,
		       size_t *already)
{
	const bool is_rising = base_khz > read_leaf(plan->root, policy, "scaling_max_freq");
	const char *const leaves[] = { is_rising ? "scaling_max_freq" : "scaling_min_freq",
				       is_rising ? "scaling_min_freq" : "scaling_max_freq" };
	char path[KNOB_PATH], target[32];
	bool is_there = true;

	snprintf(target, sizeof target, "%lld", base_khz);
	for (int i = 0; i < 2; i++)
		is_there &=
			knob_want(plan, policy_path(policy, leaves[i], path, sizeof path), target, already);
	return is_there;
}

static int plan_policy(struct knob_plan *plan, const struct policy *policy, size_t *already,
		       struct condition *condition)
{
	const long long base_khz = find_base_khz(plan->root, policy);
	const long long bios_khz = read_leaf(plan->root, policy, "bios_limit");
	const long long max_khz = read_leaf(plan->root, policy, "scaling_max_freq");

	if (base_khz <= 0)
		return knob_conclude(&knob_frequency, CONDITION_UNSUPPORTED, condition,
				     "no file tells the frequency of policy %d without turbo",
				     policy->number);
	if (bios_khz > 0 && bios_khz == max_khz && bios_khz < base_khz)
		return refuse_limited(policy, bios_khz, condition);
	snprintf(condition->before, sizeof condition->before, "%lld-%lld kHz",
		 read_leaf(plan->root, policy, "scaling_min_freq"), max_khz);
	if (add_limits(plan, policy, base_khz, already))
		return 0;
	return knob_conclude(&knob_frequency, CONDITION_UNSUPPORTED, condition,
			     "policy %d has no limits of its frequency", policy->number);
}

static int plan_all(const struct knob_context *context, struct knob_plan *plan, const struct policy *list,
		    size_t policies, struct condition *condition)
{
	size_t already = 0;

	for (size_t i = 0; i < policies; i++) {
		int code = knob_touches_bench(context, &list[i].cpus)
				   ? plan_policy(plan, &list[i], &already, condition)
				   : 0;

		if (code)
			return code;
	}
	if (plan->count)
		return (int)plan->count;
	if (already)
		return knob_conclude(&knob_frequency, CONDITION_ALREADY, condition, "found as wanted");
	return knob_conclude(&knob_frequency, CONDITION_UNSUPPORTED, condition,
			     "this host has no cpufreq for the bench's CPU: its hypervisor or firmware sets "
			     "the clock");
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	size_t policies;
	struct policy *list;
	int count;

	if (holds(context->root, NO_TURBO, 1))
		return refuse_no_turbo(condition);
	list = policy_list(context->root, &policies);
	count = plan_all(context, plan, list, policies, condition);
	free(list);
	return count;
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *leaf = policy_leaf(path);

	(void)knob;
	return leaf && (!strcmp(leaf, "scaling_min_freq") || !strcmp(leaf, "scaling_max_freq"));
}

const struct knob knob_frequency = {
	.name = "frequency",
	.removes = "what is left of a clock that moves below the base frequency",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_OPT_IN,
	.is_watched = true,
	.is_moved_along = true,
	.undo_rank = 30,
	.plan = plan,
	.is_same = value_is_same_number,
	.owns_path = owns_path,
};
