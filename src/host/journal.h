/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.h - what was on the host before we touched it, written down before we touch it.
 *
 * Append-only file `journal` (0600) in the run folder: a header, then records of length, CRC-32 and body.
 * Every INTENT of a stage is on the disk before its first write; DONE says what was read back; UNDOING that a
 * value is about to go back; UNDONE that it is back, or that a conflict was acknowledged; END that nothing is
 * left. Values of /sys and /proc die with the boot, so a journal of another boot is worth nothing.
 *
 * The file gets its name with its header complete, and a process that dies leaves one record incomplete at
 * most, the last, which was never acted upon: that is torn, and ignored. How many intents a stage has stands
 * in the header before its first write, so that a cut between two of them is no crash's work. Everything else
 * that does not fit is damage: the record is passed over, and the rest is read.
 *
 * Its content becomes root's writes: opened without following links, owner, mode and link count checked,
 * every field bounded, and no path written that its knob does not own.
 */
#ifndef HOST_JOURNAL_H
#define HOST_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/err.h"
#include "base/path.h"
#include "host/knob.h"

#define JOURNAL_NAME "journal"

enum journal_type {
	JOURNAL_INTENT = 1,
	JOURNAL_DONE,
	JOURNAL_UNDOING,
	JOURNAL_UNDONE,
	JOURNAL_END,
	JOURNAL_TYPES
};

/* One setting and how far it has come; its sequence number is its place in the list. */
struct journal_entry {
	char knob[CONDITION_KNOB];
	struct knob_setting setting;
	bool is_done;
	char observed[KNOB_VALUE]; /* as read back after writing; "" with is_done: could not be read */
	bool is_undoing, is_undone;
	bool is_told; /* that it changed while it was held; no part of the file */
};

/* Whether it is a value that is put back and never set: see knob_setting. */
bool journal_is_companion(const struct journal_entry *entry);

struct journal_owner {
	char boot_id[40];
	char release[72];  /* of the kernel */
	int32_t pid;	   /* the keeper */
	uint32_t reserved; /* no hole whose bytes would be anybody's */
	uint64_t start;	   /* its start time in clock ticks after boot */
};

struct journal_state {
	struct journal_owner owner;
	struct journal_entry *entries;
	size_t count;
	bool has_ended;
	size_t committed; /* intents that there were when the first of them was acted upon, 0: not yet */
	size_t good;	  /* bytes to go on behind */
	bool is_torn;	  /* something follows them that was never acted upon */
	bool is_damaged;  /* records are missing, so that what they told cannot be put back; the entries of
			     lost intents have no knob and count as undone */
};

/* Fills owner from /proc under the root prefix; pid and start are the caller's business. */
void journal_identify(const struct path_root *root, struct journal_owner *owner);

/* --- writing --- */

struct journal {
	int fd; /* -1: none is open; appending and syncing then do nothing */
	/* Called before and after every record, NULL: not at all. The drill ends the process there. */
	void (*at_boundary)(void *context);
	void *context;
	uint32_t head; /* checksum of the header up to what changes in it; of a journal that was made */
};

#define JOURNAL_CLOSED ((struct journal){ .fd = -1 })

/* Makes a new journal in a run folder, header and directory synced. 0, -EEXIST when one is there, or another
 * negative errno. */
int journal_create(int dir, const struct journal_owner *owner, struct journal *journal, struct sb_err *err);

/* Opens the one that is there for appending behind its good bytes; what is torn is cut off. */
int journal_reopen(int dir, const struct journal_state *state, struct journal *journal, struct sb_err *err);

/* Appends one record: INTENT takes everything from the entry, DONE its `observed`, the others only
 * `sequence`. */
int journal_append(const struct journal *journal, enum journal_type type, size_t sequence,
		   const struct journal_entry *entry, struct sb_err *err);

/* Notes in the header of a journal that was made that so many intents are about to be acted upon. To be
 * synced with them. */
int journal_commit(const struct journal *journal, size_t count, struct sb_err *err);
int journal_sync(const struct journal *journal, struct sb_err *err);

/* END, synced (unless it is closed), and the file removed. 0 when either could be done: both say that nothing
 * is left. */
int journal_finish(int dir, const struct journal *journal, struct sb_err *err);
void journal_close(struct journal *journal);

/* --- reading --- */

/* Reads the journal of a run folder. -ENOENT: none. -EBADMSG, -EPROTO: there is one, and it cannot be
 * understood. */
int journal_load(int dir, struct journal_state *state, struct sb_err *err);

/* The same from memory. */
int journal_parse(const void *bytes, size_t size, struct journal_state *state, struct sb_err *err);
void journal_state_release(struct journal_state *state);

#endif
