/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_sibling_idle.c - what keeps the other hardware threads of the bench's core free. Nothing is set here:
 * the choice of CPUs leaves them to nobody, and `partition`, where it stands, takes them from everybody.
 */
#include "host/knob_table.h"

#include <stdio.h>
#include <string.h>
#include "base/cpulist.h"
#include "host/cgroup.h"

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	(void)plan;
	if (!CPU_COUNT(&context->topology.siblings))
		return knob_conclude(&knob_sibling_idle, CONDITION_ALREADY, condition,
				     "no other hardware thread shares the bench's core");
	cpulist_format(&context->topology.siblings, condition->value, sizeof condition->value);
	return 1;
}

static bool is_in_partition(const struct knob_context *context)
{
	char path[KNOB_PATH], text[KNOB_VALUE];
	cpu_set_t cpus;

	cgroup_path(context, CGROUP_V2, "cpuset.cpus.partition", path, sizeof path);
	if (path_read(context->root, path, text, sizeof text, NULL) < 0 || text[0] == 'm' ||
	    strchr(text, ' '))
		return false; /* a member, or "isolated invalid (why)" */
	cgroup_path(context, CGROUP_V2, "cpuset.cpus.effective", path, sizeof path);
	return path_read(context->root, path, text, sizeof text, NULL) >= 0 &&
	       !cpulist_parse(text, &cpus, NULL) && cpulist_is_subset(&context->topology.siblings, &cpus);
}

static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	if (is_in_partition(context))
		knob_conclude(knob, CONDITION_APPLIED, condition,
			      "CPU %s is in the bench's partition, and nothing is started there",
			      condition->value);
	else
		knob_conclude(
			knob, CONDITION_APPLIED, condition,
			"stablebench leaves CPU %s alone; without a partition other programs may use it",
			condition->value);
}

static void release(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	(void)context;
}

const struct knob knob_sibling_idle = {
	.name = "sibling-idle",
	.removes = "a core's units and caches shared with its other hardware thread",
	.scope = KNOB_SCOPE_TASK,
	.plan = plan,
	.apply = apply,
	.release = release,
};
