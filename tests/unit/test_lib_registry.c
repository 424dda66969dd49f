/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about registry: what is registered becomes a list of cases in one order, or one sentence. */
#include "registry.h"

#include <string.h>
#include "unit.h"

static void body(sb_bench *b)
{
	(void)b;
}

static struct sb_registration make(const char *name, const char *file, unsigned line,
				   const struct sb_options *options)
{
	return (struct sb_registration){
		.name = name, .file = file, .line = line, .body = body, .options = options
	};
}

static const struct sb_options plain = { .group = "g" };

/* What the registry says about one benchmark; "" when it takes it. Called again, it is that benchmark
 * changed: an earlier one must not answer for it. */
static const char *refusal(const char *name, const struct sb_options *options, char reason[SB_WIRE_REASON])
{
	static struct sb_registration one;
	struct sb_registry registry;

	if (one.name == NULL) {
		one = make(name, "a.c", 1, options);
		sb_register(&one);
	}
	one.options = options;
	reason[0] = '\0';
	const int error = sb_registry_init(&registry, reason);
	ck_assert((error != 0) == (reason[0] != '\0'));
	sb_registry_release(&registry);
	return reason;
}

START_TEST(cases_are_ordered_by_file_and_line)
{
	struct sb_registration late = make("late", "b.c", 1, &plain),
			       second = make("second", "a.c", 20, &plain),
			       first = make("first", "a.c", 3, &plain),
			       same = make("again", "a.c", 3, &plain);
	struct sb_registry registry;
	char reason[SB_WIRE_REASON];

	sb_register(&second);
	sb_register(&late);
	sb_register(&same);
	sb_register(&first);
	for (int i = 0; i < 2; i++) { /* listing twice changes nothing */
		ck_assert_int_eq(sb_registry_init(&registry, reason), 0);
		ck_assert_uint_eq(registry.count, 4);
		ck_assert_str_eq(registry.cases[0].name, "g/again");
		ck_assert_str_eq(registry.cases[1].name, "g/first");
		ck_assert_str_eq(registry.cases[2].name, "g/second");
		ck_assert_str_eq(registry.cases[3].name, "g/late");
		sb_registry_release(&registry);
	}
}
END_TEST

START_TEST(the_last_axis_changes_fastest)
{
	static const struct sb_options options = { .args = { SB_AXIS(size, 10, -1),
							     SB_AXIS(kind, "a b", "", "%") } };
	static const char *const names[] = {
		"b/size=10/kind=a%20b", "b/size=10/kind=", "b/size=10/kind=%25",
		"b/size=-1/kind=a%20b", "b/size=-1/kind=", "b/size=-1/kind=%25"
	};
	struct sb_registration one = make("b", "a.c", 1, &options);
	struct sb_registry registry;
	char reason[SB_WIRE_REASON];

	sb_register(&one);
	ck_assert_int_eq(sb_registry_init(&registry, reason), 0);
	ck_assert_uint_eq(registry.count, 6);
	for (size_t i = 0; i < registry.count; i++) {
		ck_assert_str_eq(registry.cases[i].name, names[i]);
		ck_assert_ptr_eq(sb_registry_get(&registry, names[i]), &registry.cases[i]);
	}
	ck_assert_ptr_null(sb_registry_get(&registry, "b"));
	sb_registry_release(&registry);
}
END_TEST

START_TEST(names_escape_all_but_plain_letters)
{
	char name[64] = "x=";

	ck_assert(sb_name_append(name, sizeof name, "a/b \xc3\xa9=~._+-"));
	ck_assert_str_eq(name, "x=a%2Fb%20%C3%A9%3D%7E._+-");
}
END_TEST

START_TEST(names_that_do_not_fit_are_refused_and_not_cut)
{
	static char long_text[SB_WIRE_NAME];
	struct sb_options options = { .group = "g", .args = { SB_AXIS(kind, "x") } };
	char reason[SB_WIRE_REASON], just[8] = "";

	ck_assert(sb_name_append(just, sizeof just, "1234567"));
	ck_assert(!sb_name_append(just, sizeof just, "8"));
	ck_assert_str_eq(just, "1234567");
	memset(long_text, 'x', sizeof long_text - 1);
	options.args[0].values[0].text = long_text;
	ck_assert_str_eq(refusal("b", &options, reason),
			 "a case of 'b' has a name longer than 255 bytes; shorten its axes");
}
END_TEST

START_TEST(a_name_that_is_there_twice_is_refused)
{
	struct sb_registration one = make("b", "a.c", 3, &plain);
	char reason[SB_WIRE_REASON];

	sb_register(&one);
	ck_assert_str_eq(refusal("b", &plain, reason), "two cases are named 'g/b': a.c:1 and a.c:3");
}
END_TEST

START_TEST(equal_values_of_an_axis_are_a_name_twice)
{
	static const struct sb_options options = { .args = { SB_AXIS(size, 1, 2, 1) } };
	char reason[SB_WIRE_REASON];

	ck_assert_str_eq(refusal("b", &options, reason), "two cases are named 'b/size=1': a.c:1 and a.c:1");
}
END_TEST

START_TEST(mixed_axes_are_refused)
{
	static const struct sb_options mixed = { .args = { SB_AXIS(size, 1, "two") } };
	char reason[SB_WIRE_REASON];

	ck_assert_str_eq(refusal("b", &mixed, reason),
			 "axis 'size' of 'b' mixes integers and text; write all of them as text");
}
END_TEST

START_TEST(an_axis_that_is_there_twice_is_refused)
{
	static const struct sb_options twice = { .args = { SB_AXIS(size, 1), SB_AXIS(size, 2) } };
	char reason[SB_WIRE_REASON];

	ck_assert_str_eq(refusal("b", &twice, reason), "'b' has two axes named 'size'");
}
END_TEST

START_TEST(odd_letters_in_groups_tags_and_axes_are_refused)
{
	static const char *const groups[] = { "", "a/b", "a b", "..", "caf\xc3\xa9", "a=b" };
	static const char *const tags[] = { " ", " a", "a ", "a  b", "a,b", "a\tb", "a;b" };
	const struct sb_options axis = { .args = { SB_AXIS(a b, 1) } };
	char reason[SB_WIRE_REASON];

	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		const struct sb_options options = { .group = groups[i] };
		ck_assert_msg(strstr(refusal("b", &options, reason), "[A-Za-z0-9._+-]") != NULL,
			      "group '%s' was taken", groups[i]);
	}
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
		const struct sb_options options = { .tags = tags[i] };
		ck_assert_msg(strstr(refusal("b", &options, reason), "[A-Za-z0-9._+-]") != NULL,
			      "tags '%s' were taken", tags[i]);
	}
	ck_assert_str_eq(refusal("b", &axis, reason), "axis 'a b' of 'b' is not a word of [A-Za-z0-9._+-]");
	ck_assert_str_eq(refusal("b", &plain, reason), "");
}
END_TEST

START_TEST(too_many_cases_are_refused_before_any_is_made)
{
	static const struct sb_options options = {
		.args = { SB_AXIS(a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16),
			  SB_AXIS(b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16),
			  SB_AXIS(c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17) }
	};
	char reason[SB_WIRE_REASON];

	ck_assert_str_eq(refusal("b", &options, reason),
			 "with 'b' there are more than 4096 cases; shorten its axes");
}
END_TEST

START_TEST(eight_axes_of_one_benchmark_work)
{
	static const struct sb_options options = {
		.args = { SB_AXIS(a, 1, 2), SB_AXIS(b, 1, 2), SB_AXIS(c, 1, 2), SB_AXIS(d, 1, 2),
			  SB_AXIS(e, 1, 2), SB_AXIS(f, 1, 2), SB_AXIS(g, 1, 2), SB_AXIS(h, 1, 2) }
	};
	struct sb_registration one = make("b", "a.c", 1, &options);
	struct sb_registry registry;
	char reason[SB_WIRE_REASON];

	sb_register(&one);
	ck_assert_int_eq(sb_registry_init(&registry, reason), 0);
	ck_assert_uint_eq(registry.count, 256);
	ck_assert_str_eq(registry.cases[254].name, "b/a=2/b=2/c=2/d=2/e=2/f=2/g=2/h=1");
	sb_registry_release(&registry);
}
END_TEST

START_TEST(a_program_without_benchmarks_has_an_empty_list)
{
	struct sb_registry registry;
	char reason[SB_WIRE_REASON];

	ck_assert_int_eq(sb_registry_init(&registry, reason), 0);
	ck_assert_uint_eq(registry.count, 0);
	sb_registry_release(&registry);
}
END_TEST

UNIT_MAIN("lib/registry", cases_are_ordered_by_file_and_line, the_last_axis_changes_fastest,
	  names_escape_all_but_plain_letters, names_that_do_not_fit_are_refused_and_not_cut,
	  a_name_that_is_there_twice_is_refused, equal_values_of_an_axis_are_a_name_twice,
	  mixed_axes_are_refused, an_axis_that_is_there_twice_is_refused,
	  odd_letters_in_groups_tags_and_axes_are_refused, too_many_cases_are_refused_before_any_is_made,
	  eight_axes_of_one_benchmark_work, a_program_without_benchmarks_has_an_empty_list)
