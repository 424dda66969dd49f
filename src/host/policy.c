/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy.c - the policies in /sys and the strict shape of their paths; see policy.h. */
#include "host/policy.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"

struct policies {
	const struct path_root *root;
	struct policy *list;
	size_t count;
};

/* "0 1 2", as cpufreq writes its sets. */
static void parse_cpus(const char *text, cpu_set_t *cpus)
{
	char *end;

	CPU_ZERO(cpus);
	for (unsigned long cpu = strtoul(text, &end, 10); end != text; cpu = strtoul(text, &end, 10)) {
		if (cpu < CPU_SETSIZE)
			CPU_SET(cpu, cpus);
		text = end;
	}
}

static int add(const char *name, void *context)
{
	struct policies *policies = context;
	struct policy policy = { 0 };
	char path[96], text[8192];
	int end = 0;

	if (sscanf(name, "policy%4d%n", &policy.number, &end) != 1 || name[end] || policy.number < 0)
		return 0;
	policy_path(&policy, "affected_cpus", path, sizeof path);
	if (path_read(policies->root, path, text, sizeof text, NULL) < 0)
		return 0;
	parse_cpus(text, &policy.cpus);
	if (CPU_COUNT(&policy.cpus) == 0)
		return 0;
	policies->list = alloc_grow(policies->list, policies->count + 1, sizeof *policies->list);
	policies->list[policies->count++] = policy;
	return 0;
}

static int by_number(const void *left, const void *right)
{
	return ((const struct policy *)left)->number - ((const struct policy *)right)->number;
}

struct policy *policy_list(const struct path_root *root, size_t *count)
{
	struct policies policies = { .root = root };

	path_each(root, POLICY_ROOT, add, &policies, NULL);
	if (policies.count)
		qsort(policies.list, policies.count, sizeof *policies.list, by_number);
	*count = policies.count;
	return policies.list;
}

const char *policy_path(const struct policy *policy, const char *leaf, char *path, size_t size)
{
	snprintf(path, size, POLICY_ROOT "/policy%d/%s", policy->number, leaf);
	return path;
}

const char *policy_leaf(const char *path)
{
	const char *at = path + strlen(POLICY_ROOT "/policy");
	size_t digits;

	if (strncmp(path, POLICY_ROOT "/policy", strlen(POLICY_ROOT "/policy")))
		return NULL;
	digits = strspn(at, "0123456789");
	return digits >= 1 && digits <= 4 && at[digits] == '/' ? at + digits + 1 : NULL;
}

int policy_number(const char *path)
{
	return policy_leaf(path) ? atoi(path + strlen(POLICY_ROOT "/policy")) : -1;
}
