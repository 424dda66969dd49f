/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * team.h - counters and witnesses for the threads that the library runs in a launch, opened when they are
 * there (wire.h, struct sb_wire_ask).
 *
 * Whoever asks is hostile: a thread has to be one of the launch's main process, there are as many answers as
 * the case has further threads, and nobody waits for anybody who does not read.
 */
#ifndef KEEPER_TEAM_H
#define KEEPER_TEAM_H

#include <sys/types.h>
#include "keeper/counting.h"

/* The witnesses' events but for their leader, of all that may ask. */
#define TEAM_MEMBERS_MAX ((SB_WIRE_THREADS_MAX - 1) * (WITNESS_COUNT - 1))

struct team {
	int socket;			 /* the keeper's end, -1: nobody may ask */
	unsigned left;			 /* answers */
	const struct counting *counting; /* borrowed */
	unsigned pass;			 /* of the counters, 0: none are given */
	bool has_witnesses;
	int fd_end;	  /* from here on descriptors are for what the keeper does otherwise */
	unsigned members; /* that count for as long as they are open */
	int member[TEAM_MEMBERS_MAX];
};

void team_init(struct team *team);

/* Lets threads of a launch ask for what its request has by thread. Gives the launch's end, the caller's, or a
 * negative errno. */
int team_open(struct team *team, const struct counting *counting, unsigned pass,
	      const struct sb_wire_request *request);

/* Takes one question, as the socket is readable, and answers it. */
void team_answer(struct team *team, pid_t process);

/* As the launch is over. */
void team_close(struct team *team);

#endif
