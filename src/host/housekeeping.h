/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * housekeeping.h - where work of the kernel may run that is kept off the bench's core.
 *
 * What was there stays, without the bench's CPU and its idle siblings. Where that leaves no CPU that is
 * online (a kernel refuses such a set), the housekeeping CPUs take over.
 */
#ifndef HOST_HOUSEKEEPING_H
#define HOST_HOUSEKEEPING_H

#include <stddef.h>
#include "host/knob.h"

/* 1: `target` is what a mask of CPUs becomes. 0: the mask does not touch the bench's core. -EINVAL for text
 * that is no mask, -ENOENT when there is no housekeeping CPU. */
int housekeeping_mask(const struct knob_context *context, const char *before, char *target, size_t size);

/* The same for a list of CPUs, "0-3". */
int housekeeping_list(const struct knob_context *context, const char *before, char *target, size_t size);

/* 1: `target` is the mask of all CPUs that are online but those of the bench's core. -ENOENT when there is
 * none.
 */
int housekeeping_all(const struct knob_context *context, char *target, size_t size);

#endif
