/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard.c - see guard.h. */
#include "keeper/guard.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/bus.h"

/* The program that runs now, so that a journal is read by who wrote it. */
static int find_program(char *path, size_t size, struct sb_err *err)
{
	ssize_t length = readlink("/proc/self/exe", path, size - 1);

	if (length <= 0)
		return err_set(err, -ENOENT, "cannot find the own program: %s", err_reason(errno));
	path[length] = '\0';
	return access(path, X_OK) ? err_set(err, -ENOENT, "'%s' is not there any more", path) : 0;
}

static int start_unit(sd_bus *bus, const char *unit, const char *program, const char *run_dir,
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

	return code < 0 ? bus_fail(code, &error, "cannot start the guard", err) : 0;
}

int guard_start(struct guard *guard, const char *run_dir, const char *run_id, struct sb_err *err)
{
	char program[PATH_MAX], unit[GUARD_UNIT];
	sd_bus *bus = NULL;
	int code;

	if (!bus_has_systemd())
		return err_set(err, -ENOTSUP, "systemd does not run here");
	snprintf(unit, sizeof unit, "stablebench-guard-%s.service", run_id);
	code = find_program(program, sizeof program, err);
	if (!code)
		code = bus_open(&bus, err);
	if (!code)
		code = start_unit(bus, unit, program, run_dir, err);
	if (!code)
		memcpy(guard->unit, unit, sizeof guard->unit);
	sd_bus_flush_close_unref(bus);
	return code;
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
