/* SPDX-License-Identifier: GPL-2.0-or-later */
/* registers.c - see registers.h. */
#include "keeper/registers.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "host/msr.h"

/* The device asks for CAP_SYS_RAWIO (arch/x86/kernel/msr.c), which root of a container has not; what the
 * processor does not have is an I/O error. */
static enum keeper_registers state_of(int code)
{
	switch (code) {
	case 0:
		return KEEPER_REGISTERS_READ;
	case -ENOENT:
		return KEEPER_REGISTERS_NO_DEVICE;
	case -EACCES:
		return KEEPER_REGISTERS_NOT_ROOT;
	case -EPERM:
		return geteuid() ? KEEPER_REGISTERS_NOT_ROOT : KEEPER_REGISTERS_REFUSED;
	default:
		return KEEPER_REGISTERS_ABSENT;
	}
}

enum keeper_registers registers_read(const struct path_root *root, unsigned cpu, const uint32_t *addresses,
				     size_t count, uint64_t *values)
{
	const int fd = msr_open(root, cpu, O_RDONLY, NULL);
	int code = fd < 0 ? fd : 0;

	for (size_t i = 0; i < count && !code; i++)
		code = msr_read(fd, addresses[i], &values[i]);
	if (fd >= 0)
		close(fd);
	return state_of(code);
}
