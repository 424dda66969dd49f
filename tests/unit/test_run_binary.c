/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about run/binary: which arguments are files to run, and what their suites are called. */
#include "run/binary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static char folder[64];

static void enter_folder(void)
{
	strcpy(folder, "/tmp/stablebench-binary-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void leave_folder(void)
{
	char command[96];

	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static void put(const char *name, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
}

START_TEST(a_suite_is_named_by_the_argument_or_by_the_file)
{
	static const struct {
		const char *argument, *path, *suite;
	} rows[] = {
		{ "bench_event", "bench_event", "event" },
		{ "./bench_event", "./bench_event", "event" },
		{ "sub/bench_a+b-1.5", "sub/bench_a+b-1.5", "a+b-1.5" },
		{ "plain", "plain", "plain" },
		{ "bench_", "bench_", "bench_" },
		{ "old=./bench_event", "./bench_event", "old" },
		{ "old=sub/x=y", "sub/x=y", "old" },
		{ "s=sub/a=1/bench_z", "sub/a=1/bench_z", "s" },
		{ "./sub/a=1/bench_z", "./sub/a=1/bench_z", "z" }, /* no name has a slash */
	};
	struct binary binary;
	struct sb_err err = { 0 };

	enter_folder();
	mkdir("sub", 0700);
	mkdir("sub/a=1", 0700);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		put(rows[i].path, 0755);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ck_assert_msg(!binary_open(rows[i].argument, &binary, &err), "%s", err.text);
		ck_assert_str_eq(binary.path, rows[i].path);
		ck_assert_str_eq(binary.suite, rows[i].suite);
		ck_assert_int_eq(fcntl(binary.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
		binary_release(&binary);
		ck_assert_int_eq(binary.fd, -1);
	}
	leave_folder();
}
END_TEST

START_TEST(what_cannot_be_run_is_refused_with_its_reason)
{
	static const struct {
		const char *argument;
		int code;
		const char *reason;
	} rows[] = {
		{ "absent", -ENOENT, "cannot open 'absent': no such file or directory" },
		{ "x=absent", -ENOENT, "cannot open 'absent'" },
		{ "", -ENOENT, "cannot open ''" },
		{ "text", -EACCES, "'text' is not executable: not a benchmark, or chmod +x is missing" },
		{ "folder", -EISDIR, "'folder' is a folder; name the benchmarks in it: 'folder/bench_*'" },
		{ "x=folder", -EISDIR, "'folder' is a folder" },
		{ "fifo", -EINVAL, "'fifo' is no regular file" },
		{ "/dev/null", -EINVAL, "'/dev/null' is no regular file" },
		{ "with space", -EINVAL, "'with space' gives no suite name that a shell can take" },
		{ "loop", -ELOOP, "cannot open 'loop'" },
		{ "dangling", -ENOENT, "cannot open 'dangling'" },
		{ "text/x", -ENOTDIR, "cannot open 'text/x': not a directory" },
		{ "..=run", -ENOENT, "cannot open '..=run'" }, /* no part of a name is a way up */
	};

	enter_folder();
	put("text", 0644);
	put("run", 0755);
	put("with space", 0755);
	ck_assert_int_eq(mkdir("folder", 0755), 0);
	ck_assert_int_eq(mkfifo("fifo", 0755), 0);
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sb_err err = { 0 };
		struct binary binary;

		ck_assert_msg(binary_open(rows[i].argument, &binary, &err) == rows[i].code, "%s: %s",
			      rows[i].argument, err.text);
		ck_assert_msg(strstr(err.text, rows[i].reason) != NULL, "%s", err.text);
		ck_assert_int_eq(binary.fd, -1);
		ck_assert_ptr_null(binary.path);
	}
	leave_folder();
}
END_TEST

START_TEST(a_link_is_followed_once_and_keeps_its_own_name)
{
	struct binary binary;
	struct stat before, opened;

	enter_folder();
	put("target", 0755);
	ck_assert_int_eq(stat("target", &before), 0);
	ck_assert_int_eq(symlink("target", "bench_link"), 0);
	ck_assert_int_eq(binary_open("bench_link", &binary, NULL), 0);
	ck_assert_str_eq(binary.suite, "link");
	ck_assert_int_eq(rename("target", "away"), 0);
	put("target", 0755);
	ck_assert_int_eq(fstat(binary.fd, &opened), 0);
	ck_assert_uint_eq(opened.st_ino, before.st_ino); /* what is run is what was opened */
	binary_release(&binary);
	leave_folder();
}
END_TEST

START_TEST(a_suite_name_has_at_most_63_letters)
{
	char name[65], argument[80];
	struct binary binary;
	struct sb_err err = { 0 };

	enter_folder();
	put("run", 0755);
	memset(name, 'n', sizeof name);
	snprintf(argument, sizeof argument, "%.63s=run", name);
	ck_assert_int_eq(binary_open(argument, &binary, &err), 0);
	ck_assert_uint_eq(strlen(binary.suite), 63);
	binary_release(&binary);
	snprintf(argument, sizeof argument, "%.64s", name);
	put(argument, 0755);
	ck_assert_int_eq(binary_open(argument, &binary, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "NAME="));
	leave_folder();
}
END_TEST

START_TEST(releasing_twice_or_nothing_closes_nothing_of_others)
{
	struct binary binary = { .path = NULL };

	binary_release(&binary);
	ck_assert_int_eq(fcntl(STDIN_FILENO, F_GETFD) < 0, 0);
	binary_release(&binary);
	ck_assert_int_eq(binary.fd, -1);
}
END_TEST

UNIT_MAIN("run/binary", a_suite_is_named_by_the_argument_or_by_the_file,
	  what_cannot_be_run_is_refused_with_its_reason, a_link_is_followed_once_and_keeps_its_own_name,
	  a_suite_name_has_at_most_63_letters, releasing_twice_or_nothing_closes_nothing_of_others)
