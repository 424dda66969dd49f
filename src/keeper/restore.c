/* SPDX-License-Identifier: GPL-2.0-or-later */
/* restore.c - the way back; see restore.h. */
#include "keeper/restore.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/alloc.h"
#include "host/cgroup.h"
#include "keeper/lock.h"
#include "keeper/process.h"

enum verdict {
	VERDICT_SAME,	  /* as before */
	VERDICT_OURS,	  /* as we left it */
	VERDICT_CONFLICT, /* a third party's */
	VERDICT_GONE,	  /* not there any more */
	VERDICT_REFUSED,  /* no knob owns the path */
};

struct step {
	struct journal_entry *entry;
	const struct knob *knob; /* NULL: none owns it */
	size_t sequence;
	enum verdict verdict;
	bool was_written, has_failed, is_settled; /* by this run */
};

/* --- judging ------------------------------------------------------------------------------------------ */

static const struct knob *find_owner(const struct journal_entry *entry)
{
	const struct knob *knob = knob_find(entry->knob);

	return knob && knob->owns_path && knob->owns_path(knob, entry->setting.path) ? knob : NULL;
}

/* Not there while our governor was, or while a CPU was offline: what comes back with them is the kernel's
 * default, nobody's wish. */
static bool was_absent(const struct journal_entry *entry)
{
	return !entry->observed[0] || entry->observed[0] == '<';
}

static bool is_as_left(const struct restore_job *job, const struct knob *knob,
		       const struct journal_entry *entry, const char *now)
{
	if (knob->is_sole_owner || entry->is_undoing)
		return true;
	if (journal_is_companion(entry))
		return !entry->is_done || was_absent(entry) || knob_is_same(knob, now, entry->observed);
	if (entry->is_done && !knob->settle)
		return !entry->observed[0] || knob_is_ours(knob, job->root, now, entry->observed);
	return knob_is_ours(knob, job->root, now, entry->setting.target);
}

static enum verdict judge(const struct restore_job *job, const struct step *step)
{
	const struct journal_entry *entry = step->entry;
	char now[KNOB_VALUE];

	if (!step->knob)
		return VERDICT_REFUSED;
	if (knob_read(step->knob, job->root, entry->setting.path, now, sizeof now, NULL) < 0)
		return journal_is_companion(entry) ? VERDICT_OURS : VERDICT_GONE;
	if (!knob_is_identical(step->knob, job->root, &entry->setting))
		return VERDICT_GONE;
	if (knob_is_same(step->knob, now, entry->setting.before))
		return step->knob->settle ? VERDICT_OURS : VERDICT_SAME;
	return job->force || is_as_left(job, step->knob, entry, now) ? VERDICT_OURS : VERDICT_CONFLICT;
}

/* --- putting back ------------------------------------------------------------------------------------- */

static void note(const struct restore_job *job, enum journal_type type, const struct step *step)
{
	journal_append(job->journal, type, step->sequence, step->entry, NULL);
}

static void describe(struct keeper_restored *restored, const char *text)
{
	if (!restored->detail[0])
		snprintf(restored->detail, sizeof restored->detail, "%s", text);
}

/* A companion that is not there has nothing to be put back to: its governor was somebody's conflict. */
static void put_back(const struct restore_job *job, struct step *step, struct sb_err *err)
{
	const struct knob_setting *setting = &step->entry->setting;
	char now[KNOB_VALUE];

	step->has_failed = false;
	if (knob_read(step->knob, job->root, setting->path, now, sizeof now, err) < 0) {
		step->has_failed = !journal_is_companion(step->entry) && !step->knob->is_sole_owner;
		return;
	}
	if (knob_is_same(step->knob, now, setting->before) && (step->was_written || !step->knob->settle))
		return;
	step->was_written = true;
	step->has_failed = true;
	if (knob_write(step->knob, job->root, setting->path, setting->before, err) ||
	    (step->knob->settle && step->knob->settle(job->root, setting->path, setting->before, err)) ||
	    knob_read(step->knob, job->root, setting->path, now, sizeof now, err) < 0)
		return;
	step->has_failed = !knob_is_same(step->knob, now, setting->before);
	if (step->has_failed)
		err_set(err, -EIO, "'/%s' reads '%s' after writing back '%s'", setting->path, now,
			setting->before);
}

static bool is_to_put_back(const struct step *step)
{
	return !step->entry->is_undone && (step->verdict == VERDICT_OURS || step->verdict == VERDICT_SAME);
}

/* Whether something goes back that took other settings along. */
static bool brings_back(const struct restore_job *job, const struct step *steps)
{
	for (size_t i = 0; i < job->count; i++)
		if (steps[i].verdict == VERDICT_OURS && steps[i].knob->takes_along)
			return true;
	return false;
}

static bool has_returned(const struct restore_job *job, const struct step *step)
{
	char now[KNOB_VALUE];

	return step->verdict == VERDICT_GONE &&
	       knob_read(step->knob, job->root, step->entry->setting.path, now, sizeof now, NULL) >= 0;
}

/* The sentence of the second pass is the one that counts. */
static void put_all_back(const struct restore_job *job, struct step *steps, struct keeper_restored *restored)
{
	const bool may_return = brings_back(job, steps);
	struct sb_err err = { 0 };

	for (size_t i = 0; i < job->count; i++) {
		if (may_return && has_returned(job, &steps[i]))
			steps[i].verdict = judge(job, &steps[i]);
		if (is_to_put_back(&steps[i]) && steps[i].verdict == VERDICT_OURS)
			put_back(job, &steps[i], NULL);
	}
	for (size_t i = 0; i < job->count; i++) {
		if (!is_to_put_back(&steps[i]))
			continue;
		put_back(job, &steps[i], &err);
		if (steps[i].has_failed)
			describe(restored, err.text);
	}
}

/* --- the order, and the sum ----------------------------------------------------------------------------- */

static int by_rank(const void *left, const void *right)
{
	const struct step *a = left, *b = right;
	const int rank_a = a->knob ? a->knob->undo_rank : 0, rank_b = b->knob ? b->knob->undo_rank : 0;

	if (rank_a != rank_b)
		return rank_a < rank_b ? -1 : 1;
	if (a->knob && a->knob->is_undone_last_first && a->knob == b->knob)
		return a->sequence > b->sequence ? -1 : a->sequence < b->sequence;
	return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

static bool is_below_folder_of(const char *path, const char *file)
{
	const char *end = strrchr(file, '/');

	return end && !strncmp(path, file, (size_t)(end + 1 - file));
}

/* A CPU that was taken offline took its policy along, whose files are gone or say EBUSY: what hung on it
 * comes back with it, as the kernel likes it. */
static void follow_what_is_gone(const struct restore_job *job, struct step *steps)
{
	char now[KNOB_VALUE];

	for (size_t i = 0; i < job->count; i++) {
		if (steps[i].verdict != VERDICT_GONE)
			continue;
		for (size_t j = 0; j < job->count; j++)
			if (steps[j].knob && journal_is_companion(steps[j].entry) &&
			    is_below_folder_of(steps[j].entry->setting.path, steps[i].entry->setting.path) &&
			    path_read(job->root, steps[j].entry->setting.path, now, sizeof now, NULL) < 0)
				steps[j].verdict = VERDICT_GONE;
	}
}

static struct step *make_steps(const struct restore_job *job)
{
	struct step *steps = alloc_zero(job->count, sizeof *steps);

	for (size_t i = 0; i < job->count; i++) {
		steps[i].entry = &job->entries[i];
		steps[i].sequence = i;
		steps[i].knob = find_owner(&job->entries[i]);
		steps[i].verdict = judge(job, &steps[i]);
	}
	follow_what_is_gone(job, steps);
	if (job->count)
		qsort(steps, job->count, sizeof *steps, by_rank);
	return steps;
}

static void tell_conflict(const struct restore_job *job, const struct step *step,
			  struct keeper_restored *restored)
{
	const struct knob_setting *setting = &step->entry->setting;
	char now[KNOB_VALUE] = "", text[sizeof restored->detail];

	if (step->knob)
		knob_read(step->knob, job->root, setting->path, now, sizeof now, NULL);
	if (step->verdict == VERDICT_GONE)
		snprintf(text, sizeof text, "'/%s', which was '%.100s', is not there any more", setting->path,
			 setting->before);
	else if (step->verdict == VERDICT_REFUSED)
		snprintf(text, sizeof text,
			 "the journal names '/%s', which no knob of this version owns; it is not written",
			 setting->path);
	else
		snprintf(text, sizeof text,
			 "'/%s' is '%.100s' now: somebody else changed it, so it was left alone; it was "
			 "'%.100s' "
			 "before, "
			 "which stablebench restore --force writes back",
			 setting->path, now, setting->before);
	describe(restored, text);
}

/* Gives whether the entry is settled. */
static bool settle(const struct restore_job *job, const struct step *step, struct keeper_restored *restored)
{
	if (is_to_put_back(step)) {
		restored->failed += step->has_failed;
		restored->restored += !step->has_failed && step->was_written;
		restored->unchanged += !step->has_failed && !step->was_written;
		return !step->has_failed;
	}
	if (step->verdict == VERDICT_GONE && step->knob->is_sole_owner) {
		restored->unchanged++;
		return true;
	}
	tell_conflict(job, step, restored);
	if (step->verdict == VERDICT_GONE && step->knob->may_vanish)
		return true;
	if (step->verdict == VERDICT_REFUSED && !job->force) {
		restored->failed++;
		return false;
	}
	restored->conflicts++;
	return job->acknowledge || job->force;
}

static bool will_move(const struct step *step, bool may_return)
{
	if (step->verdict == VERDICT_GONE)
		return may_return;
	return step->verdict == VERDICT_OURS &&
	       (journal_is_companion(step->entry) || step->knob->is_moved_along);
}

/* What moves with the values that are about to go back, or comes back with them, must still be known for ours
 * if we die between them. */
static void note_undoing(const struct restore_job *job, struct step *steps)
{
	const bool may_return = brings_back(job, steps);

	for (size_t i = 0; i < job->count; i++) {
		if (steps[i].entry->is_undone || !will_move(&steps[i], may_return))
			continue;
		steps[i].entry->is_undoing = true;
		note(job, JOURNAL_UNDOING, &steps[i]);
	}
	journal_sync(job->journal, NULL);
}

/* Only for a journal that stays: with nothing left to be undone it ends at once, and until then a second
 * restore finds everything as it was. */
static void note_undone(const struct restore_job *job, const struct step *steps)
{
	for (size_t i = 0; i < job->count; i++)
		if (steps[i].is_settled)
			note(job, JOURNAL_UNDONE, &steps[i]);
	journal_sync(job->journal, NULL);
}

bool restore_run(const struct restore_job *job, struct keeper_restored *restored)
{
	struct step *steps = make_steps(job);
	bool is_complete = true;

	note_undoing(job, steps);
	put_all_back(job, steps, restored);
	for (size_t i = 0; i < job->count; i++) {
		if (steps[i].entry->is_undone)
			continue;
		steps[i].is_settled = settle(job, &steps[i], restored);
		steps[i].entry->is_undone = steps[i].is_settled;
		is_complete &= steps[i].is_settled;
	}
	if (!is_complete || job->keeps_journal)
		note_undone(job, steps);
	free(steps);
	return is_complete;
}

/* --- a journal that somebody left ----------------------------------------------------------------------- */

static int drop(int dir, struct keeper_restored *restored, const char *why)
{
	describe(restored, why);
	return unlinkat(dir, JOURNAL_NAME, 0) ? -errno : 0;
}

static int run_leftover(const struct path_root *root, int dir, struct journal_state *state, bool force,
			bool acknowledge, struct keeper_restored *restored, struct sb_err *err)
{
	struct journal journal = JOURNAL_CLOSED;
	const struct restore_job job = { .root = root,
					 .entries = state->entries,
					 .count = state->count,
					 .journal = &journal,
					 .force = force,
					 .keeps_journal = state->is_damaged && !force,
					 .acknowledge = acknowledge };
	bool is_complete;
	int code = 0;

	/* also where it cannot be written to: the host comes first */
	journal_reopen(dir, state, &journal, NULL);
	is_complete = restore_run(&job, restored);
	if (restored->failed)
		code = err_set(err, -EIO, "the host could not be put back: %s", restored->detail);
	else if (job.keeps_journal)
		code = err_set(err, -EBADMSG,
			       "the journal is damaged: what can be read of it was put back, but not what "
			       "stood in the rest; it is kept to be looked at; a reboot resets the host, "
			       "'stablebench restore --force' removes the journal");
	else if (is_complete)
		code = journal_finish(dir, &journal, err);
	journal_close(&journal);
	return code;
}

static bool is_session_alive(int pid, unsigned long long start)
{
	return process_is_alive(pid, start);
}

void restore_sweep(const struct path_root *root, struct keeper_restored *restored)
{
	const unsigned count = cgroup_sweep(root, is_session_alive);

	restored->restored += count;
	if (count)
		describe(restored, "a control group that a session without a journal left was removed");
}

int restore_leftover(const struct path_root *root, int dir, bool force, bool acknowledge,
		     struct keeper_restored *restored, struct sb_err *err)
{
	struct journal_state state;
	struct journal_owner now;
	int code = journal_load(dir, &state, err);

	if (code == -ENOENT) {
		restore_sweep(root, restored);
		return 0;
	}
	if (code == -EBADMSG && force)
		return drop(dir, restored, "a journal that cannot be understood was removed");
	if (code)
		return code;
	journal_identify(root, &now);
	if (strcmp(now.boot_id, state.owner.boot_id) != 0)
		code = drop(dir, restored,
			    "a journal of an earlier boot was removed: its values went with that boot");
	else if (state.has_ended || (state.count == 0 && !state.is_damaged))
		code = drop(dir, restored, "");
	else
		code = run_leftover(root, dir, &state, force, acknowledge, restored, err);
	journal_state_release(&state);
	return code;
}

void restore_early(const struct path_root *root, const struct identity *identity, const char *run_dir,
		   struct keeper_restored *restored)
{
	struct lock lock;

	if (!identity->privileged || lock_open(&lock, identity, run_dir, false, NULL))
		return;
	if (!lock_take(&lock, NULL))
		restore_leftover(root, lock.dir, false, false, restored, NULL);
	if (restored->conflicts || restored->failed) /* told by the next try */
		memset(restored, 0, sizeof *restored);
	lock_release(&lock);
}
