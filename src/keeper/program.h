/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program.h - what a launched bench sees of the world, and the steps by which a child of the keeper becomes
 * it.
 *
 * Everything is prepared before the fork; after it the child only makes system calls. The steps are one
 * table, and the name of the one that failed goes through a pipe that an exec closes.
 */
#ifndef KEEPER_PROGRAM_H
#define KEEPER_PROGRAM_H

#include <limits.h>
#include <sys/types.h>
#include "keeper/identity.h"
#include "keeper/launch.h"
#include "keeper/message.h"

#define PROGRAM_DEFAULTS 5

struct program {
	const struct launch_setting *setting;
	const struct keeper_launch *order;
	pid_t keeper;
	int binary, output, memory;
	int team;	     /* where its threads ask for counters, negative: they cannot */
	struct thief *thief; /* NULL: nobody watches it */
	char name[PATH_MAX]; /* argv[0] */
	char argument[sizeof SB_WIRE_ARGUMENT];
	char defaults[PROGRAM_DEFAULTS][IDENTITY_HOME + 16];
	char padding[sizeof "STABLEBENCH_PADDING=" + KEEPER_PADDING_MAX];
	char *arguments[3];
	char *environment[MESSAGE_VARIABLES_MAX + PROGRAM_DEFAULTS + 2];
};

struct program_failure {
	int code; /* errno */
	char step[32];
};

/* Fills all but the descriptors and the thief, which must be there. `setting` and `order` are borrowed. */
void program_prepare(struct program *program, const struct launch_setting *setting,
		     const struct keeper_launch *order);

/* In the child: becomes the program, or writes a struct program_failure to `status` and exits with 127. */
_Noreturn void program_become(const struct program *program, int status);

#endif
