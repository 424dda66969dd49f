/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/tracing: whether somebody follows the kernel. */
#include "host/tracing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "machine_fixture.h"

#define TRACEFS "sys/kernel/tracing"

static void check_tracing(const struct machine *machine, const char *expected)
{
	char text[32];

	ck_assert(tracing_active(&machine->root, text, sizeof text));
	ck_assert_str_eq(text, expected);
}

START_TEST(a_tracer_weighs_more_than_events)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, TRACEFS "/current_tracer", "nop\n");
	machine_put(&machine, TRACEFS "/tracing_on", "1\n");
	machine_put(&machine, TRACEFS "/events/enable", "0\n");
	check_tracing(&machine, "none");
	machine_put(&machine, TRACEFS "/events/enable", "X\n");
	check_tracing(&machine, "events");
	machine_put(&machine, TRACEFS "/current_tracer", "function_graph\n");
	check_tracing(&machine, "function_graph");
	machine_release(&machine);
}
END_TEST

START_TEST(a_tracer_that_is_off_is_none)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "sys/kernel/debug/tracing/current_tracer", "function\n");
	machine_put(&machine, "sys/kernel/debug/tracing/tracing_on", "0\n");
	check_tracing(&machine, "none");
	machine_release(&machine);
}
END_TEST

START_TEST(without_tracefs_nothing_is_told)
{
	struct machine machine;
	char text[32];

	machine_init(&machine);
	ck_assert(!tracing_active(&machine.root, text, sizeof text));
	machine_release(&machine);
}
END_TEST

START_TEST(the_files_are_found_where_they_are_mounted)
{
	struct path_root tracing;
	struct machine machine;

	machine_init(&machine);
	ck_assert_int_eq(tracing_open(&machine.root, &tracing), -ENOENT);
	ck_assert_int_eq(tracing.fd, -ENOENT);
	machine_put(&machine, "sys/kernel/debug/tracing/events/irq/softirq_entry/id", "42\n");
	ck_assert_int_eq(tracing_open(&machine.root, &tracing), 0);
	ck_assert(path_exists(&tracing, "events/irq/softirq_entry/id"));
	path_root_release(&tracing);
	machine_release(&machine);
}
END_TEST

/* Mounted or not: the host's own mounts stay as they are. */
START_TEST(root_needs_no_mount)
{
	char before[65536], after[65536];
	struct path_root root, tracing;
	int code;

	ck_assert_int_eq(path_root_init(&root, "/", NULL), 0);
	ck_assert_int_gt(path_read(&root, "proc/self/mountinfo", before, sizeof before, NULL), 0);
	code = tracing_open(&root, &tracing);
	if (code)
		printf("skipped: no tracing files for this user or in this container: %s\n", strerror(-code));
	else
		ck_assert(path_exists(&tracing, "events/sched/sched_switch/id"));
	ck_assert_int_gt(path_read(&root, "proc/self/mountinfo", after, sizeof after, NULL), 0);
	ck_assert_str_eq(before, after);
	path_root_release(&tracing);
	path_root_release(&root);
}
END_TEST

MACHINE_MAIN("host/tracing", the_files_are_found_where_they_are_mounted, root_needs_no_mount,
	     a_tracer_weighs_more_than_events, a_tracer_that_is_off_is_none, without_tracefs_nothing_is_told)
