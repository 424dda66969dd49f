/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pmu.h - the performance monitoring units of this host's cores, and whether this process may use them. */
#ifndef HOST_PMU_H
#define HOST_PMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/path.h"

/* "yes", or "no: " and why: a counter is opened and closed. False on a recorded machine. */
bool pmu_state(const struct path_root *root, char *text, size_t size);

#define PMU_CORES_MAX 16

/* A PMU that belongs to cores and can therefore count for one task; a hybrid processor has several. */
struct pmu_core {
	char name[32]; /* "cpu", "cpu_atom", "armv8_pmuv3" */
	uint32_t type; /* for perf_event_open(2) */
	/* Bits of config1 that ask the kernel to let the counter be read without a system call: arm64, where
	 * kernel.perf_user_access allows it; x86 allows it unasked. */
	uint64_t user_read;
};

/* Those in sysfs below `root`. Gives how many. */
size_t pmu_cores(const struct path_root *root, struct pmu_core *cores, size_t room);

/* Whether a number is of the PMU `msr`: registers of the CPU, of which a task gets what they grew by while it
 * ran (arch/x86/events/msr.c). User space and kernel are one there. */
bool pmu_is_registers(const struct path_root *root, uint32_t type);

/* Whether an event is of a core and counts what the core's other threads do too: "any thread", a bit that
 * Intel's PMUs alone have there (ARCH_PERFMON_EVENTSEL_ANY of arch/x86/include/asm/perf_event.h). The kernel
 * asks for the right to count all of a CPU then (intel_pmu_hw_config). */
bool pmu_counts_siblings(const struct path_root *root, uint32_t type, uint64_t config);

#endif
