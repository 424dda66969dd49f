/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/tracing: whether somebody follows the kernel. */
#include "host/tracing.h"

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

MACHINE_MAIN("host/tracing", a_tracer_weighs_more_than_events, a_tracer_that_is_off_is_none,
	     without_tracefs_nothing_is_told)
