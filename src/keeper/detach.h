/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * detach.h - how the forked keeper stops being a part of the front: a session of its own, stdio on /dev/null,
 * no descriptor but the socket, every signal ignored that can be, orphans of a launch adopted, and none of
 * the resource limits that somebody meant for his own programs.
 */
#ifndef KEEPER_DETACH_H
#define KEEPER_DETACH_H

#include <stddef.h>
#include "base/err.h"
#include "keeper/limits.h"

/* Moves *socket to its new place; *children becomes readable whenever a child has ended. Both close on exec.
 * `limits` are those that were found. */
int detach(int *socket, int *children, struct limits *limits, struct sb_err *err);

/* The bench is the one to die when memory runs out. `before`: the score as found, "" when it could not be
 * changed. */
void detach_lower_oom_score(char *before, size_t size);

/* Lets the descriptor of detach be readable for SIGTERM too, which is ignored until then. 0 or a negative
 * errno. */
int detach_take_termination(int children);

#endif
