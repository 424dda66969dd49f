/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * power_pmu.c - a PMU "power" as arch/x86/events/rapl.c registers it, with a known truth behind it, since
 * QEMU without KVM has no RAPL: package n uses (n + 1) * UNITS_PER_NS units of 2^-32 J in every nanosecond,
 * its cores half of that. As with RAPL a reading moves in steps of about a millisecond. Only for test guests.
 */
#include <linux/cpumask.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/perf_event.h>
#include <linux/topology.h>

#define UNITS_PER_NS 64 /* 14.9 W */
#define STEP_NS	     976562
#define CORES	     1 /* the number that RAPL gives them */
#define PACKAGE	     2

static struct cpumask power_cpus;

static u64 power_now(struct perf_event *event)
{
	const u64 ns = ktime_get_ns();
	const u64 units = (ns - ns % STEP_NS) * UNITS_PER_NS * (topology_physical_package_id(event->cpu) + 1);

	return event->attr.config == CORES ? units / 2 : units;
}

static void power_read(struct perf_event *event)
{
	const u64 now = power_now(event);
	const u64 before = local64_xchg(&event->hw.prev_count, now);

	local64_add(now - before, &event->count);
}

static void power_start(struct perf_event *event, int flags)
{
	event->hw.state = 0;
	local64_set(&event->hw.prev_count, power_now(event));
}

static void power_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	power_read(event);
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
}

static int power_add(struct perf_event *event, int flags)
{
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		power_start(event, flags);
	return 0;
}

static void power_del(struct perf_event *event, int flags)
{
	power_stop(event, flags);
}

/* Stricter than RAPL, which takes any CPU of the package: who opens one has to have read the mask. */
static int power_init(struct perf_event *event)
{
	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (event->attr.config != CORES && event->attr.config != PACKAGE)
		return -EINVAL;
	if (event->cpu < 0 || event->attr.sample_period || !cpumask_test_cpu(event->cpu, &power_cpus))
		return -EINVAL;
	event->event_caps |= PERF_EV_CAP_READ_ACTIVE_PKG;
	return 0;
}

static ssize_t cpumask_show(struct device *device, struct device_attribute *attribute, char *page)
{
	return cpumap_print_to_pagebuf(true, page, &power_cpus);
}
static DEVICE_ATTR_RO(cpumask);

// clang-format off
PMU_EVENT_ATTR_STRING(energy-pkg, package_event, "event=0x02");
PMU_EVENT_ATTR_STRING(energy-pkg.scale, package_scale, "2.3283064365386962890625e-10");
PMU_EVENT_ATTR_STRING(energy-pkg.unit, package_unit, "Joules");
PMU_EVENT_ATTR_STRING(energy-cores, cores_event, "event=0x01");
PMU_EVENT_ATTR_STRING(energy-cores.scale, cores_scale, "2.3283064365386962890625e-10");
PMU_EVENT_ATTR_STRING(energy-cores.unit, cores_unit, "Joules");
// clang-format on
PMU_FORMAT_ATTR(event, "config:0-7");

static struct attribute *cpumask_attributes[] = { &dev_attr_cpumask.attr, NULL };
static struct attribute *format_attributes[] = { &format_attr_event.attr, NULL };
static struct attribute *event_attributes[] = {
	&package_event.attr.attr,
	&package_scale.attr.attr,
	&package_unit.attr.attr,
	&cores_event.attr.attr,
	&cores_scale.attr.attr,
	&cores_unit.attr.attr,
	NULL,
};
static const struct attribute_group cpumask_group = { .attrs = cpumask_attributes };
static const struct attribute_group format_group = { .name = "format", .attrs = format_attributes };
static const struct attribute_group event_group = { .name = "events", .attrs = event_attributes };
static const struct attribute_group *groups[] = { &cpumask_group, &format_group, &event_group, NULL };

static struct pmu power_pmu = {
	.module = THIS_MODULE,
	.task_ctx_nr = perf_invalid_context,
	.capabilities = PERF_PMU_CAP_NO_EXCLUDE,
	.attr_groups = groups,
	.event_init = power_init,
	.add = power_add,
	.del = power_del,
	.start = power_start,
	.stop = power_stop,
	.read = power_read,
};

/* The first CPU of each package. */
static int __init power_pmu_init(void)
{
	int cpu, other;

	for_each_online_cpu(cpu)
	{
		for_each_cpu(other, &power_cpus) if (topology_physical_package_id(other) ==
						     topology_physical_package_id(cpu)) break;
		if (other >= nr_cpu_ids)
			cpumask_set_cpu(cpu, &power_cpus);
	}
	return perf_pmu_register(&power_pmu, "power", -1);
}
module_init(power_pmu_init);
MODULE_DESCRIPTION("a PMU of known power in a test guest");
MODULE_LICENSE("GPL");
