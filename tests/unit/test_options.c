/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/command.h"

#include <string.h>

#include "report/report.h"

#include "unit.h"

static struct settings settings;
static struct sb_err err;
static int help;

static const struct option_row rows[] = {
	{ OPTION_OF_RUN, "filter", "RE", "text", OPTION_LIST, offsetof(struct settings, filter), 0, 0 },
	{ OPTION_OF_RUN, "exact", NULL, "text", OPTION_FLAG, offsetof(struct settings, exact), 0, 0 },
	{ OPTION_OF_RUN, "samples", "N", "text", OPTION_COUNT, offsetof(struct settings, samples), 1, 100 },
	{ OPTION_OF_RUN, "launches", "N|MIN:MAX", "text", OPTION_RANGE, offsetof(struct settings, launches),
	  1, 50 },
	{ OPTION_OF_RUN, "max-time", "TIME", "text", OPTION_DURATION, offsetof(struct settings, max_time_s),
	  0, 0 },
	{ OPTION_OF_RUN, "cool-down", "TIME", "text", OPTION_PATIENCE, offsetof(struct settings, cool_down_s),
	  0, 0 },
	{ OPTION_OF_RUN, "cpus", "LIST", "text", OPTION_CPUS, 0, 0, 0 },
	{ OPTION_OF_RUN, "profile", "NAME", "text", OPTION_PROFILE, offsetof(struct settings, choice.profile),
	  0, 0 },
	{ OPTION_OF_RUN, "format", "text|json", "text", OPTION_WORD, offsetof(struct settings, format), 0,
	  0 },
	{ OPTION_OF_RUN, "seed", "N", "text", OPTION_SEED, 0, 0, 0 },
	{ 0 },
};

static void fresh(void)
{
	settings_init(&settings);
	err = (struct sb_err){ 0 };
	unsetenv("STABLEBENCH_FILTER");
	unsetenv("STABLEBENCH_MAX_TIME");
}

#define PARSE(...) parse((const char *[]){ "run", __VA_ARGS__, NULL })

static int parse(const char **argv)
{
	struct options options = { .rows = rows, .settings = &settings };
	int argc = 0;

	while (argv[argc])
		argc++;
	return options_parse(&options, argc, (char **)argv, &help, &err);
}

START_TEST(options_and_arguments_may_be_mixed)
{
	const char *argv[] = { "run", "a", "--samples=5", "b", "--exact", NULL };
	int first;

	fresh();
	first = parse(argv);
	ck_assert_int_eq(first, 3);
	ck_assert_str_eq(argv[3], "a");
	ck_assert_str_eq(argv[4], "b");
	ck_assert_uint_eq(settings.samples, 5);
	ck_assert(settings.exact);
}
END_TEST

START_TEST(a_mistyped_option_gets_the_nearest_name)
{
	fresh();
	ck_assert_int_lt(PARSE("--sampels", "3"), 0);
	ck_assert_str_eq(err.text, "unknown option '--sampels'; did you mean '--samples'?");
	ck_assert_int_lt(PARSE("--max-tiem=3"), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "--max-time"));
}
END_TEST

START_TEST(an_option_like_nothing_gets_no_guess)
{
	fresh();
	ck_assert_int_lt(PARSE("--quxquxqux"), 0);
	ck_assert_str_eq(err.text, "unknown option '--quxquxqux'; see --help");
}
END_TEST

START_TEST(a_missing_value_and_a_superfluous_one_are_told_apart)
{
	fresh();
	ck_assert_int_lt(PARSE("--samples"), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "needs a value"));
	ck_assert_int_lt(PARSE("--exact=1"), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "takes no value"));
	ck_assert_int_lt(PARSE("-x"), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "'-x'"));
}
END_TEST

START_TEST(bad_values_name_the_option)
{
	fresh();
	ck_assert_int_lt(PARSE("--samples", "0"), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "--samples"));
	ck_assert_int_lt(PARSE("--samples", "1e9"), 0);
	ck_assert_int_lt(PARSE("--launches", "9:3"), 0);
	ck_assert_int_lt(PARSE("--launches", "3:"), 0);
	ck_assert_int_lt(PARSE("--max-time", "soon"), 0);
	ck_assert_int_lt(PARSE("--cpus", "x"), 0);
	ck_assert_int_lt(PARSE("--profile", "mild"), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "gentle"));
	ck_assert_int_lt(PARSE("--filter", ""), 0);
}
END_TEST

START_TEST(launches_are_a_number_or_a_range)
{
	fresh();
	ck_assert_int_gt(PARSE("--launches", "7"), 0);
	ck_assert(settings.launches.low == 7 && settings.launches.high == 7);
	ck_assert_int_gt(PARSE("--launches", "3:9"), 0);
	ck_assert(settings.launches.low == 3 && settings.launches.high == 9);
}
END_TEST

static void find_patience(void *context, const char *name, const char *value)
{
	if (!strcmp(name, "cool-down"))
		snprintf(context, 32, "%s", value);
}

START_TEST(patience_is_a_time_or_none_and_is_told_so)
{
	static const char *const words[][2] = { { "90s", "90s" }, { "none", "none" }, { "250ms", "0.25s" } };
	char told[32];

	fresh();
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		ck_assert_int_gt(PARSE("--cool-down", words[i][0]), 0);
		options_describe(OPTION_OF_RUN, &settings, find_patience, told);
		ck_assert_str_eq(told, words[i][1]);
	}
	ck_assert_int_lt(PARSE("--cool-down", "never"), 0);
	ck_assert_int_lt(PARSE("--cool-down", "0s"), 0);
}
END_TEST

START_TEST(environment_is_taken_and_the_command_line_wins)
{
	fresh();
	setenv("STABLEBENCH_MAX_TIME", "3s", 1);
	setenv("STABLEBENCH_FILTER", "from-environment", 1);
	ck_assert_int_gt(PARSE("x"), 0);
	ck_assert_double_eq(settings.max_time_s, 3);
	ck_assert_str_eq(settings.filter.texts[0], "from-environment");
	ck_assert_int_gt(PARSE("--max-time", "5s", "--filter", "a", "--filter", "b"), 0);
	ck_assert_double_eq(settings.max_time_s, 5);
	ck_assert_uint_eq(settings.filter.count, 2);
	ck_assert_str_eq(settings.filter.texts[0], "a");
}
END_TEST

START_TEST(a_bad_environment_variable_is_named)
{
	fresh();
	setenv("STABLEBENCH_MAX_TIME", "soon", 1);
	ck_assert_int_lt(PARSE("x"), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "STABLEBENCH_MAX_TIME"));
}
END_TEST

START_TEST(a_word_is_one_of_its_row)
{
	fresh();
	ck_assert_int_gt(PARSE("--format", "json"), 0);
	ck_assert_str_eq(settings.format, "json");
	ck_assert_int_lt(PARSE("--format", "jsno"), 0);
	ck_assert_str_eq(err.text, "option --format: 'jsno' is none of text|json; did you mean 'json'?");
	ck_assert_int_lt(PARSE("--format", "text|json"), 0);
	ck_assert_int_lt(PARSE("--format", "tex"), 0);
	ck_assert_int_lt(PARSE("--format", ""), 0);
	ck_assert_str_eq(settings.format, "json");
}
END_TEST

START_TEST(show_knows_the_words_of_all_reports_and_no_other)
{
	char words[128] = "";
	struct option_row own[OPTION_ROWS_MAX], *row = own;

	for (const struct report_format *const *format = report_formats; *format; format++) {
		strcat(words, format == report_formats ? "" : "|");
		strcat(words, (*format)->name);
	}
	options_select(OPTION_OF_SHOW, own);
	while (strcmp(row->name, "format"))
		row++;
	ck_assert_str_eq(row->argument, words);
}
END_TEST

START_TEST(commands_are_found_and_mistyped_ones_guessed)
{
	const char *nearest;

	for (size_t i = 0; commands[i]; i++)
		ck_assert_ptr_eq(command_find(commands[i]->name, &nearest), commands[i]);
	ck_assert_ptr_null(command_find("shwo", &nearest));
	ck_assert_str_eq(nearest, "show");
	ck_assert_ptr_null(command_find("measure-everything", &nearest));
	ck_assert_ptr_null(nearest);
}
END_TEST

START_TEST(exit_codes_follow_their_table)
{
	ck_assert_int_eq(exit_code_worse(EXIT_CODE_OK, EXIT_CODE_UNSTABLE), EXIT_CODE_UNSTABLE);
	ck_assert_int_eq(exit_code_worse(EXIT_CODE_ERROR, EXIT_CODE_INTERRUPTED), EXIT_CODE_INTERRUPTED);
	ck_assert_int_eq(exit_code_worse(EXIT_CODE_NOT_RESTORED, EXIT_CODE_INTERRUPTED),
			 EXIT_CODE_NOT_RESTORED);
	ck_assert_int_eq(exit_code_worse(EXIT_CODE_UNSTABLE, EXIT_CODE_ERROR), EXIT_CODE_ERROR);
}
END_TEST

UNIT_MAIN("cli/options", options_and_arguments_may_be_mixed, a_mistyped_option_gets_the_nearest_name,
	  an_option_like_nothing_gets_no_guess, a_missing_value_and_a_superfluous_one_are_told_apart,
	  bad_values_name_the_option, launches_are_a_number_or_a_range,
	  patience_is_a_time_or_none_and_is_told_so, environment_is_taken_and_the_command_line_wins,
	  a_bad_environment_variable_is_named, a_word_is_one_of_its_row,
	  show_knows_the_words_of_all_reports_and_no_other, commands_are_found_and_mistyped_ones_guessed,
	  exit_codes_follow_their_table)
