/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.h - facts about processes that a pid alone does not tell, and an end to those that a launch leaves
 * behind. */
#ifndef KEEPER_PROCESS_H
#define KEEPER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/err.h"

/* Clock ticks after boot at which a process began: with the pid its identity, since pids come back. 0,
 * -ESRCH for one that is dead and waits to be reaped, or another negative errno. */
int process_start_time(pid_t pid, uint64_t *start);

/* The same of a thread of that process. -ENOENT where it has none such. */
int process_thread_start_time(pid_t pid, pid_t thread, uint64_t *start);

/* Whether a process is a child of `parent`, and when it began. 0, -EPERM where it is not or has ended, or
 * another negative errno where /proc does not tell. */
int process_check_child(pid_t pid, pid_t parent, uint64_t *start, struct sb_err *err);

/* Whether that very process still runs. Where /proc hides it (hidepid), its pid alone decides. */
bool process_is_alive(pid_t pid, uint64_t start);

/* Whether a process was killed, or has begun to end: its descriptors may be open for a while yet. */
bool process_is_ending(pid_t pid);

/* SIGKILL to everything in a cgroup, whose cgroup.kill this is; nothing for -1. No fork escapes it. */
void process_kill_group(int cgroup_kill_fd);

/* Kills and reaps every child of the caller, a subreaper, and everything in a cgroup (-1: none), until no
 * child is left or `timeout_ms` has passed: what a killed one leaves becomes ours in turn. Gives how many had
 * to be killed. */
unsigned process_kill_children(int cgroup_kill_fd, int timeout_ms);

/* Reaps the children of the caller that have ended, but not `kept`: orphans of a running launch, whose
 * zombies would use up the process limit. */
void process_reap_orphans(pid_t kept);

#endif
