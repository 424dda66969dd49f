/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about base/expression: what would overflow the stack of regcomp(3) is refused, nothing else is. */
#include "base/expression.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "pattern.h"
#include "unit.h"

/* `text` with every '<' as so many '(' and every '>' as so many ")" and `after`; the caller frees. */
static char *deep(const char *text, size_t count, const char *after)
{
	char *result = calloc(count + 1, 4 * strlen(text)), *to = result;

	for (; *text; text++)
		if (*text == '<' || *text == '>')
			for (size_t i = 0; i < count; i++)
				to = stpcpy(stpcpy(to, *text == '<' ? "(" : ")"), *text == '<' ? "" : after);
		else
			*to++ = *text;
	return result;
}

static void check_refused(const char *text, const char *why)
{
	struct sb_err err = { 0 };
	regex_t expression;

	ck_assert_msg(expression_compile(&expression, text, 0, &err) == -EINVAL, "%.60s", text);
	ck_assert_msg(strstr(err.text, why) != NULL, "%.60s: %s", text, err.text);
}

static void check_taken(const char *text, const char *matches)
{
	struct sb_err err = { 0 };
	regex_t expression;

	ck_assert_msg(!expression_compile(&expression, text, 0, &err), "%.60s: %s", text, err.text);
	ck_assert_msg(!regexec(&expression, matches, 0, NULL, 0), "%.60s does not match", text);
	regfree(&expression);
}

START_TEST(groups_that_are_too_deep_are_refused)
{
	static const size_t depths[] = { SB_PATTERN_DEPTH + 1, 2000, 60000 };

	for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++) {
		char *text = deep("<>", depths[i], ""), *hidden = deep("[])(]<a>", depths[i], "");

		check_refused(text, depths[i] > 2000 ? "too long" : "too deep");
		check_refused(hidden, depths[i] > 2000 ? "too long" : "too deep");
		free(text);
		free(hidden);
	}
}
END_TEST

START_TEST(what_repeats_too_much_is_refused)
{
	static const char *const much[] = {
		"(a|b*){32767}",	"((a|b*){180}){180}",	  "(a|b*){255}{255}", "(a|b*)*{20000}",
		"(([)]|b*){200,}){99}", "(\\)(a|b*){0,200}){99}", "(a|b*){,32767}",
	};
	char *doubled = deep("<a*>", 18, "+");

	for (size_t i = 0; i < sizeof much / sizeof much[0]; i++)
		check_refused(much[i], "repeats too much");
	check_refused(doubled, "repeats too much");
	free(doubled);
}
END_TEST

START_TEST(what_people_write_is_taken)
{
	char *text = deep("<a>", SB_PATTERN_DEPTH, ""), *side = calloc(1, SB_PATTERN_SIZE + 1);

	check_taken(text, "a");
	for (size_t i = 0; i + 4 <= SB_PATTERN_SIZE; i += 4)
		memcpy(side + i, "(a)?", 4);
	check_taken(side, "a");
	free(side);
	free(text);
	check_taken("^kestrel/([a-z]+_?){1,8}/size=[0-9]{1,6}$", "kestrel/lookup_all/size=1000");
	check_taken("[[:alpha:]]+(/[^])([:space:]]+){2,4}", "suite/group/name");
	check_taken("\\(\\[\\{", "([{");
}
END_TEST

START_TEST(what_is_none_is_told_in_the_words_of_the_library)
{
	check_refused("a(b", "is no regular expression: ");
	check_refused("[a", "is no regular expression: ");
	check_refused("[[:a", "is no regular expression: ");
	check_refused("\\", "is no regular expression: ");
	check_refused("*{", "is no regular expression: ");
}
END_TEST

UNIT_MAIN("base/expression", groups_that_are_too_deep_are_refused, what_repeats_too_much_is_refused,
	  what_people_write_is_taken, what_is_none_is_told_in_the_words_of_the_library)
