/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keeper.c - the front's side: each call is a message and its answer; see keeper.h. */
#include "keeper/keeper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/monotonic.h"
#include "keeper/lock.h"
#include "keeper/message.h"
#include "keeper/restore.h"
#include "keeper/server.h"

#define LINGER_END_NS UINT64_C(60000000000) /* for a lingering session to put everything back */

/* --- one question, one answer --------------------------------------------------------------------------- */

static int lost(struct sb_err *err)
{
	return err_set(err, -EPIPE,
		       "the keeper is gone: somebody killed it; run 'sudo stablebench restore' to put the "
		       "host back");
}

/* Takes the next answer to `action`. An ENDED that nobody waits for any more is passed over. */
static int take_answer(const struct keeper *keeper, enum message_action action, union message_answer *answer,
		       int *fd, struct sb_err *err)
{
	const struct message_header *header = &answer->reply.header;
	struct message_fds fds;
	ptrdiff_t got;

	do {
		got = message_receive(keeper->socket, answer, sizeof *answer, &fds);
		if (got < (ptrdiff_t)sizeof answer->reply)
			return lost(err);
		if (fd)
			*fd = fds.first;
		else if (fds.first >= 0)
			close(fds.first);
	} while (header->action == MESSAGE_ENDED && action != MESSAGE_ENDED);
	if (answer->reply.code)
		return err_set(err, answer->reply.code, "%s", answer->reply.text);
	if (header->magic != MESSAGE_MAGIC || header->action != (uint32_t)action ||
	    (size_t)got != message_answer_size(action))
		return err_set(err, -EPROTO, "the keeper answered to something else than '%d'", (int)action);
	return 0;
}

static int send_request(const struct keeper *keeper, const void *request, int fd, struct sb_err *err)
{
	int code = message_send(keeper->socket, request, fd);

	if (code == -EPIPE || code == -ECONNRESET)
		return lost(err);
	return code ? err_set(err, code, "cannot reach the keeper: %s", err_reason(code)) : 0;
}

static int ask(const struct keeper *keeper, const void *request, int fd, union message_answer *answer,
	       struct sb_err *err)
{
	const struct message_header *header = request;
	int code = send_request(keeper, request, fd, err);

	return code ? code : take_answer(keeper, (enum message_action)header->action, answer, NULL, err);
}

static struct message_plain plain(enum message_action action)
{
	struct message_plain message;

	memset(&message, 0, sizeof message);
	message_head(&message.header, action, sizeof message);
	return message;
}

/* --- beginning ---------------------------------------------------------------------------------------- */

int keeper_start(struct keeper *keeper, const struct identity *identity, const char *run_dir,
		 const char *prefix, struct sb_err *err)
{
	struct server_setting setting = {
		.identity = identity, .run_dir = run_dir, .prefix = prefix, .front = getpid()
	};
	union message_answer *answer;
	int ends[2], code;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return err_set(err, -errno, "cannot make a socket for the keeper: %s", err_reason(errno));
	setting.socket = ends[1];
	keeper->socket = ends[0];
	keeper->pid = fork();
	if (keeper->pid == 0)
		server_run(&setting);
	code = keeper->pid < 0 ? -errno : 0;
	close(ends[1]);
	if (code) {
		close(ends[0]);
		return err_set(err, code, "cannot start the keeper: %s", err_reason(code));
	}
	answer = alloc_zero(1, sizeof *answer);
	code = take_answer(keeper, MESSAGE_HELLO, answer, NULL, err);
	free(answer);
	if (!code)
		return 0;
	close(keeper->socket);
	waitpid(keeper->pid, NULL, 0);
	return code;
}

int keeper_add_binary(struct keeper *keeper, int fd, unsigned *index, struct sb_err *err)
{
	const struct message_plain request = plain(MESSAGE_ADD_BINARY);
	union message_answer *answer = alloc_zero(1, sizeof *answer);
	int code = ask(keeper, &request, fd, answer, err);

	*index = answer->binary.index;
	free(answer);
	return code;
}

int keeper_set_environment(struct keeper *keeper, const char *block, size_t size, struct sb_err *err)
{
	struct message_environment *request;
	union message_answer *answer;
	int code;

	if (size > sizeof request->block)
		return err_set(err, -E2BIG, "the environment for the benchmarks has %zu bytes, more than %zu",
			       size, sizeof request->block);
	request = alloc_zero(1, sizeof *request);
	answer = alloc_zero(1, sizeof *answer);
	message_head(&request->header, MESSAGE_ENVIRONMENT, sizeof *request);
	request->size = (uint32_t)size;
	memcpy(request->block, block, size);
	code = ask(keeper, request, -1, answer, err);
	free(request);
	free(answer);
	return code;
}

/* --- holding the host ----------------------------------------------------------------------------------- */

/* A control character of a file name would forge lines of `holder`. */
static void copy_line(char *to, const char *from, size_t size)
{
	snprintf(to, size, "%s", from);
	for (; *to; to++)
		if ((unsigned char)*to < ' ' || *to == 127)
			*to = '?';
}

static struct message_hold *make_hold(const struct keeper_hold *hold)
{
	struct message_hold *request = alloc_zero(1, sizeof *request);

	message_head(&request->header, MESSAGE_HOLD, sizeof *request);
	request->profile = hold->choice.profile;
	request->with = hold->choice.with;
	request->without = hold->choice.without;
	request->is_shared = hold->is_shared;
	request->wants_counters = hold->wants_counters;
	request->drill_step = hold->drill_step;
	request->drill_victims = hold->drill_victims;
	request->wait = hold->wait;
	request->force = hold->force;
	request->topology = hold->topology;
	copy_line(request->purpose, hold->purpose, sizeof request->purpose);
	return request;
}

/* The answer may take as long as another session; a cancel is passed on, and answered like everything else.
 */
static void await_answer(const struct keeper *keeper, const volatile int *cancel)
{
	const struct message_plain stop = plain(MESSAGE_CANCEL);
	struct pollfd event = { .fd = keeper->socket, .events = POLLIN };
	bool is_cancelled = false;

	while (poll(&event, 1, 50) <= 0) {
		if (!cancel || !*cancel || is_cancelled)
			continue;
		is_cancelled = true;
		message_send(keeper->socket, &stop, -1);
	}
}

int keeper_hold(struct keeper *keeper, const struct keeper_hold *hold, const volatile int *cancel,
		struct condition *conditions, size_t *count, struct sb_err *err)
{
	struct message_hold *request = make_hold(hold);
	union message_answer *answer = alloc_zero(1, sizeof *answer);
	int code = send_request(keeper, request, -1, err);

	*count = 0;
	if (!code) {
		await_answer(keeper, cancel);
		code = take_answer(keeper, MESSAGE_HOLD, answer, NULL, err);
	}
	if (!code && answer->hold.count <= KEEPER_CONDITIONS_MAX) {
		*count = answer->hold.count;
		memcpy(conditions, answer->hold.conditions, *count * sizeof *conditions);
	}
	if (hold->recovered)
		*hold->recovered = answer->hold.recovered;
	free(request);
	free(answer);
	return code;
}

/* --- launches ----------------------------------------------------------------------------------------- */

int keeper_launch_begin(struct keeper *keeper, const struct keeper_launch *launch, int output,
			struct keeper_started *started, struct sb_err *err)
{
	struct message_launch request;
	union message_answer *answer = alloc_zero(1, sizeof *answer);
	int code;

	memset(&request, 0, sizeof request);
	memset(started, 0, sizeof *started);
	started->memory = -1;
	message_head(&request.header, MESSAGE_LAUNCH, sizeof request);
	request.launch = *launch;
	code = send_request(keeper, &request, output, err);
	if (!code)
		code = take_answer(keeper, MESSAGE_LAUNCH, answer, &started->memory, err);
	started->size = answer->launch.size;
	started->pid = answer->launch.pid;
	started->started_ns = answer->launch.started_ns;
	if (!code && started->memory < 0)
		code = err_set(err, -EMFILE, "the shared memory did not arrive: too many open files");
	free(answer);
	return code;
}

int keeper_launch_kill(struct keeper *keeper, struct sb_err *err)
{
	const struct message_plain request = plain(MESSAGE_KILL);

	return send_request(keeper, &request, -1, err);
}

int keeper_launch_end(struct keeper *keeper, struct keeper_ended *ended, struct sb_err *err)
{
	union message_answer *answer = alloc_zero(1, sizeof *answer);
	int code = take_answer(keeper, MESSAGE_ENDED, answer, NULL, err);

	*ended = answer->ended.ended;
	free(answer);
	return code;
}

int keeper_adopt(struct keeper *keeper, pid_t pid, struct sb_err *err)
{
	struct message_adopt request = { .pid = pid };
	union message_answer *answer = alloc_zero(1, sizeof *answer);
	int code;

	message_head(&request.header, MESSAGE_ADOPT, sizeof request);
	code = ask(keeper, &request, -1, answer, err);
	free(answer);
	return code;
}

int keeper_linger(struct keeper *keeper, struct sb_err *err)
{
	const struct message_plain request = plain(MESSAGE_LINGER);
	union message_answer *answer = alloc_zero(1, sizeof *answer);
	int code = ask(keeper, &request, -1, answer, err);

	free(answer);
	if (code)
		return code;
	close(keeper->socket);
	*keeper = (struct keeper){ .socket = -1 };
	return 0;
}

/* --- the end ------------------------------------------------------------------------------------------ */

int keeper_release(struct keeper *keeper, struct keeper_restored *restored, struct sb_err *err)
{
	const struct message_plain request = plain(MESSAGE_RELEASE);
	union message_answer *answer = alloc_zero(1, sizeof *answer);
	int code = ask(keeper, &request, -1, answer, err);

	*restored = answer->release.restored;
	free(answer);
	close(keeper->socket);
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		;
	keeper->socket = -1;
	keeper->pid = 0;
	return code;
}

/* An unprivileged user has no journal of his own, and cannot read root's: say so instead of "nothing to do".
 */
static int look_for_roots(const struct identity *identity, const char *run_dir, struct sb_err *err)
{
	if (!identity->privileged && !run_dir && !access(KEEPER_RUN_DIR "/journal", F_OK))
		return err_set(err, -EPERM, "'%s/journal' is root's: run 'sudo stablebench restore'",
			       KEEPER_RUN_DIR);
	return 0;
}

static void block_signals(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, before);
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

int keeper_restore_leftover(const struct identity *identity, const char *run_dir, const char *prefix,
			    bool force, struct keeper_restored *restored, struct sb_err *err)
{
	struct path_root root;
	struct lock lock;
	sigset_t before;
	bool was_lingering;
	int code;

	memset(restored, 0, sizeof *restored);
	code = look_for_roots(identity, run_dir, err);
	if (code)
		return code;
	code = path_root_init(&root, prefix, err);
	if (code)
		return code;
	code = lock_open(&lock, identity, run_dir, false, err);
	if (code == -ENOENT) { /* no session ever ran, or /run was emptied */
		restore_sweep(&root, restored);
		path_root_release(&root);
		return err_set(err, 0, "%s", "");
	}
	if (!code)
		code = take_lock(&lock, &was_lingering, err);
	if (!code) {
		block_signals(&before);
		code = restore_leftover(&root, lock.dir, force, false, restored, err);
		if (code)
			err_prefix(err, "run folder '%s'", lock.path);
		else if (was_lingering && !restored->detail[0])
			snprintf(restored->detail, sizeof restored->detail,
				 "the host was held by hand, and let go");
		sigprocmask(SIG_SETMASK, &before, NULL);
	}
	path_root_release(&root);
	lock_release(&lock);
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
