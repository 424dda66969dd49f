/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quota.h - the CPU time that the control groups of this process allow: its own group and every one above it,
 * in version 2 and version 1. A container's limit shows as times with two peaks.
 */
#ifndef HOST_QUOTA_H
#define HOST_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

/* "none", or the tightest quota in CPUs: "1.50". False where there are no control groups. */
bool quota_cpus(const struct path_root *root, char *text, size_t size);

/* Periods in which one of the groups was throttled; false where none counts them. */
bool quota_throttled(const struct path_root *root, double *periods);

#endif
