/* SPDX-License-Identifier: GPL-2.0-or-later */
/* control.h - the host's controlled state: the knobs of a profile applied, held, and given back. */
#ifndef KEEPER_CONTROL_H
#define KEEPER_CONTROL_H

#include <stddef.h>
#include "base/path.h"
#include "host/journal.h"
#include "host/knob.h"
#include "keeper/guard.h"
#include "keeper/keeper.h"
#include "keeper/stability.h"
#include "keeper/changes.h"

struct control {
	struct knob_context context;
	struct knob_choice choice;
	struct journal_entry *entries; /* what was written to the host, or moved by it */
	size_t count;
	int dir;		/* the run folder, borrowed */
	struct journal journal; /* open: something on the host was touched */
	struct control_drill {
		unsigned left;	  /* record boundaries until then; 0: no drill */
		unsigned victims; /* bits of enum keeper_victim */
		pid_t front;
	} drill;
	bool is_apart; /* in a run folder of its own, where nobody else looks for its lock and its journal */
	const char *guarded_dir; /* the run folder that a guard is to watch, NULL: none is wanted */
	struct guard guard;
	bool is_applied[KNOB_MAX];
	struct stability stability; /* of the machine, when all was set */
	struct changes changes;	    /* of the entries */
};

void control_init(struct control *control, const struct path_root *root);

/* Plans all knobs, journals, applies, verifies; fills a condition for each of the table, and one for
 * the guard where one was wanted; gives how many.
 * Failures are conditions. */
size_t control_apply(struct control *control, const struct keeper_hold *hold, pid_t front, int dir,
		     struct condition *conditions);

/* Reads the watched knobs again. False as long as one of them is not as it was left, once for one that was
 * not meanwhile, and once after the machine slept or its CPUs changed (`suspend`, `hotplug`); the name and a
 * sentence are in `changed`. Of several, what has not been told of comes first. */
bool control_check(struct control *control, struct keeper_change *changed);

/* Puts a process where the benches would be. 0 or a negative errno with the sentence. */
int control_adopt(const struct control *control, pid_t pid, struct sb_err *err);

/* Gives everything back and ends the journal. 0, or -EIO when something could not be put back. Does nothing
 * twice. */
int control_release(struct control *control, struct keeper_restored *restored, struct sb_err *err);

#endif
