/* SPDX-License-Identifier: GPL-2.0-or-later */
/* smi.c - see smi.h. */
#include "keeper/smi.h"

#include "host/cpuinfo.h"
#include "host/msr.h"
#include "host/topology.h"
#include "keeper/registers.h"

void smi_prepare(struct smi *smi, const struct path_root *root, const cpu_set_t *cpus)
{
	*smi = (struct smi){ .root = root };
	if (cpus)
		smi->cpus = *cpus;
	else
		topology_usable(root, &smi->cpus);
	if (!cpuinfo_is_of(root, "GenuineIntel"))
		smi->state = KEEPER_REGISTERS_UNSUPPORTED;
}

static uint32_t add_cpu(const struct smi *smi, unsigned cpu, uint64_t *sum)
{
	static const uint32_t address = MSR_SMI_COUNT;
	uint64_t value = 0;
	const uint32_t state = registers_read(smi->root, cpu, &address, 1, &value);

	*sum += (uint32_t)value;
	return state;
}

static uint32_t read_all(const struct smi *smi, uint64_t *sum)
{
	uint32_t state = KEEPER_REGISTERS_UNREAD;

	*sum = 0;
	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &smi->cpus))
			continue;
		state = add_cpu(smi, cpu, sum);
		if (state != KEEPER_REGISTERS_READ)
			break;
	}
	return state;
}

void smi_begin(struct smi *smi)
{
	if (smi->root && smi->state != KEEPER_REGISTERS_UNSUPPORTED)
		smi->state = read_all(smi, &smi->before);
}

/* A register that was reset, as by a sleep of the machine, has not grown. */
void smi_end(const struct smi *smi, struct keeper_smi *told)
{
	uint64_t after;

	*told = (struct keeper_smi){ .state = smi->state };
	if (smi->state != KEEPER_REGISTERS_READ)
		return;
	told->state = read_all(smi, &after);
	if (told->state == KEEPER_REGISTERS_READ && after > smi->before)
		told->count = after - smi->before;
}
