/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the journal: whatever a crash or a stranger made of the file, what is read is what was
 * written. */
#include "host/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "unit.h"

#define ENTRIES 5

struct folder {
	char path[64];
	int fd;
};

static void folder_init(struct folder *folder)
{
	strcpy(folder->path, "/tmp/stablebench-journal-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder->path));
	folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void folder_release(const struct folder *folder)
{
	unlinkat(folder->fd, JOURNAL_NAME, 0);
	unlinkat(folder->fd, "other", 0);
	close(folder->fd);
	ck_assert_int_eq(rmdir(folder->path), 0);
}

static void fill(struct journal_entry *entry, unsigned number)
{
	memset(entry, 0, sizeof *entry);
	snprintf(entry->knob, sizeof entry->knob, "knob%u", number);
	snprintf(entry->setting.path, sizeof entry->setting.path, "sys/file%u", number);
	snprintf(entry->setting.before, sizeof entry->setting.before, "before%u", number);
	snprintf(entry->setting.target, sizeof entry->setting.target, "target%u", number);
	snprintf(entry->observed, sizeof entry->observed, "observed%u", number);
}

/* All intents, then DONE for all, UNDOING for the first, UNDONE for the second. */
static void write_journal(const struct folder *folder)
{
	struct journal_owner owner = { .boot_id = "boot", .release = "6.1", .pid = 42, .start = 4711 };
	struct journal_entry entry;
	struct journal journal = JOURNAL_CLOSED;

	ck_assert_int_eq(journal_create(folder->fd, &owner, &journal, NULL), 0);
	for (unsigned i = 0; i < ENTRIES; i++) {
		fill(&entry, i);
		ck_assert_int_eq(journal_append(&journal, JOURNAL_INTENT, i, &entry, NULL), 0);
	}
	for (unsigned i = 0; i < ENTRIES; i++) {
		fill(&entry, i);
		ck_assert_int_eq(journal_append(&journal, JOURNAL_DONE, i, &entry, NULL), 0);
	}
	ck_assert_int_eq(journal_append(&journal, JOURNAL_UNDOING, 0, NULL, NULL), 0);
	ck_assert_int_eq(journal_append(&journal, JOURNAL_UNDONE, 1, NULL, NULL), 0);
	ck_assert_int_eq(journal_sync(&journal, NULL), 0);
	journal_close(&journal);
}

static size_t read_bytes(const struct folder *folder, char *bytes, size_t size)
{
	int fd = openat(folder->fd, JOURNAL_NAME, O_RDONLY);
	ssize_t got = read(fd, bytes, size);

	close(fd);
	ck_assert_int_gt(got, 0);
	return (size_t)got;
}

static void check_entry(const struct journal_entry *entry, unsigned number)
{
	struct journal_entry expected;

	fill(&expected, number);
	ck_assert_str_eq(entry->knob, expected.knob);
	ck_assert_str_eq(entry->setting.path, expected.setting.path);
	ck_assert_str_eq(entry->setting.before, expected.setting.before);
	ck_assert_str_eq(entry->setting.target, expected.setting.target);
	if (entry->is_done)
		ck_assert_str_eq(entry->observed, expected.observed);
}

START_TEST(what_is_written_is_read)
{
	struct folder folder;
	struct journal_state state;

	folder_init(&folder);
	write_journal(&folder);
	ck_assert_int_eq(journal_load(folder.fd, &state, NULL), 0);
	ck_assert_str_eq(state.owner.boot_id, "boot");
	ck_assert_int_eq(state.owner.pid, 42);
	ck_assert_uint_eq(state.owner.start, 4711);
	ck_assert_uint_eq(state.count, ENTRIES);
	ck_assert(!state.is_torn && !state.has_ended);
	for (unsigned i = 0; i < ENTRIES; i++) {
		ck_assert(state.entries[i].is_done);
		ck_assert_int_eq(state.entries[i].is_undoing, i == 0);
		ck_assert_int_eq(state.entries[i].is_undone, i == 1);
		check_entry(&state.entries[i], i);
	}
	journal_state_release(&state);
	folder_release(&folder);
}
END_TEST

START_TEST(every_torn_length_reads_as_a_prefix)
{
	static char bytes[1 << 16];
	struct folder folder;
	struct journal_state state, whole;
	size_t size;

	folder_init(&folder);
	write_journal(&folder);
	size = read_bytes(&folder, bytes, sizeof bytes);
	ck_assert_int_eq(journal_parse(bytes, size, &whole, NULL), 0);
	for (size_t length = 0; length < size; length++) {
		char *copy = malloc(length + 1); /* exact, so that a sanitizer sees a byte too far */

		memcpy(copy, bytes, length);
		ck_assert_int_eq(journal_parse(copy, length, &state, NULL), 0);
		ck_assert_uint_le(state.good, length);
		ck_assert_uint_le(state.count, whole.count);
		ck_assert_int_eq(state.is_torn, state.good < length || length == 0 || !state.good);
		for (unsigned i = 0; i < state.count; i++)
			check_entry(&state.entries[i], i);
		journal_state_release(&state);
		free(copy);
	}
	journal_state_release(&whole);
	folder_release(&folder);
}
END_TEST

/* Any byte: either the journal is refused, or what is read is a prefix of what was written. */
START_TEST(every_flipped_byte_is_noticed)
{
	static char bytes[1 << 16];
	struct folder folder;
	struct journal_state state;
	size_t size;

	folder_init(&folder);
	write_journal(&folder);
	size = read_bytes(&folder, bytes, sizeof bytes);
	for (size_t at = 0; at < size; at++) {
		bytes[at] = (char)(bytes[at] ^ 0x41);
		if (journal_parse(bytes, size, &state, NULL) == 0) {
			ck_assert(state.is_torn);
			for (unsigned i = 0; i < state.count; i++)
				check_entry(&state.entries[i], i);
			journal_state_release(&state);
		}
		bytes[at] = (char)(bytes[at] ^ 0x41);
	}
	folder_release(&folder);
}
END_TEST

START_TEST(noise_is_no_journal)
{
	static unsigned char bytes[4096];
	struct journal_state state;
	struct sb_err err;
	unsigned seed = 1;

	for (int round = 0; round < 2000; round++) {
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (unsigned char)((seed = seed * 1103515245u + 12345u) >> 16);
		ck_assert_int_eq(journal_parse(bytes, sizeof bytes, &state, &err), -EBADMSG);
	}
	ck_assert_ptr_nonnull(strstr(err.text, "no journal"));
}
END_TEST

/* With right checksums all the same: what only a forger writes. */
START_TEST(a_record_out_of_order_ends_the_reading)
{
	struct journal_owner owner = { .boot_id = "boot" };
	struct journal_state state;
	struct journal_entry entry;
	struct folder folder;
	struct journal journal = JOURNAL_CLOSED;

	folder_init(&folder);
	ck_assert_int_eq(journal_create(folder.fd, &owner, &journal, NULL), 0);
	fill(&entry, 0);
	ck_assert_int_eq(journal_append(&journal, JOURNAL_INTENT, 0, &entry, NULL), 0);
	ck_assert_int_eq(journal_append(&journal, JOURNAL_DONE, 1000000, &entry, NULL), 0);
	ck_assert_int_eq(journal_append(&journal, JOURNAL_INTENT, 1, &entry, NULL), 0);
	journal_close(&journal);
	ck_assert_int_eq(journal_load(folder.fd, &state, NULL), 0);
	ck_assert_uint_eq(state.count, 1);
	ck_assert(state.is_torn && !state.entries[0].is_done);
	journal_state_release(&state);
	folder_release(&folder);
}
END_TEST

START_TEST(appending_goes_on_behind_what_is_good)
{
	struct folder folder;
	struct journal_state state;
	struct journal journal = JOURNAL_CLOSED;
	int fd;

	folder_init(&folder);
	write_journal(&folder);
	fd = openat(folder.fd, JOURNAL_NAME, O_WRONLY | O_APPEND);
	ck_assert_int_eq(write(fd, "torn", 4), 4);
	close(fd);
	ck_assert_int_eq(journal_load(folder.fd, &state, NULL), 0);
	ck_assert(state.is_torn);
	ck_assert_int_eq(journal_reopen(folder.fd, &state, &journal, NULL), 0);
	journal_state_release(&state);
	ck_assert_int_eq(journal_append(&journal, JOURNAL_END, 0, NULL, NULL), 0);
	journal_close(&journal);
	ck_assert_int_eq(journal_load(folder.fd, &state, NULL), 0);
	ck_assert(state.has_ended && !state.is_torn);
	journal_state_release(&state);
	folder_release(&folder);
}
END_TEST

START_TEST(a_finished_journal_is_gone)
{
	struct folder folder;
	struct journal_state state;
	struct journal journal = JOURNAL_CLOSED;

	folder_init(&folder);
	ck_assert_int_eq(journal_load(folder.fd, &state, NULL), -ENOENT);
	write_journal(&folder);
	journal.fd = openat(folder.fd, JOURNAL_NAME, O_WRONLY | O_APPEND);
	ck_assert_int_eq(journal_finish(folder.fd, &journal, NULL), 0);
	journal_close(&journal);
	ck_assert_int_eq(journal_load(folder.fd, &state, NULL), -ENOENT);
	folder_release(&folder);
}
END_TEST

START_TEST(a_journal_of_others_is_not_believed)
{
	struct folder folder;
	struct journal_state state;
	struct sb_err err;

	folder_init(&folder);
	write_journal(&folder);
	ck_assert_int_eq(fchmodat(folder.fd, JOURNAL_NAME, 0644, 0), 0);
	ck_assert_int_eq(journal_load(folder.fd, &state, &err), -EPERM);
	ck_assert_int_eq(fchmodat(folder.fd, JOURNAL_NAME, 0600, 0), 0);
	ck_assert_int_eq(linkat(folder.fd, JOURNAL_NAME, folder.fd, "other", 0), 0);
	ck_assert_int_eq(journal_load(folder.fd, &state, &err), -EPERM);
	ck_assert_int_eq(unlinkat(folder.fd, JOURNAL_NAME, 0), 0);
	ck_assert_int_eq(symlinkat("other", folder.fd, JOURNAL_NAME), 0);
	ck_assert_int_eq(journal_load(folder.fd, &state, &err), -ELOOP);
	folder_release(&folder);
}
END_TEST

START_TEST(a_second_journal_is_not_made)
{
	struct journal_owner owner = { .boot_id = "boot" };
	struct journal journal = JOURNAL_CLOSED;
	struct folder folder;
	struct sb_err err;

	folder_init(&folder);
	write_journal(&folder);
	ck_assert_int_eq(journal_create(folder.fd, &owner, &journal, &err), -EEXIST);
	folder_release(&folder);
}
END_TEST

UNIT_MAIN("journal", what_is_written_is_read, every_torn_length_reads_as_a_prefix,
	  every_flipped_byte_is_noticed, noise_is_no_journal, a_record_out_of_order_ends_the_reading,
	  appending_goes_on_behind_what_is_good, a_finished_journal_is_gone,
	  a_journal_of_others_is_not_believed, a_second_journal_is_not_made)
