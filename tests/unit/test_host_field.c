/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/field: values within the texts of /proc and /sys. */
#include "host/field.h"

#include <string.h>
#include "unit.h"

START_TEST(a_line_is_found_by_its_whole_word)
{
	static const char text[] = "flagship : no\nflags\t\t: a b\nNAME=\"X Y\"\nnr_throttled 12\nempty :\n";
	char value[16];
	double number;

	ck_assert(field_line(text, "flags", value, sizeof value));
	ck_assert_str_eq(value, "a b");
	ck_assert(field_line(text, "NAME", value, sizeof value));
	ck_assert_str_eq(value, "X Y");
	ck_assert(field_number(text, "nr_throttled", &number));
	ck_assert_double_eq(number, 12);
	ck_assert(!field_line(text, "empty", value, sizeof value));
	ck_assert(!field_line(text, "nr", value, sizeof value));
	ck_assert(!field_number(text, "NAME", &number));
}
END_TEST

START_TEST(a_word_is_no_part_of_another)
{
	ck_assert(field_has_word("fpu tsc", "tsc"));
	ck_assert(field_has_word("tsc fpu", "tsc"));
	ck_assert(!field_has_word("constant_tsc tsc_adjust", "tsc"));
	ck_assert(!field_has_word("", "tsc"));
}
END_TEST

START_TEST(the_last_boot_parameter_of_a_name_counts)
{
	char value[16];

	ck_assert(field_parameter("quiet rcu_nocbs=1 x rcu_nocbs=2-3\n", "rcu_nocbs", value, sizeof value));
	ck_assert_str_eq(value, "2-3");
	ck_assert(!field_parameter("no.rcu_nocbs=1 rcu_nocbs", "rcu_nocbs", value, sizeof value));
}
END_TEST

START_TEST(the_chosen_word_stands_in_brackets)
{
	char value[16];

	ck_assert(field_bracketed("always [madvise] never", value, sizeof value));
	ck_assert_str_eq(value, "madvise");
	ck_assert(!field_bracketed("always", value, sizeof value));
}
END_TEST

START_TEST(what_does_not_fit_is_left_out_whole)
{
	char text[8] = "";

	field_append(text, sizeof text, ", ", "one");
	field_append(text, sizeof text, ", ", "three");
	ck_assert_str_eq(text, "one");
	field_append(text, sizeof text, ", ", "x");
	ck_assert_str_eq(text, "one, x");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { a_line_is_found_by_its_whole_word, a_word_is_no_part_of_another,
				       the_last_boot_parameter_of_a_name_counts,
				       the_chosen_word_stands_in_brackets,
				       what_does_not_fit_is_left_out_whole };

	return unit_run("host/field", tests, sizeof tests / sizeof tests[0]);
}
