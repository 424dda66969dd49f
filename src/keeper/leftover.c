/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leftover.c - what anyone but the session itself does with a held or abandoned host: look, and put back; see
 * keeper.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/monotonic.h"
#include "keeper/keeper.h"
#include "keeper/limits.h"
#include "keeper/lock.h"
#include "keeper/restore.h"

#define LINGER_END_NS UINT64_C(60000000000) /* for a lingering session to put everything back */

/* An unprivileged user has no journal of his own, and cannot read root's: say so instead of "nothing to do".
 */
static int look_for_roots(const struct identity *identity, const char *run_dir, struct sb_err *err)
{
	if (!identity->privileged && !run_dir && !access(KEEPER_RUN_DIR "/journal", F_OK))
		return err_set(err, -EPERM, "'%s/journal' is root's: run 'sudo stablebench restore'",
			       KEEPER_RUN_DIR);
	return 0;
}

struct signals {
	sigset_t mask;
	struct sigaction pipe, file_size;
};

/* A blocked signal comes when the mask is lifted: those that a write of ours raises must have gone by then.
 */
static void block_signals(struct signals *before)
{
	const struct sigaction ignored = { .sa_handler = SIG_IGN };
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before->mask);
	sigaction(SIGPIPE, &ignored, &before->pipe);
	sigaction(SIGXFSZ, &ignored, &before->file_size);
}

static void unblock_signals(const struct signals *before)
{
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
	sigaction(SIGPIPE, &before->pipe, NULL);
	sigaction(SIGXFSZ, &before->file_size, NULL);
}

/* A session that holds on by itself lets go when it is told to; any other is somebody's at work. */
static int take_lock(struct lock *lock, bool *was_lingering, struct sb_err *err)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	const uint64_t deadline = monotonic_now_ns() + LINGER_END_NS;
	int code = lock_take(lock, err);

	*was_lingering = code == -EBUSY && lock_end_lingering(lock);
	if (!*was_lingering)
		return code;
	while (code == -EBUSY && monotonic_now_ns() < deadline) {
		nanosleep(&pause, NULL);
		code = lock_take(lock, err);
	}
	return code;
}

/* Blocks, so that a guard costs nothing while it waits for hours. */
static int get_lock(const struct keeper_restore *order, struct lock *lock, bool *was_lingering,
		    struct sb_err *err)
{
	*was_lingering = false;
	return order->wait ? lock_await(lock, err) : take_lock(lock, was_lingering, err);
}

static int restore_under_lock(const struct identity *identity, const struct keeper_restore *order,
			      struct lock *lock, struct keeper_restored *restored, struct sb_err *err)
{
	struct path_root root;
	struct signals before;
	int code = path_root_init(&root, order->prefix, err);

	if (code)
		return code;
	block_signals(&before);
	lock_announce(lock, identity->front_user, getpid(), LOCK_RESTORING, NULL);
	code = restore_leftover(&root, lock->dir, order->force, false, restored, err);
	if (code)
		err_prefix(err, "run folder '%s'", lock->path);
	unblock_signals(&before);
	path_root_release(&root);
	return code;
}

/* No session ever ran, or somebody emptied /run: all that can be found is what carries our name. */
static int sweep(const struct keeper_restore *order, struct keeper_restored *restored, struct sb_err *err)
{
	struct path_root root;
	int code = path_root_init(&root, order->prefix, err);

	if (code)
		return code;
	restore_sweep(&root, restored);
	path_root_release(&root);
	return err_set(err, 0, "%s", "");
}

static int restore(const struct identity *identity, const struct keeper_restore *order,
		   struct keeper_restored *restored, struct sb_err *err)
{
	struct lock lock;
	bool was_lingering;
	int code;

	memset(restored, 0, sizeof *restored);
	code = look_for_roots(identity, order->run_dir, err);
	if (code)
		return code;
	code = lock_open(&lock, identity, order->run_dir, false, err);
	if (code == -ENOENT)
		return sweep(order, restored, err);
	if (code)
		return code;
	code = get_lock(order, &lock, &was_lingering, err);
	if (!code)
		code = restore_under_lock(identity, order, &lock, restored, err);
	if (!code && was_lingering && !restored->detail[0])
		snprintf(restored->detail, sizeof restored->detail, "the host was held by hand, and let go");
	lock_release(&lock);
	return code;
}

int keeper_restore_leftover(const struct identity *identity, const struct keeper_restore *order,
			    struct keeper_restored *restored, struct sb_err *err)
{
	struct limits limits;
	int code;

	limits_raise(&limits);
	code = restore(identity, order, restored, err);
	/* nothing of it is worth a word beside what was restored */
	(void)limits_put_back(&limits);
	return code;
}

/* That there is one everyone may know; what stands in it is for its owner. */
static bool look_at_journal(const struct identity *identity, const char *run_dir,
			    struct journal_state *journal)
{
	char path[LOCK_PATH + sizeof "/" JOURNAL_NAME];
	struct lock lock;
	bool is_there;

	snprintf(path, sizeof path, "%s/" JOURNAL_NAME, run_dir);
	is_there = !access(path, F_OK);
	if (!is_there || lock_open(&lock, identity, run_dir, false, NULL))
		return is_there;
	if (!journal_load(lock.dir, journal, NULL))
		is_there = !journal->has_ended;
	lock_release(&lock);
	return is_there;
}

bool keeper_look(const struct identity *identity, const char *run_dir, struct keeper_note *note,
		 struct journal_state *journal)
{
	char path[LOCK_PATH];
	bool is_there;

	memset(journal, 0, sizeof *journal);
	lock_look(run_dir ? run_dir : KEEPER_RUN_DIR, note);
	is_there = look_at_journal(identity, run_dir ? run_dir : KEEPER_RUN_DIR, journal);
	if (run_dir || note->is_held || is_there)
		return is_there;
	lock_default_path(false, path, sizeof path);
	lock_look(path, note);
	return look_at_journal(identity, path, journal);
}

bool keeper_look_for_holder(const struct identity *identity, const char *run_dir, struct keeper_note *note)
{
	struct journal_state journal;

	keeper_look(identity, run_dir, note, &journal);
	journal_state_release(&journal);
	return note->is_held;
}
