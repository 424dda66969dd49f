/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

static struct config config;
static struct sb_err err;

static int parse_bytes(const char *text, size_t size)
{
	err = (struct sb_err){ 0 };
	return config_parse("a.conf", text, size, &config, &err);
}

static int parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static void check_entry(size_t index, unsigned line, const char *section, const char *key, const char *value)
{
	const struct config_entry *entry = &config.entries[index];

	ck_assert_uint_lt(index, config.count);
	ck_assert_uint_eq(entry->line, line);
	ck_assert_str_eq(entry->section, section);
	ck_assert_str_eq(entry->key, key);
	ck_assert_str_eq(entry->value, value);
}

START_TEST(entries_keep_section_line_and_order)
{
	ck_assert_int_eq(parse("# first\nquiet = 1\n\n[run]\nlaunches=3:9\n; x\nenv: A=b c\n[list]\ntag =\n"),
			 0);
	ck_assert_uint_eq(config.count, 4);
	check_entry(0, 2, "", "quiet", "1");
	check_entry(1, 5, "run", "launches", "3:9");
	check_entry(2, 7, "run", "env", "A=b c");
	check_entry(3, 9, "list", "tag", "");
}
END_TEST

START_TEST(an_indented_key_does_not_continue_a_value)
{
	ck_assert_int_eq(parse("[run]\n\tlaunches = 3\n    samples = 5\n"), 0);
	ck_assert_uint_eq(config.count, 2);
	check_entry(1, 3, "run", "samples", "5");
}
END_TEST

START_TEST(comments_end_a_value_behind_a_blank_only)
{
	ck_assert_int_eq(parse("filter = a;b#c ; and this is none\r\n"), 0);
	check_entry(0, 1, "", "filter", "a;b#c");
}
END_TEST

START_TEST(an_empty_text_has_no_entries)
{
	ck_assert_int_eq(parse(""), 0);
	ck_assert_uint_eq(config.count, 0);
	ck_assert_int_eq(parse("\n\n# nothing\n[run]"), 0);
	ck_assert_uint_eq(config.count, 0);
}
END_TEST

START_TEST(a_last_line_without_newline_counts)
{
	ck_assert_int_eq(parse("[run]\nsamples = 7"), 0);
	check_entry(0, 2, "run", "samples", "7");
}
END_TEST

START_TEST(the_first_line_that_is_no_entry_is_named)
{
	ck_assert_int_eq(parse("quiet = 1\nnonsense\nmore nonsense\n"), -EINVAL);
	ck_assert_str_eq(err.text, "a.conf:2: this is neither '[section]' nor 'key = value'");
	ck_assert_int_eq(parse("[run\nquiet = 1\n"), -EINVAL);
	ck_assert_ptr_eq(strstr(err.text, "a.conf:1: "), err.text);
	ck_assert_int_eq(parse("quiet = 1\n = 2\nnonsense\n"), -EINVAL);
	ck_assert_ptr_eq(strstr(err.text, "a.conf:2: there is no key"), err.text);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused)
{
	ck_assert_int_eq(parse_bytes("quiet = 1\nseed = \0 2\n", 21), -EINVAL);
	ck_assert_ptr_eq(strstr(err.text, "a.conf:2: this is no text"), err.text);
	ck_assert_int_eq(parse("quiet = \033[2J"), -EINVAL);
	ck_assert_int_eq(parse("\177ELF = 1"), -EINVAL);
	ck_assert_int_eq(parse("\xef\xbb\xbfquiet = 1"), 0);
	check_entry(0, 1, "", "quiet", "1");
	ck_assert_int_eq(parse("tag = gr\xc3\xb6\xc3\x9f"
			       "er"),
			 0);
}
END_TEST

START_TEST(a_line_is_taken_whole_or_refused)
{
	char line[256];

	memset(line, 'x', sizeof line);
	memcpy(line, "tag = ", 6);
	line[CONFIG_LINE_MAX] = '\0';
	ck_assert_int_eq(parse(line), 0);
	ck_assert_uint_eq(strlen(config.entries[0].value), CONFIG_LINE_MAX - 6);
	line[CONFIG_LINE_MAX] = 'x';
	line[CONFIG_LINE_MAX + 1] = '\0';
	ck_assert_int_eq(parse(line), -EFBIG);
	ck_assert_str_eq(err.text,
			 "a.conf:1: the line is longer than 190 bytes; a list may take several lines");
}
END_TEST

START_TEST(long_names_and_too_many_keys_are_refused)
{
	static char text[CONFIG_TEXT_MAX + 2];
	size_t used = 0;

	ck_assert_int_eq(parse("this-is-a-key-that-no-option-of-any-command-will-have = 1"), -EINVAL);
	for (int i = 0; i <= CONFIG_ENTRIES_MAX; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "tag = %d\n", i);
	ck_assert_int_eq(parse(text), -EFBIG);
	ck_assert_ptr_eq(strstr(err.text, "a.conf:513: there are more than 512 keys"), err.text);
	memset(text, '\n', sizeof text);
	ck_assert_int_eq(parse_bytes(text, CONFIG_TEXT_MAX), 0);
	ck_assert_int_eq(parse_bytes(text, CONFIG_TEXT_MAX + 1), -EFBIG);
}
END_TEST

START_TEST(what_another_process_left_is_checked)
{
	ck_assert_int_eq(parse("quiet = 1"), 0);
	ck_assert(config_is_sound(&config));
	memset(config.entries[0].value, 'x', sizeof config.entries[0].value);
	ck_assert(!config_is_sound(&config));
	config.count = 0;
	ck_assert(config_is_sound(&config));
	config.count = CONFIG_ENTRIES_MAX + 1;
	ck_assert(!config_is_sound(&config));
}
END_TEST

UNIT_MAIN("plan/config", entries_keep_section_line_and_order, an_indented_key_does_not_continue_a_value,
	  comments_end_a_value_behind_a_blank_only, an_empty_text_has_no_entries,
	  a_last_line_without_newline_counts, the_first_line_that_is_no_entry_is_named,
	  bytes_that_are_no_text_are_refused, a_line_is_taken_whole_or_refused,
	  long_names_and_too_many_keys_are_refused, what_another_process_left_is_checked)
