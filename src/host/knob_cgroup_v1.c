/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_cgroup_v1.c - a cpuset of version 1 for the benches, where `partition` is not to be had: with
 * cpu_exclusive no other cpuset beside it may have the bench's core. Tasks of the root cpuset still may, and
 * on most hosts that is where they are; moving each of them to a second cpuset, and back, would race with
 * every fork and lose those that cannot be moved, so it is not done.
 *
 * Source: Documentation/admin-guide/cgroup-v1/cpusets.rst: cpus and mems must be set before a task can join.
 */
#include "host/knob_table.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/cpulist.h"
#include "host/cgroup.h"

static const char *const files[] = { "cpuset.mems", "cpuset.cpus", "cpuset.cpu_exclusive" };

#define FILES (sizeof files / sizeof files[0])

static bool plan_settings(const struct knob_context *context, struct knob_plan *plan)
{
	char path[KNOB_PATH], cpus[KNOB_VALUE], mems[KNOB_VALUE];
	const char *const targets[FILES] = { mems, cpus, "1" };
	cpu_set_t core;

	CPU_OR(&core, &context->topology.bench, &context->topology.siblings);
	cpulist_format(&core, cpus, sizeof cpus);
	if (path_read(context->root, CGROUP_V1 "/cpuset.mems", mems, sizeof mems, NULL) < 0 ||
	    !knob_add(plan, cgroup_path(context, CGROUP_V1, NULL, path, sizeof path), CGROUP_PRESENT))
		return false;
	for (size_t i = 0; i < FILES; i++)
		if (!knob_add(plan, cgroup_path(context, CGROUP_V1, files[i], path, sizeof path), targets[i]))
			return false;
	return true;
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	if (!path_exists(context->root, CGROUP_V1 "/cpuset.cpus"))
		return knob_conclude(&knob_cgroup_v1, CONDITION_UNSUPPORTED, condition,
				     "cpusets of version 1 are not mounted at '/" CGROUP_V1 "'");
	if (!CPU_COUNT(&context->topology.housekeeping))
		return knob_conclude(&knob_cgroup_v1, CONDITION_UNSUPPORTED, condition,
				     "no housekeeping CPU: nothing can be kept off the bench's CPUs");
	if (!path_is_writable(context->root, CGROUP_V1 "/tasks"))
		return knob_deny(&knob_cgroup_v1, CGROUP_V1 "/tasks", condition);
	if (!plan_settings(context, plan))
		return knob_conclude(&knob_cgroup_v1, CONDITION_FAILED, condition,
				     "the settings of cpusets cannot be read");
	return (int)plan->count;
}

static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	char path[KNOB_PATH];
	struct sb_err err;

	if (!condition_is_met(condition))
		return;
	cgroup_path(context, CGROUP_V1, "cgroup.procs", path, sizeof path);
	context->cpuset_procs_fd = path_open(context->root, path, O_WRONLY, &err);
	if (context->cpuset_procs_fd < 0)
		knob_conclude(knob, CONDITION_FAILED, condition, "%.*s", (int)sizeof condition->reason - 1,
			      err.text);
	else
		knob_conclude(knob, CONDITION_APPLIED, condition,
			      "no other cpuset may have the bench's core; what is in no cpuset still may");
}

static void release(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	if (context->cpuset_procs_fd >= 0)
		close(context->cpuset_procs_fd);
	context->cpuset_procs_fd = -1;
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *leaf = cgroup_leaf(path, CGROUP_V1);

	(void)knob;
	for (size_t i = 0; leaf && i < FILES; i++)
		if (!strcmp(leaf, files[i]))
			return true;
	return leaf && !*leaf;
}

const struct knob knob_cgroup_v1 = {
	.name = "cgroup-v1",
	.removes = "programs of other cpusets on the bench's core",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_BY_NAME,
	.is_watched = true,
	.is_sole_owner = true,
	.is_undone_last_first = true,
	.undo_rank = 7,
	.plan = plan,
	.apply = apply,
	.release = release,
	.read = cgroup_read,
	.write = cgroup_write,
	.is_same = cgroup_is_same,
	.owns_path = owns_path,
};
