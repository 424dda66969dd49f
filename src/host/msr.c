/* SPDX-License-Identifier: GPL-2.0-or-later */
/* msr.c - see msr.h. */
#include "host/msr.h"

#include <errno.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

const char *msr_path(unsigned cpu, char *path, size_t size)
{
	snprintf(path, size, "dev/cpu/%u/msr", cpu);
	return path;
}

int msr_open(const struct path_root *root, unsigned cpu, int flags, struct sb_err *err)
{
	char path[64];

	return path_open(root, msr_path(cpu, path, sizeof path), flags, err);
}

/* A file of a recorded machine may be too short. */
static int code_of(ssize_t done)
{
	if (done == sizeof(uint64_t))
		return 0;
	return done < 0 ? -errno : -EIO;
}

int msr_read(int fd, uint32_t address, uint64_t *value)
{
	return code_of(pread(fd, value, sizeof *value, (off_t)address));
}

int msr_write(int fd, uint32_t address, uint64_t value)
{
	return code_of(pwrite(fd, &value, sizeof value, (off_t)address));
}
