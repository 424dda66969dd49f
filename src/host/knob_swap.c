/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_swap.c - no page of a bench goes to swap, by a limit of its control group. swapoff for the whole host
 * would push everybody's pages into memory and could not be undone for a swap that no fstab names.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "host/cgroup.h"

#define LIMIT "memory.swap.max"

/* One line for the heading, one for each place that pages can go to. */
static bool has_swap(const struct path_root *root)
{
	char text[4096];
	const char *line;

	if (path_read(root, "proc/swaps", text, sizeof text, NULL) < 0)
		return false;
	line = strchr(text, '\n');
	return line && line[1];
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	char path[KNOB_PATH];
	size_t already = 0;

	if (!has_swap(context->root))
		return knob_conclude(&knob_swap, CONDITION_ALREADY, condition, "this host has no swap");
	if (cgroup_is_possible(&knob_swap, context, "memory", condition) <= 0)
		return -ENOTSUP;
	if ((!knob_want(plan, cgroup_controller("memory", path, sizeof path), CGROUP_ON, &already) &&
	     !already) ||
	    !knob_add(plan, cgroup_path(context, CGROUP_V2, LIMIT, path, sizeof path), "0"))
		return knob_conclude(&knob_swap, CONDITION_FAILED, condition,
				     "the settings of control groups cannot be read");
	return (int)plan->count;
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *leaf = cgroup_leaf(path, CGROUP_V2);
	char controller[KNOB_PATH];

	(void)knob;
	if (leaf)
		return !strcmp(leaf, LIMIT);
	return !strcmp(path, cgroup_controller("memory", controller, sizeof controller));
}

const struct knob knob_swap = {
	.name = "swap",
	.removes = "waiting for pages of the bench that were swapped out",
	.scope = KNOB_SCOPE_HOST,
	.is_watched = true,
	.is_sole_owner = true,
	.is_undone_last_first = true,
	.undo_rank = 6,
	.plan = plan,
	.read = cgroup_read,
	.write = cgroup_write,
	.is_same = cgroup_is_same,
	.owns_path = owns_path,
};
