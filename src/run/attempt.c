/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attempt.c - runs a launch to its end; see attempt.h. What it means is judged in judge.c. */
#include "run/attempt.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/monotonic.h"
#include "run/judge.h"
#include "run/output.h"

#define KEEPER_LATE_NS	UINT64_C(2000000000)  /* behind a launch's own time limit, or an interrupt */
#define KEEPER_GRACE_NS UINT64_C(20000000000) /* more, for leftovers to be ended one by one */
#define KEEPER_LOOK_MS	500

enum { POLL_KEEPER, POLL_OUTPUT, POLL_CANCEL, POLLS };

/* A benchmark of the same user can stop the keeper, which then cannot end it in time: the keeper is woken, in
 * the end killed, so that nobody waits for it. */
static int wake_late_keeper(const struct keeper *keeper, uint64_t deadline_ns, struct sb_err *err)
{
	uint64_t now = monotonic_now_ns();

	if (now < deadline_ns)
		return 0;
	kill(keeper->pid, SIGCONT);
	if (now < deadline_ns + KEEPER_GRACE_NS)
		return 0;
	kill(keeper->pid, SIGKILL);
	return err_set(err, -ETIMEDOUT, "the keeper does not answer");
}

static int poll_timeout_ms(uint64_t deadline_ns)
{
	uint64_t now = monotonic_now_ns();

	if (now >= deadline_ns)
		return KEEPER_LOOK_MS;
	return (int)fmin((double)(deadline_ns - now) / 1e6 + 1, INT_MAX);
}

/* Until the keeper reports the end: drains what the bench prints, and passes an interrupt on. */
static int wait_for_end(struct keeper *keeper, uint64_t deadline_ns, int output_fd,
			const struct run_cancel *cancel, struct output *output, struct sb_err *err)
{
	struct pollfd polls[POLLS] = {
		[POLL_KEEPER] = { .fd = keeper->socket, .events = POLLIN },
		[POLL_OUTPUT] = { .fd = output_fd, .events = POLLIN },
		[POLL_CANCEL] = { .fd = cancel->fd, .events = POLLIN },
	};
	int code = 0;

	while (!code) {
		if (poll(polls, POLLS, poll_timeout_ms(deadline_ns)) < 0) {
			if (errno != EINTR)
				return err_set(err, -errno, "cannot wait for the keeper: %s",
					       err_reason(errno));
			continue;
		}
		if (polls[POLL_OUTPUT].revents && !output_drain(output, output_fd))
			polls[POLL_OUTPUT].fd = -1;
		if (polls[POLL_KEEPER].revents & (POLLIN | POLLHUP))
			return 0;
		if (polls[POLL_CANCEL].revents) {
			code = keeper_launch_kill(keeper, err);
			deadline_ns = monotonic_now_ns() + KEEPER_LATE_NS;
			polls[POLL_CANCEL].fd = -1;
		}
		if (!code)
			code = wake_late_keeper(keeper, deadline_ns, err);
	}
	return code;
}

/* One copy, then nothing the bench may still write is looked at again. */
static void *copy_memory(const struct keeper_started *started)
{
	void *shared = mmap(NULL, started->size, PROT_READ, MAP_SHARED, started->memory, 0);
	void *copy;

	if (shared == MAP_FAILED)
		return NULL;
	copy = alloc_zero(1, started->size);
	memcpy(copy, shared, started->size);
	munmap(shared, started->size);
	return copy;
}

static int run_with_pipe(struct keeper *keeper, const struct keeper_launch *request, int *pipes,
			 const struct run_cancel *cancel, struct attempt *attempt, struct sb_err *err)
{
	struct output output = { .used = 0 };
	int code = keeper_launch_begin(keeper, request, pipes[1], &attempt->started, err);

	if (code)
		return code;
	close(pipes[1]);
	pipes[1] = -1;
	code = wait_for_end(keeper,
			    attempt->started.started_ns + (uint64_t)request->timeout_ms * 1000000u +
				    KEEPER_LATE_NS,
			    pipes[0], cancel, &output, err);
	if (!code)
		code = keeper_launch_end(keeper, &attempt->ended, err);
	if (!code) {
		output_drain(&output, pipes[0]);
		attempt->output = output_dup_tail(&output);
		attempt->copy = copy_memory(&attempt->started);
	}
	close(attempt->started.memory);
	return code;
}

int attempt_run(struct keeper *keeper, const struct keeper_launch *request, const char *path,
		const struct run_cancel *cancel, struct attempt *attempt, struct sb_err *err)
{
	int pipes[2], code;

	*attempt = (struct attempt){ .status = RECORD_CASE_OK };
	if (pipe2(pipes, O_CLOEXEC))
		return err_set(err, -errno, "cannot make a pipe: %s", err_reason(errno));
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	code = run_with_pipe(keeper, request, pipes, cancel, attempt, err);
	close(pipes[0]);
	if (pipes[1] >= 0)
		close(pipes[1]);
	if (!code)
		judge_attempt(attempt, request, path);
	return code;
}

void attempt_release(struct attempt *attempt)
{
	free(attempt->output);
	free(attempt->copy);
	*attempt = (struct attempt){ .status = RECORD_CASE_OK };
}
