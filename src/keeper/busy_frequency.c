/* SPDX-License-Identifier: GPL-2.0-or-later */
/* busy_frequency.c - see busy_frequency.h. */
#include "keeper/busy_frequency.h"

#include "host/cpuinfo.h"
#include "host/msr.h"
#include "host/topology.h"
#include "keeper/registers.h"

static bool is_counted(const struct path_root *root)
{
	char text[CPUINFO_SIZE];

	cpuinfo_read(root, text);
	return cpuinfo_has_flag(text, "aperfmperf");
}

void busy_frequency_prepare(struct busy_frequency *busy, const struct path_root *root, const cpu_set_t *cpus)
{
	*busy = (struct busy_frequency){ .root = root };
	if (cpus)
		busy->cpus = *cpus;
	else
		topology_usable(root, &busy->cpus);
	if (!is_counted(root))
		busy->state = KEEPER_REGISTERS_UNSUPPORTED;
}

/* Always in this order, so that the same time passes between the two before a launch and after it. */
static uint32_t read_cpu(const struct busy_frequency *busy, unsigned cpu, struct busy_cycles *cycles)
{
	static const uint32_t addresses[] = { MSR_MPERF, MSR_APERF };
	uint64_t values[2] = { 0 };
	const uint32_t state = registers_read(busy->root, cpu, addresses, 2, values);

	*cycles = (struct busy_cycles){ .mperf = values[0], .aperf = values[1] };
	return state;
}

static uint32_t read_all(const struct busy_frequency *busy, struct busy_cycles cycles[CPU_SETSIZE])
{
	uint32_t state = KEEPER_REGISTERS_UNREAD;

	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &busy->cpus))
			continue;
		state = read_cpu(busy, cpu, &cycles[cpu]);
		if (state != KEEPER_REGISTERS_READ)
			break;
	}
	return state;
}

void busy_frequency_begin(struct busy_frequency *busy)
{
	if (!busy->root || busy->state == KEEPER_REGISTERS_UNSUPPORTED)
		return;
	stability_note(busy->root, &busy->stability);
	busy->state = read_all(busy, busy->before);
}

/* A register that is less than before began anew: so much grows in no launch that 64 bits would not do. */
static bool subtract(struct busy_cycles *cycles, const struct busy_cycles *before)
{
	if (cycles->mperf < before->mperf || cycles->aperf < before->aperf)
		return false;
	cycles->mperf -= before->mperf;
	cycles->aperf -= before->aperf;
	return true;
}

/* By how much each CPU's grew. A sleep may have set them back, and they may have passed where they were. */
static uint32_t read_growth(struct busy_frequency *busy, struct busy_cycles growth[CPU_SETSIZE])
{
	struct keeper_change change;
	uint32_t state;

	if (!stability_check(busy->root, &busy->stability, &change))
		return KEEPER_REGISTERS_RESET;
	state = read_all(busy, growth);
	for (unsigned cpu = 0; cpu < CPU_SETSIZE && state == KEEPER_REGISTERS_READ; cpu++)
		if (CPU_ISSET(cpu, &busy->cpus) && !subtract(&growth[cpu], &busy->before[cpu]))
			state = KEEPER_REGISTERS_RESET;
	return state;
}

static double ratio_of(const struct busy_cycles *cycles)
{
	return (double)cycles->aperf / (double)cycles->mperf;
}

/* All zero where no CPU was busy. */
static struct busy_cycles slowest(const cpu_set_t *cpus, const struct busy_cycles growth[CPU_SETSIZE])
{
	struct busy_cycles found = { 0 };
	uint64_t busiest = 0;

	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, cpus) && growth[cpu].mperf > busiest)
			busiest = growth[cpu].mperf;
	for (unsigned cpu = 0; cpu < CPU_SETSIZE && busiest; cpu++)
		if (CPU_ISSET(cpu, cpus) && growth[cpu].mperf >= busiest - busiest / 2 &&
		    (!found.mperf || ratio_of(&growth[cpu]) < ratio_of(&found)))
			found = growth[cpu];
	return found;
}

void busy_frequency_end(struct busy_frequency *busy, struct keeper_busy_frequency *told)
{
	struct busy_cycles growth[CPU_SETSIZE], found;

	*told = (struct keeper_busy_frequency){ .state = busy->state };
	if (busy->state != KEEPER_REGISTERS_READ)
		return;
	told->state = read_growth(busy, growth);
	if (told->state != KEEPER_REGISTERS_READ)
		return;
	found = slowest(&busy->cpus, growth);
	if (!found.mperf || !found.aperf) {
		told->state = KEEPER_REGISTERS_STILL;
		return;
	}
	told->mperf = found.mperf;
	told->aperf = found.aperf;
}
