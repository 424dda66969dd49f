/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_page_cache.c - what the host has in memory of its files: the bench's own warm, dirty pages written
 * before the session begins, and, on demand, everything else dropped.
 */
#include "host/knob_table.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/monotonic.h"

#define DROP	    "proc/sys/vm/drop_caches"
#define MEMORY	    "proc/meminfo"
#define CALM_KB	    8192
#define PATIENCE_NS UINT64_C(2000000000)

static void release_nothing(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	(void)context;
}

/* --- warm --------------------------------------------------------------------------------------------------
 */

static int plan_warm(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	(void)context;
	(void)plan;
	(void)condition;
	return 1;
}

static void apply_warm(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	context->task.warm_cache = true;
	knob_conclude(knob, CONDITION_APPLIED, condition, "each launch reads its program before it runs it");
}

static void release_warm(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	context->task.warm_cache = false;
}

const struct knob knob_warm_cache = {
	.name = "warm-cache",
	.removes = "first reads of the program from disk",
	.scope = KNOB_SCOPE_TASK,
	.plan = plan_warm,
	.apply = apply_warm,
	.release = release_warm,
};

/* --- calm
 * --------------------------------------------------------------------------------------------------- */

/* Dirty and Writeback, kB; -1 where the host does not tell. */
static long long unwritten_kb(const struct path_root *root)
{
	char text[8192];
	const char *dirty, *writeback;
	long long dirty_kb, writeback_kb;

	if (path_read(root, MEMORY, text, sizeof text, NULL) < 0)
		return -1;
	dirty = strstr(text, "\nDirty:");
	writeback = strstr(text, "\nWriteback:");
	if (!dirty || !writeback || sscanf(dirty, "\nDirty: %lld", &dirty_kb) != 1 ||
	    sscanf(writeback, "\nWriteback: %lld", &writeback_kb) != 1)
		return -1;
	return dirty_kb + writeback_kb;
}

static int plan_calm(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	const long long now_kb = unwritten_kb(context->root);

	if (now_kb < 0)
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition, "this host does not tell");
	snprintf(condition->before, sizeof condition->before, "%lld kB to write", now_kb);
	condition_keep(condition->value, condition->before);
	if (now_kb <= CALM_KB)
		return knob_conclude(plan->knob, CONDITION_ALREADY, condition,
				     "hardly anything is to be written");
	return 1;
}

/* sync(2) can take minutes on a slow disk, and cannot be ended: a child may be left to it. */
static void write_out(const struct path_root *root)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	const uint64_t deadline = monotonic_now_ns() + PATIENCE_NS;
	const pid_t pid = fork();

	if (pid == 0) {
		sync();
		_exit(0);
	}
	while (pid > 0 && monotonic_now_ns() < deadline && unwritten_kb(root) > CALM_KB)
		nanosleep(&pause, NULL);
	if (pid > 0 && waitpid(pid, NULL, WNOHANG) == 0)
		kill(pid, SIGKILL);
}

static void apply_calm(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	long long now_kb;

	write_out(context->root);
	now_kb = unwritten_kb(context->root);
	snprintf(condition->value, sizeof condition->value, "%lld kB to write", now_kb);
	if (now_kb <= CALM_KB) {
		knob_conclude(knob, CONDITION_APPLIED, condition, "what was to be written is on the disk");
		return;
	}
	snprintf(condition->mend, sizeof condition->mend, "see what writes: iotop, or wait and run sync");
	knob_conclude(knob, CONDITION_FAILED, condition, "after two seconds %lld kB are still to be written",
		      now_kb);
}

const struct knob knob_quiet_disk = {
	.name = "quiet-disk",
	.removes = "the kernel's writing of old data while a bench runs",
	.scope = KNOB_SCOPE_HOST,
	.plan = plan_calm,
	.apply = apply_calm,
	.release = release_nothing,
};

/* --- cold
 * --------------------------------------------------------------------------------------------------- */

static int plan_cold(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	if (!context->root->is_real)
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
				     "a recorded machine has no caches");
	if (!path_exists(context->root, DROP))
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
				     "there is no '/%s' on this host", DROP);
	return path_is_writable(context->root, DROP) ? 1 : knob_deny(plan->knob, DROP, condition);
}

/* Not undone by anything, and nothing to be journaled: the caches fill again by use. */
static void apply_cold(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	struct sb_err err;

	write_out(context->root);
	if (path_write(context->root, DROP, "3", &err))
		knob_conclude(knob, CONDITION_FAILED, condition, "%.*s", CONDITION_REASON - 1, err.text);
	else
		knob_conclude(knob, CONDITION_APPLIED, condition,
			      "pages, names and inodes were dropped once");
}

const struct knob knob_drop_caches = {
	.name = "drop-caches",
	.removes = "what earlier work left in memory of files, for cold starts",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_BY_NAME,
	.plan = plan_cold,
	.apply = apply_cold,
	.release = release_nothing,
};
