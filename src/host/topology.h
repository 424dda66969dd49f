/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * topology.h - which CPUs the bench gets and which are left for everything else.
 *
 * By default one whole core: all its hardware threads are taken out of the housekeeping set, the bench runs
 * on the first of them, the others stay idle. Never the core of CPU 0 where there is another (timers,
 * interrupts and boot-time work gather there); of hybrid cores the fastest kind; within what this process may
 * use (affinity, cpuset). Source: hwloc. Of a recorded machine the picture is the recorded one, and what the
 * recording process might run on is what we may.
 */
#ifndef HOST_TOPOLOGY_H
#define HOST_TOPOLOGY_H

#include <sched.h>
#include <stdbool.h>
#include "base/err.h"
#include "base/path.h"

struct topology {
	cpu_set_t allowed;	/* what this process may run on */
	cpu_set_t bench;	/* where the bench runs: one CPU, or those of --cpus */
	cpu_set_t siblings;	/* hardware threads of the same cores that are kept idle */
	cpu_set_t housekeeping; /* the rest; front and keeper live here. Empty on a one-CPU host */
	char reason[192];	/* why this choice, a sentence for the conditions */
};

/* Chooses. `cpus`: what the user asked for, or NULL. -ERANGE for CPUs outside the machine or outside what
 * this process may use, with the sentence that says what there is. */
int topology_choose(const struct path_root *root, const cpu_set_t *cpus, struct topology *topology,
		    struct sb_err *err);

/* The same among `allowed` (the choice of our own) and `usable` (what --cpus may name: taskset(1) and
 * isolcpus= narrow the former, only a cpuset narrows the latter). */
int topology_choose_within(const struct path_root *root, const cpu_set_t *allowed, const cpu_set_t *usable,
			   const cpu_set_t *cpus, struct topology *topology, struct sb_err *err);

/* What sched_setaffinity would grant this process, or what a recorded machine has online. 0 or a negative
 * errno. */
int topology_usable(const struct path_root *root, cpu_set_t *usable);

#endif
