/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_cgroup.c - a control group for the benches of a session, one level below the root: what they start can
 * be ended at one blow, and `partition` and `swap` have a place for their settings. Front and keeper stay
 * outside.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "host/cgroup.h"

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	char path[KNOB_PATH];

	if (cgroup_is_possible(&knob_cgroup, context, NULL, condition) <= 0)
		return -ENOTSUP;
	cgroup_path(context, CGROUP_V2, NULL, path, sizeof path);
	if (!knob_add(plan, path, CGROUP_PRESENT))
		return knob_conclude(&knob_cgroup, CONDITION_FAILED, condition, "cannot look for '/%s'",
				     path);
	return 1;
}

/* The journal is written and the group stands: from now on benches are started into it. */
static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	char path[KNOB_PATH];
	struct sb_err err;

	if (!condition_is_met(condition))
		return;
	context->cgroup_procs_fd =
		path_open(context->root, cgroup_path(context, CGROUP_V2, "cgroup.procs", path, sizeof path),
			  O_WRONLY, &err);
	if (context->cgroup_procs_fd < 0) {
		knob_conclude(knob, CONDITION_FAILED, condition, "%.*s", (int)sizeof condition->reason - 1,
			      err.text);
		return;
	}
	context->cgroup_kill_fd =
		path_open(context->root, cgroup_path(context, CGROUP_V2, "cgroup.kill", path, sizeof path),
			  O_WRONLY, NULL);
	knob_conclude(knob, CONDITION_APPLIED, condition,
		      "benches run in a control group of their own, '/%s'",
		      cgroup_path(context, CGROUP_V2, NULL, path, sizeof path));
}

static void release(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	if (context->cgroup_procs_fd >= 0)
		close(context->cgroup_procs_fd);
	if (context->cgroup_kill_fd >= 0)
		close(context->cgroup_kill_fd);
	context->cgroup_procs_fd = context->cgroup_kill_fd = -1;
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *leaf = cgroup_leaf(path, CGROUP_V2);

	(void)knob;
	return leaf && !*leaf;
}

const struct knob knob_cgroup = {
	.name = "cgroup",
	.removes = "what earlier benches left running",
	.scope = KNOB_SCOPE_HOST,
	.is_watched = true,
	.is_sole_owner = true,
	.undo_rank = 8,
	.plan = plan,
	.apply = apply,
	.release = release,
	.read = cgroup_read,
	.write = cgroup_write,
	.is_same = cgroup_is_same,
	.owns_path = owns_path,
};
