/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_tunable.c - knobs that are one file of the kernel and what it should hold: a row each.
 *
 * kernel.watchdog is no row: it reads as the OR of the two watchdogs, so what it held cannot be written back.
 * nmi_watchdog is worth its risk only where hardware counters are read, of which it takes one.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/cpulist.h"
#include "host/housekeeping.h"
#include "host/value.h"

#define CPU	  "sys/devices/system/cpu/"
#define KERNEL	  "proc/sys/kernel/"
#define PERCENT	  KERNEL "perf_cpu_time_max_percent"
#define NODES	  "sys/devices/system/node/online"
#define MERGING	  "1" /* of ksm/run; 2 splits all merged pages at once */
#define EMERGENCY 1   /* the lowest level that printk takes: nothing but "system is unusable" is printed */

struct tunable {
	const char *path;
	const char *wanted;		/* NULL: depends on what is there */
	enum condition_outcome without; /* on a host that has no such file: ALREADY where the noise is gone
					   with it */
	const char *absent;		/* why a host may not have it */
	/* Positive: `target` is to be written. 0: as wanted. Negative: concluded, not possible here. */
	int (*aim)(const struct knob *knob, const struct knob_context *context, const char *before,
		   char target[KNOB_VALUE], struct condition *condition);
};

/* --- what a file should hold ---------------------------------------------------------------------------- */

static const struct tunable *row_of(const struct knob *knob)
{
	return knob->detail;
}

static int aim_value(const struct knob *knob, const struct knob_context *context, const char *before,
		     char target[KNOB_VALUE], struct condition *condition)
{
	(void)context;
	(void)condition;
	snprintf(target, KNOB_VALUE, "%s", row_of(knob)->wanted);
	return !knob_is_same(knob, before, target);
}

static int aim_at_least(const struct knob *knob, const struct knob_context *context, const char *before,
			char target[KNOB_VALUE], struct condition *condition)
{
	const char *wanted = row_of(knob)->wanted;

	return strtoll(before, NULL, 10) >= strtoll(wanted, NULL, 10)
		       ? 0
		       : aim_value(knob, context, before, target, condition);
}

static int conclude_set(const struct knob *knob, int code, const char *before, struct condition *condition)
{
	if (code == -ENOENT)
		return knob_conclude(knob, CONDITION_UNSUPPORTED, condition, "no housekeeping CPU");
	if (code < 0)
		return knob_conclude(knob, CONDITION_FAILED, condition,
				     "'/%s' holds '%.100s', which is no set of CPUs", row_of(knob)->path,
				     before);
	return code;
}

static int aim_mask(const struct knob *knob, const struct knob_context *context, const char *before,
		    char target[KNOB_VALUE], struct condition *condition)
{
	return conclude_set(knob, housekeeping_mask(context, before, target, KNOB_VALUE), before, condition);
}

static int aim_list(const struct knob *knob, const struct knob_context *context, const char *before,
		    char target[KNOB_VALUE], struct condition *condition)
{
	return conclude_set(knob, housekeeping_list(context, before, target, KNOB_VALUE), before, condition);
}

/* Only the first of four levels is the console's own; the others are defaults of other things. */
static int aim_console(const struct knob *knob, const struct knob_context *context, const char *before,
		       char target[KNOB_VALUE], struct condition *condition)
{
	char *rest;
	const long level = strtol(before, &rest, 10);

	(void)knob;
	(void)context;
	(void)condition;
	snprintf(target, KNOB_VALUE, "%d%.32s", EMERGENCY, rest);
	return level > EMERGENCY;
}

static int aim_merging(const struct knob *knob, const struct knob_context *context, const char *before,
		       char target[KNOB_VALUE], struct condition *condition)
{
	return value_is_same_number(before, MERGING) ? aim_value(knob, context, before, target, condition)
						     : 0;
}

static int aim_balancing(const struct knob *knob, const struct knob_context *context, const char *before,
			 char target[KNOB_VALUE], struct condition *condition)
{
	char text[KNOB_VALUE];
	cpu_set_t nodes;

	CPU_ZERO(&nodes);
	if (path_read(context->root, NODES, text, sizeof text, NULL) >= 0)
		cpulist_parse(text, &nodes, NULL);
	if (CPU_COUNT(&nodes) > 1)
		return aim_value(knob, context, before, target, condition);
	return knob_conclude(knob, CONDITION_ALREADY, condition,
			     "there is one memory node only, so nothing is moved between nodes");
}

/* perf_event_max_sample_rate_handler: with the brake at 0 or 100 percent the rate cannot be written. */
static int aim_sampling(const struct knob *knob, const struct knob_context *context, const char *before,
			char target[KNOB_VALUE], struct condition *condition)
{
	long long percent;

	if (path_read_long(context->root, PERCENT, &percent, NULL) || (percent > 0 && percent < 100))
		return aim_value(knob, context, before, target, condition);
	snprintf(condition->mend, sizeof condition->mend, "sudo sysctl kernel.perf_cpu_time_max_percent=25");
	return knob_conclude(knob, CONDITION_UNSUPPORTED, condition,
			     "the kernel takes no sampling rate while '/" PERCENT "' is %lld", percent);
}

/* The kernel lowers the rate by itself where samples take long, so what is lower than it was is nobody's
 * doing; no more than one sample per second is ours. */
static bool is_same_rate(const char *one, const char *other)
{
	const long long now = strtoll(one, NULL, 10), then = strtoll(other, NULL, 10);

	return now == then || (now > 1 && now < then);
}

static const char *spare_nmi_watchdog(const struct knob_context *context)
{
	return context->wants_counters ? NULL : "no hardware counters are wanted";
}

/* --- planning ------------------------------------------------------------------------------------------- */

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	const struct knob *knob = plan->knob;
	const struct tunable *tunable = row_of(knob);
	char before[KNOB_VALUE], target[KNOB_VALUE];
	int code;

	if (!path_exists(context->root, tunable->path))
		return knob_conclude(knob, tunable->without, condition, "%s", tunable->absent);
	if (path_read(context->root, tunable->path, before, sizeof before, NULL) < 0)
		return knob_conclude(knob, CONDITION_FAILED, condition, "cannot read '/%s'", tunable->path);
	condition_keep(condition->before, before);
	code = tunable->aim(knob, context, before, target, condition);
	if (code < 0)
		return code;
	if (code > 0 && knob_add(plan, tunable->path, target))
		return 1;
	if (code > 0)
		return knob_conclude(knob, CONDITION_FAILED, condition, "cannot read '/%s'", tunable->path);
	condition_keep(condition->value, before);
	return knob_conclude(knob, CONDITION_ALREADY, condition, "found as wanted");
}

static bool owns_path(const struct knob *knob, const char *path)
{
	return !strcmp(path, row_of(knob)->path);
}

#define HOST .scope = KNOB_SCOPE_HOST, .is_watched = true, .plan = plan, .owns_path = owns_path
#define ROW(...)                                                                                             \
	(const struct tunable[])                                                                             \
	{                                                                                                    \
		{                                                                                            \
			__VA_ARGS__                                                                          \
		}                                                                                            \
	}

/* --- timers and workers of the kernel ------------------------------------------------------------------- */

const struct knob knob_vmstat = {
	HOST,
	.name = "vmstat",
	.removes = "the worker that adds up memory statistics on each CPU every second",
	.undo_rank = 60,
	.is_same = value_is_same_number,
	.detail = ROW("proc/sys/vm/stat_interval", "120", CONDITION_ALREADY,
		      "this kernel adds up no memory statistics", aim_at_least),
};

const struct knob knob_watchdog_cpus = {
	HOST,
	.name = "watchdog-cpus",
	.removes = "the watchdog that wakes each CPU every few seconds to see whether it is stuck",
	.undo_rank = 60,
	.is_same = value_is_same_cpulist,
	.detail = ROW(KERNEL "watchdog_cpumask", NULL, CONDITION_ALREADY,
		      "this kernel does not watch for stuck CPUs", aim_list),
};

const struct knob knob_nmi_watchdog = {
	HOST,
	.name = "nmi-watchdog",
	.removes = "the watchdog that takes a hardware counter for itself",
	.level = KNOB_OPT_IN,
	.is_unproven = true,
	.undo_rank = 60,
	.is_same = value_is_same_number,
	.spare = spare_nmi_watchdog,
	.detail = ROW(KERNEL "nmi_watchdog", "0", CONDITION_ALREADY,
		      "this kernel has no watchdog by hardware counters", aim_value),
};

const struct knob knob_soft_watchdog = {
	HOST,
	.name = "soft-watchdog",
	.removes = "the watchdog for stuck CPUs, on all of them; a hang goes unnoticed meanwhile",
	.level = KNOB_OPT_IN,
	.undo_rank = 60,
	.is_same = value_is_same_number,
	.detail = ROW(KERNEL "soft_watchdog", "0", CONDITION_ALREADY,
		      "this kernel does not watch for stuck CPUs", aim_value),
};

const struct knob knob_timer_migration = {
	HOST,
	.name = "timer-migration",
	.removes = "timers of idle CPUs that expire on the busy one of the bench",
	.level = KNOB_OPT_IN,
	.undo_rank = 60,
	.is_same = value_is_same_number,
	.detail = ROW(KERNEL "timer_migration", "0", CONDITION_ALREADY,
		      "this kernel leaves each timer on its CPU", aim_value),
};

const struct knob knob_perf_sampling = {
	HOST,
	.name = "perf-sampling",
	.removes = "interrupts of other people's profilers; their 'perf record' gets one sample per second",
	.level = KNOB_OPT_IN,
	.undo_rank = 60,
	.is_same = is_same_rate,
	.detail = ROW(KERNEL "perf_event_max_sample_rate", "1", CONDITION_ALREADY,
		      "this kernel has no perf events", aim_sampling),
};

const struct knob knob_printk = {
	HOST,
	.name = "printk",
	.removes = "kernel messages on a slow console, which stop the CPU that prints them",
	.level = KNOB_OPT_IN,
	.undo_rank = 60,
	.is_same = value_is_same_words,
	.detail =
		ROW(KERNEL "printk", NULL, CONDITION_ALREADY, "this kernel prints no messages", aim_console),
};

const struct knob knob_mce_polling = {
	HOST,
	.name = "mce-polling",
	.removes = "the poll for corrected memory errors, which go unnoticed meanwhile",
	.level = KNOB_BY_NAME,
	.undo_rank = 60,
	.is_same = value_is_same_number,
	/* one switch for all CPUs, shown at each (mce/core.c, set_ignore_ce) */
	.detail = ROW("sys/devices/system/machinecheck/machinecheck0/ignore_ce", "1", CONDITION_ALREADY,
		      "this machine reports no memory errors to the kernel", aim_value),
};

const struct knob knob_workqueue = {
	HOST,
	.name = "workqueue",
	.removes = "kernel workers that may run on any CPU",
	.undo_rank = 50,
	.is_same = value_is_same_cpumask,
	.detail = ROW("sys/devices/virtual/workqueue/cpumask", NULL, CONDITION_UNSUPPORTED,
		      "this kernel does not let its workers be moved", aim_mask),
};

const struct knob knob_writeback = {
	HOST,
	.name = "writeback",
	.removes = "the workers that write files to disks",
	.undo_rank = 50,
	.is_same = value_is_same_cpumask,
	.detail = ROW("sys/bus/workqueue/devices/writeback/cpumask", NULL, CONDITION_UNSUPPORTED,
		      "this kernel does not let the writers of files be moved", aim_mask),
};

const struct knob knob_irq_default = {
	HOST,
	.name = "irq-default",
	.removes = "interrupts of devices that appear during the run",
	.undo_rank = 45,
	.is_same = value_is_same_cpumask,
	.detail = ROW("proc/irq/default_smp_affinity", NULL, CONDITION_UNSUPPORTED,
		      "this kernel does not let interrupts be moved", aim_mask),
};

/* --- memory --------------------------------------------------------------------------------------------- */

const struct knob knob_numa_balancing = {
	HOST,
	.name = "numa-balancing",
	.removes = "page faults that the kernel makes to learn which node uses a page, and the moving of it",
	.undo_rank = 60,
	.is_same = value_is_same_number,
	.detail = ROW(KERNEL "numa_balancing", "0", CONDITION_ALREADY,
		      "this kernel moves no memory between nodes", aim_balancing),
};

const struct knob knob_compaction = {
	HOST,
	.name = "compaction",
	.removes = "memory that is moved in the background to make large free blocks",
	.undo_rank = 60,
	.is_same = value_is_same_number,
	.detail = ROW("proc/sys/vm/compaction_proactiveness", "0", CONDITION_ALREADY,
		      "this kernel moves memory only when it must (before Linux 5.9)", aim_value),
};

const struct knob knob_khugepaged = {
	HOST,
	.name = "khugepaged",
	.removes = "memory that is moved to make room for huge pages in the background",
	.level = KNOB_OPT_IN,
	.undo_rank = 60,
	.is_same = value_is_same_number,
	.detail = ROW("sys/kernel/mm/transparent_hugepage/khugepaged/defrag", "0", CONDITION_ALREADY,
		      "this kernel has no transparent huge pages", aim_value),
};

const struct knob knob_ksm = {
	HOST,
	.name = "ksm",
	.removes = "the search for equal pages, and the faults when they are written to",
	.undo_rank = 60,
	.is_same = value_is_same_number,
	.detail = ROW("sys/kernel/mm/ksm/run", "0", CONDITION_ALREADY, "this kernel merges no equal pages",
		      aim_merging),
};

/* --- what intel_pstate does of its own accord ----------------------------------------------------------- */

const struct knob knob_hwp_dynamic_boost = {
	HOST,
	.name = "hwp-dynamic-boost",
	.removes = "a clock that is raised for a moment when a task wakes from waiting for a disk",
	.level = KNOB_OPT_IN,
	.is_unproven = true,
	.undo_rank = 16,
	.is_same = value_is_same_number,
	.detail = ROW(CPU "intel_pstate/hwp_dynamic_boost", "0", CONDITION_ALREADY,
		      "only intel_pstate has it, where the hardware chooses the clock", aim_value),
};

const struct knob knob_energy_efficiency = {
	HOST,
	.name = "energy-efficiency",
	.removes = "a clock that the processor lowers to save energy",
	.level = KNOB_OPT_IN,
	.is_unproven = true,
	.undo_rank = 16,
	.is_same = value_is_same_number,
	.detail = ROW(CPU "intel_pstate/energy_efficiency", "0", CONDITION_ALREADY,
		      "only intel_pstate on Kaby Lake and Coffee Lake has it", aim_value),
};
