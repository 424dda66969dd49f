/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_irqbalance.c - the irqbalance daemon is told to leave the bench's core alone; else it takes interrupts
 * back there within ten seconds.
 *
 * What it tells is the list that it heeds, and a new one it heeds from its next look at the interrupts on. So
 * a list that reads as before may be about to change; it is written back all the same, and then waited for:
 * a session that starts meanwhile would take ours for what was there.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/cpulist.h"
#include "base/monotonic.h"
#include "host/irqbalance.h"

#define KEY   "irqbalance/banned-cpus"
#define NONE  "NULL" /* the daemon's own word for an empty list */
#define GRACE 5U     /* seconds that it may be late */

/* --- the setting ------------------------------------------------------------------------------------------
 */

static void format(const cpu_set_t *cpus, char *text, size_t size)
{
	if (CPU_COUNT(cpus))
		cpulist_format(cpus, text, size);
	else
		snprintf(text, size, NONE);
}

static int read_banned(const struct path_root *root, const char *path, char *text, size_t size,
		       struct sb_err *err)
{
	cpu_set_t banned;
	pid_t pid;
	int code = irqbalance_find(root, &pid);

	(void)path;
	if (code)
		return err_set(err, code, "irqbalance does not run");
	code = irqbalance_get_banned(pid, &banned, err);
	if (code)
		return code;
	format(&banned, text, size);
	return (int)strlen(text);
}

static int write_banned(const struct path_root *root, const char *path, const char *value, struct sb_err *err)
{
	cpu_set_t cpus;
	pid_t pid;
	int code;

	(void)path;
	CPU_ZERO(&cpus);
	code = strcmp(value, NONE) != 0 ? cpulist_parse(value, &cpus, err) : 0;
	if (code)
		return code;
	code = irqbalance_find(root, &pid);
	if (code)
		return err_set(err, code, "irqbalance does not run");
	return irqbalance_ban(pid, &cpus, err);
}

static bool is_heeded(const struct path_root *root, const char *path, const char *value)
{
	char now[KNOB_VALUE];

	return read_banned(root, path, now, sizeof now, NULL) < 0 || !strcmp(now, value);
}

/* Until its next look, of which it has one in an interval; a daemon that ends meanwhile forgets all lists. */
static int settle(const struct path_root *root, const char *path, const char *value, struct sb_err *err)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	uint64_t deadline;
	unsigned interval_s;
	pid_t pid;

	if (irqbalance_find(root, &pid) || irqbalance_get_interval(pid, &interval_s, err))
		return 0;
	deadline = monotonic_now_ns() + (interval_s + GRACE) * UINT64_C(1000000000);
	while (!is_heeded(root, path, value)) {
		if (monotonic_now_ns() > deadline)
			return err_set(err, -ETIMEDOUT,
				       "irqbalance did not look at its list of CPUs for %u seconds",
				       interval_s + GRACE);
		nanosleep(&pause, NULL);
	}
	return 0;
}

/* A daemon that was started anew never heard of our list. */
static int identify(const struct path_root *root, const char *path, char *text, size_t size)
{
	char file[64], line[1024];
	unsigned long long start = 0;
	const char *after;
	pid_t pid;
	int code = irqbalance_find(root, &pid);

	(void)path;
	if (code)
		return code;
	snprintf(file, sizeof file, "proc/%d/stat", (int)pid);
	code = path_read(root, file, line, sizeof line, NULL);
	if (code < 0)
		return code;
	after = strrchr(line, ')');
	if (!after ||
	    sscanf(after,
		   ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
		   &start) != 1)
		return -EBADMSG;
	return snprintf(text, size, "%d %llu", (int)pid, start);
}

static bool owns_path(const struct knob *knob, const char *path)
{
	(void)knob;
	return !strcmp(path, KEY);
}

/* --- planning ------------------------------------------------------------------------------------------- */

static int conclude_mute(const struct knob *knob, const struct sb_err *err, struct condition *condition)
{
	if (geteuid() != 0)
		return knob_deny(knob, KEY, condition);
	snprintf(condition->mend, sizeof condition->mend, "sudo systemctl stop irqbalance");
	return knob_conclude(knob, CONDITION_UNSUPPORTED, condition, "%.200s", err->text);
}

static int conclude_banned(const struct knob *knob, const char *banned, struct condition *condition)
{
	condition_keep(condition->value, banned);
	return knob_conclude(knob, CONDITION_ALREADY, condition, "irqbalance keeps off the bench's core");
}

static int conclude_absent(const struct knob_context *context, const struct knob *knob,
			   struct condition *condition)
{
	return context->root->is_real
		       ? knob_conclude(knob, CONDITION_ALREADY, condition,
				       "irqbalance does not run; nothing moves interrupts back")
		       : knob_conclude(knob, CONDITION_UNSUPPORTED, condition,
				       "a recorded machine does not tell whether irqbalance runs");
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	const struct topology *topology = &context->topology;
	char before[KNOB_VALUE], target[KNOB_VALUE];
	struct sb_err err = { 0 };
	cpu_set_t banned, wanted;
	pid_t pid;

	if (irqbalance_find(context->root, &pid))
		return conclude_absent(context, plan->knob, condition);
	if (irqbalance_get_banned(pid, &banned, &err))
		return conclude_mute(plan->knob, &err, condition);
	format(&banned, before, sizeof before);
	condition_keep(condition->before, CPU_COUNT(&banned) ? before : "none");
	CPU_OR(&wanted, &topology->bench, &topology->siblings);
	CPU_OR(&wanted, &wanted, &banned);
	if (CPU_EQUAL(&wanted, &banned))
		return conclude_banned(plan->knob, before, condition);
	if (cpulist_is_subset(&topology->housekeeping, &wanted))
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition, "no housekeeping CPU");
	format(&wanted, target, sizeof target);
	if (knob_add(plan, KEY, target))
		return 1;
	return knob_conclude(plan->knob, CONDITION_FAILED, condition, "irqbalance ended meanwhile");
}

static void judge(const struct knob *knob, const struct knob_result *results, size_t count,
		  struct condition *condition)
{
	const char *target = results[0].setting->target;

	(void)count;
	condition_keep(condition->value, target);
	if (results[0].code)
		knob_conclude(knob, CONDITION_FAILED, condition, "irqbalance did not take the list: %s",
			      err_reason(results[0].code));
	else
		knob_conclude(
			knob, CONDITION_APPLIED, condition,
			strcmp(results[0].observed, target) != 0
				? "taken by irqbalance, which heeds it before it moves an interrupt again"
				: "irqbalance keeps off the bench's core");
}

const struct knob knob_irqbalance = {
	.name = "irqbalance",
	.removes = "interrupts that the irqbalance daemon takes back to the bench's core",
	.scope = KNOB_SCOPE_HOST,
	.asks_daemon = true,
	.may_vanish = true,
	.undo_rank = 80,
	.plan = plan,
	.read = read_banned,
	.write = write_banned,
	.identify = identify,
	.settle = settle,
	.judge = judge,
	.owns_path = owns_path,
};
