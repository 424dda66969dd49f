/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts.h - what this host and its software are: read, never set. Goes into the record and into `doctor`. */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

/* Calls `text` or `number` for every fact, in a stable order: hostname, os, kernel, architecture, cpu_model,
 * microcode, cpus_online, cores, memory_bytes, hypervisor, container, clocksource, tsc_trusted (0/1),
 * cpufreq_driver, governor, smt, numa_nodes, isolated_cpus, nohz_full_cpus, mitigations (a line), aslr, thp,
 * load_1min, perf_event_paranoid, hardware_counters ("yes" or why not), cmdline. A fact that cannot be read
 * is left out. */
struct facts_sink {
	void (*text)(void *context, const char *key, const char *value);
	void (*number)(void *context, const char *key, double value);
	void *context;
};
void facts_collect(const struct path_root *root, const struct facts_sink *sink);

/* x86 with an invariant TSC that the kernel uses as its clock source. */
bool facts_tsc_is_trusted(const struct path_root *root);

#endif
