/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about run/counted: what becomes of events that were asked for, and which launch has which. */
#include "run/counted.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "host/witness.h"
#include "unit.h"

struct fixture {
	struct counted *counted;
	struct record record;
	struct record_case *c;
};

static void fixture_init(struct fixture *fixture)
{
	fixture->counted = calloc(1, sizeof *fixture->counted);
	record_init(&fixture->record);
	fixture->c = record_add_case(&fixture->record, "suite/case", "");
}

static void fixture_release(struct fixture *fixture)
{
	free(fixture->counted);
	record_release(&fixture->record);
}

/* As counted_try leaves it. */
static void add(struct fixture *fixture, const char *name, struct keeper_probe probe)
{
	struct counted_event event = { .event = "spelled out", .word = "cycles" };

	strcpy(event.name, name);
	fixture->counted->probes[fixture->counted->count] = probe;
	ck_assert(counted_add(fixture->counted, &event, &(struct keeper_event){ 0 }));
	if (probe.pass > fixture->counted->passes)
		fixture->counted->passes = probe.pass;
}

START_TEST(every_fate_of_an_event_has_its_status_and_its_reason)
{
	static const struct {
		int code;
		uint32_t state, pass;
		enum record_counter_status status;
		const char *part; /* of the reason */
	} rows[] = {
		{ 0, KEEPER_PROBE_COUNTS, 1, RECORD_COUNTER_COUNTED, NULL },
		{ 0, KEEPER_PROBE_COUNTS, 0, RECORD_COUNTER_UNSUPPORTED, "no counter left" },
		{ 0, KEEPER_PROBE_NEVER_COUNTS, 0, RECORD_COUNTER_SILENT, "stood still" },
		{ 0, KEEPER_PROBE_LOST, 0, RECORD_COUNTER_LOST, "a watchdog or a profiler" },
		{ 0, KEEPER_PROBE_NO_TIME, 0, RECORD_COUNTER_UNSUPPORTED,
		  "does not run on the benchmark's CPU" },
		{ -ENOENT, 0, 0, RECORD_COUNTER_UNSUPPORTED, "this host has no such event" },
		{ -EACCES, 0, 0, RECORD_COUNTER_DENIED, "run with sudo" },
		{ -EBUSY, 0, 0, RECORD_COUNTER_LOST, "somebody else" },
		{ -EMFILE, 0, 0, RECORD_COUNTER_UNSUPPORTED, "too many open files" },
	};
	struct fixture fixture;

	fixture_init(&fixture);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		add(&fixture, "event",
		    (struct keeper_probe){ rows[i].code, rows[i].state, rows[i].pass, 0, 0 });
	counted_describe_case(fixture.counted, fixture.c);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct record_counter *counter = &fixture.c->counters[i];

		ck_assert_int_eq(counter->status, rows[i].status);
		ck_assert_str_eq(counter->event, "spelled out");
		ck_assert_str_eq(counter->word, "cycles");
		ck_assert_ptr_null(counter->unit);
		if (rows[i].part)
			ck_assert_msg(counter->reason && strstr(counter->reason, rows[i].part), "%s",
				      counter->reason);
		else
			ck_assert_ptr_null(counter->reason);
	}
	fixture_release(&fixture);
}
END_TEST

START_TEST(launch_after_launch_has_the_next_pass)
{
	static const uint32_t passes[] = { 1, 2, 0, 1, 2, 3 };
	static const struct {
		uint64_t number;
		uint32_t pass;
		size_t count, first;
	} rows[] = { { 0, 1, 2, 0 }, { 1, 2, 2, 1 }, { 2, 3, 1, 5 }, { 3, 1, 2, 0 }, { 302, 3, 1, 5 } };
	struct fixture fixture;

	fixture_init(&fixture);
	for (size_t i = 0; i < sizeof passes / sizeof passes[0]; i++)
		add(&fixture, "event", (struct keeper_probe){ .pass = passes[i] });
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct record_launch *launch = record_case_add_launch(fixture.c, 0);
		struct keeper_launch order = { 0 };

		counted_describe_launch(fixture.counted, rows[i].number, launch);
		counted_order(fixture.counted, rows[i].number, &order);
		ck_assert_uint_eq(order.pass, rows[i].pass);
		ck_assert_uint_eq(launch->counter_count, rows[i].count);
		ck_assert_uint_eq(launch->counters[0].index, rows[i].first);
	}
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_session_without_events_counts_none_and_misses_none)
{
	struct keeper_launch order = { .pass = 7 };
	struct record_launch *launch;
	struct fixture fixture;

	fixture_init(&fixture);
	launch = record_case_add_launch(fixture.c, 0);
	counted_order(fixture.counted, 3, &order);
	counted_describe_launch(fixture.counted, 3, launch);
	ck_assert_uint_eq(order.pass, 0);
	ck_assert_uint_eq(launch->counter_count, 0);
	fixture_release(&fixture);
}
END_TEST

START_TEST(what_the_exec_of_a_program_ended_was_not_looked_at)
{
	static const struct {
		bool detached[3];	      /* of the launches */
		const char *schedule, *event; /* part of the reason, NULL: looked at */
	} rows[] = {
		{ { false, false, false }, "tell more", NULL },
		{ { true, true, true }, NULL, "ended it with the exec" },
		{ { false, true, false },
		  "only in launches that are detached",
		  "not in launches that are detached" },
	};
	struct path_root root;

	ck_assert_int_eq(path_root_init(&root, "/", NULL), 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *schedule, *event;
		struct fixture fixture;

		fixture_init(&fixture);
		fixture.counted->witness_rows = 1;
		for (size_t k = 0; k < 3; k++)
			record_case_add_launch(fixture.c, 0)->is_detached = rows[i].detached[k];
		counted_describe(fixture.counted, &root, &fixture.record);
		schedule = fixture.record.witnesses[1].reason;
		event = fixture.record.witnesses[2].reason;
		if (!schedule || !strstr(schedule, "CONFIG_SCHED_INFO"))
			ck_assert_msg(rows[i].schedule ? schedule && strstr(schedule, rows[i].schedule)
						       : !schedule,
				      "row %zu: %s", i, schedule);
		ck_assert_msg(rows[i].event ? event && strstr(event, rows[i].event) : !event, "row %zu: %s",
			      i, event);
		ck_assert_ptr_nonnull(strstr(fixture.record.witnesses[3].reason, "needs root"));
		fixture_release(&fixture);
	}
	path_root_release(&root);
}
END_TEST

START_TEST(a_session_tells_which_witnesses_it_had)
{
	struct keeper_launch order = { 0 };
	struct fixture fixture;
	struct path_root root;

	fixture_init(&fixture);
	fixture.counted->witness_rows = 1u << 2 | 1u << 5;
	ck_assert_int_eq(path_root_init(&root, "/", NULL), 0);
	counted_describe(fixture.counted, &root, &fixture.record);
	path_root_release(&root);
	ck_assert_str_eq(fixture.record.witnesses[0].name, "rusage");
	ck_assert_str_eq(fixture.record.witnesses[1].reason, "the kernel's events tell more");
	for (unsigned row = 0; row < WITNESS_COUNT; row++) {
		ck_assert_str_eq(fixture.record.witnesses[row + 2].name, witness_get(row)->name);
		ck_assert_int_eq(fixture.record.witnesses[row + 2].reason == NULL, row == 2 || row == 5);
	}
	counted_order(fixture.counted, 0, &order);
	ck_assert_uint_eq(order.witnesses, 1);
	fixture.counted->is_unwitnessed = true;
	counted_order(fixture.counted, 0, &order);
	ck_assert_uint_eq(order.witnesses, 0);
	ck_assert_uint_eq(order.unwitnessed, 1);
	fixture_release(&fixture);
}
END_TEST

UNIT_MAIN("run/counted", every_fate_of_an_event_has_its_status_and_its_reason,
	  launch_after_launch_has_the_next_pass, a_session_without_events_counts_none_and_misses_none,
	  what_the_exec_of_a_program_ended_was_not_looked_at, a_session_tells_which_witnesses_it_had)
