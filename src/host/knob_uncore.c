/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_uncore.c - the clock of the last-level cache, mesh and memory controllers of the bench's package, held
 * at its highest.
 *
 * The driver has a folder for each die, or, with TPMI, one for each of its fabrics as well, uncoreNN; then
 * those of the dies are other names of the same registers and are left alone
 * (Documentation/admin-guide/pm/intel_uncore_frequency_scaling.rst).
 */
#include "host/knob_table.h"

#include <stdio.h>
#include <string.h>
#include "host/value.h"

#define FOLDER "sys/devices/system/cpu/intel_uncore_frequency"

struct search {
	const struct knob_context *context;
	struct knob_plan *plan;
	bool has_fabrics;
	size_t domains, already;
};

static bool is_fabric(const char *name)
{
	return !strncmp(name, "uncore", 6) && strlen(name) == 8 && strspn(name + 6, "0123456789") == 2;
}

static bool is_die(const char *name, int *package)
{
	char expected[32];
	int die;

	if (sscanf(name, "package_%2d_die_%2d", package, &die) != 2)
		return false;
	snprintf(expected, sizeof expected, "package_%02d_die_%02d", *package, die);
	return !strcmp(name, expected);
}

static int find_fabric(const char *name, void *context)
{
	struct search *search = context;

	search->has_fabrics |= is_fabric(name);
	return search->has_fabrics;
}

static bool is_of_bench(const struct knob_context *context, long long package)
{
	char path[KNOB_PATH];
	long long mine;

	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &context->topology.bench))
			continue;
		snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/topology/physical_package_id", cpu);
		if (!path_read_long(context->root, path, &mine, NULL) && mine == package)
			return true;
	}
	return false;
}

static bool is_wanted(const struct search *search, const char *name)
{
	char path[KNOB_PATH];
	long long package;
	int number;

	if (is_die(name, &number))
		return !search->has_fabrics && is_of_bench(search->context, number);
	snprintf(path, sizeof path, FOLDER "/%.32s/package_id", name);
	return is_fabric(name) && !path_read_long(search->context->root, path, &package, NULL) &&
	       is_of_bench(search->context, package);
}

/* Up goes the upper limit first. */
static int plan_domain(const char *name, void *context)
{
	static const char *const leaves[] = { "max_freq_khz", "min_freq_khz" };
	struct search *search = context;
	char path[KNOB_PATH], target[32];

	if (!is_wanted(search, name))
		return 0;
	snprintf(path, sizeof path, FOLDER "/%.32s/initial_max_freq_khz", name);
	if (path_read(search->context->root, path, target, sizeof target, NULL) < 0)
		return 0;
	search->domains++;
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, FOLDER "/%.32s/%s", name, leaves[i]);
		knob_want(search->plan, path, target, &search->already);
	}
	return 0;
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	struct search search = { .context = context, .plan = plan };

	path_each(context->root, FOLDER, find_fabric, &search, NULL);
	path_each(context->root, FOLDER, plan_domain, &search, NULL);
	if (plan->count) {
		condition_keep(condition->before, plan->settings[plan->count - 1].before);
		return (int)plan->count;
	}
	if (search.already)
		return knob_conclude(&knob_uncore, CONDITION_ALREADY, condition, "found as wanted");
	snprintf(condition->mend, sizeof condition->mend, "sudo modprobe intel_uncore_frequency");
	return knob_conclude(&knob_uncore, CONDITION_UNSUPPORTED, condition,
			     "the kernel has no switch for the clock of this processor's caches: the driver "
			     "knows Intel servers and some clients, and may not be loaded");
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *name = path + sizeof FOLDER, *leaf = strrchr(path, '/');
	char domain[32];
	int package;

	(void)knob;
	if (strncmp(path, FOLDER "/", sizeof FOLDER) || leaf < name || leaf - name >= (int)sizeof domain)
		return false;
	snprintf(domain, sizeof domain, "%.*s", (int)(leaf - name), name);
	return (is_fabric(domain) || is_die(domain, &package)) &&
	       (!strcmp(leaf, "/min_freq_khz") || !strcmp(leaf, "/max_freq_khz"));
}

const struct knob knob_uncore = {
	.name = "uncore",
	.removes = "a clock of caches and memory that follows the load of the whole package",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_OPT_IN,
	.is_unproven = true,
	.is_watched = true,
	.undo_rank = 32,
	.plan = plan,
	.is_same = value_is_same_number,
	.owns_path = owns_path,
};
