/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about what keeps a thief away. */
#include "host/facts.h"
#include "host/knob.h"
#include "host/thief_knob.h"
#include "machine_fixture.h"
#include "wire.h"

static struct machine machine;
static struct sought {
	const char *key;
	int found;
} sought;

static void count_fact(void *context, const char *key, const char *value)
{
	struct sought *fact = context;

	fact->found += !strcmp(key, fact->key) && !strcmp(value, "1");
}

static void ignore_number(void *context, const char *key, double value)
{
	(void)context;
	(void)key;
	(void)value;
}

START_TEST(each_knob_of_the_table_is_there)
{
	const struct thief_remedy *row;
	unsigned i = 0;

	for (; (row = thief_remedy_get(i)); i++) {
		ck_assert_msg(!row->knob || knob_find(row->knob), "there is no knob '%s'", row->knob);
		ck_assert_str_ne(row->text, "");
		ck_assert_msg(!row->knob == (row->instead && *row->instead), "nothing stops '%s'",
			      row->names);
	}
	ck_assert_uint_gt(i, SB_WIRE_THEFT_KINDS);
}
END_TEST

START_TEST(each_row_can_be_found)
{
	const struct thief_remedy *row;

	for (unsigned i = 0; (row = thief_remedy_get(i)); i++)
		ck_assert_msg(thief_remedy(row->kind, row->names) == row, "'%s' is hidden by a row above it",
			      row->names);
}
END_TEST

START_TEST(every_kind_has_a_row_for_names_that_nobody_knows)
{
	for (uint32_t kind = 0; kind < SB_WIRE_THEFT_KINDS; kind++) {
		ck_assert_ptr_nonnull(thief_remedy(kind, "no such name"));
		ck_assert_ptr_nonnull(thief_remedy(kind, ""));
	}
	ck_assert_ptr_null(thief_remedy(SB_WIRE_THEFT_KINDS, "x"));
}
END_TEST

START_TEST(the_special_comes_before_the_general)
{
	ck_assert_str_eq(thief_remedy(SB_WIRE_THEFT_TASK, "kworker/u8:2")->knob, "workqueue");
	ck_assert_str_eq(thief_remedy(SB_WIRE_THEFT_TASK, "kworker/1:1")->knob, "vmstat");
	ck_assert_str_eq(thief_remedy(SB_WIRE_THEFT_TASK, "cc1")->knob, "partition");
	ck_assert_str_eq(thief_remedy(SB_WIRE_THEFT_INTERRUPT, "virtio1-req.0")->knob, "irq-affinity");
	ck_assert_ptr_null(thief_remedy(SB_WIRE_THEFT_TIMER, "local_timer")->knob);
}
END_TEST

START_TEST(what_was_done_at_boot_is_a_fact_that_is_recorded)
{
	const struct facts_sink sink = { .text = count_fact, .number = ignore_number, .context = &sought };
	const struct thief_remedy *row;

	machine_init(&machine);
	machine_put(&machine, "proc/cmdline", "quiet rcu_nocbs=1\n");
	machine_put(&machine, "sys/devices/system/cpu/nohz_full", "1\n");
	for (unsigned i = 0; (row = thief_remedy_get(i)); i++) {
		sought = (struct sought){ .key = row->fact };
		if (row->fact)
			facts_collect(&machine.root, NULL, &sink);
		ck_assert_int_eq(sought.found, row->fact != NULL);
		ck_assert_int_eq(!row->fact, !row->instead || !strstr(row->instead, "boot"));
	}
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("host thief_knob", each_knob_of_the_table_is_there, each_row_can_be_found,
	     every_kind_has_a_row_for_names_that_nobody_knows, the_special_comes_before_the_general,
	     what_was_done_at_boot_is_a_fact_that_is_recorded)
