/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about texts that mean the same, and about masks of CPUs. */
#include "host/value.h"

#include <errno.h>
#include "base/cpumask.h"
#include "unit.h"

static const struct {
	bool (*is_same)(const char *one, const char *other);
	const char *one, *other;
	bool expected;
} pairs[] = {
	{ value_is_same_text, "a", "a", true },
	{ value_is_same_text, "a", "a ", false },
	{ value_is_same_number, "10", " 10\n", true },
	{ value_is_same_number, "0x10", "16", true },
	{ value_is_same_number, "10", "100", false },
	{ value_is_same_number, "10x", "10", false },
	{ value_is_same_number, "n/a", "n/a", true },
	{ value_is_same_number, "", "", true },
	{ value_is_same_number, "", "0", false },
	{ value_is_same_words, "4 4 1 7", "4\t4\t1\t7", true },
	{ value_is_same_words, "4 4 1", "4 4 1 7", false },
	{ value_is_same_words, "", "  ", true },
	{ value_is_same_cpulist, "0-3", "0,1,2,3", true },
	{ value_is_same_cpulist, "0-3", "0-2", false },
	{ value_is_same_cpulist, "", "", true },
	{ value_is_same_cpumask, "f", "00000000,0000000f", true },
	{ value_is_same_cpumask, "1,00000000", "100000000", false },
	{ value_is_same_cpumask, "F", "f", true },
	{ value_is_same_cpumask, "f", "e", false },
	{ value_is_same_choice, "always [madvise] never", "madvise", true },
	{ value_is_same_choice, "always [madvise] never", "never", false },
	{ value_is_same_choice, "never", "never", true },
};

START_TEST(the_kernels_way_of_printing_is_no_difference)
{
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		ck_assert_msg(pairs[i].is_same(pairs[i].one, pairs[i].other) == pairs[i].expected,
			      "'%s' and '%s'", pairs[i].one, pairs[i].other);
		ck_assert_int_eq(pairs[i].is_same(pairs[i].other, pairs[i].one), pairs[i].expected);
	}
}
END_TEST

START_TEST(a_mask_comes_back_as_it_was)
{
	static const char *const masks[] = { "0", "1", "80000000", "1,00000000",
					     "ffffffff,00000000,00000001" };
	char text[320];
	cpu_set_t set;

	for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
		ck_assert_int_eq(cpumask_parse(masks[i], &set), 0);
		ck_assert_str_eq(cpumask_format(&set, text, sizeof text), masks[i]);
	}
	CPU_ZERO(&set);
	CPU_SET(CPU_SETSIZE - 1, &set);
	ck_assert_int_eq(cpumask_parse(cpumask_format(&set, text, sizeof text), &set), 0);
	ck_assert(CPU_ISSET(CPU_SETSIZE - 1, &set) && CPU_COUNT(&set) == 1);
}
END_TEST

START_TEST(what_is_no_mask_is_refused)
{
	static const char *const texts[] = {
		"", ",", "1,", ",1", "1,,1", "g", "0x1", "123456789", " 1", "1 "
	};
	cpu_set_t set;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		ck_assert_msg(cpumask_parse(texts[i], &set) == -EINVAL, "'%s'", texts[i]);
}
END_TEST

UNIT_MAIN("value", the_kernels_way_of_printing_is_no_difference, a_mask_comes_back_as_it_was,
	  what_is_no_mask_is_refused)
