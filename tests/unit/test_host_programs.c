/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/programs: who gets in the way, by the names in /proc. */
#include "host/programs.h"

#include "machine_fixture.h"

typedef bool looker(const struct path_root *root, char *text, size_t size);

static void check_text(const struct machine *machine, looker *look, const char *expected)
{
	char text[128];

	ck_assert(look(&machine->root, text, sizeof text));
	ck_assert_str_eq(text, expected);
}

START_TEST(tuners_are_known_by_the_fifteen_bytes_that_the_kernel_keeps)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/1/comm", "systemd\n");
	check_text(&machine, programs_that_tune, "none");
	machine_put(&machine, "proc/40/comm", "power-profiles-\n");
	machine_put(&machine, "proc/self/comm", "thermald\n");
	check_text(&machine, programs_that_tune, "power-profiles-daemon");
	machine_release(&machine);
}
END_TEST

START_TEST(tuned_is_told_once_with_its_profile)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "etc/tuned/active_profile", "virtual-guest\n");
	machine_put(&machine, "proc/50/comm", "tuned\n");
	machine_put(&machine, "proc/51/comm", "tuned\n");
	check_text(&machine, programs_that_tune, "tuned (virtual-guest)");
	machine_release(&machine);
}
END_TEST

START_TEST(upkeep_is_what_works_now)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/7/comm", "dpkg\n");
	machine_put(&machine, "proc/8/comm", "sh\n");
	check_text(&machine, programs_at_upkeep, "dpkg");
	machine_release(&machine);
}
END_TEST

/* A link like those of /proc, which leads nowhere. */
static void put_event(const struct machine *machine, const char *path)
{
	machine_put(machine, path, "");
	machine_drop(machine, path);
	ck_assert_int_eq(symlinkat("anon_inode:[perf_event]", machine->root.fd, path), 0);
}

START_TEST(holders_of_perf_events_are_told_only_where_all_can_be_seen)
{
	struct machine machine;
	char text[64];

	machine_init(&machine);
	machine_put(&machine, "proc/9/comm", "perf\n");
	put_event(&machine, "proc/9/fd/3");
	put_event(&machine, "proc/9/fd/4");
	ck_assert(!programs_with_counters(&machine.root, text, sizeof text));
	machine_put(&machine, "proc/1/fd/0", "");
	check_text(&machine, programs_with_counters, "perf 2");
	machine_release(&machine);
}
END_TEST

START_TEST(a_machine_without_processes_says_nothing)
{
	struct machine machine;
	char text[64];

	machine_init(&machine);
	ck_assert(!programs_that_tune(&machine.root, text, sizeof text));
	ck_assert(!programs_at_upkeep(&machine.root, text, sizeof text));
	ck_assert(!programs_with_counters(&machine.root, text, sizeof text));
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("host/programs", tuners_are_known_by_the_fifteen_bytes_that_the_kernel_keeps,
	     tuned_is_told_once_with_its_profile, upkeep_is_what_works_now,
	     holders_of_perf_events_are_told_only_where_all_can_be_seen,
	     a_machine_without_processes_says_nothing)
