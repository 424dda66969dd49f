/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smi.h - how often the firmware took the CPUs of a launch: system management interrupts, which no kernel
 * sees. Intel's processors count them in a register of each CPU (MSR_SMI_COUNT; Intel SDM, volume 4), which
 * is read before and after a launch (registers.h).
 */
#ifndef KEEPER_SMI_H
#define KEEPER_SMI_H

#include <sched.h>
#include "base/path.h"
#include "keeper/keeper.h"

/* Zeroed: nothing is read. */
struct smi {
	const struct path_root *root; /* borrowed */
	cpu_set_t cpus;
	uint32_t state; /* enum keeper_registers */
	uint64_t before;
};

/* For launches on these CPUs, NULL: wherever the machine lets them run. */
void smi_prepare(struct smi *smi, const struct path_root *root, const cpu_set_t *cpus);

/* Before a launch, and after it: over all of its CPUs, or why it is not known. */
void smi_begin(struct smi *smi);
void smi_end(const struct smi *smi, struct keeper_smi *told);

#endif
