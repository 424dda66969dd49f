/* SPDX-License-Identifier: GPL-2.0-or-later */
/* witness.c - the table; see witness.h. */
#include "host/witness.h"

#include <linux/perf_event.h>
#include <stddef.h>

/* Interrupts whose handlers have these names are no device's: the tick of arm64 and its interrupts between
 * CPUs come like those of devices (arch/arm64/kernel/smp.c, drivers/clocksource/arm_arch_timer.c). */
#define TICK	"name == \"arch_timer\""
#define DEVICES "name != \"arch_timer\" && name != \"IPI\""

/* A tick comes 100 to 1000 times a second whatever the host does, softirqs come with it, and page faults that
 * read no disk are the benchmark's own: these are counted, and no cause. */
static const struct witness table[] = {
	{ .name = "context-switches",
	  .text = "the kernel took the CPU from the benchmark or was given it",
	  .software = PERF_COUNT_SW_CONTEXT_SWITCHES },
	{ .name = "cpu-migrations",
	  .text = "the benchmark was moved to another CPU",
	  .software = PERF_COUNT_SW_CPU_MIGRATIONS,
	  .cause = SB_WIRE_CAUSE_MIGRATION },
	{ .name = "minor-faults",
	  .text = "a page was mapped that was in memory, or was made",
	  .software = PERF_COUNT_SW_PAGE_FAULTS_MIN },
	{ .name = "major-faults",
	  .text = "a page was read from a disk",
	  .software = PERF_COUNT_SW_PAGE_FAULTS_MAJ,
	  .cause = SB_WIRE_CAUSE_MAJOR_FAULT },
	{ .name = "timer",
	  .text = "the tick or a timer of the kernel interrupted",
	  .ways = { { "irq_vectors:local_timer_entry", NULL }, { "irq:irq_handler_entry", TICK } } },
	{ .name = "device-interrupts",
	  .text = "a device interrupted",
	  .ways = { { "irq:irq_handler_entry", DEVICES } },
	  .cause = SB_WIRE_CAUSE_INTERRUPT },
	{ .name = "softirqs",
	  .text = "the kernel did postponed work of an interrupt",
	  .ways = { { "irq:softirq_entry", NULL } },
	  .cause = SB_WIRE_CAUSE_SOFTIRQ },
	{ .name = "reschedule",
	  .text = "another CPU asked this one to look for a task to run",
	  .ways = { { "irq_vectors:reschedule_entry", NULL } },
	  .cause = SB_WIRE_CAUSE_IPI },
	{ .name = "call-function",
	  .text = "another CPU made this one and others run a function, as for emptying a TLB",
	  .ways = { { "irq_vectors:call_function_entry", NULL } },
	  .cause = SB_WIRE_CAUSE_IPI },
	{ .name = "call-function-single",
	  .text = "another CPU made this one run a function",
	  .ways = { { "irq_vectors:call_function_single_entry", NULL } },
	  .cause = SB_WIRE_CAUSE_IPI },
	{ .name = "ipi",
	  .text = "another CPU interrupted this one",
	  .ways = { { "ipi:ipi_entry", NULL } },
	  .cause = SB_WIRE_CAUSE_IPI },
	{ .name = "nmi",
	  .text = "an interrupt that cannot be masked: a watchdog, a profiler, the hardware",
	  .ways = { { "nmi:nmi_handler", NULL } },
	  .cause = SB_WIRE_CAUSE_NMI },
};

_Static_assert(sizeof table / sizeof *table == WITNESS_COUNT, "a launch has room for each of them");

const struct witness *witness_get(unsigned i)
{
	return &table[i];
}

const struct witness *witness_of(uint32_t rows, unsigned i)
{
	for (unsigned row = 0; row < WITNESS_COUNT; row++)
		if ((rows >> row & 1u) && i-- == 0)
			return &table[row];
	return NULL;
}
