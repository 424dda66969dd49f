/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attempt.c - runs a launch to its end; see attempt.h. What it means is judged in judge.c. */
#include "run/attempt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "run/judge.h"
#include "run/output.h"

enum { POLL_KEEPER, POLL_OUTPUT, POLL_CANCEL, POLLS };

/* Until the keeper reports the end: drains what the bench prints, and passes an interrupt on. */
static int wait_for_end(struct keeper *keeper, int output_fd, const struct run_cancel *cancel,
			struct output *output, struct sb_err *err)
{
	struct pollfd polls[POLLS] = {
		[POLL_KEEPER] = { .fd = keeper->socket, .events = POLLIN },
		[POLL_OUTPUT] = { .fd = output_fd, .events = POLLIN },
		[POLL_CANCEL] = { .fd = cancel->fd, .events = POLLIN },
	};

	while (!(polls[POLL_KEEPER].revents & (POLLIN | POLLHUP))) {
		if (poll(polls, POLLS, -1) < 0) {
			if (errno != EINTR)
				return err_set(err, -errno, "cannot wait for the keeper: %s",
					       err_reason(errno));
			polls[POLL_KEEPER].revents = 0;
			continue;
		}
		if (polls[POLL_OUTPUT].revents && !output_drain(output, output_fd))
			polls[POLL_OUTPUT].fd = -1;
		if (polls[POLL_CANCEL].revents) {
			int code = keeper_launch_kill(keeper, err);

			if (code)
				return code;
			polls[POLL_CANCEL].fd = -1;
		}
	}
	return 0;
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
	code = wait_for_end(keeper, pipes[0], cancel, &output, err);
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
