/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thief_knob.c - see thief_knob.h. Names of kernel threads:
 * Documentation/admin-guide/kernel-per-CPU-kthreads.rst.
 */
#include "host/thief_knob.h"

#include <fnmatch.h>
#include <stddef.h>
#include "wire.h"

#define BOOT_RCU "callbacks of RCU; the boot parameter rcu_nocbs= moves them to other CPUs"

/* From the special to the general: the last row of a kind fits all of it. */
static const struct thief_remedy table[] = {
	{ SB_WIRE_THEFT_TASK, "swapper/*", NULL,
	  "the CPU idled though the benchmark was ready to run: a CPU quota, or the limit of real-time "
	  "tasks" },
	{ SB_WIRE_THEFT_TASK, "kworker/u*", "workqueue", "work of the kernel that any CPU may do" },
	{ SB_WIRE_THEFT_TASK, "kworker/*", "vmstat",
	  "work of the kernel that is bound to this CPU; its statistics are the part that comes by the "
	  "clock" },
	{ SB_WIRE_THEFT_TASK, "ksoftirqd/*", "irq-affinity", "work that interrupts have postponed" },
	{ SB_WIRE_THEFT_TASK, "irq/*", "irq-affinity", "the thread of an interrupt" },
	{ SB_WIRE_THEFT_TASK, "rcu*", NULL, BOOT_RCU },
	{ SB_WIRE_THEFT_TASK, "khugepaged*", "khugepaged", "the kernel makes huge pages of small ones" },
	{ SB_WIRE_THEFT_TASK, "kcompactd*", "compaction", "the kernel moves pages together" },
	{ SB_WIRE_THEFT_TASK, "ksmd", "ksm", "the kernel looks for equal pages" },
	{ SB_WIRE_THEFT_TASK, "kswapd*", NULL, "the kernel looks for memory; leave more of it free" },
	{ SB_WIRE_THEFT_TASK, "migration/*", "partition", "the kernel moves tasks to and from this CPU" },
	{ SB_WIRE_THEFT_TASK, "watchdog/*", "soft-watchdog", "the kernel looks whether this CPU hangs" },
	{ SB_WIRE_THEFT_TASK, "irqbalance", "irqbalance", "the daemon that moves interrupts" },
	{ SB_WIRE_THEFT_TASK, "*", "partition", "a task that may run on the benchmark's CPU" },
	{ SB_WIRE_THEFT_INTERRUPT, "reschedule", "partition", "another CPU gave this one a task to run" },
	{ SB_WIRE_THEFT_INTERRUPT, "call_function*", "partition",
	  "another CPU had this one run a function, as for emptying a TLB" },
	{ SB_WIRE_THEFT_INTERRUPT, "IPI", "partition", "another CPU interrupted this one" },
	{ SB_WIRE_THEFT_INTERRUPT, "irq_work", "perf-sampling",
	  "work that could not be done where it came up: profilers, messages of the kernel" },
	{ SB_WIRE_THEFT_INTERRUPT, "thermal", "boost",
	  "the processor is too hot; cool it, or take its turbo away" },
	{ SB_WIRE_THEFT_INTERRUPT, "*", "irq-affinity", "a device" },
	{ SB_WIRE_THEFT_SOFTIRQ, "NET_RX", "rps", "packets that came in" },
	{ SB_WIRE_THEFT_SOFTIRQ, "NET_TX", "xps", "packets that went out" },
	{ SB_WIRE_THEFT_SOFTIRQ, "SCHED", "partition", "the scheduler balances load between CPUs" },
	{ SB_WIRE_THEFT_SOFTIRQ, "TIMER", "timer-migration", "timers of the kernel" },
	{ SB_WIRE_THEFT_SOFTIRQ, "HRTIMER", NULL,
	  "timers of tasks; those that set them must leave this CPU" },
	{ SB_WIRE_THEFT_SOFTIRQ, "RCU", NULL, BOOT_RCU },
	{ SB_WIRE_THEFT_SOFTIRQ, "*", "irq-affinity", "work that an interrupt has postponed" },
	{ SB_WIRE_THEFT_TIMER, "*", NULL,
	  "the tick; the boot parameter nohz_full= stops it while one task runs alone" },
};

#define ROWS (sizeof table / sizeof *table)

const struct thief_remedy *thief_remedy_get(unsigned i)
{
	return i < ROWS ? &table[i] : NULL;
}

const struct thief_remedy *thief_remedy(uint32_t kind, const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (table[i].kind == kind && !fnmatch(table[i].names, name, 0))
			return &table[i];
	return NULL;
}

const char *thief_knob(uint32_t kind, const char *name)
{
	const struct thief_remedy *remedy = thief_remedy(kind, name);

	return remedy ? remedy->knob : NULL;
}
