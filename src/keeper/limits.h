/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limits.h - resource limits of whoever called. sudo hands them on, but they are not meant for root's part: a
 * `ulimit -f` or `-n` of a shell must not keep it from writing its journal, or from opening what it has to
 * put back. The benches get them as they were found.
 */
#ifndef KEEPER_LIMITS_H
#define KEEPER_LIMITS_H

#include <sys/resource.h>

#define LIMITS 8

struct limits {
	struct rlimit found[LIMITS];
};

/* Raises those of this process to what a keeper can need; without the right to it (CAP_SYS_RESOURCE), as far
 * as the hard ones go. Never lowers any. */
void limits_raise(struct limits *limits);

/* 0 or a negative errno. Needs no right, and takes away the way back up. */
int limits_put_back(const struct limits *limits);

#endif
