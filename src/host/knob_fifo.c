/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_fifo.c - real-time scheduling for benches of our library: no ordinary task preempts them.
 *
 * At priority 1 and never above: a spinning task of a higher one starves the kernel's own threads. Never for
 * code of unknown ways (shield), and not where the bench's CPU is also the runner's.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include "host/task.h"

#define RUNTIME "proc/sys/kernel/sched_rt_runtime_us"

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	condition_keep(condition->before, "ordinary scheduling");
	if (context->is_shared)
		return knob_conclude(
			plan->knob, CONDITION_UNSUPPORTED, condition,
			"only for benches of the library: an unknown command could starve the CPU");
	if (CPU_COUNT(&context->topology.housekeeping) == 0)
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
				     "no housekeeping CPU: stablebench itself would starve");
	return 1;
}

static void deny(const struct knob *knob, struct condition *condition)
{
	if (geteuid() != 0) {
		snprintf(condition->mend, sizeof condition->mend, "sudo stablebench run --with fifo");
		knob_conclude(knob, CONDITION_DENIED, condition, "needs root or a limit RLIMIT_RTPRIO of 1");
		return;
	}
	snprintf(condition->mend, sizeof condition->mend,
		 "give the control group a real-time budget: cpu.rt_runtime_us");
	knob_conclude(knob, CONDITION_DENIED, condition,
		      "the kernel refuses real-time scheduling in this control group or container");
}

static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	const int code = task_try(task_set_fifo);
	long long runtime_us = -1;

	context->task.fifo = !code;
	if (code == -EPERM) {
		deny(knob, condition);
		return;
	}
	if (code) {
		knob_conclude(knob, CONDITION_FAILED, condition, "cannot be had: %s", err_reason(code));
		return;
	}
	path_read_long(context->root, RUNTIME, &runtime_us, NULL);
	condition_keep(condition->value, "SCHED_FIFO 1");
	knob_conclude(
		knob, CONDITION_APPLIED, condition, "each launch sets it%s",
		runtime_us < 0 ? "" : "; the kernel still takes the CPU for 5 % of each second that is busy");
}

static void release(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	context->task.fifo = false;
}

const struct knob knob_fifo = {
	.name = "fifo",
	.removes = "other tasks that take the bench's CPU",
	.scope = KNOB_SCOPE_TASK,
	.level = KNOB_OPT_IN,
	.plan = plan,
	.apply = apply,
	.release = release,
};
