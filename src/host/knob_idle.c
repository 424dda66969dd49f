/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_idle.c - what keeps the bench's core alone from sleeping deeply, where dma-latency holds the whole
 * machine.
 *
 * idle-states disables, on each CPU of the core, the states behind the first that halts. All of them, since
 * the governors `menu` and `teo` pass over a disabled state, but `ladder` never reaches those behind one
 * (Documentation/admin-guide/pm/cpuidle.rst). resume-latency asks for the same through PM QoS. Of its file
 * all of user space shares one slot, and it means the opposite of /dev/cpu_dma_latency at its ends: "0" is no
 * constraint, "n/a" tolerates no latency at all (Documentation/ABI/testing/sysfs-devices-power).
 */
#include "host/knob_table.h"

#include <cpuidle.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/idle.h"
#include "host/value.h"

#define RESUME "sys/devices/system/cpu/cpu%u/power/pm_qos_resume_latency_us"

/* Plans one CPU; gives whether it has what is to be set. */
typedef bool (*plan_cpu)(const struct knob_context *context, struct knob_plan *plan, int cpu,
			 size_t *already);

static int plan_core(const struct knob_context *context, struct knob_plan *plan, struct condition *condition,
		     plan_cpu plan_one)
{
	size_t already = 0;
	bool has_any = false;

	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &context->topology.bench) || CPU_ISSET(cpu, &context->topology.siblings))
			has_any |= plan_one(context, plan, cpu, &already);
	if (plan->count) {
		condition_keep(condition->before, plan->settings[0].before);
		return (int)plan->count;
	}
	if (has_any)
		return knob_conclude(plan->knob, CONDITION_ALREADY, condition,
				     already ? "found as wanted" : "there is no idle state deeper than C1");
	snprintf(condition->mend, sizeof condition->mend,
		 "none is needed where the CPUs never sleep; in a VM, pin and busy-wait on its host");
	return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
			     "the kernel manages no idle states here; in a virtual machine the hypervisor "
			     "does");
}

/* --- idle-states ---------------------------------------------------------------------------------------- */

static bool plan_states(const struct knob_context *context, struct knob_plan *plan, int cpu, size_t *already)
{
	long long latency_us;
	char path[KNOB_PATH];
	const int first = idle_find_first(context->root, cpu, &latency_us);

	for (int state = first + 1; first >= 0 && state < IDLE_STATES_MAX; state++)
		if (!knob_want(plan, idle_path(cpu, state, "disable", path, sizeof path), "1", already))
			break;
	return first >= 0;
}

static int plan_idle_states(const struct knob_context *context, struct knob_plan *plan,
			    struct condition *condition)
{
	return plan_core(context, plan, condition, plan_states);
}

static int write_state(const struct path_root *root, const char *path, const char *value, struct sb_err *err)
{
	unsigned cpu, state;

	if (root->is_real && idle_parse(path, "disable", &cpu, &state) &&
	    !cpuidle_state_disable(cpu, state, *value == '1'))
		return 0;
	return path_write(root, path, value, err); /* the library tells no reason */
}

static bool owns_state(const struct knob *knob, const char *path)
{
	unsigned cpu, state;

	(void)knob;
	return idle_parse(path, "disable", &cpu, &state);
}

/* --- resume-latency ------------------------------------------------------------------------------------- */

static void format_request(long long latency_us, char *text, size_t size)
{
	if (latency_us)
		snprintf(text, size, "%lld", latency_us);
	else
		snprintf(text, size, "n/a");
}

/* Somebody else's tighter request serves as well. */
static bool is_as_tight(const char *found, long long latency_us)
{
	const long long limit_us = atoll(found);

	return !strcmp(found, "n/a") || (limit_us > 0 && limit_us <= latency_us);
}

static bool plan_request(const struct knob_context *context, struct knob_plan *plan, int cpu, size_t *already)
{
	long long latency_us;
	char path[KNOB_PATH], target[32];

	if (idle_find_first(context->root, cpu, &latency_us) < 0)
		return false;
	snprintf(path, sizeof path, RESUME, (unsigned)cpu);
	format_request(latency_us, target, sizeof target);
	if (!knob_want(plan, path, target, already))
		return false;
	if (plan->count && !strcmp(plan->settings[plan->count - 1].path, path) &&
	    is_as_tight(plan->settings[plan->count - 1].before, latency_us)) {
		plan->count--;
		++*already;
	}
	return true;
}

static int plan_resume_latency(const struct knob_context *context, struct knob_plan *plan,
			       struct condition *condition)
{
	return plan_core(context, plan, condition, plan_request);
}

static bool owns_request(const struct knob *knob, const char *path)
{
	char expected[KNOB_PATH];
	unsigned cpu;

	(void)knob;
	if (sscanf(path, RESUME, &cpu) != 1 || cpu >= CPU_SETSIZE)
		return false;
	snprintf(expected, sizeof expected, RESUME, cpu);
	return !strcmp(path, expected);
}

const struct knob knob_idle_states = {
	.name = "idle-states",
	.removes = "wake-up time and lost caches of deep idle states, on the bench's core alone",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_OPT_IN,
	.is_watched = true,
	.is_plain_file = true,
	.undo_rank = 35,
	.plan = plan_idle_states,
	.write = write_state,
	.is_same = value_is_same_number,
	.owns_path = owns_state,
};

const struct knob knob_resume_latency = {
	.name = "resume-latency",
	.removes = "deep idle states of the bench's core, by a request in the place of dma-latency's",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_BY_NAME,
	.is_watched = true,
	.undo_rank = 36,
	.plan = plan_resume_latency,
	.is_same = value_is_same_number,
	.owns_path = owns_request,
};
