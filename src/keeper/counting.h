/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counting.h - root's part of counting: which events may be asked for, which of them this host has, which fit
 * its PMU together, and opening them for a launch.
 *
 * Rights are checked when an event is opened and not when it is read (Documentation/admin-guide/
 * perf-security.rst), so a process that is still the keeper's opens them on itself, to begin at its exec, and
 * takes them along into the life of a user. A group is pinned: it is on the PMU all the time or, lost, gives
 * no value any more; nothing is multiplexed and scaled.
 */
#ifndef KEEPER_COUNTING_H
#define KEEPER_COUNTING_H

#include <linux/perf_event.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>
#include "base/err.h"
#include "base/path.h"
#include "host/pmu_wide.h"
#include "keeper/busy_frequency.h"
#include "keeper/identity.h"
#include "keeper/keeper.h"
#include "keeper/smi.h"

/* An event ready to be opened. */
struct counting_event {
	struct perf_event_attr attr;
	const char *filter;   /* of a tracepoint, NULL: none */
	int code;	      /* why it will not be opened: 0 or a negative errno */
	struct pmu_wide wide; /* unless its reach is the task: where it is opened, for whoever runs */
};

/* What the launches of a session count. Zeroed: nothing. */
struct counting {
	unsigned count, passes;
	struct counting_event events[KEEPER_EVENTS_MAX];
	uint32_t pass[KEEPER_EVENTS_MAX]; /* of each, from 1; 0: none */
	uint32_t witnesses;		  /* rows of host/witness.h */
	struct counting_event witness[WITNESS_COUNT];
	/* as no launch has begun them */
	struct smi smi;
	struct busy_frequency busy;
};

/* Whether an event of a message is well formed: what counting_prepare relies on. 0 or -EINVAL. */
int counting_check(const struct keeper_event *event, struct sb_err *err);

/* Looks up checked events, and the witnesses, in sysfs and tracefs below `root`, which is borrowed; of a
 * recorded machine none is there. `cpus` are the benches', NULL: anywhere. */
void counting_prepare(const struct path_root *root, const cpu_set_t *cpus, const struct keeper_event *events,
		      unsigned count, struct counting *counting);

/* The same of one event, on any machine; tracepoints below `tracing` (host/tracing.h). */
void counting_prepare_event(const struct path_root *root, const struct path_root *tracing,
			    const cpu_set_t *cpus, const struct keeper_event *event,
			    struct counting_event *prepared);

/* Takes back what root may count and the benches' user may not: events that hold what somebody else does on
 * the other threads of the benches' cores, step by step. What kernel.perf_event_paranoid allows everybody,
 * benches that are root and a keeper without root's powers are left to the kernel. */
void counting_withhold(const struct path_root *root, const struct identity *identity,
		       struct counting *counting);

/* Tries what is prepared in processes of its own on one of `cpus` (NULL: anywhere), which open it as root and
 * count it as the bench's user, fills probes, and decides passes and witnesses. Given up
 * when nobody is left at the other end of `front` (-1: nobody is asked). */
int counting_probe(struct counting *counting, const struct identity *identity, const cpu_set_t *cpus,
		   int front, struct keeper_probe *probes, struct sb_err *err);

/* What of a request is about counters and witnesses. */
void counting_request(const struct counting *counting, const struct keeper_launch *order,
		      struct sb_wire_request *request);

/* In the process that is to be counted, between fork and exec: opens the events of a pass, and the witnesses,
 * where the library looks for them (wire.h), to begin at the exec; those of a package count at once. 0 or a
 * negative errno. */
int counting_open(const struct counting *counting, unsigned pass, bool is_summed, bool has_witnesses);

/* Whether two events can be of one group: on the same CPU of the same PMU, or both of the task. */
bool counting_is_alike(const struct counting_event *one, const struct counting_event *other);

/* In the keeper: opens the events of a pass on a running thread of another process, and begins to count.
 * Gives how many descriptors stand in `fds`, the leader's first, or a negative errno. */
int counting_open_thread(const struct counting *counting, unsigned pass, pid_t thread,
			 int fds[SB_WIRE_COUNTERS_MAX]);

/* The same of the witnesses. */
int counting_open_thread_witnesses(const struct counting *counting, pid_t thread, int fds[WITNESS_COUNT]);

/* A group on one thread, or on the CPU of its events, by the order of `events`; the first leads.
 * Descriptors are written to fds, -1 each where it fails. 0 or a negative errno. */
struct counting_group {
	const struct counting_event *const *events;
	unsigned count;
	pid_t thread;	/* 0: the caller */
	bool is_summed; /* each event by itself, over threads and children to come */
	bool waits_for_exec;
};
int counting_open_group(const struct counting_group *group, int *fds);
void counting_close_group(const int *fds, unsigned count);

#endif
