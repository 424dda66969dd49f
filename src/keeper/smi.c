/* SPDX-License-Identifier: GPL-2.0-or-later */
/* smi.c - see smi.h. */
#include "keeper/smi.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "host/cpuinfo.h"
#include "host/field.h"
#include "host/topology.h"

#define SMI_COUNT 0x34 /* the lower 32 bits count */

static bool is_intel(const struct path_root *root)
{
	char text[CPUINFO_SIZE], vendor[64];

	cpuinfo_read(root, text);
	return field_line(text, "vendor_id", vendor, sizeof vendor) && !strcmp(vendor, "GenuineIntel");
}

void smi_prepare(struct smi *smi, const struct path_root *root, const cpu_set_t *cpus)
{
	*smi = (struct smi){ .root = root };
	if (cpus)
		smi->cpus = *cpus;
	else
		topology_usable(root, &smi->cpus);
	if (!is_intel(root))
		smi->state = KEEPER_SMI_NOT_INTEL;
}

/* The device asks for CAP_SYS_RAWIO (arch/x86/kernel/msr.c), which root of a container has not; what the
 * processor does not have is an I/O error. */
static uint32_t state_of(int error)
{
	switch (error) {
	case ENOENT:
		return KEEPER_SMI_NO_DEVICE;
	case EACCES:
		return KEEPER_SMI_NOT_ROOT;
	case EPERM:
		return geteuid() ? KEEPER_SMI_NOT_ROOT : KEEPER_SMI_REFUSED;
	default:
		return KEEPER_SMI_NO_REGISTER;
	}
}

static uint32_t add_cpu(const struct smi *smi, int cpu, uint64_t *sum)
{
	uint64_t value = 0;
	char path[64];
	ssize_t got;
	int fd, error;

	snprintf(path, sizeof path, "dev/cpu/%d/msr", cpu);
	fd = path_open(smi->root, path, O_RDONLY, NULL);
	if (fd < 0)
		return state_of(-fd);
	got = pread(fd, &value, sizeof value, SMI_COUNT);
	error = errno;
	close(fd);
	if (got != sizeof value)
		return state_of(got < 0 ? error : EIO);
	*sum += (uint32_t)value;
	return KEEPER_SMI_COUNTED;
}

static uint32_t read_all(const struct smi *smi, uint64_t *sum)
{
	uint32_t state = KEEPER_SMI_UNREAD;

	*sum = 0;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &smi->cpus))
			continue;
		state = add_cpu(smi, cpu, sum);
		if (state != KEEPER_SMI_COUNTED)
			break;
	}
	return state;
}

void smi_begin(struct smi *smi)
{
	if (smi->root && smi->state != KEEPER_SMI_NOT_INTEL)
		smi->state = read_all(smi, &smi->before);
}

/* A register that was reset, as by a sleep of the machine, has not grown. */
void smi_end(const struct smi *smi, struct keeper_smi *told)
{
	uint64_t after;

	*told = (struct keeper_smi){ .state = smi->state };
	if (smi->state != KEEPER_SMI_COUNTED)
		return;
	told->state = read_all(smi, &after);
	if (told->state == KEEPER_SMI_COUNTED && after > smi->before)
		told->count = after - smi->before;
}
