/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the journal: whatever a crash or a stranger made of the file, what is read is what was
 * written. */
#include "host/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "unit.h"

#define ENTRIES 5
#define HEADER	(16 + sizeof(struct journal_owner) + 8) /* magic, version, size; owner; reserved, checksum */

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
		if (journal_parse(copy, length, &state, NULL)) {
			ck_assert_uint_lt(length, HEADER);
			free(copy);
			continue;
		}
		ck_assert(!state.is_damaged);
		ck_assert_uint_le(state.good, length);
		ck_assert_uint_le(state.count, whole.count);
		ck_assert_int_eq(state.is_torn, state.good < length);
		for (unsigned i = 0; i < state.count; i++)
			check_entry(&state.entries[i], i);
		journal_state_release(&state);
		free(copy);
	}
	journal_state_release(&whole);
	folder_release(&folder);
}
END_TEST

/* Between two records, where a crash before the first write leaves it too. */
START_TEST(a_cut_through_intents_that_were_acted_upon_is_damage)
{
	static char bytes[1 << 16];
	struct journal_owner owner = { .boot_id = "boot" };
	struct journal journal = JOURNAL_CLOSED;
	struct journal_entry entry;
	struct journal_state state;
	struct folder folder;
	size_t size, record;

	folder_init(&folder);
	ck_assert_int_eq(journal_create(folder.fd, &owner, &journal, NULL), 0);
	for (unsigned i = 0; i < 2 * ENTRIES; i++) {
		fill(&entry, i % ENTRIES);
		if (i == ENTRIES)
			ck_assert_int_eq(journal_commit(&journal, ENTRIES, NULL), 0);
		ck_assert_int_eq(journal_append(&journal, i < ENTRIES ? JOURNAL_INTENT : JOURNAL_DONE,
						i % ENTRIES, &entry, NULL),
				 0);
	}
	journal_close(&journal);
	size = read_bytes(&folder, bytes, sizeof bytes);
	record = (size - HEADER) / (size_t)(2 * ENTRIES);
	for (size_t kept = 0; kept <= 2 * (size_t)ENTRIES; kept++) {
		ck_assert_int_eq(journal_parse(bytes, HEADER + kept * record, &state, NULL), 0);
		ck_assert_uint_eq(state.count, kept < ENTRIES ? kept : ENTRIES);
		ck_assert_int_eq(state.is_damaged, kept < ENTRIES);
		journal_state_release(&state);
	}
	folder_release(&folder);
}
END_TEST

static void check_one_lost(const struct journal_state *state)
{
	/* of the last intent only what came after it tells */
	unsigned lost = ENTRIES - (unsigned)state->count;

	for (unsigned i = 0; i < state->count; i++) {
		const bool is_lost = !state->entries[i].knob[0];

		if (!is_lost)
			check_entry(&state->entries[i], i);
		lost += is_lost || !state->entries[i].is_done;
	}
	ck_assert_uint_le(lost, 1);
}

/* Any byte: either the journal is refused, or one record of it is passed over and all others are read. */
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
			ck_assert(state.is_damaged || state.is_torn);
			check_one_lost(&state);
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
START_TEST(a_record_out_of_order_is_passed_over_and_told)
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
	ck_assert_uint_eq(state.count, 2);
	ck_assert(state.is_damaged && !state.entries[0].is_done);
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

/* What a full disk leaves; a limit of our own stands for it. */
START_TEST(a_part_of_a_record_is_cut_off_again)
{
	struct journal journal = JOURNAL_CLOSED;
	struct rlimit before, limit;
	struct journal_state state;
	struct folder folder;
	struct stat status;

	folder_init(&folder);
	write_journal(&folder);
	journal.fd = openat(folder.fd, JOURNAL_NAME, O_WRONLY | O_APPEND);
	ck_assert(!fstat(journal.fd, &status));
	signal(SIGXFSZ, SIG_IGN);
	ck_assert(!getrlimit(RLIMIT_FSIZE, &before));
	limit = (struct rlimit){ (rlim_t)status.st_size + 10, before.rlim_max };
	ck_assert(!setrlimit(RLIMIT_FSIZE, &limit));
	ck_assert_int_lt(journal_append(&journal, JOURNAL_UNDONE, 2, NULL, NULL), 0);
	ck_assert(!setrlimit(RLIMIT_FSIZE, &before));
	ck_assert_int_eq(journal_append(&journal, JOURNAL_UNDONE, 3, NULL, NULL), 0);
	journal_close(&journal);
	ck_assert_int_eq(journal_load(folder.fd, &state, NULL), 0);
	ck_assert(!state.is_torn && !state.is_damaged);
	ck_assert(state.entries[3].is_undone && !state.entries[2].is_undone);
	journal_state_release(&state);
	folder_release(&folder);
}
END_TEST

/* So that a short one is never the work of a crash. */
START_TEST(a_header_alone_gets_the_name)
{
	struct journal_owner owner = { .boot_id = "boot" };
	struct journal journal = JOURNAL_CLOSED;
	struct rlimit before, limit;
	struct folder folder;

	folder_init(&folder);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert(!getrlimit(RLIMIT_FSIZE, &before));
	limit = (struct rlimit){ 10, before.rlim_max };
	ck_assert(!setrlimit(RLIMIT_FSIZE, &limit));
	ck_assert_int_lt(journal_create(folder.fd, &owner, &journal, NULL), 0);
	ck_assert(!setrlimit(RLIMIT_FSIZE, &before));
	ck_assert(faccessat(folder.fd, JOURNAL_NAME, F_OK, 0));
	ck_assert_int_eq(journal_create(folder.fd, &owner, &journal, NULL), 0);
	journal_close(&journal);
	folder_release(&folder);
}
END_TEST

/* The host is back and the file gone: a disk that was full for the last record is no failure. */
START_TEST(an_end_that_cannot_be_written_is_no_error_once_the_file_is_gone)
{
	struct journal journal = JOURNAL_CLOSED;
	struct rlimit before, limit;
	struct journal_state state;
	struct folder folder;

	folder_init(&folder);
	write_journal(&folder);
	journal.fd = openat(folder.fd, JOURNAL_NAME, O_WRONLY | O_APPEND);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert(!getrlimit(RLIMIT_FSIZE, &before));
	limit = (struct rlimit){ 10, before.rlim_max };
	ck_assert(!setrlimit(RLIMIT_FSIZE, &limit));
	ck_assert_int_eq(journal_finish(folder.fd, &journal, NULL), 0);
	ck_assert(!setrlimit(RLIMIT_FSIZE, &before));
	journal_close(&journal);
	ck_assert_int_eq(journal_load(folder.fd, &state, NULL), -ENOENT);
	folder_release(&folder);
}
END_TEST

UNIT_MAIN("journal", what_is_written_is_read, every_torn_length_reads_as_a_prefix,
	  a_cut_through_intents_that_were_acted_upon_is_damage, every_flipped_byte_is_noticed,
	  noise_is_no_journal, a_record_out_of_order_is_passed_over_and_told,
	  a_part_of_a_record_is_cut_off_again, a_header_alone_gets_the_name,
	  appending_goes_on_behind_what_is_good, a_finished_journal_is_gone,
	  an_end_that_cannot_be_written_is_no_error_once_the_file_is_gone,
	  a_journal_of_others_is_not_believed, a_second_journal_is_not_made)
