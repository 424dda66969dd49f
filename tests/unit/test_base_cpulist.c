/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about base/cpulist: only what the kernel would print is a list. */
#include "base/cpulist.h"

#include <errno.h>
#include "unit.h"

START_TEST(lists_come_back_as_the_kernel_prints_them)
{
	static const char *const rows[][2] = {
		{ "0", "0" },	      { "0-3,7", "0-3,7" }, { "7,0,1", "0-1,7" },   { "2-2", "2" },
		{ "0-1,1-3", "0-3" }, { "1023", "1023" },   { "0-1023", "0-1023" },
	};
	struct sb_err err = { 0 };
	char text[256];
	cpu_set_t set;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ck_assert_msg(!cpulist_parse(rows[i][0], &set, &err), "'%s': %s", rows[i][0], err.text);
		ck_assert_str_eq(cpulist_format(&set, text, sizeof text), rows[i][1]);
	}
}
END_TEST

START_TEST(text_that_is_no_list_is_refused)
{
	static const char *const rows[] = {
		"",	 ",",	     "-",   "1-", "-1",	  "3-1",	  "1,",
		",1",	 "1,,2",     "1 ",  " 1", "1\n",  "0x3",	  "all",
		"1-2-3", "0-31:2/4", "1;2", "+1", "1024", "0-4000000000", "99999999999999999999"
	};
	struct sb_err err;
	cpu_set_t set;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert_msg(cpulist_parse(rows[i], &set, &err) == -EINVAL, "'%s' was taken", rows[i]);
	ck_assert_int_eq(cpulist_parse("2-x", &set, &err), -EINVAL);
	ck_assert_str_eq(err.text, "'2-x' is no list of CPUs; write one such as 2-3,7");
	ck_assert_int_eq(cpulist_parse("0,1024", &set, &err), -EINVAL);
	ck_assert_str_eq(err.text, "CPU 1024 of '0,1024' is beyond the last possible CPU, 1023");
}
END_TEST

START_TEST(the_empty_set_is_an_empty_text_without_a_first)
{
	char text[8] = "x";
	cpu_set_t set;

	CPU_ZERO(&set);
	ck_assert_str_eq(cpulist_format(&set, text, sizeof text), "");
	ck_assert_int_eq(cpulist_first(&set), -1);
}
END_TEST

START_TEST(subtracting_keeps_what_the_other_lacks)
{
	cpu_set_t set, less;
	char text[32];

	ck_assert_int_eq(cpulist_parse("0-7", &set, NULL), 0);
	ck_assert_int_eq(cpulist_parse("2-3,9", &less, NULL), 0);
	cpulist_subtract(&set, &less);
	ck_assert_str_eq(cpulist_format(&set, text, sizeof text), "0-1,4-7");
	ck_assert_int_eq(cpulist_first(&set), 0);
	ck_assert_int_eq(cpulist_first(&less), 2);
}
END_TEST

START_TEST(a_subset_has_no_member_of_its_own)
{
	cpu_set_t small, large, none;

	CPU_ZERO(&none);
	ck_assert_int_eq(cpulist_parse("1-2", &small, NULL), 0);
	ck_assert_int_eq(cpulist_parse("0-3", &large, NULL), 0);
	ck_assert(cpulist_is_subset(&small, &large));
	ck_assert(!cpulist_is_subset(&large, &small));
	ck_assert(cpulist_is_subset(&none, &small));
	ck_assert(cpulist_is_subset(&small, &small));
}
END_TEST

START_TEST(a_list_of_boot_parameters_may_be_all)
{
	cpu_set_t set;

	ck_assert_int_eq(cpulist_parse("1-2", &set, NULL), 0);
	ck_assert(cpulist_has("1-3", &set));
	ck_assert(cpulist_has("all", &set));
	ck_assert(!cpulist_has("1,3", &set));
	ck_assert(!cpulist_has("none", &set));
	ck_assert(!cpulist_has("", &set));
}
END_TEST

UNIT_MAIN("base/cpulist", lists_come_back_as_the_kernel_prints_them, text_that_is_no_list_is_refused,
	  the_empty_set_is_an_empty_text_without_a_first, subtracting_keeps_what_the_other_lacks,
	  a_subset_has_no_member_of_its_own, a_list_of_boot_parameters_may_be_all)
