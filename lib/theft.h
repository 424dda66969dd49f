/* SPDX-License-Identifier: MIT */
/*
 * theft.h - what the kernel says was taken from the benched thread, read without a system call.
 *
 * The kernel writes a CPU's slot on that CPU, while the thread that reads it there does not run. So a copy is
 * whole when no count has moved while it was made, and is made again otherwise.
 */
#ifndef SB_THEFT_H
#define SB_THEFT_H

#include <stdint.h>
#include "wire.h"

/* Zeroed: nobody watches. */
struct sb_thefts {
	const struct sb_wire_theft_slot *slots; /* NULL: none */
	uint32_t cpus;
};

/* Maps the memory at SB_WIRE_THEFT_FD, if the request says that there is one. */
void sb_thefts_open(struct sb_thefts *thefts, const struct sb_wire_request *request);
void sb_thefts_close(struct sb_thefts *thefts);

/* The slot of a CPU (-1: not known), NULL where none is. */
const struct sb_wire_theft_slot *sb_thefts_slot(const struct sb_thefts *thefts, int cpu);

/* A copy that is whole. `slot` is of the CPU that the caller runs on. */
void sb_theft_read(const struct sb_wire_theft_slot *slot, struct sb_wire_theft_slot *copy);

/* How often one of the launch's own took the CPU from another there, so far. */
uint64_t sb_theft_own_switches(const struct sb_wire_theft_slot *slot);

/* What was taken between two copies, and who of each kind took most. `theft` is zeroed. */
void sb_theft_compare(const struct sb_wire_theft_slot *before, const struct sb_wire_theft_slot *after,
		      struct sb_wire_theft *theft);

#endif
