/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lock.h - the run folder: one session at a time holds the host, and everybody can see who.
 *
 *	lock     0600, flock(2): the kernel drops it however its owner dies
 *	holder   0644, who holds the host, since when and what for; believed only while that keeper lives
 *	journal  0600, see host/journal.h
 *
 * What lies in the folder becomes writes of root's, so it must belong to the keeper's user, be writable by
 *nobody else, be no link and hold nothing else.
 */
#ifndef KEEPER_LOCK_H
#define KEEPER_LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "base/err.h"
#include "keeper/identity.h"
#include "keeper/keeper.h"

#define LOCK_PATH      256
#define LOCK_RESTORING "restore" /* the purpose of who only puts back: soon done */

struct lock {
	int dir;	      /* the run folder, -1 */
	int file;	      /* the held lock, -1 */
	bool looks_at_system; /* an unprivileged session in its own folder also keeps off a privileged one's
				 host */
	char path[LOCK_PATH];
};

/* Finds, or with `create` makes, the run folder (NULL: the default one) and checks it. -ENOENT when there is
 * none. */
int lock_open(struct lock *lock, const struct identity *identity, const char *run_dir, bool create,
	      struct sb_err *err);

/* Takes the lock without waiting: 0, -EBUSY with a sentence about the holder, or another negative errno. */
int lock_take(struct lock *lock, struct sb_err *err);

/* The same, after waiting for whoever holds it, however long. */
int lock_await(struct lock *lock, struct sb_err *err);

/* Writes `holder` for the calling process, which holds the lock on behalf of the front `pid`. */
int lock_announce(const struct lock *lock, const char *user, pid_t pid, const char *purpose,
		  struct sb_err *err);

/* Adds a line to `holder`: "lingering", "knobs NAME,NAME", "guard UNIT", "unguarded REASON". */
int lock_announce_more(const struct lock *lock, const char *line, struct sb_err *err);

/* Tells the session that holds the folder's lock, and goes on without its front, to give the host back. False
 * when there is no such session or it is not ours to end. */
bool lock_end_lingering(const struct lock *lock);

/* Removes `holder`, gives the lock back, closes the folder. */
void lock_release(struct lock *lock);

/* What `holder` in a run folder says, believed only while its keeper lives. */
void lock_look(const char *path, struct keeper_note *note);

/* "alice (pid 123, since 2024-01-01 12:00:00 UTC): run ./bench_x" from a run folder; false when nobody holds.
 */
bool lock_holder(const char *path, char *text, size_t size);

/* Where the run folder is by default. */
void lock_default_path(bool privileged, char *path, size_t size);

#endif
