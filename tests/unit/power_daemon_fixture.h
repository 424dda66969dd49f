/* SPDX-License-Identifier: GPL-2.0-or-later */
/* power_daemon_fixture.h - a bus of the test's own, and a child that plays the daemon of power profiles on
 * it.
 */
#ifndef POWER_DAEMON_FIXTURE_H
#define POWER_DAEMON_FIXTURE_H

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>
#include "unit.h"

#define NEW_NAME  "org.freedesktop.UPower.PowerProfiles"
#define NEW_PATH  "/org/freedesktop/UPower/PowerProfiles"
#define OLD_NAME  "net.hadess.PowerProfiles"
#define OLD_PATH  "/net/hadess/PowerProfiles"
#define NO_DAEMON 77

/* --- the daemon that is played -------------------------------------------------------------------------- */

struct daemon {
	const char *name, *path;
	const char *active;   /* chosen by hand */
	const char *degraded; /* "" not */
	bool lacks_performance, refuses, has_saver;
	unsigned holds; /* of `performance` */
	sd_bus_track *holders;
};

static const char *active_of(const struct daemon *daemon)
{
	if (daemon->has_saver)
		return "power-saver";
	return daemon->holds ? "performance" : daemon->active;
}

static void tell_active(sd_bus *bus, const struct daemon *daemon)
{
	sd_bus_emit_properties_changed(bus, daemon->path, daemon->name, "ActiveProfile", NULL);
}

static int lose_holder(sd_bus_track *track, void *context)
{
	struct daemon *daemon = context;

	daemon->holds = 0;
	daemon->holders = NULL;
	tell_active(sd_bus_track_get_bus(track), daemon);
	sd_bus_track_unref(track);
	return 0;
}

static int hold(sd_bus_message *call, void *context, sd_bus_error *error)
{
	struct daemon *daemon = context;
	const char *profile, *reason, *program;

	if (daemon->refuses)
		return sd_bus_error_set(error, SD_BUS_ERROR_ACCESS_DENIED, "Not Authorized");
	if (sd_bus_message_read(call, "sss", &profile, &reason, &program) < 0 || !reason[0] ||
	    strcmp(profile, "performance") != 0 || strcmp(program, "stablebench") != 0)
		return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS, "not what was expected");
	daemon->holds++;
	if (!daemon->holders)
		sd_bus_track_new(sd_bus_message_get_bus(call), &daemon->holders, lose_holder, daemon);
	sd_bus_track_add_sender(daemon->holders, call);
	tell_active(sd_bus_message_get_bus(call), daemon);
	return sd_bus_reply_method_return(call, "u", 7);
}

static int let_go(sd_bus_message *call, void *context, sd_bus_error *error)
{
	struct daemon *daemon = context;
	unsigned cookie;

	if (sd_bus_message_read(call, "u", &cookie) < 0 || cookie != 7 || !daemon->holds)
		return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS, "No hold with this cookie");
	daemon->holds--;
	return sd_bus_reply_method_return(call, "");
}

static int get_text(sd_bus *bus, const char *path, const char *interface, const char *property,
		    sd_bus_message *reply, void *context, sd_bus_error *error)
{
	const struct daemon *daemon = context;

	(void)bus;
	(void)path;
	(void)interface;
	(void)error;
	return sd_bus_message_append(
		reply, "s", strcmp(property, "ActiveProfile") ? daemon->degraded : active_of(daemon));
}

/* Somebody chooses by hand. */
static int set_active(sd_bus *bus, const char *path, const char *interface, const char *property,
		      sd_bus_message *value, void *context, sd_bus_error *error)
{
	struct daemon *daemon = context;

	(void)path;
	(void)interface;
	(void)property;
	(void)error;
	daemon->holds = 0;
	daemon->active = "balanced";
	if (sd_bus_message_skip(value, "s") < 0)
		return -EINVAL;
	tell_active(bus, daemon);
	return 0;
}

static int get_profiles(sd_bus *bus, const char *path, const char *interface, const char *property,
			sd_bus_message *reply, void *context, sd_bus_error *error)
{
	const struct daemon *daemon = context;

	(void)bus;
	(void)path;
	(void)interface;
	(void)property;
	(void)error;
	if (daemon->lacks_performance)
		return sd_bus_message_append(reply, "aa{sv}", 1, 2, "Driver", "s", "placeholder", "Profile",
					     "s", "balanced");
	return sd_bus_message_append(reply, "aa{sv}", 2, 2, "Profile", "s", "balanced", "Driver", "s", "x", 3,
				     "Odd", "u", 5, "Profile", "s", "performance", "Driver", "s", "x");
}

static int get_holds(sd_bus *bus, const char *path, const char *interface, const char *property,
		     sd_bus_message *reply, void *context, sd_bus_error *error)
{
	const struct daemon *daemon = context;

	(void)bus;
	(void)path;
	(void)interface;
	(void)property;
	(void)error;
	if (daemon->has_saver)
		return sd_bus_message_append(reply, "aa{sv}", 1, 3, "ApplicationId", "s", "low-battery",
					     "Profile", "s", "power-saver", "Reason", "s", "almost empty");
	if (daemon->holds)
		return sd_bus_message_append(reply, "aa{sv}", 1, 1, "Profile", "s", "performance");
	return sd_bus_message_append(reply, "aa{sv}", 0);
}

static const sd_bus_vtable interface[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("HoldProfile", "sss", "u", hold, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("ReleaseProfile", "u", "", let_go, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_WRITABLE_PROPERTY("ActiveProfile", "s", get_text, set_active, 0,
				 SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE | SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_PROPERTY("PerformanceDegraded", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_PROPERTY("Profiles", "aa{sv}", get_profiles, 0, 0),
	SD_BUS_PROPERTY("ActiveProfileHolds", "aa{sv}", get_holds, 0, 0),
	SD_BUS_VTABLE_END,
};

static void play(struct daemon *daemon, int ready)
{
	sd_bus *bus = NULL;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (sd_bus_open_system(&bus) < 0 ||
	    sd_bus_add_object_vtable(bus, NULL, daemon->path, daemon->name, interface, daemon) < 0 ||
	    sd_bus_request_name(bus, daemon->name, 0) < 0 || write(ready, "r", 1) != 1)
		_exit(1);
	for (;;)
		if (sd_bus_process(bus, NULL) == 0)
			sd_bus_wait(bus, UINT64_MAX);
}

/* --- the bus -------------------------------------------------------------------------------------------- */

static struct stage {
	char directory[64];
	pid_t bus, daemon;
} stage;

__attribute__((format(printf, 2, 3))) static void write_file(const char *name, const char *text, ...)
{
	va_list args;
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", stage.directory, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	va_start(args, text);
	vfprintf(file, text, args);
	va_end(args);
	ck_assert_int_eq(fclose(file), 0);
}

static bool has_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", stage.directory, name);
	return !access(path, F_OK);
}

static void run_bus(int ready)
{
	char config[128], address[32];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(config, sizeof config, "--config-file=%s/bus.conf", stage.directory);
	snprintf(address, sizeof address, "--print-address=%d", ready);
	if (!freopen("/dev/null", "w", stderr)) /* it has a word about limits */
		_exit(1);
	execlp("dbus-daemon", "dbus-daemon", "--nofork", "--nopidfile", config, address, (char *)NULL);
	_exit(NO_DAEMON);
}

static void await_byte(int fd)
{
	char byte;

	ck_assert_int_eq(read(fd, &byte, 1), 1);
}

static void run_stage(void)
{
	char address[128];
	int ready[2];

	ck_assert_int_eq(pipe(ready), 0);
	stage.bus = fork();
	if (!stage.bus)
		run_bus(ready[1]);
	close(ready[1]);
	await_byte(ready[0]);
	close(ready[0]);
	snprintf(address, sizeof address, "unix:path=%s/bus", stage.directory);
	setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
}

static void make_stage(void)
{
	snprintf(stage.directory, sizeof stage.directory, "/tmp/test_power_profiles.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(stage.directory));
	write_file("bus.conf",
		   "<busconfig><type>session</type><listen>unix:path=%s/bus</listen>"
		   "<servicedir>%s</servicedir><policy context='default'>"
		   "<allow send_destination='*'/><allow eavesdrop='true'/><allow own='*'/></policy>"
		   "</busconfig>\n",
		   stage.directory, stage.directory);
}

/* A bus of the test's own: nothing of this machine hears what is said there. */
static void start_bus(void)
{
	make_stage();
	run_stage();
}

static void end(pid_t *pid)
{
	if (*pid) {
		kill(*pid, SIGKILL);
		waitpid(*pid, NULL, 0);
	}
	*pid = 0;
}

static void start(struct daemon daemon)
{
	int ready[2];

	if (!daemon.name)
		daemon.name = NEW_NAME, daemon.path = NEW_PATH;
	if (!daemon.degraded)
		daemon.degraded = "";
	if (!daemon.active)
		daemon.active = "balanced";
	ck_assert_int_eq(pipe(ready), 0);
	stage.daemon = fork();
	if (!stage.daemon)
		play(&daemon, ready[1]);
	close(ready[1]);
	await_byte(ready[0]);
	close(ready[0]);
}

static void stop(void)
{
	static const char *const files[] = { "bus", "bus.conf", "power.service", "started" };
	char path[128];

	end(&stage.daemon);
	end(&stage.bus);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", stage.directory, files[i]);
		unlink(path);
	}
	ck_assert_int_eq(rmdir(stage.directory), 0);
}

#endif
