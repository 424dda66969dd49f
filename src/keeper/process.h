/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.h - facts about processes that a pid alone does not tell, and an end to those that a launch leaves
 * behind. */
#ifndef KEEPER_PROCESS_H
#define KEEPER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Clock ticks after boot at which a process began: with the pid its identity, since pids come back. 0,
 * -ESRCH for one that is dead and waits to be reaped, or another negative errno. */
int process_start_time(pid_t pid, uint64_t *start);

/* The parent of a process, or a negative errno. */
pid_t process_parent(pid_t pid);

/* Whether that very process still runs. Where /proc hides it (hidepid), its pid alone decides. */
bool process_is_alive(pid_t pid, uint64_t start);

/* Kills and reaps every child of the caller, a subreaper, until none is left or `timeout_ms` has passed: what
 * a killed one leaves becomes ours in turn. Gives how many had to be killed. */
unsigned process_kill_children(int timeout_ms);

/* Reaps the children of the caller that have ended, but not `kept`: orphans of a running launch, whose
 * zombies would use up the process limit. */
void process_reap_orphans(pid_t kept);

#endif
