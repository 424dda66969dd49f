/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * team.h - counters for the threads that the library runs in a launch, opened when they are there (wire.h,
 * struct sb_wire_ask).
 *
 * Whoever asks is hostile: a thread has to be one of the launch's main process, there are as many answers as
 * the case has further threads, and nobody waits for anybody who does not read.
 */
#ifndef KEEPER_TEAM_H
#define KEEPER_TEAM_H

#include <sys/types.h>
#include "keeper/counting.h"

struct team {
	int socket;			 /* the keeper's end, -1: nobody may ask */
	unsigned left;			 /* answers */
	const struct counting *counting; /* borrowed */
	unsigned pass;
};

void team_init(struct team *team);

/* Lets `count` threads ask for the events of a pass. Gives the launch's end, the caller's, or a negative
 * errno. */
int team_open(struct team *team, const struct counting *counting, unsigned pass, unsigned count);

/* Takes one question, as the socket is readable, and answers it. */
void team_answer(struct team *team, pid_t process);

void team_close(struct team *team);

#endif
