/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about what keeps a thief away. */
#include "host/knob.h"
#include "host/thief_knob.h"
#include "unit.h"
#include "wire.h"

START_TEST(each_knob_of_the_table_is_there)
{
	const struct thief_remedy *row;
	unsigned i = 0;

	for (; (row = thief_remedy_get(i)); i++) {
		ck_assert_msg(!row->knob || knob_find(row->knob), "there is no knob '%s'", row->knob);
		ck_assert_str_ne(row->text, "");
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
	ck_assert_ptr_null(thief_knob(SB_WIRE_THEFT_KINDS, "x"));
}
END_TEST

START_TEST(the_special_comes_before_the_general)
{
	ck_assert_str_eq(thief_knob(SB_WIRE_THEFT_TASK, "kworker/u8:2"), "workqueue");
	ck_assert_str_eq(thief_knob(SB_WIRE_THEFT_TASK, "kworker/1:1"), "vmstat");
	ck_assert_str_eq(thief_knob(SB_WIRE_THEFT_TASK, "cc1"), "partition");
	ck_assert_str_eq(thief_knob(SB_WIRE_THEFT_INTERRUPT, "virtio1-req.0"), "irq-affinity");
	ck_assert_ptr_null(thief_knob(SB_WIRE_THEFT_TIMER, "local_timer"));
}
END_TEST

UNIT_MAIN("host thief_knob", each_knob_of_the_table_is_there, each_row_can_be_found,
	  every_kind_has_a_row_for_names_that_nobody_knows, the_special_comes_before_the_general)
