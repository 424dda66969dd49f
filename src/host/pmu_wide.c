/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pmu_wide.c - see pmu_wide.h. */
#include "host/pmu_wide.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include "base/cpulist.h"

#define DEVICES	  "sys/bus/event_source/devices"
#define CPUS	  "sys/devices/system/cpu"
#define LIST_SIZE 1024

/* Names that begin so: what they write into memory is a trace of instructions, addresses or transfers. */
static const char *const tracers[] = { "intel_pt", "intel_bts", "arm_spe", "cs_etm", "hisi_ptt" };

static bool read_leaf(const struct path_root *root, const char *name, const char *leaf, char *text,
		      size_t size)
{
	char path[256];

	snprintf(path, sizeof path, DEVICES "/%s/%s", name, leaf);
	return path_read(root, path, text, size, NULL) >= 0;
}

bool pmu_is_wide(const struct path_root *root, const char *name, cpu_set_t *mask)
{
	char text[LIST_SIZE];
	cpu_set_t own;

	for (size_t i = 0; i < sizeof tracers / sizeof tracers[0]; i++)
		if (strncmp(name, tracers[i], strlen(tracers[i])) == 0)
			return false;
	/* a core's lists its own in `cpus` (pmu.c) */
	return strcmp(name, "cpu") != 0 && !read_leaf(root, name, "cpus", text, sizeof text) &&
	       read_leaf(root, name, "cpumask", text, sizeof text) &&
	       cpulist_parse(text, mask ? mask : &own, NULL) == 0;
}

/* --- the PMU of a number -------------------------------------------------------------------------------- */

struct search {
	const struct path_root *root;
	uint32_t type;
	cpu_set_t mask;
};

static int is_wanted(const char *name, void *context)
{
	struct search *search = context;
	char path[256];
	long long type;

	snprintf(path, sizeof path, DEVICES "/%s/type", name);
	return path_read_long(search->root, path, &type, NULL) == 0 && type == search->type &&
	       pmu_is_wide(search->root, name, &search->mask);
}

/* --- where it counts for the bench ---------------------------------------------------------------------- */

/* From the widest down; of each level the CPUs that share it with a CPU, in the folder of that. */
static const struct {
	enum pmu_reach reach;
	const char *leaf;
} levels[] = {
	{ PMU_REACH_PACKAGE, "topology/core_siblings_list" },
	{ PMU_REACH_DIE, "topology/die_cpus_list" },
	{ PMU_REACH_CACHE, "cache/index3/shared_cpu_list" },
	{ PMU_REACH_CORE, "topology/thread_siblings_list" },
};

#define LEVELS (sizeof levels / sizeof levels[0])

static bool read_list(const struct path_root *root, const char *path, cpu_set_t *cpus)
{
	char text[LIST_SIZE];

	return path_read(root, path, text, sizeof text, NULL) >= 0 && cpulist_parse(text, cpus, NULL) == 0;
}

static bool read_level(const struct path_root *root, size_t level, unsigned cpu, cpu_set_t *cpus)
{
	char path[128];

	snprintf(path, sizeof path, CPUS "/cpu%u/%s", cpu, levels[level].leaf);
	return read_list(root, path, cpus);
}

static bool has_one(const cpu_set_t *mask, const cpu_set_t *cpus, unsigned *cpu)
{
	cpu_set_t both;

	CPU_AND(&both, mask, cpus);
	if (CPU_COUNT(&both) != 1)
		return false;
	*cpu = (unsigned)cpulist_first(&both);
	return true;
}

/* One CPU for the whole machine counts for its package where there is no other. */
static bool is_of_host(const struct path_root *root, unsigned cpu, const cpu_set_t *mask, cpu_set_t *online)
{
	cpu_set_t package;

	if (!read_list(root, CPUS "/online", online) || CPU_COUNT(mask) != 1)
		return false;
	return !read_level(root, 0, cpu, &package) || !cpulist_is_subset(online, &package);
}

/* The widest level that the mask has one CPU of: with a CPU for each core in it, the package has several. */
static bool find_level(const struct path_root *root, const cpu_set_t *mask, unsigned cpu, cpu_set_t *covered,
		       struct pmu_wide *wide)
{
	if (is_of_host(root, cpu, mask, covered)) {
		*wide = (struct pmu_wide){ (unsigned)cpulist_first(mask), PMU_REACH_HOST };
		return true;
	}
	for (size_t i = 0; i < LEVELS; i++) {
		wide->reach = levels[i].reach;
		if (read_level(root, i, cpu, covered) && has_one(mask, covered, &wide->cpu))
			return true;
	}
	*wide = (struct pmu_wide){ cpu, PMU_REACH_CPU };
	CPU_ZERO(covered);
	CPU_SET(cpu, covered);
	return CPU_ISSET(cpu, mask);
}

int pmu_wide_find(const struct path_root *root, uint32_t type, const cpu_set_t *bench, struct pmu_wide *wide)
{
	struct search search = { .root = root, .type = type };
	const int cpu = cpulist_first(bench);
	cpu_set_t covered;

	/* the numbers below are the kernel's own kinds: tasks', tracepoints', breakpoints' */
	if (type < PERF_TYPE_MAX || path_each(root, DEVICES, is_wanted, &search, NULL) != 1)
		return -EPERM;
	if (cpu < 0 || !find_level(root, &search.mask, (unsigned)cpu, &covered, wide))
		return -ENODEV;
	return cpulist_is_subset(bench, &covered) ? 0 : -EXDEV;
}

static const char *const names[PMU_REACHES] = {
	[PMU_REACH_TASK] = "task",   [PMU_REACH_CPU] = "cpu", [PMU_REACH_CORE] = "core",
	[PMU_REACH_CACHE] = "cache", [PMU_REACH_DIE] = "die", [PMU_REACH_PACKAGE] = "package",
	[PMU_REACH_HOST] = "host",
};

const char *pmu_reach_name(enum pmu_reach reach)
{
	return names[reach];
}
