/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about store/: a record is there whole or not at all, and belongs to its owner alone. */
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "unit.h"

static char folder[64];

/* Every claim runs in a folder of its own, as its current one. */
static void enter_folder(void)
{
	strcpy(folder, "/tmp/stablebench-store-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	unsetenv("XDG_STATE_HOME");
	umask(022);
}

static void leave_folder(void)
{
	char command[96];

	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

/* Long enough for several writes, and known again by its seed. */
static void record_of(struct record *record, uint64_t seed)
{
	record_init(record);
	record->seed = seed;
	record->session_id = alloc_text("0123456789abcdef");
	record->started = alloc_text("2024-01-01T00:00:00Z");
	for (int i = 0; i < 200; i++)
		record_add_case(record, "suite/group/a_case_with_a_name_of_some_length", "tag");
}

static int write_to(const char *path, uint64_t seed, struct sb_err *err)
{
	struct record record;
	int code;

	record_of(&record, seed);
	code = store_write_file(&record, path, err);
	record_release(&record);
	return code;
}

static uint64_t seed_in(const char *path)
{
	struct record record;
	struct sb_err err = { 0 };
	uint64_t seed;

	ck_assert_msg(!store_load_file(&record, path, &err), "%s", err.text);
	seed = record.seed;
	record_release(&record);
	return seed;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static size_t names_in(const char *path)
{
	DIR *directory = opendir(path);
	size_t count = 0;

	ck_assert_ptr_nonnull(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count - 2;
}

static mode_t mode_of(const char *path)
{
	struct stat file;

	ck_assert_int_eq(lstat(path, &file), 0);
	return file.st_mode & 07777;
}

START_TEST(a_record_is_written_whole_and_replaces_the_one_before)
{
	struct sb_err err = { 0 };

	enter_folder();
	ck_assert_msg(!write_to("r.json", 1, &err), "%s", err.text);
	ck_assert_uint_eq(seed_in("r.json"), 1);
	ck_assert_int_eq(write_to("r.json", 2, &err), 0);
	ck_assert_uint_eq(seed_in("r.json"), 2);
	ck_assert_uint_eq(names_in("."), 1);
	ck_assert_uint_eq(mode_of("r.json"), 0644); /* as the umask says */
	leave_folder();
}
END_TEST

/* A limit on the size of files stands in for a full disk. */
START_TEST(a_write_that_fails_leaves_the_old_file_and_no_other)
{
	const struct rlimit small = { 4096, RLIM_INFINITY }, large = { RLIM_INFINITY, RLIM_INFINITY };
	struct sb_err err = { 0 };

	enter_folder();
	ck_assert_int_eq(write_to("r.json", 1, &err), 0);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	ck_assert_int_eq(write_to("r.json", 2, &err), -EFBIG);
	ck_assert_int_eq(write_to("other.json", 2, NULL), -EFBIG);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &large), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot write "));
	ck_assert_uint_eq(seed_in("r.json"), 1);
	ck_assert_uint_eq(names_in("."), 1);
	leave_folder();
}
END_TEST

START_TEST(a_link_at_the_end_is_replaced_and_not_followed)
{
	struct sb_err err = { 0 };

	enter_folder();
	put("precious", "untouched");
	ck_assert_int_eq(symlink("precious", "link"), 0);
	ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
	ck_assert_int_eq(write_to("link", 3, &err), 0);
	ck_assert_int_eq(write_to("dangling", 4, &err), 0);
	ck_assert_int_lt(store_load_file(&(struct record){ 0 }, "precious", NULL), 0);
	ck_assert_int_eq(access("nowhere", F_OK), -1);
	ck_assert_uint_eq(seed_in("link"), 3);
	ck_assert_uint_eq(seed_in("dangling"), 4);
	ck_assert_uint_eq(names_in("."), 3);
	leave_folder();
}
END_TEST

START_TEST(where_nothing_can_be_written_is_known_before)
{
	static const struct {
		const char *path;
		int code;
		const char *reason;
	} rows[] = {
		{ "no/where.json", -ENOENT, "cannot write 'no/where.json': no such file or directory" },
		{ "folder", -EISDIR, "cannot write 'folder': is a directory" },
		{ "file/x.json", -ENOTDIR, "cannot write 'file/x.json': not a directory" },
		{ "", -ENOENT, "cannot write ''" },
	};

	enter_folder();
	put("file", "");
	ck_assert_int_eq(mkdir("folder", 0700), 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sb_err err = { 0 };

		ck_assert_msg(store_check_file(rows[i].path, &err) == rows[i].code, "%s: %s", rows[i].path,
			      err.text);
		ck_assert_msg(strstr(err.text, rows[i].reason) != NULL, "%s", err.text);
		ck_assert_int_eq(write_to(rows[i].path, 1, &err), rows[i].code);
	}
	ck_assert_int_eq(store_check_file("-", NULL), 0);
	ck_assert_int_eq(store_check_file("file", NULL), 0);
	ck_assert_int_eq(store_check_file("new", NULL), 0);
	ck_assert_int_eq(store_check_file("/dev/null", NULL), 0);
	ck_assert_uint_eq(names_in("."), 2); /* looking leaves nothing */
	leave_folder();
}
END_TEST

START_TEST(devices_are_written_to_and_stay)
{
	struct sb_err err = { 0 };
	struct stat device;

	ck_assert_int_eq(write_to("/dev/null", 1, &err), 0);
	ck_assert_int_eq(write_to("/dev/full", 1, &err), -ENOSPC);
	ck_assert_ptr_nonnull(strstr(err.text, "no space left on device"));
	ck_assert_int_eq(stat("/dev/full", &device), 0);
	ck_assert(S_ISCHR(device.st_mode));
}
END_TEST

START_TEST(a_pipe_gets_the_record_itself)
{
	struct record record;
	struct stat pipe;
	pid_t writer;
	int status;

	enter_folder();
	ck_assert_int_eq(mkfifo("pipe", 0600), 0);
	ck_assert_int_eq(store_check_file("pipe", NULL), 0);
	writer = fork();
	if (writer == 0)
		_exit(write_to("pipe", 5, NULL) ? 1 : 0);
	ck_assert_int_eq(store_load_file(&record, "pipe", NULL), 0);
	ck_assert_uint_eq(record.seed, 5);
	ck_assert_int_eq(waitpid(writer, &status, 0), writer);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(lstat("pipe", &pipe), 0);
	ck_assert(S_ISFIFO(pipe.st_mode));
	record_release(&record);
	leave_folder();
}
END_TEST

START_TEST(the_last_record_is_for_its_owner_alone)
{
	struct record record, back;
	struct sb_err err = { 0 };

	enter_folder();
	umask(0);
	record_of(&record, 6);
	ck_assert_msg(!store_save_last(&record, folder, &err), "%s", err.text);
	ck_assert_uint_eq(mode_of(".local"), 0700);
	ck_assert_uint_eq(mode_of(".local/state"), 0700);
	ck_assert_uint_eq(mode_of(".local/state/stablebench"), 0700);
	ck_assert_uint_eq(mode_of(".local/state/stablebench/last.json"), 0600);
	ck_assert_int_eq(store_load_last(&back, folder, &err), 0);
	ck_assert_uint_eq(back.seed, 6);
	ck_assert_int_eq(store_save_last(&record, folder, &err), 0); /* into what is there */
	ck_assert_uint_eq(names_in(".local/state/stablebench"), 1);
	record_release(&back);
	record_release(&record);
	leave_folder();
}
END_TEST

START_TEST(the_state_folder_of_the_environment_counts_when_it_is_absolute)
{
	struct record record;
	struct sb_err err = { 0 };
	char state[96];

	enter_folder();
	record_of(&record, 7);
	snprintf(state, sizeof state, "%s/a/b", folder);
	setenv("XDG_STATE_HOME", state, 1);
	ck_assert_int_eq(store_save_last(&record, "/nonexistent", &err), 0);
	ck_assert_uint_eq(seed_in("a/b/stablebench/last.json"), 7);
	setenv("XDG_STATE_HOME", "relative", 1);
	ck_assert_int_eq(store_save_last(&record, folder, &err), 0);
	ck_assert_int_eq(access("relative", F_OK), -1);
	ck_assert_uint_eq(seed_in(".local/state/stablebench/last.json"), 7);
	setenv("XDG_STATE_HOME", "", 1);
	ck_assert_int_eq(unlink(".local/state/stablebench/last.json"), 0);
	ck_assert_int_eq(store_save_last(&record, folder, &err), 0);
	ck_assert_uint_eq(seed_in(".local/state/stablebench/last.json"), 7);
	record_release(&record);
	leave_folder();
}
END_TEST

START_TEST(a_state_folder_that_cannot_be_is_told_with_a_way_out)
{
	struct record record;
	struct sb_err err = { 0 };

	enter_folder();
	record_of(&record, 8);
	put(".local", "a file");
	ck_assert_int_eq(store_save_last(&record, folder, &err), -ENOTDIR);
	ck_assert_ptr_nonnull(strstr(err.text, "not a directory"));
	ck_assert_ptr_nonnull(strstr(err.text, "XDG_STATE_HOME"));
	record_release(&record);
	leave_folder();
}
END_TEST

START_TEST(without_a_last_record_it_is_said_how_to_get_one)
{
	struct record record;
	struct sb_err err = { 0 };

	enter_folder();
	ck_assert_int_eq(store_load_last(&record, folder, &err), -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, "there is no last record in '"));
	ck_assert_ptr_nonnull(strstr(err.text, "'stablebench run'"));
	leave_folder();
}
END_TEST

START_TEST(what_is_no_record_is_refused_by_name)
{
	static const struct {
		const char *path;
		int code;
		const char *reason;
	} rows[] = {
		{ "absent", -ENOENT, "cannot read 'absent': no such file or directory" },
		{ "folder", -EISDIR, "cannot read 'folder': is a directory" },
		{ "empty", -EINVAL, "cannot read 'empty' as JSON" },
		{ "torn", -EINVAL, "cannot read 'torn' as JSON" },
		{ "other", -EINVAL, "cannot read 'other': it has no 'schema'" },
	};
	char text[4096];
	FILE *file;

	enter_folder();
	ck_assert_int_eq(mkdir("folder", 0700), 0);
	put("empty", "");
	put("other", "{}");
	ck_assert_int_eq(write_to("whole", 9, NULL), 0);
	file = fopen("whole", "r");
	ck_assert_uint_eq(fread(text, 1, sizeof text - 1, file), sizeof text - 1);
	text[sizeof text - 1] = '\0';
	fclose(file);
	put("torn", text);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct record record;
		struct sb_err err = { 0 };

		ck_assert_msg(store_load_file(&record, rows[i].path, &err) == rows[i].code, "%s: %s",
			      rows[i].path, err.text);
		ck_assert_msg(strstr(err.text, rows[i].reason) != NULL, "%s", err.text);
	}
	leave_folder();
}
END_TEST

/* Without a writer a pipe would be waited for until the alarm. */
START_TEST(nothing_in_the_place_of_a_kept_file_is_waited_for)
{
	static const struct {
		const char *file, *reason;
		int code;
	} rows[] = {
		{ "pipe", "it is no regular file", -EINVAL },
		{ "folder", "is a directory", -EISDIR },
		{ "twice", "as JSON: line 1: duplicate object key", -EINVAL },
		{ "absent", "no such file", -ENOENT },
	};
	struct record record;
	json_t *document;

	enter_folder();
	setenv("XDG_STATE_HOME", folder, 1);
	ck_assert_int_eq(mkdir("stablebench", 0700), 0);
	ck_assert_int_eq(mkfifo("stablebench/pipe", 0600), 0);
	ck_assert_int_eq(mkfifo("stablebench/last.json", 0600), 0);
	ck_assert_int_eq(mkdir("stablebench/folder", 0700), 0);
	put("stablebench/twice", "{\"a\": 1, \"a\": 2}");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sb_err err = { 0 };

		alarm(60);
		ck_assert_int_eq(store_load_document(&document, rows[i].file, folder, &err), rows[i].code);
		ck_assert_ptr_null(document);
		ck_assert_msg(strstr(err.text, rows[i].reason) != NULL, "%s", err.text);
	}
	ck_assert_int_eq(store_load_last(&record, folder, NULL), -EINVAL);
	alarm(0);
	leave_folder();
}
END_TEST

START_TEST(a_dash_is_standard_input_and_output)
{
	struct record record;
	struct sb_err err = { 0 };

	enter_folder();
	ck_assert_ptr_nonnull(freopen("out", "w", stdout));
	ck_assert_int_eq(write_to("-", 10, &err), 0);
	ck_assert_uint_eq(seed_in("out"), 10);
	ck_assert_ptr_nonnull(freopen("out", "r", stdin));
	ck_assert_int_eq(store_load_file(&record, "-", &err), 0);
	ck_assert_uint_eq(record.seed, 10);
	record_release(&record);
	ck_assert_ptr_nonnull(freopen("/dev/full", "w", stdout));
	ck_assert_int_eq(write_to("-", 10, &err), -ENOSPC);
	leave_folder();
}
END_TEST

UNIT_MAIN("store", a_record_is_written_whole_and_replaces_the_one_before,
	  a_write_that_fails_leaves_the_old_file_and_no_other, a_link_at_the_end_is_replaced_and_not_followed,
	  where_nothing_can_be_written_is_known_before, devices_are_written_to_and_stay,
	  a_pipe_gets_the_record_itself, the_last_record_is_for_its_owner_alone,
	  the_state_folder_of_the_environment_counts_when_it_is_absolute,
	  a_state_folder_that_cannot_be_is_told_with_a_way_out,
	  without_a_last_record_it_is_said_how_to_get_one, what_is_no_record_is_refused_by_name,
	  nothing_in_the_place_of_a_kept_file_is_waited_for, a_dash_is_standard_input_and_output)
