/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard.h - the second net where systemd runs: a transient service in process 1's own control group, started
 * before the first setting is written.
 *
 * It is `stablebench restore --wait`, blocked on the lock. When front and keeper are killed together (a CI
 * job that is cancelled, a control group out of memory) the kernel drops their lock, the guard gets it, finds
 * a journal without its end, and puts the host back. At a session's ordinary end it is stopped before the
 * lock is given up.
 */
#ifndef KEEPER_GUARD_H
#define KEEPER_GUARD_H

#include "base/err.h"

#define GUARD_UNIT 96

struct guard {
	char unit[GUARD_UNIT]; /* "" while none runs */
};

/* Starts one for the run folder of a held lock. 0, -ENOTSUP where systemd does not run, or another negative
 * errno. */
int guard_start(struct guard *guard, const char *run_dir, const char *run_id, struct sb_err *err);

/* Ends it, if one was started. */
void guard_stop(struct guard *guard);

#endif
