/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * busy_frequency.h - how fast the CPUs of a launch ran while they were not idle. APERF counts the cycles of a
 * CPU, MPERF counts at a fixed rate, which is that of its base frequency, and both stand still while it
 * idles: what one grew by, over what the other did, is the frequency over the base frequency. That ratio is
 * all that the architecture promises of the two (Intel SDM, volume 3, 15.2; AMD APM, volume 2, 17.2).
 */
#ifndef KEEPER_BUSY_FREQUENCY_H
#define KEEPER_BUSY_FREQUENCY_H

#include <sched.h>
#include "base/path.h"
#include "keeper/keeper.h"
#include "keeper/stability.h"

/* Zeroed: nothing is read. */
struct busy_frequency {
	const struct path_root *root; /* borrowed */
	cpu_set_t cpus;
	uint32_t state; /* enum keeper_registers */
	struct stability stability;
	struct busy_cycles {
		uint64_t mperf, aperf;
	} before[CPU_SETSIZE];
};

/* For launches on these CPUs, NULL: wherever the machine lets them run. */
void busy_frequency_prepare(struct busy_frequency *busy, const struct path_root *root, const cpu_set_t *cpus);

/* Before a launch, and after it. Of several CPUs the slowest is told, among those that were busy at least
 * half as long as the busiest: a CPU that only ticks says nothing of the benchmark. */
void busy_frequency_begin(struct busy_frequency *busy);
void busy_frequency_end(struct busy_frequency *busy, struct keeper_busy_frequency *told);

#endif
