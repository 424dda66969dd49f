/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about theft: of a sample it is told how much was taken, and who took most. */
#include "theft.h"

#include <stdio.h>
#include <string.h>
#include "unit.h"

/* A theft as the kernel writes it, at a place of its choice. */
static void take(struct sb_wire_theft_slot *slot, int place, uint32_t kind, uint32_t id, const char *name,
		 uint64_t ns)
{
	struct sb_wire_thief *thief = &slot->thieves[place];

	if (thief->kind != kind || thief->id != id || strcmp(thief->name, name) != 0) {
		*thief = (struct sb_wire_thief){ .kind = kind, .id = id };
		snprintf(thief->name, sizeof thief->name, "%s", name);
	}
	thief->ns += ns;
	slot->ns[kind] += ns;
	slot->count[kind]++;
}

static struct sb_wire_theft compared(const struct sb_wire_theft_slot *before,
				     const struct sb_wire_theft_slot *after)
{
	struct sb_wire_theft theft = { 0 };

	sb_theft_compare(before, after, &theft);
	return theft;
}

START_TEST(who_took_most_of_a_kind_is_named_and_not_who_took_last)
{
	struct sb_wire_theft_slot before = { 0 }, after = { 0 };
	struct sb_wire_theft theft;

	take(&after, 0, SB_WIRE_THEFT_TASK, 7, "kworker/1:1", 5000);
	take(&after, 1, SB_WIRE_THEFT_TIMER, 236, "local_timer", 9000);
	take(&after, 2, SB_WIRE_THEFT_TASK, 8, "hog", 1000);
	theft = compared(&before, &after);
	ck_assert_str_eq(theft.most[SB_WIRE_THEFT_TASK].name, "kworker/1:1");
	ck_assert_uint_eq(theft.most[SB_WIRE_THEFT_TASK].kind, SB_WIRE_THEFT_TASK);
	ck_assert_uint_eq(theft.most[SB_WIRE_THEFT_TASK].id, 7);
	ck_assert_uint_eq(theft.most[SB_WIRE_THEFT_TASK].ns, 5000);
	ck_assert_str_eq(theft.most[SB_WIRE_THEFT_TIMER].name, "local_timer");
	ck_assert_str_eq(theft.most[SB_WIRE_THEFT_INTERRUPT].name, "");
	ck_assert_uint_eq(theft.ns[SB_WIRE_THEFT_TIMER], 9000);
	ck_assert_uint_eq(theft.count[SB_WIRE_THEFT_TASK], 2);
}
END_TEST

START_TEST(what_one_took_in_many_times_is_added_up)
{
	struct sb_wire_theft_slot before = { 0 }, after = { 0 };

	take(&after, 0, SB_WIRE_THEFT_TASK, 7, "kworker/1:1", 5000);
	for (int i = 0; i < 6; i++)
		take(&after, 1, SB_WIRE_THEFT_TASK, 8, "hog", 900);
	ck_assert_str_eq(compared(&before, &after).most[0].name, "hog");
	ck_assert_uint_eq(compared(&before, &after).most[0].ns, 5400);
}
END_TEST

START_TEST(what_was_taken_before_the_sample_counts_for_nobody)
{
	struct sb_wire_theft_slot before = { 0 }, after;
	struct sb_wire_theft theft;

	take(&before, 0, SB_WIRE_THEFT_TASK, 7, "hog", 1000000);
	after = before;
	theft = compared(&before, &after);
	ck_assert_str_eq(theft.most[SB_WIRE_THEFT_TASK].name, "");
	ck_assert_uint_eq(theft.most[SB_WIRE_THEFT_TASK].ns, 0);
	take(&after, 0, SB_WIRE_THEFT_TASK, 7, "hog", 10);
	take(&after, 3, SB_WIRE_THEFT_TASK, 9, "kworker/1:1", 20);
	theft = compared(&before, &after);
	ck_assert_str_eq(theft.most[SB_WIRE_THEFT_TASK].name, "kworker/1:1");
	ck_assert_uint_eq(theft.most[SB_WIRE_THEFT_TASK].ns, 20);
}
END_TEST

START_TEST(who_got_the_place_of_another_took_what_stands_there)
{
	struct sb_wire_theft_slot before = { 0 }, after;

	take(&before, 0, SB_WIRE_THEFT_TASK, 7, "hog", 1000000);
	after = before;
	take(&after, 0, SB_WIRE_THEFT_TASK, 8, "hog", 40);
	ck_assert_uint_eq(compared(&before, &after).most[0].id, 8);
	ck_assert_uint_eq(compared(&before, &after).most[0].ns, 40);
	before = after; /* given away and back */
	take(&after, 0, SB_WIRE_THEFT_TASK, 7, "hog", 30);
	take(&after, 0, SB_WIRE_THEFT_TASK, 8, "hog", 20);
	ck_assert_uint_eq(compared(&before, &after).most[0].ns, 20);
}
END_TEST

START_TEST(a_name_that_is_no_text_is_made_one)
{
	struct sb_wire_theft_slot before = { 0 }, after = { 0 };

	take(&after, 0, SB_WIRE_THEFT_TASK, 7, "\033[2Jfoo", 40);
	ck_assert_str_eq(compared(&before, &after).most[0].name, "?[2Jfoo");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		who_took_most_of_a_kind_is_named_and_not_who_took_last,
		what_one_took_in_many_times_is_added_up,
		what_was_taken_before_the_sample_counts_for_nobody,
		who_got_the_place_of_another_took_what_stands_there,
		a_name_that_is_no_text_is_made_one,
	};

	return unit_run("lib theft", tests, sizeof tests / sizeof tests[0]);
}
