/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about run/cooling: which launch waits, for how long, and what is said of it. Time passes when
 * somebody naps. */
#include "run/cooling.h"

#include <math.h>
#include "machine_fixture.h"

#define TEMP "sys/class/thermal/thermal_zone0/temp"

struct room {
	struct machine machine;
	struct cooling cooling;
	struct run_cancel cancel;
	volatile int interrupts;
	uint64_t now_ns;
	int temp, step; /* thousandths of a degree, and by how much each nap cools them */
	unsigned naps, shown, interrupt_at;
	double now_c, until_c; /* as shown last */
};

static void put_temp(struct room *room, int temp)
{
	char text[32];

	room->temp = temp;
	snprintf(text, sizeof text, "%d\n", temp);
	machine_put(&room->machine, TEMP, text);
}

static uint64_t now_ns(void *context)
{
	const struct room *room = context;

	return room->now_ns;
}

static bool nap(void *context, unsigned milliseconds)
{
	struct room *room = context;

	room->now_ns += (uint64_t)milliseconds * 1000000;
	put_temp(room, room->temp - room->step);
	return ++room->naps != room->interrupt_at;
}

static void show(void *context, double now_c, double until_c)
{
	struct room *room = context;

	room->shown++;
	room->now_c = now_c;
	room->until_c = until_c;
}

static void room_init(struct room *room, double most_s)
{
	cpu_set_t cpus;

	*room = (struct room){ .cancel = { .fd = -1 } };
	room->cancel.count = &room->interrupts;
	machine_init(&room->machine);
	machine_put(&room->machine, "sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n");
	put_temp(room, 40000);
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	cooling_init(&room->cooling, &room->machine.root, &cpus, most_s, &room->cancel);
	room->cooling.time = (struct cooling_time){ now_ns, nap, room };
}

static double launch_within(struct room *room, double left_s)
{
	const struct cooling_show to = { show, room };

	return cooling_wait(&room->cooling, left_s, &to);
}

static double launch(struct room *room)
{
	return launch_within(room, INFINITY);
}

static void check_described(const struct room *room, enum condition_outcome outcome, const char *reason)
{
	struct condition condition;

	cooling_describe(&room->cooling, &condition);
	ck_assert_str_eq(condition.knob, "cool-down");
	ck_assert_int_eq(condition.outcome, outcome);
	ck_assert_str_eq(condition.reason, reason);
}

START_TEST(three_degrees_above_the_first_are_no_reason_to_wait)
{
	struct room room;

	room_init(&room, 20);
	ck_assert_double_eq(launch(&room), 0);
	put_temp(&room, 43000);
	ck_assert_double_eq(launch(&room), 0);
	put_temp(&room, 20000);
	ck_assert_double_eq(launch(&room), 0);
	ck_assert_uint_eq(room.naps, 0);
	check_described(
		&room, CONDITION_APPLIED,
		"every launch began at most 3 C above the 40.0 C of before the first (x86_pkg_temp); 0 "
		"waited for that, 0.0 s in all");
	machine_release(&room.machine);
}
END_TEST

START_TEST(a_warmer_one_waits_until_it_is_cool_and_shows_for_what)
{
	struct room room;

	room_init(&room, 20);
	launch(&room);
	put_temp(&room, 47000);
	room.step = 1000;
	ck_assert_double_eq_tol(launch(&room), 1, 1e-9); /* 47 to 43 in naps of a quarter of a second */
	ck_assert_uint_eq(room.naps, 4);
	ck_assert_uint_eq(room.shown, 4);
	ck_assert_double_eq_tol(room.now_c, 44, 1e-9);
	ck_assert_double_eq_tol(room.until_c, 43, 1e-9);
	room.step = 0;
	ck_assert_double_eq(launch(&room), 0);
	check_described(
		&room, CONDITION_APPLIED,
		"every launch began at most 3 C above the 40.0 C of before the first (x86_pkg_temp); 1 "
		"waited for that, 1.0 s in all");
	machine_release(&room.machine);
}
END_TEST

START_TEST(a_wait_ends_at_its_bound_and_three_in_vain_end_them_all)
{
	struct room room;

	room_init(&room, 2);
	launch(&room);
	put_temp(&room, 50000);
	ck_assert_double_eq_tol(launch(&room), 2, 1e-9);
	check_described(
		&room, CONDITION_FAILED,
		"1 of 1 launches began more than 3 C above the 40.0 C of before the first, at 50.0 C at "
		"most, after waits of 2.0 s in all");
	launch(&room);
	launch(&room);
	ck_assert_uint_eq(room.naps, 24);
	ck_assert_double_eq(launch(&room), 0);
	put_temp(&room, 40000);
	ck_assert_double_eq(launch(&room), 0);
	ck_assert_uint_eq(room.naps, 24);
	check_described(
		&room, CONDITION_FAILED,
		"4 of 5 launches began more than 3 C above the 40.0 C of before the first, at 50.0 C at "
		"most, after waits of 6.0 s in all; when some had been in vain nobody waited any more");
	machine_release(&room.machine);
}
END_TEST

START_TEST(a_wait_that_helped_forgives_those_in_vain)
{
	struct room room;

	room_init(&room, 1);
	launch(&room);
	for (int i = 0; i < 6; i++) {
		put_temp(&room, 50000);
		room.step = i % 3 == 2 ? 10000 : 0;
		ck_assert_double_gt(launch(&room), 0);
	}
	ck_assert_uint_eq(room.cooling.waits, 6);
	ck_assert_uint_eq(room.cooling.warm, 4);
	machine_release(&room.machine);
}
END_TEST

START_TEST(an_interrupt_ends_a_wait_at_once_and_its_launch_counts_for_nothing)
{
	struct room room;

	room_init(&room, 600);
	launch(&room);
	put_temp(&room, 90000);
	room.interrupt_at = 3;
	ck_assert_double_eq_tol(launch(&room), 0.75, 1e-9);
	ck_assert_uint_eq(room.naps, 3);
	check_described(
		&room, CONDITION_APPLIED,
		"every launch began at most 3 C above the 40.0 C of before the first (x86_pkg_temp); 1 "
		"waited for that, 0.8 s in all");
	machine_release(&room.machine);
}
END_TEST

/* The real nap: a pipe with something in it stands for the interrupt, whose count is one. */
START_TEST(the_descriptor_of_an_interrupt_ends_the_nap)
{
	struct room room;
	int pipes[2];

	room_init(&room, 600);
	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_eq(write(pipes[1], "", 1), 1);
	room.cancel.fd = pipes[0];
	cooling_init(&room.cooling, &room.machine.root, NULL, 600, &room.cancel);
	launch(&room);
	put_temp(&room, 90000);
	room.interrupts = 1;
	ck_assert_double_lt(launch(&room), 60);
	ck_assert_uint_eq(room.shown, 1);
	machine_release(&room.machine);
}
END_TEST

START_TEST(the_time_of_the_session_bounds_a_wait)
{
	struct room room;

	room_init(&room, 600);
	launch(&room);
	put_temp(&room, 90000);
	ck_assert_double_eq_tol(launch_within(&room, 1.5), 1.5, 1e-9);
	ck_assert_double_eq(launch_within(&room, -1), 0);
	ck_assert_uint_eq(room.cooling.launches, 0);
	machine_release(&room.machine);
}
END_TEST

START_TEST(without_a_sensor_nothing_waits_and_it_is_said)
{
	struct room room;

	room_init(&room, 20);
	machine_drop(&room.machine, TEMP);
	cooling_init(&room.cooling, &room.machine.root, NULL, 20, &room.cancel);
	room.cooling.time = (struct cooling_time){ now_ns, nap, &room };
	for (int i = 0; i < 3; i++)
		ck_assert_double_eq(launch(&room), 0);
	check_described(
		&room, CONDITION_UNSUPPORTED,
		"no sensor tells how hot the benches' CPUs are, so that no launch waits for them to cool");
	machine_release(&room.machine);
}
END_TEST

START_TEST(a_sensor_that_falls_silent_keeps_nobody_waiting)
{
	struct room room;

	room_init(&room, 20);
	launch(&room);
	machine_drop(&room.machine, TEMP);
	ck_assert_double_eq(launch(&room), 0);
	ck_assert_uint_eq(room.naps, 0);
	machine_release(&room.machine);
}
END_TEST

START_TEST(who_wants_none_waits_for_nothing)
{
	struct room room;

	room_init(&room, 0);
	launch(&room);
	put_temp(&room, 90000);
	ck_assert_double_eq(launch(&room), 0);
	check_described(&room, CONDITION_REFUSED, "--cool-down none: no launch waits");
	machine_release(&room.machine);
}
END_TEST

MACHINE_MAIN("cooling", three_degrees_above_the_first_are_no_reason_to_wait,
	     a_warmer_one_waits_until_it_is_cool_and_shows_for_what,
	     a_wait_ends_at_its_bound_and_three_in_vain_end_them_all,
	     a_wait_that_helped_forgives_those_in_vain,
	     an_interrupt_ends_a_wait_at_once_and_its_launch_counts_for_nothing,
	     the_descriptor_of_an_interrupt_ends_the_nap, the_time_of_the_session_bounds_a_wait,
	     without_a_sensor_nothing_waits_and_it_is_said, a_sensor_that_falls_silent_keeps_nobody_waiting,
	     who_wants_none_waits_for_nothing)
