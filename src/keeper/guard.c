/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard.c - see guard.h. */
#include "keeper/guard.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/bus.h"
#include "base/monotonic.h"

#define PATIENCE_NS UINT64_C(5000000000)

/* What systemd says of the job that starts the unit. */
struct job {
	const char *unit;
	char result[32]; /* "done", "failed", ...; "" not yet */
};

/* The program that runs now, so that a journal is read by who wrote it. */
static int find_program(char *path, size_t size, struct sb_err *err)
{
	ssize_t length = readlink("/proc/self/exe", path, size - 1);

	if (length <= 0)
		return err_set(err, -ENOENT, "cannot find the own program: %s", err_reason(errno));
	path[length] = '\0';
	return access(path, X_OK) ? err_set(err, -ENOENT, "'%s' is not there any more", path) : 0;
}

static int hear_end(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct job *job = context;
	const char *unit, *result;

	(void)error;
	if (sd_bus_message_read(message, "uoss", NULL, NULL, &unit, &result) >= 0 && !strcmp(unit, job->unit))
		snprintf(job->result, sizeof job->result, "%s", result);
	return 0;
}

/* systemd takes an order at once, and finds out later that it cannot be done. */
static int await_job(sd_bus *bus, const struct job *job, struct sb_err *err)
{
	const uint64_t deadline = monotonic_now_ns() + PATIENCE_NS;
	int code = 0;

	while (code >= 0 && !job->result[0] && monotonic_now_ns() < deadline) {
		code = sd_bus_process(bus, NULL);
		if (code == 0)
			code = sd_bus_wait(bus, (deadline - monotonic_now_ns()) / 1000u);
	}
	if (code < 0)
		return err_set(err, code, "systemd does not tell whether it started the guard: %s",
			       err_reason(code));
	if (!job->result[0])
		return err_set(err, -ETIMEDOUT, "systemd did not start the guard in %d seconds",
			       (int)(PATIENCE_NS / 1000000000u));
	if (strcmp(job->result, "done") != 0)
		return err_set(err, -EIO, "systemd could not start the guard: its job ended as '%s'",
			       job->result);
	return 0;
}

static int order_unit(sd_bus *bus, const char *unit, const char *program, const char *run_dir,
		      struct sb_err *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	/* unit and mode; five properties, each a name and a variant; no further units. What root has
	 * configured for sessions of his own must not decide how this one is put back. */
	int code = sd_bus_call_method(bus, BUS_SYSTEMD, BUS_SYSTEMD_PATH, BUS_SYSTEMD_MANAGER,
				      "StartTransientUnit", &error, NULL, "ssa(sv)a(sa(sv))", unit, "fail", 5,
				      "Description", "s", "put the host back when stablebench is killed",
				      "CollectMode", "s", "inactive-or-failed", "OOMScoreAdjust", "i", -1000,
				      "Type", "s", "exec", "ExecStart", "a(sasb)", 1, program, 6, program,
				      "restore", "--wait", "--no-config", "--run-dir", run_dir, 0, 0);

	return code < 0 ? bus_fail(code, &error, "systemd does not start the guard", err) : 0;
}

/* Listening before the order, so that its end is not missed. */
static int start_unit(const char *unit, const char *program, const char *run_dir, struct sb_err *err)
{
	struct job job = { .unit = unit };
	sd_bus *bus = NULL;
	int code = bus_open(&bus, err);

	if (!code && sd_bus_match_signal(bus, NULL, BUS_SYSTEMD, BUS_SYSTEMD_PATH, BUS_SYSTEMD_MANAGER,
					 "JobRemoved", hear_end, &job) < 0)
		code = err_set(err, -EIO, "cannot listen to systemd");
	if (!code)
		code = order_unit(bus, unit, program, run_dir, err);
	if (!code)
		code = await_job(bus, &job, err);
	sd_bus_flush_close_unref(bus);
	return code;
}

static int try_start(struct guard *guard, const char *run_dir, const char *run_id, struct sb_err *err)
{
	char program[PATH_MAX], unit[GUARD_UNIT];
	int code;

	if (!bus_has_systemd())
		return err_set(err, -ENOTSUP, "systemd does not run here");
	snprintf(unit, sizeof unit, "stablebench-guard-%s.service", run_id);
	code = find_program(program, sizeof program, err);
	if (!code)
		code = start_unit(unit, program, run_dir, err);
	if (!code)
		memcpy(guard->unit, unit, sizeof guard->unit);
	return code;
}

void guard_start(struct guard *guard, const char *run_dir, const char *run_id)
{
	struct condition *condition = &guard->condition;
	struct sb_err err = { 0 };
	int code = try_start(guard, run_dir, run_id, &err);

	snprintf(condition->knob, sizeof condition->knob, GUARD_CONDITION);
	snprintf(condition->value, sizeof condition->value, "%s", guard->unit);
	if (!code) {
		condition->outcome = CONDITION_APPLIED;
		snprintf(condition->reason, sizeof condition->reason,
			 "systemd puts the host back when this session is killed as a whole");
		return;
	}
	condition->outcome = code == -ENOTSUP ? CONDITION_UNSUPPORTED : CONDITION_FAILED;
	snprintf(condition->reason, sizeof condition->reason,
		 "%.150s; killed as a whole, this session is put back by the next one only", err.text);
	snprintf(condition->mend, sizeof condition->mend, "stablebench restore, after such a kill");
}

bool guard_stands(const char *unit)
{
	char *path = NULL, *state = NULL;
	sd_bus *bus = NULL;
	bool stands = !bus_open(&bus, NULL) &&
		      sd_bus_path_encode(BUS_SYSTEMD_PATH "/unit", unit, &path) >= 0 &&
		      sd_bus_get_property_string(bus, BUS_SYSTEMD, path, BUS_SYSTEMD ".Unit", "ActiveState",
						 NULL, &state) >= 0 &&
		      !strcmp(state, "active");

	free(state);
	free(path);
	sd_bus_flush_close_unref(bus);
	return stands;
}

/* A guard that cannot be stopped finds no journal, and ends by itself. */
void guard_stop(struct guard *guard)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus = NULL;

	if (!guard->unit[0])
		return;
	if (!bus_open(&bus, NULL) &&
	    sd_bus_call_method(bus, BUS_SYSTEMD, BUS_SYSTEMD_PATH, BUS_SYSTEMD_MANAGER, "StopUnit", &error,
			       NULL, "ss", guard->unit, "replace") < 0)
		sd_bus_error_free(&error);
	sd_bus_flush_close_unref(bus);
	guard->unit[0] = '\0';
}
