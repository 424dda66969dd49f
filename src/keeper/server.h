/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server.h - the keeper's own process: from the fork to its _exit. */
#ifndef KEEPER_SERVER_H
#define KEEPER_SERVER_H

#include <sys/types.h>
#include "keeper/identity.h"
#include "keeper/keeper.h"

struct server_setting {
	const struct identity *identity;
	const char *run_dir; /* NULL: the default one */
	const char *prefix;  /* of /sys, /proc and /dev for the knobs; "/" but in tests */
	pid_t front;
	int socket;
};

/* Becomes the keeper: never returns. Says on the socket whether it could start. */
_Noreturn void server_run(const struct server_setting *setting);

#endif
