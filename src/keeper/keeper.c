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
#include <unistd.h>
#include "base/alloc.h"
#include "keeper/message.h"
#include "keeper/server.h"

/* --- one question, one answer --------------------------------------------------------------------------- */

static int lost(struct keeper *keeper, struct sb_err *err)
{
	keeper->is_lost = true;
	return err_set(err, -EPIPE, "the keeper is gone: somebody killed it");
}

/* Takes the next answer to `action`. An ENDED that nobody waits for any more is passed over. */
static int take_answer(struct keeper *keeper, enum message_action action, union message_answer *answer,
		       int *fd, struct sb_err *err)
{
	const struct message_header *header = &answer->reply.header;
	struct message_fds fds;
	ptrdiff_t got;

	do {
		got = message_receive(keeper->socket, answer, sizeof *answer, &fds);
		if (got < (ptrdiff_t)sizeof answer->reply)
			return lost(keeper, err);
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

static int send_request(struct keeper *keeper, const void *request, int fd, struct sb_err *err)
{
	int code = message_send(keeper->socket, request, fd);

	if (code == -EPIPE || code == -ECONNRESET)
		return lost(keeper, err);
	return code ? err_set(err, code, "cannot reach the keeper: %s", err_reason(code)) : 0;
}

static int ask(struct keeper *keeper, const void *request, int fd, union message_answer *answer,
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
	keeper->is_lost = false;
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
	request->is_guarded = hold->is_guarded;
	request->wants_thieves = hold->wants_thieves;
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

/* --- counters --------------------------------------------------------------------------------------------
 */

int keeper_count(struct keeper *keeper, const struct keeper_event *events, size_t count,
		 struct keeper_probe *probes, unsigned *passes, uint32_t *witnesses, struct sb_err *err)
{
	struct message_count *request;
	union message_answer *answer;
	int code;

	*passes = *witnesses = 0;
	if (count > KEEPER_EVENTS_MAX)
		return err_set(err, -E2BIG, "%zu events are more than the %d that are tried at once", count,
			       KEEPER_EVENTS_MAX);
	request = alloc_zero(1, sizeof *request);
	answer = alloc_zero(1, sizeof *answer);
	message_head(&request->header, MESSAGE_COUNT, sizeof *request);
	request->count = (uint32_t)count;
	for (size_t i = 0; i < count; i++)
		request->events[i] = events[i];
	code = ask(keeper, request, -1, answer, err);
	if (!code) {
		*passes = answer->count.passes;
		*witnesses = answer->count.witnesses;
		for (size_t i = 0; i < count; i++)
			probes[i] = answer->count.probes[i];
	}
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
	started->asked = answer->launch.asked;
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

static int ask_watch(struct keeper *keeper, bool ends, union message_answer *answer, int *fd,
		     struct sb_err *err)
{
	struct message_watch request = { .ends = ends };
	int code;

	message_head(&request.header, MESSAGE_WATCH, sizeof request);
	code = send_request(keeper, &request, -1, err);
	return code ? code : take_answer(keeper, MESSAGE_WATCH, answer, fd, err);
}

int keeper_watch(struct keeper *keeper, int *memory, unsigned *cpus, struct sb_err *err)
{
	union message_answer *answer = alloc_zero(1, sizeof *answer);
	int code;

	*memory = -1;
	code = ask_watch(keeper, false, answer, memory, err);
	*cpus = answer->watch.cpus;
	free(answer);
	if (!code && *memory < 0)
		code = err_set(err, -EMFILE, "the memory of thefts did not arrive: too many open files");
	return code;
}

int keeper_watch_end(struct keeper *keeper, struct keeper_thieves *thieves, struct sb_err *err)
{
	union message_answer *answer = alloc_zero(1, sizeof *answer);
	int code = ask_watch(keeper, true, answer, NULL, err);

	*thieves = answer->watch.thieves;
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
