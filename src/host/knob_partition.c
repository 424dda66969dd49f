/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_partition.c - the bench's core taken out of everybody else's set of CPUs, by a cgroup v2 partition:
 * tasks of others, the load balancer and unbound kernel workers leave it.
 *
 * `isolated` has no load balancing at all and is for what pins its threads; what starts many tasks of its own
 * gets `root`. The kernel accepts any request and tells by the file's text afterwards what it made of it, so
 * everything is read back, and again after each launch: a later overlap, or systemd, which takes the
 * controller `cpuset` away when no unit asks for it, ends a partition without a word.
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst, "Cpuset Interface Files".
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "base/cpulist.h"
#include "host/cgroup.h"

#define ISOLATED  "isolated"
#define SHARED	  "root"
#define EITHER	  "isolated or root" /* kernels before 6.1 have no isolated one, and some set-ups refuse it */
#define MEMBER	  "member"
#define EXCLUSIVE "cpuset.cpus.exclusive"
#define NODES	  "sys/devices/system/node"

static const char *const files[] = { "cpuset.mems", "cpuset.cpus", EXCLUSIVE, "cpuset.cpus.partition" };

#define FILES (sizeof files / sizeof files[0])

/* --- what it is to hold ------------------------------------------------------------------------------------
 */

static void core_of(const struct knob_context *context, cpu_set_t *core)
{
	CPU_OR(core, &context->topology.bench, &context->topology.siblings);
}

struct nodes {
	const struct path_root *root;
	cpu_set_t core, with_memory, local;
};

static int add_local_node(const char *name, void *context)
{
	struct nodes *nodes = context;
	char path[KNOB_PATH], text[KNOB_VALUE];
	cpu_set_t cpus;
	int number, length = 0;

	if (sscanf(name, "node%4d%n", &number, &length) != 1 || name[length] || number < 0 ||
	    number >= CPU_SETSIZE || !CPU_ISSET(number, &nodes->with_memory))
		return 0;
	snprintf(path, sizeof path, NODES "/%.20s/cpulist", name);
	if (path_read(nodes->root, path, text, sizeof text, NULL) < 0 || cpulist_parse(text, &cpus, NULL))
		return 0;
	CPU_AND(&cpus, &cpus, &nodes->core);
	if (CPU_COUNT(&cpus))
		CPU_SET(number, &nodes->local);
	return 0;
}

/* "" where the kernel tells of no nodes, or the bench's have no memory: then the group has those of the root.
 */
static const char *local_nodes(const struct path_root *root, const cpu_set_t *core, char *text, size_t size)
{
	struct nodes nodes = { .root = root, .core = *core };

	text[0] = '\0';
	CPU_ZERO(&nodes.local);
	if (path_read(root, NODES "/has_memory", text, size, NULL) < 0 ||
	    cpulist_parse(text, &nodes.with_memory, NULL))
		return strcpy(text, "");
	path_each(root, NODES, add_local_node, &nodes, NULL);
	return cpulist_format(&nodes.local, text, size);
}

static bool plan_settings(const struct knob_context *context, struct knob_plan *plan)
{
	char path[KNOB_PATH], cpus[KNOB_VALUE], mems[KNOB_VALUE];
	const char *const targets[FILES] = { mems, cpus, cpus, context->is_shared ? SHARED : EITHER };
	size_t already = 0;
	cpu_set_t core;

	core_of(context, &core);
	cpulist_format(&core, cpus, sizeof cpus);
	local_nodes(context->root, &core, mems, sizeof mems);
	if (!knob_want(plan, cgroup_controller("cpuset", path, sizeof path), CGROUP_ON, &already) && !already)
		return false;
	for (size_t i = 0; i < FILES; i++) {
		cgroup_path(context, CGROUP_V2, files[i], path, sizeof path);
		if (targets[i][0] && !knob_add(plan, path, targets[i]))
			return false;
	}
	return true;
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	if (cgroup_is_possible(&knob_partition, context, "cpuset", condition) <= 0)
		return -ENOTSUP;
	if (!CPU_COUNT(&context->topology.housekeeping))
		return knob_conclude(
			&knob_partition, CONDITION_UNSUPPORTED, condition,
			"no housekeeping CPU: a partition must leave at least one to the others");
	if (!plan_settings(context, plan))
		return knob_conclude(&knob_partition, CONDITION_FAILED, condition,
				     "the settings of control groups cannot be read");
	return (int)plan->count;
}

/* --- writing
 * ------------------------------------------------------------------------------------------------ */

/* A request that the kernel does not fulfil stays as "isolated invalid (why)", and might come true at any
 * time. */
static int write_partition(const struct path_root *root, const char *path, const char *value,
			   struct sb_err *err)
{
	static const char *const kinds[] = { ISOLATED, SHARED };
	char now[KNOB_VALUE], reason[KNOB_VALUE] = "";

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct sb_err refusal = { 0 };

		if (!strstr(value, kinds[i]))
			continue;
		snprintf(now, sizeof now, "%s", "");
		if (path_write(root, path, kinds[i], &refusal))
			snprintf(now, sizeof now, "%.300s", refusal.text);
		else
			path_read(root, path, now, sizeof now, &refusal);
		if (!strcmp(now, kinds[i]))
			return 0;
		if (!reason[0])
			snprintf(reason, sizeof reason, "%s", now);
	}
	if (path_write(root, path, MEMBER, reason[0] ? NULL : err))
		return reason[0] ? err_set(err, -EIO, "%s", reason) : -EIO;
	return reason[0] ? err_set(err, -EBUSY, "the kernel makes no partition of the bench's CPUs: '%s'",
				   reason)
			 : 0;
}

/* Kernels before 6.7 have no cpuset.cpus.exclusive and take cpuset.cpus for it. */
static bool is_old_exclusive(const struct path_root *root, const char *path, char *cpus, size_t size)
{
	const char *leaf = cgroup_leaf(path, CGROUP_V2), *last = strrchr(path, '.');

	if (!leaf || strcmp(leaf, EXCLUSIVE) != 0 || path_exists(root, path))
		return false;
	snprintf(cpus, size, "%.*s", (int)(last - path), path);
	return true;
}

static int read_setting(const struct path_root *root, const char *path, char *text, size_t size,
			struct sb_err *err)
{
	char cpus[KNOB_PATH];

	return cgroup_read(root, is_old_exclusive(root, path, cpus, sizeof cpus) ? cpus : path, text, size,
			   err);
}

static int write_setting(const struct path_root *root, const char *path, const char *value,
			 struct sb_err *err)
{
	const char *leaf = cgroup_leaf(path, CGROUP_V2);
	char cpus[KNOB_PATH];
	int code;

	if (leaf && !strcmp(leaf, "cpuset.cpus.partition"))
		return write_partition(root, path, value, err);
	if (is_old_exclusive(root, path, cpus, sizeof cpus))
		return 0;
	code = cgroup_write(root, path, value, err);
	if (code == -EINVAL && leaf && !strcmp(leaf, EXCLUSIVE))
		err_prefix(err, "another control group claims a CPU of '%s'", value);
	return code;
}

static bool is_kind(const char *text)
{
	return !strcmp(text, ISOLATED) || !strcmp(text, SHARED);
}

static bool is_same(const char *one, const char *other)
{
	if (!strcmp(other, EITHER))
		return is_kind(one) || !strcmp(one, other);
	return !strcmp(one, EITHER) ? is_kind(other) : cgroup_is_same(one, other);
}

/* --- proof that it stands
 * ----------------------------------------------------------------------------------- */

struct proof {
	const struct knob_context *context;
	cpu_set_t core,
		online; /* of the core what is online: a CPU leaves the effective sets with `smt-offline` */
	char reason[CONDITION_REASON]; /* "" while nothing speaks against it */
};

/* A file that a kernel does not have proves nothing. */
static bool read_cpus(const struct proof *proof, const char *path, cpu_set_t *cpus)
{
	char text[KNOB_VALUE];

	CPU_ZERO(cpus);
	if (path_read(proof->context->root, path, text, sizeof text, NULL) < 0)
		return false;
	return !text[0] || !cpulist_parse(text, cpus, NULL);
}

static void need_own(struct proof *proof, const char *file)
{
	char path[KNOB_PATH];
	cpu_set_t found;

	cgroup_path(proof->context, CGROUP_V2, file, path, sizeof path);
	if (proof->reason[0] || !read_cpus(proof, path, &found))
		return;
	CPU_AND(&found, &found, &proof->online);
	if (!CPU_EQUAL(&found, &proof->core))
		snprintf(proof->reason, sizeof proof->reason, "'/%s' does not hold the CPUs asked for", path);
}

static void need_free(struct proof *proof, const char *folder)
{
	char path[KNOB_PATH];
	cpu_set_t found, common;

	snprintf(path, sizeof path, "%.120s/cpuset.cpus.effective", folder);
	if (proof->reason[0] || !read_cpus(proof, path, &found))
		return;
	CPU_AND(&common, &found, &proof->core);
	if (CPU_COUNT(&common))
		snprintf(proof->reason, sizeof proof->reason, "'/%s' still has CPUs of the bench", path);
}

static int need_free_group(const char *name, void *context)
{
	unsigned long long start;
	char folder[KNOB_PATH];
	int pid;

	if (cgroup_is_ours(name, &pid, &start) ||
	    (size_t)snprintf(folder, sizeof folder, CGROUP_V2 "/%s", name) >= sizeof folder)
		return 0;
	need_free(context, folder);
	return 0;
}

static void need_isolated(struct proof *proof)
{
	cpu_set_t found;

	if (!proof->reason[0] && read_cpus(proof, CGROUP_V2 "/cpuset.cpus.isolated", &found) &&
	    !cpulist_is_subset(&proof->core, &found))
		snprintf(proof->reason, sizeof proof->reason,
			 "'/" CGROUP_V2 "/cpuset.cpus.isolated' does not name the bench's CPUs");
}

static void take_online(struct proof *proof)
{
	if (!read_cpus(proof, "sys/devices/system/cpu/online", &proof->online) || !CPU_COUNT(&proof->online))
		proof->online = proof->context->topology.allowed;
	CPU_AND(&proof->core, &proof->core, &proof->online);
}

static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	struct proof proof = { .context = context };
	char path[KNOB_PATH], kind[KNOB_VALUE], cpus[KNOB_VALUE];

	if (!condition_is_met(condition))
		return;
	core_of(context, &proof.core);
	take_online(&proof);
	cpulist_format(&proof.core, cpus, sizeof cpus);
	cgroup_path(context, CGROUP_V2, "cpuset.cpus.partition", path, sizeof path);
	cgroup_read(context->root, path, kind, sizeof kind, NULL);
	condition_keep(condition->value, kind);
	need_own(&proof, "cpuset.cpus.effective");
	need_own(&proof, "cpuset.cpus.exclusive.effective");
	need_free(&proof, CGROUP_V2);
	path_each(context->root, CGROUP_V2, need_free_group, &proof, NULL);
	if (!strcmp(kind, ISOLATED))
		need_isolated(&proof);
	if (proof.reason[0])
		knob_conclude(knob, CONDITION_FAILED, condition, "the partition reads '%.20s', yet %s", kind,
			      proof.reason);
	else
		knob_conclude(knob, CONDITION_APPLIED, condition,
			      "CPU %.100s is in a partition of its own, %s", cpus,
			      strcmp(kind, ISOLATED) ? "with a load balancer" : "without a load balancer");
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *leaf = cgroup_leaf(path, CGROUP_V2);
	char controller[KNOB_PATH];

	(void)knob;
	for (size_t i = 0; leaf && i < FILES; i++)
		if (!strcmp(leaf, files[i]))
			return true;
	return !strcmp(path, cgroup_controller("cpuset", controller, sizeof controller));
}

const struct knob knob_partition = {
	.name = "partition",
	.removes = "other programs, the load balancer and kernel workers on the bench's core",
	.scope = KNOB_SCOPE_HOST,
	.is_watched = true,
	.moves_by_itself = true,
	.is_sole_owner = true,
	.is_undone_last_first = true,
	.undo_rank = 4,
	.plan = plan,
	.apply = apply,
	.read = read_setting,
	.write = write_setting,
	.is_same = is_same,
	.owns_path = owns_path,
};
