/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_resctrl.c - the last-level cache divided by the processor: the upper half of its ways for the bench's
 * core, the lower half for everybody else there. Other caches and the memory bandwidth stay as they are.
 *
 * It is done only where nobody has divided the cache before, for what would be left of others' wishes cannot
 * be told from outside. Masks are contiguous, which Intel's processors insist on. The group goes first on the
 * way back and its files with it. Keys: "FOLDER/schemata@RESOURCE" is the line of that resource.
 *
 * Source: Documentation/arch/x86/resctrl.rst, with its rule to hold a lock on the root during changes.
 */
#include "host/knob_table.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>
#include "base/cpulist.h"
#include "host/cgroup.h"

#define ROOT	 CGROUP_RESCTRL
#define KEY	 "schemata@"
#define CPUS	 "cpus_list"
#define INFO	 ROOT "/info/"
#define PATIENCE 40 /* tries for the lock, 50 ms apart */

/* The second and third instead of the first where code and data have ways of their own. */
static const char *const resources[] = { "L3", "L3CODE", "L3DATA" };

#define RESOURCES (sizeof resources / sizeof resources[0])

/* --- values --------------------------------------------------------------------------------------------- */

/* The file behind a key; gives the resource, NULL for a plain path. */
static const char *split_key(const char *key, char *path, size_t size)
{
	const char *at = strchr(key, '@');

	snprintf(path, size, "%.*s", (int)(at ? at - key : (long)strlen(key)), key);
	return at ? at + 1 : NULL;
}

/* "L3:0=fffff;1=fffff", with spaces before it that align the resources. */
static int find_line(const char *text, const char *resource, char *line, size_t size)
{
	const size_t length = strlen(resource);

	while (*text) {
		text += strspn(text, " \n");
		if (!strncmp(text, resource, length) && text[length] == ':')
			return snprintf(line, size, "%.*s", (int)strcspn(text + length + 1, "\n"),
					text + length + 1);
		text += strcspn(text, "\n");
	}
	return -ENOENT;
}

static int read_setting(const struct path_root *root, const char *key, char *text, size_t size,
			struct sb_err *err)
{
	char path[KNOB_PATH], all[4096];
	const char *resource = split_key(key, path, sizeof path);
	int code;

	if (!resource)
		return cgroup_read(root, key, text, size, err);
	code = path_read(root, path, all, sizeof all, err);
	if (code == -ENOENT && cgroup_leaf(path, ROOT))
		return snprintf(text, size, "%s", "");
	return code < 0 ? code : find_line(all, resource, text, size);
}

static const char *skip_zeros(const char *text)
{
	while (*text == '0' && isxdigit((unsigned char)text[1]))
		text++;
	return text;
}

/* The kernel fills masks up with zeros. */
static bool is_same(const char *one, const char *other)
{
	while (*one && *one == *other) {
		const bool is_before_mask = *one == '=';

		one++;
		other++;
		if (is_before_mask) {
			one = skip_zeros(one);
			other = skip_zeros(other);
		}
	}
	return *one == *other;
}

/* --- writing -------------------------------------------------------------------------------------------- */

static int take_lock(const struct path_root *root, struct sb_err *err)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	int fd = path_open(root, ROOT, O_RDONLY | O_DIRECTORY, err);

	for (int i = 0; fd >= 0 && i < PATIENCE; i++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return fd;
		nanosleep(&pause, NULL);
	}
	if (fd < 0)
		return fd;
	close(fd);
	return err_set(err, -EWOULDBLOCK, "another program holds the lock of '/" ROOT "'");
}

static int is_session(const char *name, void *context)
{
	unsigned long long start;
	int pid;

	(void)context;
	return cgroup_is_ours(name, &pid, &start);
}

static int count_ways(const char *line)
{
	int ways = 0;

	while ((line = strchr(line, '=')))
		ways += __builtin_popcountll(strtoull(++line, NULL, 16));
	return ways;
}

/* Where no group could be made, the ways that others lose would be nobody's. */
static bool is_in_vain(const struct path_root *root, const char *key, const char *value)
{
	char now[KNOB_VALUE];

	return !cgroup_leaf(key, ROOT) && read_setting(root, key, now, sizeof now, NULL) >= 0 &&
	       count_ways(value) < count_ways(now) && path_each(root, ROOT, is_session, NULL, NULL) <= 0;
}

static int write_locked(const struct path_root *root, const char *key, const char *value, struct sb_err *err)
{
	char path[KNOB_PATH], line[KNOB_VALUE + 16];
	const char *resource = split_key(key, path, sizeof path);

	if (!resource)
		return cgroup_write(root, key, value, err);
	if (!value[0]) /* of a group that has gone, or is about to */
		return 0;
	if (is_in_vain(root, key, value))
		return err_set(err, -ENOENT, "there is no group that the ways of '%s' could go to", key);
	snprintf(line, sizeof line, "%s:%s\n", resource, value);
	return path_write(root, path, line, err);
}

static int write_setting(const struct path_root *root, const char *key, const char *value, struct sb_err *err)
{
	int lock = take_lock(root, err), code;

	if (lock < 0)
		return lock;
	code = write_locked(root, key, value, err);
	close(lock);
	return code;
}

/* --- planning ------------------------------------------------------------------------------------------- */

struct cache {
	unsigned long long full; /* all ways */
	int domain;		 /* the one of the bench's core, as the kernel numbers them */
};

static int read_number(const struct path_root *root, const char *path, int base, unsigned long long *number)
{
	char text[64], *end;

	if (path_read(root, path, text, sizeof text, NULL) < 0)
		return -ENOENT;
	errno = 0;
	*number = strtoull(text, &end, base);
	return errno || end == text || *end ? -EBADMSG : 0;
}

static int find_domain(const struct path_root *root, int cpu)
{
	char path[KNOB_PATH];
	unsigned long long level, id;

	for (int index = 0; index < 10; index++) {
		snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cache/index%d/level", cpu, index);
		if (read_number(root, path, 10, &level))
			break;
		snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cache/index%d/id", cpu, index);
		if (level == 3 && !read_number(root, path, 10, &id))
			return (int)id;
	}
	return -ENOENT;
}

/* The line with another mask for one domain. -EBUSY where that has not all ways now. */
static int replace_mask(const char *line, const struct cache *cache, unsigned long long mask, char *text,
			size_t size)
{
	size_t used = 0;
	bool is_found = false;

	while (*line) {
		unsigned long long now;
		int domain, length = 0;

		if (sscanf(line, "%d=%llx%n", &domain, &now, &length) != 2)
			return -EBADMSG;
		if (domain == cache->domain && now != cache->full)
			return -EBUSY;
		is_found |= domain == cache->domain;
		used += (size_t)snprintf(text + used, size - used, "%s%d=%llx", used ? ";" : "", domain,
					 domain == cache->domain ? mask : now);
		if (used >= size)
			return -EFBIG;
		line += length;
		line += *line == ';';
	}
	return is_found ? 0 : -ENOENT;
}

/* Half of the ways from the lowest on; 0 where the halves would be too small. */
static unsigned long long lower_half(unsigned long long full, unsigned long long least)
{
	const int ways = __builtin_popcountll(full);

	if (ways < 2 || (unsigned long long)(ways / 2) < least)
		return 0;
	return full & (((full & -full) << ways / 2) - 1);
}

static int plan_resource(const struct knob_context *context, struct knob_plan *plan, const char *resource)
{
	struct cache cache = { .domain =
				       find_domain(context->root, cpulist_first(&context->topology.bench)) };
	char path[KNOB_PATH], key[64], line[KNOB_VALUE], target[KNOB_VALUE];
	unsigned long long least, low;
	int code;

	snprintf(path, sizeof path, INFO "%s/cbm_mask", resource);
	code = read_number(context->root, path, 16, &cache.full);
	snprintf(path, sizeof path, INFO "%s/min_cbm_bits", resource);
	if (code || read_number(context->root, path, 10, &least) || !(low = lower_half(cache.full, least)))
		return -ENOTSUP;
	snprintf(path, sizeof path, ROOT "/" KEY "%s", resource);
	if (read_setting(context->root, path, line, sizeof line, NULL) < 0)
		return -ENOTSUP;
	code = replace_mask(line, &cache, low, target, sizeof target);
	if (!code && !knob_add(plan, path, target))
		return -EIO;
	snprintf(key, sizeof key, KEY "%s", resource);
	cgroup_path(context, ROOT, key, path, sizeof path);
	if (!code)
		code = replace_mask(line, &cache, cache.full & ~low, target, sizeof target);
	return code || knob_add(plan, path, target) ? code : -EIO;
}

/* Whoever made a group has wishes about the cache. */
static int is_group(const char *name, void *context)
{
	char path[KNOB_PATH];

	if ((size_t)snprintf(path, sizeof path, ROOT "/%s/schemata", name) >= sizeof path)
		return 1;
	return path_exists(context, path);
}

static int plan_cache(const struct knob_context *context, struct knob_plan *plan)
{
	char path[KNOB_PATH], cpus[KNOB_VALUE];
	struct path_root root = *context->root;
	cpu_set_t core;

	if (path_each(&root, ROOT, is_group, &root, NULL) > 0)
		return -EBUSY;
	if (!knob_add(plan, cgroup_path(context, ROOT, NULL, path, sizeof path), CGROUP_PRESENT))
		return -EIO;
	for (size_t i = 0; i < RESOURCES; i++) {
		int code = 0;

		snprintf(path, sizeof path, INFO "%s", resources[i]);
		if (path_exists(&root, path))
			code = plan_resource(context, plan, resources[i]);
		if (code)
			return code;
	}
	if (plan->count == 1)
		return -ENOTSUP;
	CPU_OR(&core, &context->topology.bench, &context->topology.siblings);
	cpulist_format(&core, cpus, sizeof cpus);
	return knob_add(plan, cgroup_path(context, ROOT, CPUS, path, sizeof path), cpus) ? 0 : -EIO;
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	int code;

	if (!path_exists(context->root, ROOT "/schemata")) {
		snprintf(condition->mend, sizeof condition->mend, "mount -t resctrl resctrl /" ROOT);
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
				     "'/" ROOT "' is not mounted, or the processor cannot divide its cache");
	}
	if (!path_is_writable(context->root, ROOT "/schemata"))
		return knob_deny(plan->knob, ROOT "/schemata", condition);
	code = plan_cache(context, plan);
	if (!code)
		return (int)plan->count;
	plan->count = 0;
	if (code == -EBUSY)
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
				     "somebody has divided the cache already, in '/" ROOT "'");
	return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
			     "the last-level cache of the bench's core cannot be divided into halves");
}

/* --- judging -------------------------------------------------------------------------------------------- */

static const char *explain(int code)
{
	if (code == -ENOSPC)
		return "all groups that the processor has room for are taken";
	if (code == -EBUSY)
		return "the processor still remembers an earlier group; try again later";
	return err_reason(code);
}

/* A CPU that `smt-offline` took leaves the list of its group. */
static bool is_reached(const struct knob_result *result)
{
	const char *leaf = cgroup_leaf(result->setting->path, ROOT);
	cpu_set_t found, wanted;

	if (!leaf || strcmp(leaf, CPUS) != 0)
		return is_same(result->observed, result->setting->target);
	return !cpulist_parse(result->observed, &found, NULL) &&
	       !cpulist_parse(result->setting->target, &wanted, NULL) && CPU_COUNT(&found) &&
	       cpulist_is_subset(&found, &wanted);
}

static void judge(const struct knob *knob, const struct knob_result *results, size_t count,
		  struct condition *condition)
{
	for (size_t i = 0; i < count; i++) {
		if (!results[i].code && is_reached(&results[i]))
			continue;
		condition_keep(condition->value, results[i].observed);
		knob_conclude(knob, CONDITION_FAILED, condition, "'/%.100s' is not as wanted: %s",
			      results[i].setting->path,
			      results[i].code ? explain(results[i].code) : "it reads otherwise");
		return;
	}
	knob_conclude(knob, CONDITION_APPLIED, condition,
		      "half of the last-level cache is the bench's core's alone");
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *leaf = cgroup_leaf(path, ROOT);
	static const char top[] = ROOT "/";

	(void)knob;
	if (leaf && (!*leaf || !strcmp(leaf, CPUS)))
		return true;
	if (!leaf && !strncmp(path, top, sizeof top - 1))
		leaf = path + sizeof top - 1;
	for (size_t i = 0; leaf && i < RESOURCES; i++)
		if (!strncmp(leaf, KEY, sizeof KEY - 1) && !strcmp(leaf + sizeof KEY - 1, resources[i]))
			return true;
	return false;
}

const struct knob knob_resctrl = {
	.name = "resctrl",
	.removes = "programs on other cores that push the bench's data out of the shared cache",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_BY_NAME,
	.is_unproven = true,
	.is_watched = true,
	.undo_rank = 5,
	.plan = plan,
	.read = read_setting,
	.write = write_setting,
	.is_same = is_same,
	.judge = judge,
	.owns_path = owns_path,
};
