/* SPDX-License-Identifier: MIT */
/*
 * team.h - the threads of one case. Each runs the body with a bench of its own, pinned to a CPU of its own as
 * far as there are enough; every sample begins for all at one line and is over when the last is through.
 *
 * The first, which is the caller, decides for all: how long a batch is, what is kept, when it is enough.
 */
#ifndef SB_TEAM_H
#define SB_TEAM_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "wire.h"

struct sb_bench;

/* What a member brings to the end of a sample. On cache lines of its own. */
struct sb_share {
	struct sb_wire_sample sample;
} __attribute__((aligned(128)));

struct sb_team {
	unsigned size;
	bool spins;	  /* each has a CPU of its own, so that nobody waits for the one that it keeps away */
	unsigned members; /* still there */
	unsigned waiting; /* at the line, the first among them or not */
	unsigned turn;	  /* how often the line was opened */
	bool is_broken;	  /* a member has left: all go */
	uint64_t batch;	  /* as the first has decided */
	struct sb_share *shares;
	struct sb_wire_thread *threads;	     /* room for `size` of each sample kept, NULL: nobody asks */
	struct sb_wire_thread_total *totals; /* room for `size`, NULL: they have no counters of their own */
	bool asks;			     /* each member, for counters and witnesses of its own */
	int code, witnesses_code;	     /* the first errno that one got for them */
	pthread_mutex_t mutex;
	pthread_cond_t opened;
};

/* Runs the body of a bench whose case has several threads; afterwards its status is that of the first member
 * that failed. */
void sb_team_run(struct sb_bench *first, struct sb_wire_thread *threads, struct sb_wire_thread_total *totals);

/* All wait for all. False when a member is gone. */
bool sb_team_line_up(struct sb_team *team);

/* Hands in a sample, and gives the size of the next batch, 0 for none. */
uint64_t sb_team_next(struct sb_bench *b, const struct sb_wire_sample *sample);

/* The first batch. */
uint64_t sb_team_begin(struct sb_bench *b);

/* A member that will not come to a line again. */
void sb_team_leave(struct sb_team *team);

#endif
