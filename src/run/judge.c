/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * judge.c - see judge.h. The checks stand in the order in which their facts may be believed: what the kernel
 * said of the process first, then whether a bench answered at all, then what it wrote.
 */
#include "run/judge.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/monotonic.h"
#include "keeper/identity.h"
#include "stablebench.h"

static void say(struct attempt *attempt, enum record_case_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct attempt *attempt, enum record_case_status status, const char *format, ...)
{
	va_list args;

	attempt->status = status;
	va_start(args, format);
	vsnprintf(attempt->reason, sizeof attempt->reason, format, args);
	va_end(args);
}

static void say_not_started(struct attempt *attempt, const char *path)
{
	const struct keeper_ended *ended = &attempt->ended;

	attempt->is_alien = true;
	if (ended->exec_errno == ENOEXEC)
		say(attempt, RECORD_CASE_CRASHED, "'%s' is no program of this machine", path);
	else if (ended->exec_errno == ENOENT)
		say(attempt, RECORD_CASE_CRASHED,
		    "'%s' is a script, or its loader is not there; a benchmark is a program linked with "
		    "-lstablebench",
		    path);
	else if (ended->exec_errno == EACCES)
		say(attempt, RECORD_CASE_CRASHED,
		    "'%s' may not be run by the user of the benches: permission denied (execute bit, noexec "
		    "mount); "
		    "--user NAME chooses another",
		    path);
	else
		say(attempt, RECORD_CASE_CRASHED, "cannot start '%s': %s: %s%s", path, ended->exec_step,
		    err_reason(ended->exec_errno), identity_mend(ended->exec_step, ended->exec_errno));
}

static void describe_end(int wait_status, char *text, size_t size)
{
	if (WIFSIGNALED(wait_status))
		snprintf(text, size, "was killed by signal %d (SIG%s, %s)", WTERMSIG(wait_status),
			 sigabbrev_np(WTERMSIG(wait_status)) ? sigabbrev_np(WTERMSIG(wait_status)) : "?",
			 sigdescr_np(WTERMSIG(wait_status)) ? sigdescr_np(WTERMSIG(wait_status)) : "unknown");
	else
		snprintf(text, size, "ended with exit code %d", WEXITSTATUS(wait_status));
}

static void say_no_answer(struct attempt *attempt, const char *path)
{
	char end[128];
	const char *lead = attempt->output && strstr(attempt->output, "error while loading shared libraries")
				   ? "; a library that it finds by $ORIGIN needs a folder that the benches' "
				     "user can read"
				   : "";

	attempt->is_alien = true;
	describe_end(attempt->ended.wait_status, end, sizeof end);
	say(attempt, RECORD_CASE_CRASHED, "'%s' is no stablebench benchmark: it %s without answering%s", path,
	    end, lead);
}

static bool is_done(const void *copy)
{
	const struct sb_wire_result *result = (const void *)((const char *)copy + SB_WIRE_RESULT_OFFSET);

	return result->state == SB_WIRE_DONE;
}

/* Only listing asks who answers: a file that has listed its cases is a benchmark, whatever it does later. */
static bool is_stranger(struct attempt *attempt, uint32_t mode, int abi, const char *path)
{
	if (mode != SB_WIRE_LIST || abi == SB_ABI_VERSION)
		return false;
	if (abi == -1) {
		say_no_answer(attempt, path);
		return true;
	}
	attempt->is_alien = true;
	say(attempt, RECORD_CASE_CRASHED,
	    "'%s' was built for version %d of the benchmark interface, this stablebench speaks version %d; "
	    "rebuild it against this one",
	    path, abi, SB_ABI_VERSION);
	return true;
}

/* Nothing can have begun before the process or lasted longer than it: a sentence about what claims so, or
 * NULL. */
static const char *find_impossible(const struct attempt *attempt, const struct keeper_launch *request)
{
	const struct sb_wire_sample *samples = wire_samples(attempt->copy);
	const struct sb_wire_result *result = attempt->result;
	uint64_t now = monotonic_now_ns(), started = attempt->started.started_ns;
	double ticks = (double)result->bracket_ticks;

	if (result->loop_begin_ns < started || result->loop_begin_ns > now)
		return "the loop began when the process was not there";
	for (uint64_t i = 0; i < result->count; i++)
		if (!(samples[i].flags & SB_WIRE_SAMPLE_IN_NS))
			ticks += (double)samples[i].ticks;
	return ticks * request->ns_per_tick > (double)(now - started)
		       ? "its samples last longer than the process"
		       : NULL;
}

static void judge_memory(struct attempt *attempt, const struct keeper_launch *request, const char *path)
{
	int abi = -1, status = attempt->ended.wait_status;
	const char *wrong;
	char end[128];

	attempt->asked = attempt->started.asked;
	wrong = wire_result_check(attempt->copy, attempt->started.size, &attempt->asked, &attempt->result,
				  &abi);
	describe_end(status, end, sizeof end);
	if (is_stranger(attempt, request->mode, abi, path))
		return;
	if (WIFSIGNALED(status))
		say(attempt, RECORD_CASE_CRASHED, "the benchmark %s", end);
	else if (WEXITSTATUS(status) || !is_done(attempt->copy))
		say(attempt, RECORD_CASE_CRASHED, "the benchmark %s before it was done", end);
	else if (wrong)
		say(attempt, RECORD_CASE_CRASHED, "the benchmark wrote garbage to its channel: %s", wrong);
	else if (attempt->result->status == SB_WIRE_SKIPPED)
		say(attempt, RECORD_CASE_SKIPPED, "%s", attempt->result->reason);
	else if (attempt->result->status != SB_WIRE_OK)
		say(attempt, RECORD_CASE_FAILED, "%s", attempt->result->reason);
	else if (request->mode != SB_WIRE_LIST && (wrong = find_impossible(attempt, request)))
		say(attempt, RECORD_CASE_CRASHED, "the benchmark wrote garbage to its channel: %s", wrong);
	if (attempt->status != RECORD_CASE_OK)
		attempt->result = NULL;
}

void judge_attempt(struct attempt *attempt, const struct keeper_launch *request, const char *path)
{
	if (attempt->ended.exec_errno)
		say_not_started(attempt, path);
	else if (attempt->ended.killed)
		attempt->is_cancelled = true;
	else if (attempt->ended.timed_out)
		say(attempt, RECORD_CASE_TIMEOUT, "the benchmark was killed after %.3g s (--timeout)",
		    request->timeout_ms / 1e3);
	else if (!attempt->copy)
		say(attempt, RECORD_CASE_CRASHED, "the shared memory of the launch cannot be read");
	else
		judge_memory(attempt, request, path);
}
