/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_smt.c - the hardware threads beside the bench taken offline: an idle one still owns its share of what
 * the core splits in two, and takes interrupts.
 *
 * Planned last, when all that others set on that CPU is planned, and undone first. A CPU takes along what
 * hangs on it: its cpufreq policy with governor, limits and tunables, idle states, energy bias, and the
 * affinity of interrupts that have no other CPU left (migrate_one_irq), none of which the kernel is sure to
 * put back: they are companions, unless another knob sets them and so knows them. Hotplug is refused with
 * EBUSY while something holds it, a moment as a rule.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/cpulist.h"
#include "base/cpumask.h"
#include "host/companion.h"
#include "host/idle.h"
#include "host/policy.h"

#define CPU_FILE "sys/devices/system/cpu/cpu%u/%s"
#define PATIENCE 40 /* looks, 50 ms apart */

static const char *const policy_leaves[] = {
	"scaling_governor", "scaling_setspeed", "boost",
	"scaling_min_freq", "scaling_max_freq", "energy_performance_preference"
};
static const char *const cpu_leaves[] = { "power/energy_perf_bias", "power/pm_qos_resume_latency_us" };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* --- what goes along ------------------------------------------------------------------------------------ */

static void add_policy(struct knob_plan *plan, const struct policy *policy)
{
	char path[KNOB_PATH], governor[64];

	policy_path(policy, "scaling_governor", path, sizeof path);
	if (path_read(plan->root, path, governor, sizeof governor, NULL) < 0)
		return;
	for (size_t i = 0; i < COUNT(policy_leaves); i++)
		companion_add(plan, policy_path(policy, policy_leaves[i], path, sizeof path));
	companion_add_tunables(plan, policy, governor);
}

/* A policy goes when its last CPU does. */
static void add_policies(struct knob_plan *plan, const cpu_set_t *going)
{
	size_t policies;
	struct policy *list = policy_list(plan->root, &policies);
	bool has_any = false;

	for (size_t i = 0; i < policies; i++) {
		if (!cpulist_is_subset(&list[i].cpus, going))
			continue;
		add_policy(plan, &list[i]);
		has_any = true;
	}
	free(list);
	if (has_any)
		companion_add_common_tunables(plan);
}

static void add_cpu(struct knob_plan *plan, unsigned cpu)
{
	char path[KNOB_PATH];

	for (size_t i = 0; i < COUNT(cpu_leaves); i++) {
		snprintf(path, sizeof path, CPU_FILE, cpu, cpu_leaves[i]);
		companion_add(plan, path);
	}
	for (int state = 0; state < IDLE_STATES_MAX; state++) {
		idle_path((int)cpu, state, "disable", path, sizeof path);
		if (!path_exists(plan->root, path))
			break;
		companion_add(plan, path);
	}
}

struct stranded {
	struct knob_plan *plan;
	const cpu_set_t *staying;
};

static bool parse_irq(const char *path)
{
	char expected[KNOB_PATH];
	unsigned irq;

	if (sscanf(path, "proc/irq/%9u/", &irq) != 1)
		return false;
	snprintf(expected, sizeof expected, "proc/irq/%u/smp_affinity", irq);
	return !strcmp(path, expected);
}

static int add_stranded(const char *name, void *context)
{
	const struct stranded *stranded = context;
	char path[KNOB_PATH], text[KNOB_VALUE];
	cpu_set_t cpus;

	snprintf(path, sizeof path, "proc/irq/%.20s/smp_affinity", name);
	if (!parse_irq(path) || path_read(stranded->plan->root, path, text, sizeof text, NULL) < 0 ||
	    cpumask_parse(text, &cpus))
		return 0;
	CPU_AND(&cpus, &cpus, stranded->staying);
	if (!CPU_COUNT(&cpus))
		companion_add(stranded->plan, path);
	return 0;
}

static void add_irqs(struct knob_plan *plan, const cpu_set_t *going)
{
	char text[4096];
	cpu_set_t staying;
	struct stranded stranded = { plan, &staying };

	if (path_read(plan->root, "sys/devices/system/cpu/online", text, sizeof text, NULL) < 0 ||
	    cpulist_parse(text, &staying, NULL))
		return;
	cpulist_subtract(&staying, going);
	path_each(plan->root, "proc/irq", add_stranded, &stranded, NULL);
}

/* --- planning ------------------------------------------------------------------------------------------- */

static int conclude_nothing(bool has_siblings, struct condition *condition)
{
	if (!has_siblings)
		return knob_conclude(&knob_smt_offline, CONDITION_ALREADY, condition,
				     "no other hardware thread is on the bench's core");
	snprintf(condition->mend, sizeof condition->mend,
		 "choose another core with --cpus, or turn SMT off with the boot parameter nosmt");
	return knob_conclude(&knob_smt_offline, CONDITION_UNSUPPORTED, condition,
			     "a hardware thread of the bench's core cannot be taken offline on this host");
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	const cpu_set_t *siblings = &context->topology.siblings;
	char path[KNOB_PATH];
	size_t already = 0;

	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		snprintf(path, sizeof path, CPU_FILE, cpu, "online");
		if (CPU_ISSET(cpu, siblings) && !knob_want(plan, path, "0", &already))
			return conclude_nothing(true, condition);
	}
	if (!plan->count)
		return conclude_nothing(false, condition);
	cpulist_format(siblings, condition->before, sizeof condition->before);
	add_policies(plan, siblings);
	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, siblings))
			add_cpu(plan, cpu);
	add_irqs(plan, siblings);
	return (int)plan->count;
}

/* --- writing -------------------------------------------------------------------------------------------- */

static bool parse_online(const char *path, unsigned *cpu)
{
	char expected[KNOB_PATH];

	if (sscanf(path, "sys/devices/system/cpu/cpu%4u/", cpu) != 1)
		return false;
	snprintf(expected, sizeof expected, CPU_FILE, *cpu, "online");
	return !strcmp(path, expected);
}

static void rest(void)
{
	const struct timespec pause = { .tv_nsec = 50000000 };

	nanosleep(&pause, NULL);
}

/* What comes back with a CPU can only be put right once it is there. */
static void wait_for_policy(const struct path_root *root, unsigned cpu)
{
	char folder[KNOB_PATH], path[KNOB_PATH], text[4096];

	snprintf(folder, sizeof folder, CPU_FILE, cpu, "cpufreq");
	snprintf(path, sizeof path, CPU_FILE, cpu, "cpufreq/affected_cpus");
	for (int i = 0; i < PATIENCE && path_exists(root, folder); i++) {
		if (path_read(root, path, text, sizeof text, NULL) > 0)
			return;
		rest();
	}
}

static int write_file(const struct path_root *root, const char *path, const char *value, struct sb_err *err)
{
	unsigned cpu;
	int code = path_write(root, path, value, err);

	if (!parse_online(path, &cpu))
		return code;
	for (int i = 0; i < PATIENCE && code == -EBUSY; i++) {
		rest();
		code = path_write(root, path, value, err);
	}
	if (!code && *value == '1')
		wait_for_policy(root, cpu);
	return code;
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const char *leaf = policy_leaf(path);
	char expected[KNOB_PATH];
	unsigned cpu, state;

	(void)knob;
	for (size_t i = 0; leaf && i < COUNT(policy_leaves); i++)
		if (!strcmp(leaf, policy_leaves[i]))
			return true;
	if (parse_online(path, &cpu) || parse_irq(path) || idle_parse(path, "disable", &cpu, &state) ||
	    companion_is_tunable(path))
		return true;
	if (sscanf(path, "sys/devices/system/cpu/cpu%4u/", &cpu) != 1)
		return false;
	for (size_t i = 0; i < COUNT(cpu_leaves); i++) {
		snprintf(expected, sizeof expected, CPU_FILE, cpu, cpu_leaves[i]);
		if (!strcmp(path, expected))
			return true;
	}
	return false;
}

const struct knob knob_smt_offline = {
	.name = "smt-offline",
	.removes = "the other hardware thread's share of the bench's core",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_BY_NAME,
	.is_watched = true,
	.is_plain_file = true,
	.takes_along = true,
	.undo_rank = 1,
	.plan = plan,
	.write = write_file,
	.owns_path = owns_path,
};
