/* SPDX-License-Identifier: GPL-2.0-or-later */
/* quota.c - see quota.h. Method: Documentation/admin-guide/cgroup-v2.rst,
 * Documentation/scheduler/sched-bwc.rst. */
#include "host/quota.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/field.h"

#define GROUP_SIZE 3072

struct quota {
	const struct path_root *root;
	double cpus, throttled; /* 0 CPUs: no limit */
	bool is_counted;
};

/* Where hierarchies stand: alone, beside version 1, and version 1's two names. */
static const struct {
	const char *mount;
	bool is_v2;
} mounts[] = {
	{ "sys/fs/cgroup", true },
	{ "sys/fs/cgroup/unified", true },
	{ "sys/fs/cgroup/cpu", false },
	{ "sys/fs/cgroup/cpu,cpuacct", false },
};

static int read_leaf(const struct quota *quota, const char *mount, const char *group, const char *leaf,
		     char *text, size_t size)
{
	char path[4096];

	snprintf(path, sizeof path, "%s%s%s%s", mount, group, group[1] ? "/" : "", leaf);
	return path_read(quota->root, path, text, size, NULL);
}

/* False: no limit here. */
static bool read_limit(const struct quota *quota, const char *mount, const char *group, bool is_v2,
		       double *cpus)
{
	char text[64], period_text[64] = "", *period = text;
	double time;

	if (read_leaf(quota, mount, group, is_v2 ? "cpu.max" : "cpu.cfs_quota_us", text, sizeof text) < 0)
		return false;
	time = strtod(text, &period); /* "max", and -1, are no limits */
	if (!is_v2 &&
	    read_leaf(quota, mount, group, "cpu.cfs_period_us", period_text, sizeof period_text) >= 0)
		period = period_text;
	if (time <= 0 || strtod(period, NULL) <= 0)
		return false;
	*cpus = time / strtod(period, NULL);
	return true;
}

static void look_at_group(struct quota *quota, const char *mount, const char *group, bool is_v2)
{
	char text[4096];
	double cpus, throttled;

	if (read_limit(quota, mount, group, is_v2, &cpus) && (quota->cpus <= 0 || cpus < quota->cpus))
		quota->cpus = cpus;
	if (read_leaf(quota, mount, group, "cpu.stat", text, sizeof text) < 0 ||
	    !field_number(text, "nr_throttled", &throttled))
		return;
	quota->is_counted = true;
	if (throttled > quota->throttled)
		quota->throttled = throttled;
}

/* From the group up to the root of its hierarchy. A group that is not below the mount, as in a container with
 * version 1, leaves the root, which there is the container's own. */
static void climb(struct quota *quota, const char *mount, const char *group, bool is_v2)
{
	char name[GROUP_SIZE], *slash;

	snprintf(name, sizeof name, "%s", group);
	while ((slash = strrchr(name, '/'))) {
		look_at_group(quota, mount, name, is_v2);
		if (slash == name && !name[1])
			return;
		slash[slash == name] = '\0';
	}
}

/* "0::/group" or "4:cpu,cpuacct:/group" */
static void look_at_line(struct quota *quota, const char *line)
{
	char list[256], group[GROUP_SIZE];
	bool is_v2;

	if (sscanf(line, "%*u:%255[^:\n]:%3071[^\n]", list, group) == 2)
		is_v2 = false;
	else if (sscanf(line, "0::%3071[^\n]", group) == 1)
		is_v2 = true;
	else
		return;
	for (char *comma = list; !is_v2 && (comma = strchr(comma, ',')); comma++)
		*comma = ' ';
	if (!is_v2 && !field_has_word(list, "cpu"))
		return;
	for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++)
		if (mounts[i].is_v2 == is_v2)
			climb(quota, mounts[i].mount, group, is_v2);
}

static bool find(const struct path_root *root, struct quota *quota)
{
	char text[8192];

	*quota = (struct quota){ .root = root };
	if (path_read(root, "proc/self/cgroup", text, sizeof text, NULL) <= 0)
		return false;
	for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		look_at_line(quota, line);
	return true;
}

bool quota_cpus(const struct path_root *root, char *text, size_t size)
{
	struct quota quota;

	if (!find(root, &quota))
		return false;
	if (quota.cpus > 0)
		snprintf(text, size, "%.2f", quota.cpus);
	else
		snprintf(text, size, "none");
	return true;
}

bool quota_throttled(const struct path_root *root, double *periods)
{
	struct quota quota;

	find(root, &quota);
	*periods = quota.throttled;
	return quota.is_counted;
}
