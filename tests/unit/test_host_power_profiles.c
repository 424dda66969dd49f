/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the power profile that is held, with a bus of the test's own and a daemon that a child plays.
 */
#include "host/power_profiles.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/path.h"
#include "host/knob.h"
#include "power_daemon_fixture.h"
#include "unit.h"

/* What somebody else sees. */
static void look(struct power_profiles_state *state)
{
	struct power_profiles *other;

	ck_assert_int_eq(power_profiles_open(&other, NULL), 0);
	ck_assert_int_eq(power_profiles_look(other, state, NULL), 0);
	power_profiles_close(other);
}

static void choose_by_hand(void)
{
	sd_bus *bus = NULL;

	ck_assert_int_ge(sd_bus_open_system(&bus), 0);
	ck_assert_int_ge(sd_bus_set_property(bus, NEW_NAME, NEW_PATH, NEW_NAME, "ActiveProfile", NULL, "s",
					     "balanced"),
			 0);
	sd_bus_flush_close_unref(bus);
}

/* News takes its way over the bus. */
static bool falls(struct power_profiles *profiles, char *active, size_t size)
{
	for (int i = 0; i < 500; i++) {
		if (!power_profiles_stands(profiles, active, size))
			return true;
		poll(NULL, 0, 10);
	}
	return false;
}

/* --- claims about the daemon ---------------------------------------------------------------------------- */

START_TEST(without_a_bus_there_is_a_reason)
{
	struct power_profiles *profiles;
	struct sb_err err;

	setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
	ck_assert_int_lt(power_profiles_open(&profiles, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot reach the system's D-Bus"));
}
END_TEST

START_TEST(without_a_daemon_there_is_a_reason)
{
	struct power_profiles *profiles;
	struct sb_err err;

	start_bus();
	ck_assert_int_eq(power_profiles_open(&profiles, &err), -ENOENT);
	ck_assert_str_eq(err.text, "no daemon keeps power profiles here");
	stop();
}
END_TEST

START_TEST(a_daemon_that_does_not_run_is_not_started)
{
	struct power_profiles *profiles;
	struct sb_err err;

	make_stage();
	write_file("power.service", "[D-BUS Service]\nName=" OLD_NAME "\nExec=/usr/bin/touch %s/started\n",
		   stage.directory);
	run_stage();
	ck_assert_int_eq(power_profiles_open(&profiles, &err), -ENXIO);
	ck_assert_ptr_nonnull(strstr(err.text, "does not run"));
	ck_assert(!has_file("started"));
	stop();
}
END_TEST

START_TEST(either_name_is_known)
{
	static const char *const names[][2] = { { NEW_NAME, NEW_PATH }, { OLD_NAME, OLD_PATH } };
	struct power_profiles_state state;

	for (size_t i = 0; i < 2; i++) {
		start_bus();
		start((struct daemon){
			.name = names[i][0], .path = names[i][1], .degraded = "lap-detected" });
		look(&state);
		ck_assert_str_eq(state.active, "balanced");
		ck_assert_str_eq(state.degraded, "lap-detected");
		ck_assert(state.has_performance && !state.is_held);
		stop();
	}
}
END_TEST

START_TEST(a_hold_stands_until_it_is_let_go)
{
	struct power_profiles_state state;
	struct power_profiles *profiles;
	char active[32];

	start_bus();
	start((struct daemon){ 0 });
	ck_assert_int_eq(power_profiles_open(&profiles, NULL), 0);
	ck_assert_int_eq(power_profiles_hold(profiles, NULL), 0);
	ck_assert_int_eq(power_profiles_look(profiles, &state, NULL), 0);
	ck_assert_str_eq(state.active, "performance");
	look(&state);
	ck_assert(state.is_held);
	ck_assert(power_profiles_stands(profiles, active, sizeof active));
	power_profiles_close(profiles);
	look(&state);
	ck_assert_str_eq(state.active, "balanced");
	stop();
}
END_TEST

START_TEST(a_hold_ends_with_a_process_that_is_killed)
{
	struct power_profiles_state state;
	struct power_profiles *profiles;
	int ready[2];
	pid_t holder;

	start_bus();
	start((struct daemon){ 0 });
	ck_assert_int_eq(pipe(ready), 0);
	holder = fork();
	if (!holder) {
		if (power_profiles_open(&profiles, NULL) || power_profiles_hold(profiles, NULL) ||
		    write(ready[1], "r", 1) != 1)
			_exit(1);
		pause();
	}
	await_byte(ready[0]);
	look(&state);
	ck_assert_str_eq(state.active, "performance");
	end(&holder);
	for (int i = 0; i < 500 && strcmp(state.active, "balanced") != 0; i++)
		look(&state);
	ck_assert_str_eq(state.active, "balanced");
	stop();
}
END_TEST

START_TEST(who_chooses_by_hand_is_noticed)
{
	struct power_profiles_state state;
	struct power_profiles *profiles;
	char active[32];

	start_bus();
	start((struct daemon){ 0 });
	ck_assert_int_eq(power_profiles_open(&profiles, NULL), 0);
	ck_assert_int_eq(power_profiles_hold(profiles, NULL), 0);
	ck_assert_int_eq(power_profiles_look(profiles, &state, NULL), 0);
	choose_by_hand();
	ck_assert(falls(profiles, active, sizeof active));
	ck_assert_str_eq(active, "balanced");
	power_profiles_close(profiles);
	stop();
}
END_TEST

START_TEST(a_daemon_that_ends_is_noticed)
{
	struct power_profiles_state state;
	struct power_profiles *profiles;
	char active[32];

	start_bus();
	start((struct daemon){ 0 });
	ck_assert_int_eq(power_profiles_open(&profiles, NULL), 0);
	ck_assert_int_eq(power_profiles_hold(profiles, NULL), 0);
	ck_assert_int_eq(power_profiles_look(profiles, &state, NULL), 0);
	end(&stage.daemon);
	ck_assert(falls(profiles, active, sizeof active));
	ck_assert_str_eq(active, "");
	power_profiles_close(profiles);
	stop();
}
END_TEST

/* --- claims about the knob ------------------------------------------------------------------------------ */

struct outcome {
	int planned;
	struct condition condition;
	bool is_held;
};

/* Plans and, where it can be done, applies; then lets go. */
static struct outcome use_knob(struct daemon daemon)
{
	const struct knob *knob = knob_find("platform-profile");
	struct knob_context context = { 0 };
	struct knob_plan plan = { .knob = knob };
	struct outcome outcome = { 0 };
	struct path_root root;

	start_bus();
	start(daemon);
	ck_assert_int_eq(path_root_init(&root, "/", NULL), 0);
	context.root = &root;
	outcome.planned = knob->plan(&context, &plan, &outcome.condition);
	if (outcome.planned > 0) {
		knob->apply(knob, &context, &outcome.condition);
		outcome.is_held = context.profile_hold != NULL;
		knob->release(knob, &context);
		ck_assert_ptr_null(context.profile_hold);
	}
	path_root_release(&root);
	stop();
	return outcome;
}

START_TEST(the_knob_holds_performance_and_says_what_was_before)
{
	const struct outcome outcome = use_knob((struct daemon){ 0 });

	ck_assert_int_eq(outcome.condition.outcome, CONDITION_APPLIED);
	ck_assert_str_eq(outcome.condition.before, "balanced");
	ck_assert_str_eq(outcome.condition.value, "performance");
	ck_assert_str_eq(outcome.condition.reason, "the daemon holds 'performance'");
	ck_assert(outcome.is_held);
}
END_TEST

START_TEST(a_degraded_performance_is_told)
{
	const struct outcome outcome = use_knob((struct daemon){ .degraded = "high-operating-temperature" });

	ck_assert_int_eq(outcome.condition.outcome, CONDITION_APPLIED);
	ck_assert_str_eq(outcome.condition.reason,
			 "the daemon holds 'performance', degraded: high-operating-temperature");
}
END_TEST

START_TEST(performance_that_somebody_chose_is_already)
{
	const struct outcome outcome = use_knob((struct daemon){ .active = "performance" });

	ck_assert_int_eq(outcome.planned, 0);
	ck_assert_int_eq(outcome.condition.outcome, CONDITION_ALREADY);
}
END_TEST

START_TEST(performance_that_somebody_holds_is_held_too)
{
	const struct outcome outcome = use_knob((struct daemon){ .holds = 1 });

	ck_assert_int_eq(outcome.planned, 1);
	ck_assert_int_eq(outcome.condition.outcome, CONDITION_ALREADY);
	ck_assert(outcome.is_held);
}
END_TEST

START_TEST(who_holds_power_saver_is_named)
{
	const struct outcome outcome = use_knob((struct daemon){ .has_saver = true });

	ck_assert_int_eq(outcome.condition.outcome, CONDITION_FAILED);
	ck_assert_str_eq(outcome.condition.reason,
			 "the profile is 'power-saver': 'low-battery' holds 'power-saver', which wins");
	ck_assert(!outcome.is_held);
}
END_TEST

START_TEST(a_machine_without_performance_is_told)
{
	const struct outcome outcome = use_knob((struct daemon){ .lacks_performance = true });

	ck_assert_int_lt(outcome.planned, 0);
	ck_assert_int_eq(outcome.condition.outcome, CONDITION_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(outcome.condition.reason, "no power profile 'performance'"));
}
END_TEST

START_TEST(a_daemon_that_refuses_is_denied)
{
	const struct outcome outcome = use_knob((struct daemon){ .refuses = true });

	ck_assert_int_eq(outcome.condition.outcome, CONDITION_DENIED);
	ck_assert_ptr_nonnull(strstr(outcome.condition.reason, "Not Authorized"));
	ck_assert(!outcome.is_held);
}
END_TEST

int main(void)
{
	const TTest *const claims[] = {
		without_a_bus_there_is_a_reason,
		without_a_daemon_there_is_a_reason,
		a_daemon_that_does_not_run_is_not_started,
		either_name_is_known,
		a_hold_stands_until_it_is_let_go,
		a_hold_ends_with_a_process_that_is_killed,
		who_chooses_by_hand_is_noticed,
		a_daemon_that_ends_is_noticed,
		the_knob_holds_performance_and_says_what_was_before,
		a_degraded_performance_is_told,
		performance_that_somebody_chose_is_already,
		performance_that_somebody_holds_is_held_too,
		who_holds_power_saver_is_named,
		a_machine_without_performance_is_told,
		a_daemon_that_refuses_is_denied,
	};

	if (system("dbus-daemon --version >/dev/null 2>&1")) {
		puts("skipped: 'dbus-daemon' is not installed; apt-get install --no-install-recommends "
		     "dbus-daemon");
		return NO_DAEMON;
	}
	return unit_run("power_profiles", claims, sizeof claims / sizeof claims[0]);
}
