/* SPDX-License-Identifier: GPL-2.0-or-later */
/* knob_cpus.c - the choice of the bench's CPUs: a core of its own, away from where the kernel's own work
 * gathers. */
#include "host/knob_table.h"

#include <stdio.h>
#include "base/cpulist.h"

static int plan(const struct knob_context *context, struct knob_plan *settings, struct condition *condition)
{
	(void)settings;
	cpulist_format(&context->topology.allowed, condition->before, sizeof condition->before);
	cpulist_format(&context->topology.bench, condition->value, sizeof condition->value);
	if (CPU_EQUAL(&context->topology.allowed, &context->topology.bench))
		return knob_conclude(&knob_cpus, CONDITION_ALREADY, condition, "%s",
				     context->topology.reason);
	return 1;
}

/* The mask itself is set, and read back, in the child of each launch: a launch that cannot have it fails. */
static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	knob_conclude(knob, CONDITION_APPLIED, condition, "%s", context->topology.reason);
}

static void release(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	(void)context;
}

const struct knob knob_cpus = {
	.name = "cpus",
	.removes = "migrations, and a core shared with other work",
	.scope = KNOB_SCOPE_TASK,
	.plan = plan,
	.apply = apply,
	.release = release,
};
