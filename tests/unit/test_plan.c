/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/plan.h"
#include "plan/select.h"

#include <string.h>

#include "unit.h"

static struct settings settings;

static void fresh(void)
{
	settings_init(&settings);
}

START_TEST(without_patterns_every_case_is_meant)
{
	struct select *select = select_new(&settings, NULL);

	fresh();
	ck_assert(select_matches(select, "suite/group/case", ""));
	select_free(select);
}
END_TEST

START_TEST(filter_and_skip_are_expressions_over_the_whole_name)
{
	struct select *select;

	fresh();
	settings_list_add(&settings.filter, "^suite/.*size=10$");
	settings_list_add(&settings.skip, "slow");
	select = select_new(&settings, NULL);
	ck_assert(select_matches(select, "suite/fast/size=10", ""));
	ck_assert(!select_matches(select, "suite/fast/size=100", ""));
	ck_assert(!select_matches(select, "suite/slow/size=10", ""));
	select_free(select);
}
END_TEST

START_TEST(exact_takes_special_letters_literally)
{
	struct select *select;

	fresh();
	settings.exact = true;
	settings_list_add(&settings.filter, "suite/a+b");
	select = select_new(&settings, NULL);
	ck_assert(select_matches(select, "suite/a+b", ""));
	ck_assert(!select_matches(select, "suite/aab", ""));
	ck_assert(!select_matches(select, "suite/a+b/size=1", ""));
	select_free(select);
}
END_TEST

START_TEST(tags_match_whole_words_only)
{
	struct select *select;

	fresh();
	settings_list_add(&settings.tag, "micro");
	select = select_new(&settings, NULL);
	ck_assert(select_matches(select, "n", "io micro"));
	ck_assert(select_matches(select, "n", "micro"));
	ck_assert(!select_matches(select, "n", "microscopic"));
	ck_assert(!select_matches(select, "n", "notmicro x"));
	ck_assert(select_matches(select, "n", "microscopic micro"));
	ck_assert(!select_matches(select, "n", ""));
	select_free(select);
}
END_TEST

START_TEST(bad_expression_is_named_in_the_error)
{
	struct sb_err err = { 0 };

	fresh();
	settings_list_add(&settings.filter, "a(b");
	ck_assert_ptr_null(select_new(&settings, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "'a(b'"));
	ck_assert_ptr_nonnull(strstr(err.text, "--filter"));
}
END_TEST

START_TEST(shuffle_is_a_permutation_that_the_seed_decides)
{
	struct plan plan, same, other;
	size_t a[50], b[50], c[50], d[50], sum = 0;

	plan_init(&plan, 42);
	plan_init(&same, 42);
	plan_init(&other, 43);
	for (size_t i = 0; i < 50; i++)
		a[i] = b[i] = c[i] = d[i] = i;
	plan_shuffle(&plan, 1, a, 50);
	plan_shuffle(&same, 1, b, 50);
	plan_shuffle(&other, 1, c, 50);
	plan_shuffle(&plan, 2, d, 50);
	for (size_t i = 0; i < 50; i++)
		sum += a[i];
	ck_assert_uint_eq(sum, 49 * 50 / 2);
	ck_assert_int_eq(memcmp(a, b, sizeof a), 0);
	ck_assert_int_ne(memcmp(a, c, sizeof a), 0);
	ck_assert_int_ne(memcmp(a, d, sizeof a), 0);
}
END_TEST

START_TEST(every_place_in_a_block_is_as_likely)
{
	unsigned first[4] = { 0 };
	struct plan plan;

	plan_init(&plan, 7);
	for (uint64_t block = 0; block < 4000; block++) {
		size_t indices[4] = { 0, 1, 2, 3 };

		plan_shuffle(&plan, block, indices, 4);
		first[indices[0]]++;
	}
	for (int i = 0; i < 4; i++)
		ck_assert(first[i] > 850 && first[i] < 1150); /* 1000 +- 5.5 sd */
}
END_TEST

START_TEST(padding_is_aligned_below_a_page_and_differs_between_launches)
{
	struct plan plan;
	unsigned different = 0;

	plan_init(&plan, 1);
	for (uint64_t launch = 0; launch < 100; launch++) {
		uint32_t padding = plan_launch_padding(plan_launch_seed(&plan, 3, launch));

		ck_assert_uint_eq(padding % 16, 0);
		ck_assert_uint_lt(padding, 4096);
		different += padding != plan_launch_padding(plan_launch_seed(&plan, 3, launch + 1));
	}
	ck_assert_uint_gt(different, 90);
}
END_TEST

START_TEST(equal_full_names_are_found)
{
	struct plan plan;

	plan_init(&plan, 1);
	plan_add_case(&plan, 0, "a", "g/x", "", 1);
	plan_add_case(&plan, 1, "b", "g/x", "", 1);
	ck_assert_int_eq(plan_find_duplicate(&plan), -1);
	plan_add_case(&plan, 1, "a", "g/x", "", 1);
	ck_assert_int_eq(plan_find_duplicate(&plan), 2);
	ck_assert_str_eq(plan.cases[2].name, "a/g/x");
	plan_release(&plan);
}
END_TEST

START_TEST(long_samples_get_fewer_but_never_under_five)
{
	fresh();
	ck_assert_uint_eq(plan_samples(&settings, 1e-3), 20);
	ck_assert_uint_eq(plan_samples(&settings, 0.05), 10);
	ck_assert_uint_eq(plan_samples(&settings, 2), 5);
	settings.samples = 7;
	ck_assert_uint_eq(plan_samples(&settings, 2), 7);
}
END_TEST

START_TEST(retakes_are_as_many_as_samples_unless_asked_or_time_is_short)
{
	static const struct {
		uint64_t asked;
		double sample_s;
		uint64_t retakes;
	} rows[] = {
		{ SETTINGS_RETAKES_AS_SAMPLES, 1e-3, 20 }, { 7, 1e-3, 7 }, { 0, 1e-3, 0 }, { 50, 1e-3, 50 },
		{ SETTINGS_RETAKES_AS_SAMPLES, 1, 7 }, /* 23 samples are taken anyway */
		{ SETTINGS_RETAKES_AS_SAMPLES, 2, 0 },
	};

	fresh();
	settings.timeout_s = 60;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		settings.retakes = rows[i].asked;
		ck_assert_uint_eq(plan_retakes(&settings, 20, 23, rows[i].sample_s), rows[i].retakes);
	}
}
END_TEST

UNIT_MAIN("plan", without_patterns_every_case_is_meant, filter_and_skip_are_expressions_over_the_whole_name,
	  exact_takes_special_letters_literally, tags_match_whole_words_only,
	  bad_expression_is_named_in_the_error, shuffle_is_a_permutation_that_the_seed_decides,
	  every_place_in_a_block_is_as_likely, padding_is_aligned_below_a_page_and_differs_between_launches,
	  equal_full_names_are_found, long_samples_get_fewer_but_never_under_five,
	  retakes_are_as_many_as_samples_unless_asked_or_time_is_short)
