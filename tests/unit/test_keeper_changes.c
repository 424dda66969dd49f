/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about changes: what somebody does to a held host is seen, also when it was undone before anybody
 * looked. */
#include "keeper/changes.h"

#include "machine_fixture.h"
#include "unit.h"

#define FILE_OF_VMSTAT "proc/sys/vm/stat_interval"

struct held {
	struct machine machine;
	struct journal_entry entry;
	struct changes changes;
	struct keeper_change found;
};

static void held_init(struct held *held)
{
	*held = (struct held){ .entry = {
				       .knob = "vmstat",
				       .setting = { .path = FILE_OF_VMSTAT, .before = "1", .target = "120" },
				       .is_done = true,
				       .observed = "120" } };
	machine_init(&held->machine);
	machine_put(&held->machine, FILE_OF_VMSTAT, "120");
	changes_begin(&held->changes, &held->machine.root, &held->entry, 1);
}

static void held_release(struct held *held)
{
	changes_end(&held->changes);
	machine_release(&held->machine);
}

START_TEST(what_stays_is_no_change)
{
	struct held held;

	held_init(&held);
	ck_assert(changes_check(&held.changes, &held.found));
	machine_put(&held.machine, FILE_OF_VMSTAT, "120");
	ck_assert(changes_check(&held.changes, &held.found));
	held_release(&held);
}
END_TEST

START_TEST(what_became_something_else_is_told_for_as_long_as_it_is)
{
	struct held held;

	held_init(&held);
	machine_put(&held.machine, FILE_OF_VMSTAT, "7");
	for (int i = 0; i < 2; i++) {
		ck_assert(!changes_check(&held.changes, &held.found));
		ck_assert_str_eq(held.found.knob, "vmstat");
		ck_assert_str_eq(held.found.reason,
				 "'/" FILE_OF_VMSTAT "' was '120' and became '7' during the session");
	}
	held_release(&held);
}
END_TEST

START_TEST(what_was_undone_before_the_look_is_told_once)
{
	struct held held;

	held_init(&held);
	machine_put(&held.machine, FILE_OF_VMSTAT, "7");
	changes_hear(&held.changes);
	machine_put(&held.machine, FILE_OF_VMSTAT, "120");
	ck_assert(!changes_check(&held.changes, &held.found));
	ck_assert_str_eq(held.found.reason,
			 "'/" FILE_OF_VMSTAT
			 "' was '120' and became '7' during the session; now it is as before");
	ck_assert(changes_check(&held.changes, &held.found));
	held_release(&held);
}
END_TEST

START_TEST(nothing_that_is_held_is_no_change)
{
	struct changes changes;
	struct keeper_change found;

	changes_init(&changes);
	ck_assert(changes_check(&changes, &found));
	changes_end(&changes);
}
END_TEST

MACHINE_MAIN("changes", what_stays_is_no_change, what_became_something_else_is_told_for_as_long_as_it_is,
	     what_was_undone_before_the_look_is_told_once, nothing_that_is_held_is_no_change)
