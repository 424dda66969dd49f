/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * launch.h - one launch of a bench: its shared memory, its process, its end.
 *
 * The child becomes the bench's user for good before it runs a byte of the user's, holds no descriptor but
 * /dev/null, the output pipe, the shared memory, the events that count it and the memory of thefts, runs on
 * the bench's CPUs, and dies with the keeper.
 */
#ifndef KEEPER_LAUNCH_H
#define KEEPER_LAUNCH_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/err.h"
#include "keeper/busy_frequency.h"
#include "keeper/counting.h"
#include "keeper/identity.h"
#include "keeper/keeper.h"
#include "keeper/limits.h"
#include "keeper/smi.h"
#include "keeper/team.h"
#include "keeper/thief.h"

/* What all launches of a session share; borrowed. */
struct launch_setting {
	const struct identity *identity;
	const char *environment; /* "NAME=value\0" strings back to back */
	size_t environment_size;
	const cpu_set_t *cpus; /* NULL: wherever the keeper may run */
	const struct knob_task *task;
	const struct counting *counting;
	struct thief *thief; /* watches the launch, NULL: nobody does */
	int cgroup_procs_fd; /* cgroup.procs of the group that launches join, -1: they stay where they are */
	int cpuset_procs_fd; /* the same of a cpuset of version 1 */
	int cgroup_kill_fd;  /* its cgroup.kill, -1: none */
	const struct limits *limits; /* as found before the keeper raised its own */
	const char *oom_score;	     /* oom_score_adj as found before the keeper lowered its own */
};

struct launch {
	pid_t pid;	      /* 0: none runs */
	int cgroup_kill_fd;   /* of its setting */
	struct team team;     /* threads of its that ask for counters */
	int status;	      /* pipe: why the program could not be started */
	uint64_t deadline_ns; /* CLOCK_MONOTONIC */
	bool timed_out, killed;
	struct thief *thief; /* who watches it, NULL: nobody does */
	struct smi smi;
	struct busy_frequency busy;
};

/* What a launch is asked for, in `size` bytes of shared memory. */
void launch_request(const struct keeper_launch *order, size_t size, struct sb_wire_request *request);

void launch_init(struct launch *launch);
bool launch_is_running(const struct launch *launch);

/* Whether the main process of a running launch is over; it can then be ended without waiting. */
bool launch_is_over(const struct launch *launch);

/* Starts one. `binary` is an O_PATH descriptor, `output` a writable one, both borrowed. started->memory is
 * the caller's. */
int launch_begin(struct launch *launch, const struct launch_setting *setting,
		 const struct keeper_launch *order, int binary, int output, struct keeper_started *started,
		 struct sb_err *err);

/* SIGKILL to all in its cgroup, or else to the process group; the rest dies in launch_end. */
void launch_kill(struct launch *launch);

/* Reaps the main process, which must have ended or been killed, and ends everything that it left behind. */
void launch_end(struct launch *launch, struct keeper_ended *ended);

#endif
