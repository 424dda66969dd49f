/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gap.h - a loop that does nothing but read the clock, and finds when it was not let run.
 *
 * Whatever takes the CPU makes two readings lie further apart than they should: interrupts and tasks, which
 * the kernel can tell, and what it cannot: the firmware (SMI) and a hypervisor. The method is that of
 * sysjitter and of the kernel's osnoise tracer (Documentation/trace/osnoise-tracer.rst).
 */
#ifndef RUN_GAP_H
#define RUN_GAP_H

#include <stdint.h>
#include "wire.h"

#define GAP_LEAST_NS 1000u
#define GAP_SIZES    5 /* 1 to 10 us, to 100 us, to 1 ms, to 10 ms, longer */

struct gap_profile {
	uint64_t spun_ns;
	uint64_t count[GAP_SIZES];
	uint64_t total, lost_ns, longest_ns;
	uint64_t unexplained, unexplained_ns; /* without a known cause */
	uint64_t switched, switched_ns;	      /* another task was on the CPU, by this thread's own count */
};

struct gap_loop {
	uint64_t duration_ns;
	const volatile int *cancel;	       /* ends it when it becomes non-zero */
	const struct sb_wire_theft_slot *slot; /* of the CPU that it runs on; NULL: nobody tells */
	uint64_t (*now_ns)(void *context);     /* a clock without system calls */
	uint64_t (*switches)(void *context);   /* times that another task took the CPU */
	void *context;
};

/* Spins for its duration on the CPU of the caller. A gap has a cause when the slot moved over it, or without
 * a slot when a switch was counted; what is left of it beyond the time of the thefts is without one where it
 * is longer than ways into and out of interrupts are. */
void gap_spin(const struct gap_loop *loop, struct gap_profile *profile);

/* Index into `count`. */
unsigned gap_size(uint64_t ns);

#endif
