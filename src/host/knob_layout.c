/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_layout.c - where things lie in a bench's memory: by default another place in every launch, so that the
 * luck of one layout is averaged out and shows as variation; on demand the same in all, which is precise and
 * biased.
 *
 * Sources: Mytkowicz et al., "Producing wrong data without doing anything obviously wrong" (2009); Curtsinger
 * and Berger, "Stabilizer" (2013).
 */
#include "host/knob_table.h"

#include <stdio.h>
#include "host/task.h"

#define RANDOMIZE "proc/sys/kernel/randomize_va_space"

/* --- another one in each launch ------------------------------------------------------------------------- */

static int plan_random(const struct knob_context *context, struct knob_plan *plan,
		       struct condition *condition)
{
	long long mode;

	if (path_read_long(context->root, RANDOMIZE, &mode, NULL))
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition, "this host does not tell");
	snprintf(condition->before, sizeof condition->before, "%lld", mode);
	if (mode >= 2)
		return 1;
	snprintf(condition->mend, sizeof condition->mend, "sudo sysctl kernel.randomize_va_space=2");
	return knob_conclude(
		plan->knob, CONDITION_FAILED, condition,
		"the kernel does not shuffle all addresses (randomize_va_space is %lld): every launch has "
		"the luck of much the same layout, but for the padding of its environment",
		mode);
}

static void apply_random(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	condition_keep(condition->value, context->task.fixed_layout ? "fixed" : "shuffled");
	if (context->task.fixed_layout)
		knob_conclude(knob, CONDITION_REFUSED, condition, "left out by fixed-layout");
	else
		knob_conclude(knob, CONDITION_APPLIED, condition,
			      "each launch has addresses of its own, and a padded environment by its seed");
}

static void release_random(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	(void)context;
}

const struct knob knob_layout = {
	.name = "layout",
	.removes = "the luck of one memory layout",
	.scope = KNOB_SCOPE_TASK,
	.plan = plan_random,
	.apply = apply_random,
	.release = release_random,
};

/* --- what a child tries before it is promised ----------------------------------------------------------- */

static int plan_task(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	(void)plan;
	(void)context;
	condition_keep(condition->before, "as the kernel does");
	return 1;
}

static bool promise(const struct knob *knob, int (*set)(void), const char *value, struct condition *condition)
{
	const int code = task_try(set);

	if (code) {
		knob_conclude(knob, CONDITION_DENIED, condition, "the kernel or a filter refuses it: %s",
			      err_reason(code));
		return false;
	}
	condition_keep(condition->value, value);
	knob_conclude(knob, CONDITION_APPLIED, condition, "each launch sets it");
	return true;
}

static void apply_fixed(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	context->task.fixed_layout = promise(knob, task_fix_layout, "fixed", condition);
}

static void apply_small(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	context->task.no_huge_page = promise(knob, task_forbid_huge_pages, "small pages", condition);
}

static void release_task(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	context->task.fixed_layout = context->task.no_huge_page = false;
}

const struct knob knob_fixed_layout = {
	.name = "fixed-layout",
	.removes = "differences of memory layout between launches, at the price of one layout's luck",
	.scope = KNOB_SCOPE_TASK,
	.level = KNOB_BY_NAME,
	.plan = plan_task,
	.apply = apply_fixed,
	.release = release_task,
};

const struct knob knob_small_pages = {
	.name = "small-pages",
	.removes = "huge pages that come and go: faults of two kinds, and another reach of the TLB",
	.scope = KNOB_SCOPE_TASK,
	.level = KNOB_BY_NAME,
	.plan = plan_task,
	.apply = apply_small,
	.release = release_task,
};
