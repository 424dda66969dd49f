/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thief_map.h - what the programs in the kernel (thief.bpf.c) and the keeper (thief.c) share. */
#ifndef KEEPER_THIEF_MAP_H
#define KEEPER_THIEF_MAP_H

#include <stdint.h>
#include "wire.h"

#define THIEF_NAME  16
#define THIEF_DEPTH 6 /* interrupts and softirqs within each other */
#define THIEF_ROWS  4096

/* Who took, and how much; the key holds no byte that is not set. */
struct thief_key {
	uint32_t kind, id; /* enum sb_wire_theft_kind; a process, the number of an interrupt */
	char name[THIEF_NAME];
};

struct thief_sum {
	uint64_t count, ns;
};

/* One interruption under way. */
struct thief_frame {
	struct thief_key who;
	uint64_t ns; /* without what interrupted it */
};

/* What the programs know of a CPU. */
struct thief_cpu {
	uint64_t turn;			     /* counts thefts */
	uint64_t taken[SB_WIRE_THIEVES_MAX]; /* the turn at which each thief of the slot took last */
	uint32_t is_watched;
	uint32_t victim;   /* the thread that was ready to run when it lost the CPU, 0: none waits */
	uint64_t left_ns;  /* when the victim went on elsewhere, 0: it waits still */
	uint64_t since_ns; /* begin of what is not yet added to a frame or to the task */
	uint64_t task_ns;  /* of the task that has the CPU, without interrupts */
	uint32_t depth;	   /* frames in use */
	uint32_t unused;
	struct thief_frame frames[THIEF_DEPTH];
};

#endif
