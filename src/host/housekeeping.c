/* SPDX-License-Identifier: GPL-2.0-or-later */
/* housekeeping.c - see housekeeping.h. */
#include "host/housekeeping.h"

#include <errno.h>
#include "base/cpulist.h"
#include "base/cpumask.h"

static bool get_online(const struct path_root *root, cpu_set_t *online)
{
	char text[KNOB_VALUE];

	return path_read(root, "sys/devices/system/cpu/online", text, sizeof text, NULL) >= 0 &&
	       !cpulist_parse(text, online, NULL);
}

static bool has_online(const struct path_root *root, const cpu_set_t *cpus)
{
	cpu_set_t online;

	if (!get_online(root, &online))
		return CPU_COUNT(cpus) > 0;
	CPU_AND(&online, &online, cpus);
	return CPU_COUNT(&online) > 0;
}

static int leave(const struct knob_context *context, cpu_set_t *cpus)
{
	const struct topology *topology = &context->topology;

	if (!knob_touches_bench(context, cpus))
		return 0;
	cpulist_subtract(cpus, &topology->bench);
	cpulist_subtract(cpus, &topology->siblings);
	if (has_online(context->root, cpus))
		return 1;
	*cpus = topology->housekeeping;
	return CPU_COUNT(cpus) ? 1 : -ENOENT;
}

int housekeeping_mask(const struct knob_context *context, const char *before, char *target, size_t size)
{
	cpu_set_t cpus;
	int code = cpumask_parse(before, &cpus);

	if (!code)
		code = leave(context, &cpus);
	if (code > 0)
		cpumask_format(&cpus, target, size);
	return code;
}

int housekeeping_list(const struct knob_context *context, const char *before, char *target, size_t size)
{
	cpu_set_t cpus;
	int code = cpulist_parse(before, &cpus, NULL);

	if (!code)
		code = leave(context, &cpus);
	if (code > 0)
		cpulist_format(&cpus, target, size);
	return code;
}

int housekeeping_all(const struct knob_context *context, char *target, size_t size)
{
	cpu_set_t cpus;

	if (!get_online(context->root, &cpus))
		cpus = context->topology.housekeeping;
	cpulist_subtract(&cpus, &context->topology.bench);
	cpulist_subtract(&cpus, &context->topology.siblings);
	if (!CPU_COUNT(&cpus))
		return -ENOENT;
	cpumask_format(&cpus, target, size);
	return 1;
}
