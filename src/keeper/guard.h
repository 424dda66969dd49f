/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard.h - the second net where systemd runs: a transient service in process 1's own control group, started
 * before the first setting is written.
 *
 * It is `stablebench restore --wait`, blocked on the lock. When front and keeper are killed together (a CI
 * job that is cancelled, a control group out of memory) the kernel drops their lock, the guard gets it, finds
 * a journal without its end, and puts the host back. At a session's ordinary end it is stopped before the
 * lock is given up.
 *
 * Whether it stands is a condition of the session, `guard`: without one a session that is killed as a whole
 * is put back by the next one only.
 */
#ifndef KEEPER_GUARD_H
#define KEEPER_GUARD_H

#include <stdbool.h>
#include "host/condition.h"

#define GUARD_CONDITION "guard"
#define GUARD_UNIT	CONDITION_VALUE

struct guard {
	char unit[GUARD_UNIT];	    /* "" while none runs */
	struct condition condition; /* what became of it; without a name while none was wanted */
};

/* Starts one for the run folder of a held lock, waits until it runs, and tells in its condition. */
void guard_start(struct guard *guard, const char *run_dir, const char *run_id);

/* Whether one that was started is still there, as everybody may ask. */
bool guard_stands(const char *unit);

/* Ends it, if one was started. */
void guard_stop(struct guard *guard);

#endif
