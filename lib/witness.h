/* SPDX-License-Identifier: MIT */
/*
 * witness.h - what is read on both outer sides of a sample, to tell what disturbed it.
 *
 * Nothing of it stands between the clock reads. The group of events that the runner has opened tells most,
 * and tells it of the kernel too. Without one, or where it stands still (sb_group_is_alive), there is still
 * what a thread may know of itself: its rusage, the time that it waited for a CPU (schedstat, where the
 * kernel keeps it), its CPU time.
 */
#ifndef SB_WITNESS_H
#define SB_WITNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include "counter.h"
#include "theft.h"
#include "wire.h"

/* How to read them; zeroed: rusage and nothing else. */
struct sb_witness {
	bool is_off;	   /* nothing is read that costs a system call */
	bool has_schedule; /* the thread's schedstat and CPU clock */
	int schedstat;	   /* descriptor, -1: the kernel keeps none */
	uint32_t events;   /* of the witnesses' group */
	int leader;	   /* of that group, borrowed */
	struct sb_thefts thefts;
};

struct sb_reading {
	uint64_t begin_ns;     /* CLOCK_MONOTONIC */
	struct sb_group group; /* count 0: none was read */
	struct rusage usage;
	uint64_t wait_ns, cpu_ns;
	bool has_wait;
	const struct sb_wire_theft_slot *own_slot; /* of its CPU, looked at around all the others; NULL: none
						    */
	uint64_t own_switches;			   /* as they were there */
	int cpu;				   /* -1: not known */
	const struct sb_wire_theft_slot *slot;	   /* of that CPU, NULL: none */
	struct sb_wire_theft_slot theft;	   /* as it was */
};

/* For the thread that calls, as the request wants; NULL: rusage alone. `leader` is the descriptor of the
 * thread's group, where the request has one. */
void sb_witness_open(struct sb_witness *witness, const struct sb_wire_request *request, int leader);
void sb_witness_close(struct sb_witness *witness);

/* The cheap and sharp ones are read nearest to the sample. */
void sb_witness_before(const struct sb_witness *witness, struct sb_reading *reading);
void sb_witness_after(const struct sb_witness *witness, struct sb_reading *reading);

/* CPU time of this process's other threads, and of children that were waited for, since this gave `before`:
 * work that the caller's own counters do not see. */
uint64_t sb_witness_others_ns(uint64_t before);

/* The same of the thread that calls. */
uint64_t sb_witness_own_ns(uint64_t before);

/* Puts the differences into a sample. */
void sb_witness_compare(const struct sb_reading *before, const struct sb_reading *after,
			struct sb_wire_sample *sample);

#endif
