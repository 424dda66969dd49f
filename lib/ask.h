/* SPDX-License-Identifier: MIT */
/*
 * ask.h - how a thread of a team gets counters and witnesses of its own: only who may open events can open
 * them on another thread, and which threads there are is known once they run.
 */
#ifndef SB_ASK_H
#define SB_ASK_H

#include "wire.h"

/* What a thread was given, each at descriptors that are its own from then on. */
struct sb_granted {
	int code;			    /* errno, 0: it has the counters, where they are by thread */
	int witnesses_code;		    /* the same of the witnesses */
	int counters[SB_WIRE_COUNTERS_MAX]; /* as many as the request has, the leader first */
	int witnesses;			    /* the leader of their group, -1: none */
};

/* Asks for the calling thread at SB_WIRE_TEAM_FD what the request has by thread; one thread at a time. */
void sb_ask(const struct sb_wire_request *request, struct sb_granted *granted);

#endif
