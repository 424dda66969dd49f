/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally.h - who took the CPU, for hosts whose kernel does not tell: what everybody may read before and after.
 *
 * Interrupts and softirqs of its CPUs are counted by name, also those that came when the benchmark did not
 * run there; nobody says how long they took, and which tasks did.
 */
#ifndef KEEPER_TALLY_H
#define KEEPER_TALLY_H

#include "host/interruptions.h"
#include "keeper/keeper.h"

struct tally {
	cpu_set_t cpus; /* none: nothing is counted */
	struct interruption *rows;
	size_t count;
};

/* Begins, over all CPUs on which it may run. */
void tally_begin(struct tally *tally, const struct path_root *root, const cpu_set_t *cpus);

/* Ends it: those that came most often, most first, after `switches` by tasks without a name. Does nothing for
 * one that has not begun. */
void tally_end(struct tally *tally, const struct path_root *root, uint64_t switches,
	       struct keeper_thieves *thieves);

#endif
