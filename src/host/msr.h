/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * msr.h - the model-specific registers of an x86 CPU, as the kernel's module msr shows them to root (msr(4)).
 * Each access interrupts the CPU that it is about.
 */
#ifndef HOST_MSR_H
#define HOST_MSR_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/path.h"

#define MSR_SMI_COUNT 0x34 /* Intel's: the lower 32 bits count */
#define MSR_MPERF     0xe7 /* while the CPU is not idle: counts at a fixed rate ... */
#define MSR_APERF     0xe8 /* ... and at that of its cycles (Intel SDM 15.2) */

/* Of the device below the root; gives `path` back. */
const char *msr_path(unsigned cpu, char *path, size_t size);

/* A descriptor of the caller's, or a negative errno: -ENOENT without the module, -EPERM without
 * CAP_SYS_RAWIO. */
int msr_open(const struct path_root *root, unsigned cpu, int flags, struct sb_err *err);

/* 0 or a negative errno: -EIO where the processor has no such register. */
int msr_read(int fd, uint32_t address, uint64_t *value);
int msr_write(int fd, uint32_t address, uint64_t value);

#endif
