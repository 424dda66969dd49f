/* SPDX-License-Identifier: GPL-2.0-or-later */
/* knob_affinity.c - front and keeper keep off the bench's core. */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include "base/cpulist.h"

static int plan(const struct knob_context *context, struct knob_plan *settings, struct condition *condition)
{
	cpu_set_t mine;

	(void)settings;
	mine = context->topology.allowed;
	if (!context->root->is_real || !sched_getaffinity(0, sizeof mine, &mine))
		cpulist_format(&mine, condition->before, sizeof condition->before);
	if (CPU_COUNT(&context->topology.housekeeping) == 0)
		return knob_conclude(&knob_affinity, CONDITION_UNSUPPORTED, condition,
				     "no housekeeping CPU: stablebench shares CPU %d with the bench and "
				     "sleeps during samples",
				     cpulist_first(&context->topology.bench));
	return 1;
}

static int move(pid_t pid, const cpu_set_t *cpus, cpu_set_t *found)
{
	if (sched_setaffinity(pid, sizeof *cpus, cpus) || sched_getaffinity(pid, sizeof *found, found))
		return -errno;
	return CPU_EQUAL(cpus, found) ? 0 : -ERANGE;
}

/* Only while the front is our parent is its number its own. */
static int move_both(const struct knob_context *context, const cpu_set_t *cpus, cpu_set_t *found)
{
	int code = move(0, cpus, found);

	if (!code && context->front > 0 && context->front == getppid())
		code = move(context->front, cpus, found);
	return code;
}

static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	cpu_set_t found;
	int code;

	if (!context->root->is_real) {
		knob_conclude(knob, CONDITION_UNSUPPORTED, condition, "nothing runs on a recorded machine");
		return;
	}
	CPU_ZERO(&found);
	code = move_both(context, &context->topology.housekeeping, &found);
	cpulist_format(&found, condition->value, sizeof condition->value);
	if (code)
		knob_conclude(knob, CONDITION_FAILED, condition,
			      "cannot move stablebench to the housekeeping CPUs: %s", err_reason(code));
	else
		knob_conclude(knob, CONDITION_APPLIED, condition, "stablebench itself runs on CPU %s",
			      condition->value);
}

static void release(const struct knob *knob, struct knob_context *context)
{
	cpu_set_t found;

	(void)knob;
	move_both(context, &context->topology.allowed, &found);
}

const struct knob knob_affinity = {
	.name = "affinity",
	.removes = "the runner's own work on the bench's core",
	.scope = KNOB_SCOPE_TASK,
	.plan = plan,
	.apply = apply,
	.release = release,
};
