/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include "base/nearest.h"
#include "unit.h"

START_TEST(distance_counts_edits_without_regard_to_case)
{
	ck_assert_uint_eq(nearest_distance("cycles", "cycles"), 0);
	ck_assert_uint_eq(nearest_distance("Cycles", "cYCLES"), 0);
	ck_assert_uint_eq(nearest_distance("kitten", "sitting"), 3);
	ck_assert_uint_eq(nearest_distance("", "abc"), 3);
	ck_assert_uint_eq(nearest_distance("abc", ""), 3);
}
END_TEST

START_TEST(the_nearest_come_first_and_the_far_not_at_all)
{
	static const char *const names[] = { "instructions", "branches", "branch-misses", "cache-misses",
					     "branch-misses" };
	struct nearest nearest;
	char text[128];

	nearest_init(&nearest, "brnach-misses");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		nearest_offer(&nearest, names[i]);
	ck_assert_str_eq(nearest_text(&nearest, text, sizeof text), "'branch-misses' or 'cache-misses'");
}
END_TEST

START_TEST(a_part_of_a_name_finds_the_whole)
{
	struct nearest nearest;
	char text[128];

	nearest_init(&nearest, "dcache");
	nearest_offer(&nearest, "L1-dcache-load-misses");
	nearest_offer(&nearest, "cycles");
	ck_assert_str_eq(nearest_text(&nearest, text, sizeof text), "'L1-dcache-load-misses'");
}
END_TEST

START_TEST(of_many_only_the_best_are_kept)
{
	static const char *const names[] = { "abcx", "abxx", "abcd", "abcy", "abce" };
	struct nearest nearest;

	nearest_init(&nearest, "abcd");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		nearest_offer(&nearest, names[i]);
	ck_assert_uint_eq(nearest.count, NEAREST_MAX);
	ck_assert_str_eq(nearest.best[0].name, "abcd");
	ck_assert_str_eq(nearest.best[1].name, "abcx");
	ck_assert_str_eq(nearest.best[2].name, "abcy");
}
END_TEST

START_TEST(texts_that_do_not_fit_are_cut)
{
	struct nearest nearest;
	char text[12];

	nearest_init(&nearest, "abcd");
	nearest_offer(&nearest, "abce");
	nearest_offer(&nearest, "abcf");
	ck_assert_str_eq(nearest_text(&nearest, text, sizeof text), "'abce' or '");
}
END_TEST

UNIT_MAIN("base/nearest", distance_counts_edits_without_regard_to_case,
	  the_nearest_come_first_and_the_far_not_at_all, a_part_of_a_name_finds_the_whole,
	  of_many_only_the_best_are_kept, texts_that_do_not_fit_are_cut)
