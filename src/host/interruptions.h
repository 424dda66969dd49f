/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interruptions.h - how often interrupts and softirqs came to CPUs, by name, as everybody may read it: less
 * than the kernel's tracepoints tell, since nobody says how long they took. */
#ifndef HOST_INTERRUPTIONS_H
#define HOST_INTERRUPTIONS_H

#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include "base/path.h"

struct interruption {
	uint32_t kind, id; /* enum sb_wire_theft_kind; the number of an interrupt */
	char name[16];	   /* as the tracepoints have it */
	uint64_t count;
};

/* Those of some CPUs since boot, their sums, from /proc/interrupts and /proc/softirqs: owned by the caller,
 * free(3). */
struct interruption *interruptions_dup(const struct path_root *root, const cpu_set_t *cpus, size_t *count);

/* Keeps of `now` what came since `before`. */
void interruptions_subtract(struct interruption *now, size_t *count, const struct interruption *before,
			    size_t before_count);

#endif
