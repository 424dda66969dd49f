/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about run/output: the end of what a launch prints is kept, and can do no harm. */
#include "run/output.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

/* What is kept after `bytes` came down a pipe. */
static void feed(struct output *output, const char *bytes, size_t size)
{
	int pipes[2];

	ck_assert_int_eq(pipe2(pipes, O_NONBLOCK), 0);
	while (size) {
		ssize_t written = write(pipes[1], bytes, size < 30000 ? size : 30000);

		ck_assert_int_gt(written, 0);
		ck_assert(output_drain(output, pipes[0]));
		bytes += written;
		size -= (size_t)written;
	}
	close(pipes[1]);
	ck_assert(!output_drain(output, pipes[0]));
	close(pipes[0]);
}

static void check_tail_of(const char *bytes, size_t size, const char *wanted)
{
	struct output output = { .used = 0 };
	char *tail;

	feed(&output, bytes, size);
	ck_assert_uint_eq(output.total, size);
	tail = output_dup_tail(&output);
	ck_assert_pstr_eq(tail, wanted);
	free(tail);
}

#define check_tail(bytes, wanted) check_tail_of(bytes, sizeof bytes - 1, wanted)

START_TEST(nothing_printed_is_no_text)
{
	check_tail("", NULL);
	check_tail("\n\n\n", NULL);
}
END_TEST

START_TEST(a_short_text_is_kept_whole_without_its_last_line_ends)
{
	check_tail("one", "one");
	check_tail("\tone\n\n two\n\n", "\tone\n\n two");
}
END_TEST

START_TEST(the_last_eight_lines_are_kept)
{
	check_tail("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\n5\n6\n7\n8");
	check_tail("1\n2\n3\n4\n5\n6\n7\n8\n9\n10", "3\n4\n5\n6\n7\n8\n9\n10");
}
END_TEST

START_TEST(a_terminal_has_nothing_to_obey)
{
	check_tail("a\033[2Jb\rc\177d\be\0f", "a?[2Jb?c?d?e?f");
	check_tail("\302\2332J", "??2J"); /* CSI as one character */
	check_tail("\377\200x", "??x");
}
END_TEST

START_TEST(letters_of_all_languages_stay_letters)
{
	check_tail("Größe \342\202\254\tµs\nende", "Größe \342\202\254\tµs\nende");
	check_tail("Gr\303\nx", "Gr?\nx");
	check_tail("cut \303", "cut ?");
}
END_TEST

START_TEST(a_letter_that_the_cut_halves_is_none)
{
	struct output output = { .used = 0 };
	char *tail;

	for (int i = 0; i < OUTPUT_KEPT / 2; i++)
		feed(&output, "\302\265", 2);
	feed(&output, "x", 1);
	tail = output_dup_tail(&output);
	ck_assert_uint_eq(strlen(tail), OUTPUT_KEPT);
	ck_assert_int_eq(strncmp(tail, "?\302\265\302", 4), 0);
	free(tail);
}
END_TEST

START_TEST(of_megabytes_the_end_is_kept)
{
	const size_t size = 3 << 20;
	char *bytes = malloc(size), wanted[OUTPUT_KEPT + 1];
	struct output output = { .used = 0 };
	char *tail;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)('a' + i % 23);
	feed(&output, bytes, size);
	ck_assert_uint_eq(output.total, size);
	tail = output_dup_tail(&output);
	memcpy(wanted, bytes + size - OUTPUT_KEPT, OUTPUT_KEPT);
	wanted[OUTPUT_KEPT] = '\0';
	ck_assert_str_eq(tail, wanted);
	free(tail);
	free(bytes);
}
END_TEST

START_TEST(pieces_join_and_the_oldest_go_first)
{
	struct output output = { .used = 0 };
	char filler[OUTPUT_KEPT - 3], *tail;

	memset(filler, 'x', sizeof filler);
	feed(&output, "old", 3);
	feed(&output, filler, sizeof filler);
	ck_assert_uint_eq(output.used, OUTPUT_KEPT);
	feed(&output, "ab", 2);
	tail = output_dup_tail(&output);
	ck_assert_uint_eq(strlen(tail), OUTPUT_KEPT);
	ck_assert_int_eq(strncmp(tail, "dx", 2), 0);
	ck_assert_str_eq(tail + OUTPUT_KEPT - 3, "xab");
	free(tail);
}
END_TEST

START_TEST(an_endless_writer_holds_nobody_up)
{
	struct output output = { .used = 0 };
	int fd = open("/dev/zero", O_RDONLY);

	ck_assert(output_drain(&output, fd));
	ck_assert_uint_gt(output.total, 0);
	ck_assert_uint_le(output.total, 1 << 20);
	close(fd);
}
END_TEST

START_TEST(a_descriptor_that_cannot_be_read_is_at_its_end)
{
	struct output output = { .used = 0 };

	ck_assert(!output_drain(&output, -1));
	ck_assert_uint_eq(output.total, 0);
}
END_TEST

UNIT_MAIN("run/output", nothing_printed_is_no_text, a_short_text_is_kept_whole_without_its_last_line_ends,
	  the_last_eight_lines_are_kept, a_terminal_has_nothing_to_obey,
	  letters_of_all_languages_stay_letters, a_letter_that_the_cut_halves_is_none,
	  of_megabytes_the_end_is_kept, pieces_join_and_the_oldest_go_first,
	  an_endless_writer_holds_nobody_up, a_descriptor_that_cannot_be_read_is_at_its_end)
