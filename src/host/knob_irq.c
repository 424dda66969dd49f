/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_irq.c - each interrupt that may come to the bench's core is told to come to the others.
 *
 * Some cannot be moved: per-CPU ones, and managed ones (queues of NVMe and some network cards), whose masks
 * the kernel keeps. The write fails with EIO before Linux 6.12 or so, EPERM since; that is counted and told,
 * and no failure, for their devices stay quiet as long as no CPU of the bench uses them.
 *
 * A daemon that balances interrupts goes on to do so within what the knob `irqbalance` leaves it. So where
 * one runs, each is told to come to any CPU but the bench's core, where the daemon moves it is nobody's wish
 * that a restore would have to respect, and a change only counts where it leads back to the core.
 *
 * What is read back is the mask that was asked for. Where the interrupt goes (effective_affinity) changes on
 * many machines only when it next fires, so a quiet one would seem not to obey.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/cpulist.h"
#include "base/cpumask.h"
#include "host/housekeeping.h"
#include "host/irqbalance.h"
#include "host/value.h"

#define FOLDER	"proc/irq"
#define DEFAULT FOLDER "/default_smp_affinity"
#define LEAF	"smp_affinity"

struct search {
	const struct knob_context *context;
	struct knob_plan *plan;
	size_t found;
	bool is_balanced; /* by a daemon that moves them on */
	bool has_nowhere; /* there is no CPU to move one to */
};

static bool is_number(const char *text, size_t length)
{
	return length > 0 && length < 8 && strspn(text, "0123456789") >= length;
}

static int add_irq(const char *name, void *context)
{
	struct search *search = context;
	char path[KNOB_PATH], before[KNOB_VALUE], target[KNOB_VALUE];
	int code;

	if (!is_number(name, strlen(name)))
		return 0;
	snprintf(path, sizeof path, FOLDER "/%s/" LEAF, name);
	if (path_read(search->context->root, path, before, sizeof before, NULL) < 0)
		return 0;
	search->found++;
	code = housekeeping_mask(search->context, before, target, sizeof target);
	if (code > 0 && search->is_balanced)
		code = housekeeping_all(search->context, target, sizeof target);
	search->has_nowhere |= code == -ENOENT;
	if (code > 0)
		knob_add(search->plan, path, target);
	return 0;
}

/* Newer kernels show by the file's mode that an interrupt cannot be moved. */
static bool has_movable(const struct knob_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (path_is_writable(plan->root, plan->settings[i].path))
			return true;
	return false;
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	struct search search = { .context = context, .plan = plan };
	pid_t balancer;

	search.is_balanced = !irqbalance_find(context->root, &balancer);
	path_each(context->root, FOLDER, add_irq, &search, NULL);
	if (search.has_nowhere)
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition, "no housekeeping CPU");
	if (!search.found)
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
				     "this kernel does not let interrupts be moved");
	snprintf(condition->before, sizeof condition->before, "%zu of %zu", plan->count, search.found);
	if (!plan->count)
		return knob_conclude(plan->knob, CONDITION_ALREADY, condition,
				     "no interrupt may come to the bench's core");
	if (!has_movable(plan) && path_is_writable(context->root, DEFAULT))
		return knob_conclude(plan->knob, CONDITION_ALREADY, condition,
				     "no interrupt that can be moved may come to the bench's core; %zu "
				     "cannot (managed or per CPU)",
				     plan->count);
	return (int)plan->count;
}

/* --- the verdict ---------------------------------------------------------------------------------------- */

static bool is_unmovable(int code)
{
	return code == -EIO || code == -EPERM || code == -EACCES;
}

static void judge(const struct knob *knob, const struct knob_result *results, size_t count,
		  struct condition *condition)
{
	size_t moved = 0, unmovable = 0, crowded = 0;

	for (size_t i = 0; i < count; i++) {
		moved += knob_is_same(knob, results[i].observed, results[i].setting->target);
		unmovable += is_unmovable(results[i].code);
		crowded += results[i].code == -ENOSPC;
	}
	snprintf(condition->value, sizeof condition->value, "%zu of %zu", count - moved, count);
	if (moved + unmovable < count)
		knob_conclude(knob, CONDITION_FAILED, condition,
			      "%zu of %zu moved, %zu unmovable (managed or per CPU), %zu refused for lack of "
			      "free vectors on the other CPUs, %zu for other reasons",
			      moved, count, unmovable, crowded, count - moved - unmovable - crowded);
	else if (unmovable)
		knob_conclude(knob, moved ? CONDITION_APPLIED : CONDITION_ALREADY, condition,
			      "%zu of %zu moved, %zu unmovable (managed or per CPU)", moved, count,
			      unmovable);
	else
		knob_conclude(knob, CONDITION_APPLIED, condition, "%zu of %zu moved", moved, count);
}

/* --- which interrupt it is ------------------------------------------------------------------------------ */

/* A number is given again to another device: its actions, as in /proc/interrupts, tell. */
static int identify(const struct path_root *root, const char *path, char *text, size_t size)
{
	char file[KNOB_PATH], actions[1024];
	const char *number = path + sizeof FOLDER;
	int code;

	snprintf(file, sizeof file, "sys/kernel/irq/%.*s/actions", (int)strcspn(number, "/"), number);
	code = path_read(root, file, actions, sizeof actions, NULL);
	snprintf(text, size, "%s", code < 0 ? "" : actions);
	return 0;
}

/* A narrower mask keeps off the core too. */
static bool serves(const char *now, const char *left)
{
	cpu_set_t cpus, ours;

	return !cpumask_parse(now, &cpus) && !cpumask_parse(left, &ours) && CPU_COUNT(&cpus) > 0 &&
	       cpulist_is_subset(&cpus, &ours);
}

static bool is_ours(const struct path_root *root)
{
	pid_t balancer;

	return !irqbalance_find(root, &balancer);
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *number = path + sizeof FOLDER;
	size_t length;

	(void)knob;
	if (strncmp(path, FOLDER "/", sizeof FOLDER) != 0)
		return false;
	length = strcspn(number, "/");
	return is_number(number, length) && !strcmp(number + length, "/" LEAF);
}

const struct knob knob_irq_affinity = {
	.name = "irq-affinity",
	.removes = "interrupts of devices",
	.scope = KNOB_SCOPE_HOST,
	.is_watched = true,
	.may_vanish = true,
	.undo_rank = 40,
	.plan = plan,
	.is_same = value_is_same_cpumask,
	.identify = identify,
	.serves = serves,
	.is_ours = is_ours,
	.judge = judge,
	.owns_path = owns_path,
};
