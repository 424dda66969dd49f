/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thief_knob.c - see thief_knob.h. Names of kernel threads:
 * Documentation/admin-guide/kernel-per-CPU-kthreads.rst.
 */
#include "host/thief_knob.h"

#include <fnmatch.h>
#include <stddef.h>
#include "wire.h"

#define BOOT_RCU                                                                                             \
	.text = "callbacks of RCU, which that moves to other CPUs", .instead = "rcu_nocbs= at boot",         \
	.fact = "rcu_nocbs_cpus"

/* From the special to the general: the last row of a kind fits all of it. */
static const struct thief_remedy table[] = {
	{ SB_WIRE_THEFT_TASK, "swapper/*", NULL,
	  .text = "the CPU idled though the benchmark was ready to run: a CPU quota, or that of real-time "
		  "tasks",
	  .instead = "a larger limit of CPU time" },
	{ SB_WIRE_THEFT_TASK, "kworker/u*", "workqueue", .text = "work of the kernel that any CPU may do" },
	{ SB_WIRE_THEFT_TASK, "kworker/*", "vmstat",
	  .text = "work of the kernel that is bound to this CPU; its statistics are the part that comes by "
		  "the clock" },
	{ SB_WIRE_THEFT_TASK, "ksoftirqd/*", "irq-affinity", .text = "work that interrupts have postponed" },
	{ SB_WIRE_THEFT_TASK, "irq/*", "irq-affinity", .text = "the thread of an interrupt" },
	{ SB_WIRE_THEFT_TASK, "rcu*", BOOT_RCU },
	{ SB_WIRE_THEFT_TASK, "khugepaged*", "khugepaged",
	  .text = "the kernel makes huge pages of small ones" },
	{ SB_WIRE_THEFT_TASK, "kcompactd*", "compaction", .text = "the kernel moves pages together" },
	{ SB_WIRE_THEFT_TASK, "ksmd", "ksm", .text = "the kernel looks for equal pages" },
	{ SB_WIRE_THEFT_TASK, "kswapd*", NULL, .text = "the kernel looks for memory",
	  .instead = "more free memory" },
	{ SB_WIRE_THEFT_TASK, "migration/*", "partition",
	  .text = "the kernel moves tasks to and from this CPU" },
	{ SB_WIRE_THEFT_TASK, "watchdog/*", "soft-watchdog",
	  .text = "the kernel looks whether this CPU hangs" },
	{ SB_WIRE_THEFT_TASK, "irqbalance", "irqbalance", .text = "the daemon that moves interrupts" },
	{ SB_WIRE_THEFT_TASK, "*", "partition", .text = "a task that may run on the benchmark's CPU" },
	{ SB_WIRE_THEFT_INTERRUPT, "reschedule", "partition",
	  .text = "another CPU gave this one a task to run" },
	{ SB_WIRE_THEFT_INTERRUPT, "call_function*", "partition",
	  .text = "another CPU had this one run a function, as for emptying a TLB" },
	{ SB_WIRE_THEFT_INTERRUPT, "IPI", "partition", .text = "another CPU interrupted this one" },
	{ SB_WIRE_THEFT_INTERRUPT, "irq_work", "perf-sampling",
	  .text = "work that could not be done where it came up: profilers, messages of the kernel" },
	{ SB_WIRE_THEFT_INTERRUPT, "thermal", "boost",
	  .text = "the processor is too hot; cool it, or take its turbo away" },
	{ SB_WIRE_THEFT_INTERRUPT, "*", "irq-affinity", .text = "a device" },
	{ SB_WIRE_THEFT_SOFTIRQ, "NET_RX", "rps", .text = "packets that came in" },
	{ SB_WIRE_THEFT_SOFTIRQ, "NET_TX", "xps", .text = "packets that went out" },
	{ SB_WIRE_THEFT_SOFTIRQ, "SCHED", "partition", .text = "the scheduler balances load between CPUs" },
	{ SB_WIRE_THEFT_SOFTIRQ, "TIMER", "timer-migration", .text = "timers of the kernel" },
	{ SB_WIRE_THEFT_SOFTIRQ, "HRTIMER", NULL, .text = "timers of tasks",
	  .instead = "moving those who set them" },
	{ SB_WIRE_THEFT_SOFTIRQ, "RCU", BOOT_RCU },
	{ SB_WIRE_THEFT_SOFTIRQ, "*", "irq-affinity", .text = "work that an interrupt has postponed" },
	{ SB_WIRE_THEFT_TIMER, "*", NULL, .text = "the tick, which that stops while one task runs alone",
	  .instead = "nohz_full= at boot", .fact = "nohz_full_cpus" },
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
