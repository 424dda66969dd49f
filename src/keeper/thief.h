/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thief.h - who took the CPU from the benched thread, and for how long, as the kernel sees it.
 *
 * Programs on the kernel's tracepoints (thief.bpf.c, which says what is stolen) watch the bench's CPUs. They
 * live by their descriptors: nothing of them is left when the keeper is gone. What they find is in two
 * places: a slot for each CPU that the bench maps and reads without a system call, and a table by thief that
 * the keeper reads after the launch. Needs root and a kernel with its types (/sys/kernel/btf/vmlinux); where
 * it cannot be had there is a reason.
 */
#ifndef KEEPER_THIEF_H
#define KEEPER_THIEF_H

#include <sched.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/err.h"
#include "keeper/keeper.h"

struct thief;

/* Loads the programs for some CPUs and attaches them. Owned by the caller: thief_free. 0, or why not:
 * -EPERM, -EOPNOTSUPP, ... with a sentence that begins with neither subject nor "cannot". */
int thief_new(const cpu_set_t *cpus, struct thief **thief, struct sb_err *err);
void thief_free(struct thief *thief);

/* A descriptor, borrowed, of an array of struct sb_wire_theft_slot by CPU number. It can be mapped for
 * reading; nobody but the programs can write to the memory behind it, not even root. */
int thief_memory(const struct thief *thief);
unsigned thief_cpus(const struct thief *thief); /* slots in it */

/* Forgets who was found before. */
void thief_begin(struct thief *thief);

/* From now on a process is watched, with all its threads and with all processes that descend from it. It only
 * writes to memory, so the process itself can call it between fork and exec: nothing is missed. */
void thief_watch(struct thief *thief, pid_t pid);

/* Nobody is watched any more. Gives those who took most time, most first: tasks of one name together, with
 * the process number where it was one only. */
void thief_end(struct thief *thief, struct keeper_thieves *thieves);

#endif
