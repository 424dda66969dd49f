/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * restore.h - putting back what the journal holds, as often as need be.
 *
 * Three-way and idempotent: as before: nothing to do. As we left it: written back and read back. Anything
 * else: a third party changed it, which is a conflict and left alone (`force` overwrites). In the order of
 * undo ranks, then of planning; then everything is verified a second time, since one write can move another
 * value. A companion (knob.h) is judged before the first write and put back after what moved it. Only paths
 * that a knob of the table owns are ever written.
 */
#ifndef KEEPER_RESTORE_H
#define KEEPER_RESTORE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"
#include "base/path.h"
#include "host/journal.h"
#include "keeper/keeper.h"

struct restore_job {
	const struct path_root *root;
	struct journal_entry *entries; /* is_undoing and is_undone are updated */
	size_t count;
	const struct journal *journal; /* to note progress in */
	bool force;		       /* overwrite what a third party changed */
	bool keeps_journal;	       /* it stays also when nothing is left to be undone */
	bool acknowledge; /* take note of conflicts and be done with them; else their journal stays for
			     --force */
};

/* Adds to the counts of `restored`. True when nothing is left to be undone, so that the journal may end. */
bool restore_run(const struct restore_job *job, struct keeper_restored *restored);

/* Deals with the journal in a run folder, whose lock the caller holds: restores and removes it. 0 also when
 * there is none or it is of another boot. -EIO when a value could not be put back; the journal stays.
 * -EBADMSG when it is damaged: what can be read is put back, and it stays unless `force`. */
int restore_leftover(const struct path_root *root, int dir, bool force, bool acknowledge,
		     struct keeper_restored *restored, struct sb_err *err);

/* Before anybody holds the host: a partition that was left behind hides its CPUs from whoever chooses some,
 * and the front does so before it asks for the host. Anything that is not simple is left, and untold, until
 * then. */
void restore_early(const struct path_root *root, const struct identity *identity, const char *run_dir,
		   struct keeper_restored *restored);

/* What a name alone shows to be a session's that is not alive: its control group, if nothing runs in it. For
 * when somebody deleted the run folder with the journal. */
void restore_sweep(const struct path_root *root, struct keeper_restored *restored);

#endif
