/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.h - what passes between front and keeper: one closed set of actions, each a struct of fixed size
 * with at most one descriptor beside it, over a SOCK_SEQPACKET pair.
 *
 * The keeper runs as root and trusts nothing: message_check looks at every field of a request before anything
 * else does. Requests hold no path and no bool (a byte other than 0 and 1 in a bool is undefined behaviour).
 * Every request but KILL and CANCEL gets exactly one answer; ENDED comes by itself when a launch is over.
 */
#ifndef KEEPER_MESSAGE_H
#define KEEPER_MESSAGE_H

#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "keeper/keeper.h"

#define MESSAGE_MAGIC	      0x50454b53u /* "SKEP" */
#define MESSAGE_VERSION	      2u
#define MESSAGE_VARIABLES_MAX 1024 /* in one environment block */

enum message_action {
	MESSAGE_HELLO = 1,  /* keeper: started, or why not */
	MESSAGE_ADD_BINARY, /* + descriptor */
	MESSAGE_ENVIRONMENT,
	MESSAGE_HOLD,
	MESSAGE_CANCEL, /* stop waiting for the lock; no answer of its own */
	MESSAGE_LAUNCH, /* + descriptor */
	MESSAGE_KILL,	/* no answer of its own */
	MESSAGE_ENDED,	/* keeper: a launch is over */
	MESSAGE_RELEASE,
	MESSAGE_ADOPT,	/* put a child of the front under the held state */
	MESSAGE_LINGER, /* hold on when the front is gone */
	MESSAGE_COUNT,	/* what later launches count */
	MESSAGE_WATCH,	/* see who takes the CPU from the front itself */
	MESSAGE_ACTIONS
};

struct message_header {
	uint32_t magic, version, action, size;
};

/* --- front to keeper ---------------------------------------------------------------------------------- */

struct message_plain { /* ADD_BINARY, CANCEL, KILL, RELEASE, LINGER */
	struct message_header header;
};

struct message_environment {
	struct message_header header;
	uint32_t size;
	char block[KEEPER_ENVIRONMENT];
};

struct message_hold {
	struct message_header header;
	uint32_t profile, wait, force, is_shared, wants_counters, drill_step, drill_victims, is_guarded;
	uint32_t wants_thieves, unused;
	uint64_t with, without; /* of struct knob_choice */
	struct topology topology;
	char purpose[sizeof((struct keeper_hold *)0)->purpose];
};

struct message_launch {
	struct message_header header;
	struct keeper_launch launch;
};

struct message_adopt {
	struct message_header header;
	int32_t pid;
};

struct message_count {
	struct message_header header;
	uint32_t count;
	struct keeper_event events[KEEPER_EVENTS_MAX];
};

struct message_watch {
	struct message_header header;
	uint32_t ends; /* 0: from now on, 1: until now */
};

/* Room for the largest request and one byte more, so that a larger one is noticed. */
union message_request {
	struct message_header header;
	struct message_environment environment;
	struct message_hold hold;
	struct message_launch launch;
	struct message_adopt adopt;
	struct message_count count;
	struct message_watch watch;
	char bytes[sizeof(struct message_environment) + 1];
};

/* --- keeper to front ---------------------------------------------------------------------------------- */

struct message_reply {
	struct message_header header;
	int32_t code; /* 0 or a negative errno */
	char text[sizeof((struct sb_err *)0)->text];
};

struct message_reply_binary {
	struct message_reply reply;
	uint32_t index;
};

struct message_reply_hold {
	struct message_reply reply;
	struct keeper_restored recovered;
	uint32_t count;
	struct condition conditions[KEEPER_CONDITIONS_MAX];
};

struct message_reply_launch { /* + descriptor of the shared memory when code is 0 */
	struct message_reply reply;
	int32_t pid;
	uint64_t size, started_ns;
	struct sb_wire_request asked;
};

struct message_reply_ended {
	struct message_reply reply;
	struct keeper_ended ended;
};

struct message_reply_release {
	struct message_reply reply;
	struct keeper_restored restored;
};

struct message_reply_count {
	struct message_reply reply;
	uint32_t passes, witnesses;
	struct keeper_probe probes[KEEPER_EVENTS_MAX];
};

struct message_reply_watch { /* + descriptor of the memory of thefts when it begins */
	struct message_reply reply;
	uint32_t cpus;
	struct keeper_thieves thieves; /* when it ends */
};

union message_answer {
	struct message_reply reply;
	struct message_reply_binary binary;
	struct message_reply_hold hold;
	struct message_reply_launch launch;
	struct message_reply_ended ended;
	struct message_reply_release release;
	struct message_reply_count count;
	struct message_reply_watch watch;
};

/* --- both --------------------------------------------------------------------------------------------- */

/* Fills the header of a struct of `size` bytes. */
void message_head(struct message_header *header, enum message_action action, size_t size);

/* Sends a message whose header is filled in, with a descriptor beside it (-1: none, borrowed). 0 or a
 * negative errno. */
int message_send(int socket, const void *message, int fd);

struct message_fds {
	int first;	/* owned by the caller, -1: none came */
	unsigned count; /* how many came; those after the first are closed already */
};

/* Takes one message of at most `room` bytes. Gives its size, 0 when the other side is gone, or a negative
 * errno. */
ptrdiff_t message_receive(int socket, void *message, size_t room, struct message_fds *fds);

/* What a request may name. */
struct message_limits {
	const cpu_set_t *machine; /* CPUs that the keeper itself may use */
	unsigned binaries;	  /* how many have been handed over */
	unsigned passes;	  /* of the events that are counted */
};

/* 0 when a request is well formed in every field, else -EPROTO or -EINVAL with what is wrong. */
int message_check(const union message_request *request, size_t size, unsigned fds,
		  const struct message_limits *limits, struct sb_err *err);

/* Bytes of a request of this action; 0 for one that a front does not send. */
size_t message_request_size(uint32_t action);

/* Bytes of the answer to an action. */
size_t message_answer_size(uint32_t action);

#endif
