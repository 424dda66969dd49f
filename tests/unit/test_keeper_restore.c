/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about putting back: from every point at which a session can die, on a machine of files. */
#include "keeper/restore.h"

#include <errno.h>
#include <sys/inotify.h>
#include <zlib.h>
#include "left_fixture.h"

START_TEST(a_held_host_goes_back_as_it_was)
{
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	struct keeper_restored restored = { 0 };
	struct machine machine;
	struct control control;

	machine_init(&machine);
	hold_host(&machine, &control, conditions);
	ck_assert_str_eq(machine_get(&machine, GOVERNOR0), "performance");
	ck_assert_str_eq(machine_get(&machine, GOVERNOR1), "performance");
	ck_assert_str_eq(machine_get(&machine, BOOST), "0");
	ck_assert(has_journal(&machine));
	ck_assert_int_eq(control_release(&control, &restored, NULL), 0);
	ck_assert_uint_eq(restored.restored, 3);
	ck_assert_uint_eq(restored.conflicts + restored.failed, 0);
	machine_check_untouched(&machine);
	ck_assert(!has_journal(&machine));
	machine_release(&machine);
}
END_TEST

START_TEST(the_next_start_repairs)
{
	struct keeper_restored restored;
	struct machine machine;

	machine_init(&machine);
	hold_and_die(&machine);
	ck_assert_int_eq(leftover(&machine, false, &restored), 0);
	ck_assert_uint_eq(restored.restored, 3);
	machine_check_untouched(&machine);
	ck_assert(!has_journal(&machine));
	ck_assert_int_eq(leftover(&machine, false, &restored), 0);
	ck_assert_uint_eq(restored.restored + restored.unchanged + restored.conflicts + restored.failed, 0);
	machine_check_untouched(&machine);
	machine_release(&machine);
}
END_TEST

/* --- death at every record ---------------------------------------------------------------------------- */

/* The tree as a journal of so many bytes leaves it, plus the one write that it may not tell of any more. */
static void replay(const struct machine *machine, const struct journal_state *state, bool one_more)
{
	for (size_t i = 0; i < MACHINE_FILES; i++)
		machine_put(machine, machine_files[i][0], machine_files[i][1]);
	for (size_t i = 0; i < state->count; i++) {
		const struct journal_entry *entry = &state->entries[i];

		if (!entry->setting.target[0])
			continue;
		if (entry->is_done || one_more)
			machine_put(machine, entry->setting.path, entry->setting.target);
		if (!entry->is_done)
			return;
	}
}

static void check_death(const struct machine *machine, const char *bytes, size_t length)
{
	struct keeper_restored restored;
	struct journal_state state;

	ck_assert_int_eq(journal_parse(bytes, length, &state, NULL), 0);
	for (int one_more = 0; one_more < 2; one_more++) {
		/* no write before the last intent is down */
		replay(machine, &state, one_more && state.count == INTENTS);
		put_journal(machine, bytes, length);
		ck_assert_int_eq(leftover(machine, false, &restored), 0);
		ck_assert_uint_eq(restored.failed + restored.conflicts, 0);
		machine_check_untouched(machine);
		ck_assert(!has_journal(machine));
	}
	journal_state_release(&state);
}

/* As it was until all intents were down: its header, at whose end their number and the checksum stand, has
 * none of them yet. */
static void uncommit(char *bytes)
{
	const uint32_t intents = 0;
	uint32_t crc;

	memcpy(bytes + HEADER - 8, &intents, sizeof intents);
	crc = (uint32_t)crc32(crc32(0, NULL, 0), (const void *)bytes, (uInt)(HEADER - 4));
	memcpy(bytes + HEADER - 4, &crc, sizeof crc);
}

/* What is read differs at the ends of records only, so around them all is tried. */
START_TEST(death_at_every_record_of_the_journal_is_repaired)
{
	static char late[1 << 16], early[1 << 16];
	struct journal_state state;
	struct machine machine;
	size_t size, good = 0, ends = 0;

	machine_init(&machine);
	hold_and_die(&machine);
	size = copy_journal(&machine, late, sizeof late);
	memcpy(early, late, size);
	uncommit(early);
	for (size_t length = 1; length <= size; length++) {
		const size_t all = HEADER + (size - HEADER) / 2;

		if (journal_parse(length < all ? early : late, length, &state, NULL))
			continue; /* without its header it has no name yet */
		if (state.good != good) {
			if (good)
				check_death(&machine, length <= all ? early : late, length - 1);
			check_death(&machine, length < all ? early : late, length);
			ends++;
		}
		good = state.good;
		journal_state_release(&state);
	}
	/* the header, an intent and a done for each, all of them seen */
	ck_assert_uint_eq(ends, 1 + 2 * INTENTS);
	machine_release(&machine);
}
END_TEST

/* The kernel moved a companion when we wrote, and again when the first restore, which then died, wrote. */
START_TEST(a_restore_that_dies_is_gone_on_with)
{
	struct keeper_restored restored;
	struct journal_state state;
	struct machine machine;
	struct journal journal = JOURNAL_CLOSED;

	machine_init(&machine);
	hold_and_die(&machine);
	ck_assert_int_eq(journal_load(machine.run, &state, NULL), 0);
	ck_assert_int_eq(journal_reopen(machine.run, &state, &journal, NULL), 0);
	for (size_t i = 0; i < state.count; i++)
		ck_assert_int_eq(journal_append(&journal, JOURNAL_UNDOING, i, NULL, NULL), 0);
	journal_close(&journal);
	journal_state_release(&state);
	machine_put(&machine, GOVERNOR0, "powersave");
	machine_put(&machine, BOOST, "1");
	machine_put(&machine, MAX_FREQ0, "3000000");
	ck_assert_int_eq(leftover(&machine, false, &restored), 0);
	ck_assert_uint_eq(restored.conflicts + restored.failed, 0);
	machine_check_untouched(&machine);
	machine_release(&machine);
}
END_TEST

/* --- order and companions ------------------------------------------------------------------------------- */

static const char *const watched[] = { MAX_FREQ0, SETSPEED, BOOST, GOVERNOR1, GOVERNOR0 };
#define WATCHED (sizeof watched / sizeof watched[0])

static int watch(const struct machine *machine, int *marks)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	char path[256];

	for (size_t i = 0; i < WATCHED; i++) {
		snprintf(path, sizeof path, "%s/root/%s", machine->base, watched[i]);
		marks[i] = inotify_add_watch(fd, path, IN_CLOSE_WRITE);
		ck_assert_int_ge(marks[i], 0);
	}
	return fd;
}

/* Indices into `watched` in the order of the writes. */
static size_t read_order(int fd, const int *marks, size_t *order, size_t room)
{
	char bytes[4096] __attribute__((aligned(8)));
	ssize_t got = read(fd, bytes, sizeof bytes);
	size_t count = 0;

	for (char *at = bytes; at < bytes + got; at += sizeof(struct inotify_event)) {
		const struct inotify_event *event = (const void *)at;

		for (size_t i = 0; i < WATCHED && count < room; i++)
			if (marks[i] == event->wd)
				order[count++] = i;
	}
	close(fd);
	return count;
}

START_TEST(restore_follows_undo_rank)
{
	static const char *const expected[] = { GOVERNOR0, GOVERNOR1, SETSPEED, BOOST, MAX_FREQ0 };
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	struct keeper_restored restored = { 0 };
	struct machine machine;
	struct control control;
	size_t order[16], count;
	int marks[WATCHED], fd;

	machine_init(&machine);
	hold_host(&machine, &control, conditions);
	/* what the kernel would do, told to the journal as if it had been seen at once */
	machine_put(&machine, SETSPEED, "<unsupported>");
	machine_put(&machine, MAX_FREQ0, "1700000");
	for (size_t i = 0; i < control.count; i++)
		snprintf(control.entries[i].observed, sizeof control.entries[i].observed, "%.95s",
			 machine_get(&machine, control.entries[i].setting.path));
	fd = watch(&machine, marks);
	ck_assert_int_eq(control_release(&control, &restored, NULL), 0);
	count = read_order(fd, marks, order, 16);
	ck_assert_uint_eq(count, 5);
	for (size_t i = 0; i < count; i++)
		ck_assert_str_eq(watched[order[i]], expected[i]);
	ck_assert_uint_eq(restored.restored, 5);
	machine_check_untouched(&machine);
	machine_release(&machine);
}
END_TEST

/* The observed value is the kernel's side effect, so what stands there later need not be. */
START_TEST(a_companion_that_a_stranger_moved_is_left_alone)
{
	struct keeper_restored restored;
	struct machine machine;

	machine_init(&machine);
	hold_and_die(&machine);
	machine_put(&machine, MAX_FREQ1, "1000000");
	ck_assert_int_eq(leftover(&machine, false, &restored), 0);
	ck_assert_uint_eq(restored.conflicts, 1);
	ck_assert_ptr_nonnull(strstr(restored.detail, MAX_FREQ1));
	ck_assert_str_eq(machine_get(&machine, MAX_FREQ1), "1000000");
	ck_assert_str_eq(machine_get(&machine, GOVERNOR1), "userspace");
	machine_release(&machine);
}
END_TEST

START_TEST(tunables_of_a_governor_come_back_with_it)
{
	static const char folder[] = CPUFREQ "/policy1/ondemand",
			  file[] = CPUFREQ "/policy1/ondemand/up_threshold";
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	struct keeper_restored restored = { 0 };
	struct machine machine;
	struct control control;

	machine_init(&machine);
	machine_put(&machine, GOVERNOR1, "ondemand");
	machine_put(&machine, file, "42");
	hold_host(&machine, &control, conditions);
	/* gone with its governor; back with it, at the kernel's default */
	for (size_t i = 0; i < control.count; i++)
		if (!strcmp(control.entries[i].setting.path, file))
			control.entries[i].observed[0] = '\0';
	machine_put(&machine, file, "80");
	ck_assert_int_eq(control_release(&control, &restored, NULL), 0);
	ck_assert_str_eq(machine_get(&machine, file), "42");
	ck_assert_str_eq(machine_get(&machine, GOVERNOR1), "ondemand");
	machine_drop(&machine, file);
	ck_assert_int_eq(unlinkat(machine.root.fd, folder, AT_REMOVEDIR), 0);
	machine_release(&machine);
}
END_TEST

/* --- third parties ------------------------------------------------------------------------------------ */

START_TEST(a_conflict_is_left_alone_until_forced)
{
	struct keeper_restored restored;
	struct machine machine;

	machine_init(&machine);
	hold_and_die(&machine);
	machine_put(&machine, GOVERNOR0, "ondemand");
	for (int round = 0; round < 2; round++) {
		ck_assert_int_eq(leftover(&machine, false, &restored), 0);
		ck_assert_uint_eq(restored.conflicts, 1);
		ck_assert_uint_eq(restored.restored, round == 0 ? 2 : 0);
		ck_assert_ptr_nonnull(strstr(restored.detail, "somebody else"));
		ck_assert_str_eq(machine_get(&machine, GOVERNOR0), "ondemand");
		ck_assert_str_eq(machine_get(&machine, BOOST), "1");
		ck_assert(has_journal(&machine));
	}
	ck_assert_int_eq(leftover(&machine, true, &restored), 0);
	ck_assert_uint_eq(restored.restored, 1);
	ck_assert_uint_eq(restored.conflicts, 0);
	machine_check_untouched(&machine);
	ck_assert(!has_journal(&machine));
	machine_release(&machine);
}
END_TEST

START_TEST(a_new_session_takes_note_of_a_conflict_and_goes_on)
{
	struct keeper_restored restored = { 0 };
	struct machine machine;

	machine_init(&machine);
	hold_and_die(&machine);
	machine_put(&machine, GOVERNOR0, "ondemand");
	ck_assert_int_eq(restore_leftover(&machine.root, machine.run, false, true, &restored, NULL), 0);
	ck_assert_uint_eq(restored.conflicts, 1);
	ck_assert_str_eq(machine_get(&machine, GOVERNOR0), "ondemand");
	ck_assert(!has_journal(&machine));
	machine_release(&machine);
}
END_TEST

START_TEST(a_value_that_vanished_is_a_conflict)
{
	struct keeper_restored restored;
	struct machine machine;

	machine_init(&machine);
	hold_and_die(&machine);
	machine_drop(&machine, BOOST);
	ck_assert_int_eq(leftover(&machine, false, &restored), 0);
	ck_assert_uint_eq(restored.conflicts, 1);
	ck_assert_ptr_nonnull(strstr(restored.detail, "not there any more"));
	machine_release(&machine);
}
END_TEST

/* The CPU goes offline during the run and comes back when the session is over. */
START_TEST(a_policy_that_vanished_comes_back_whole)
{
	struct keeper_restored restored;
	struct machine machine;

	machine_init(&machine);
	hold_and_die(&machine);
	machine_drop(&machine, GOVERNOR1);
	machine_drop(&machine, SETSPEED);
	machine_drop(&machine, MAX_FREQ1);
	ck_assert_int_eq(leftover(&machine, false, &restored), 0);
	ck_assert_uint_eq(restored.conflicts, 3);
	ck_assert_uint_eq(restored.restored, 2);
	ck_assert(has_journal(&machine));
	machine_put(&machine, GOVERNOR1, "performance");
	machine_put(&machine, SETSPEED, "1600000");
	machine_put(&machine, MAX_FREQ1, "2200000");
	ck_assert_int_eq(leftover(&machine, false, &restored), 0);
	ck_assert_uint_eq(restored.restored, 1);
	ck_assert_uint_eq(restored.conflicts + restored.failed, 0);
	machine_check_untouched(&machine);
	ck_assert(!has_journal(&machine));
	machine_release(&machine);
}
END_TEST

START_TEST(what_cannot_be_written_back_keeps_its_journal)
{
	struct keeper_restored restored;
	struct machine machine;
	char path[256];

	machine_init(&machine);
	hold_and_die(&machine);
	/* a file that swallows what is written, like a switch that the firmware holds */
	machine_drop(&machine, BOOST);
	snprintf(path, sizeof path, "%s/root/%s", machine.base, BOOST);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	ck_assert_int_eq(leftover(&machine, false, &restored), 0);
	ck_assert_uint_eq(restored.conflicts, 1); /* unreadable: not there as a value */
	ck_assert(has_journal(&machine));
	ck_assert_int_eq(rmdir(path), 0);
	machine_put(&machine, BOOST, "0");
	ck_assert_int_eq(leftover(&machine, false, &restored), 0);
	machine_check_untouched(&machine);
	machine_release(&machine);
}
END_TEST

/* --- hostile journals --------------------------------------------------------------------------------- */

static void forge(const struct machine *machine, const char *knob, const char *path)
{
	struct journal_owner owner;
	struct journal_entry entry = { .setting = { .before = "owned", .target = "x" } };
	struct journal journal = JOURNAL_CLOSED;

	journal_identify(&machine->root, &owner);
	ck_assert_int_eq(journal_create(machine->run, &owner, &journal, NULL), 0);
	snprintf(entry.knob, sizeof entry.knob, "%s", knob);
	snprintf(entry.setting.path, sizeof entry.setting.path, "%s", path);
	ck_assert_int_eq(journal_append(&journal, JOURNAL_INTENT, 0, &entry, NULL), 0);
	journal_close(&journal);
	machine_put(machine, "etc/passwd", "x");
}

START_TEST(a_path_outside_the_table_is_refused)
{
	static const char *const forgeries[][2] = {
		{ "governor", "etc/passwd" },
		{ "boost", "etc/passwd" },
		{ "cpus", "etc/passwd" },
		{ "unknown", "etc/passwd" },
		{ "", "etc/passwd" },
		{ "governor", CPUFREQ "/policy0/../../../../../../etc/passwd" },
		{ "governor", CPUFREQ "/policy0/ondemand/../../../../../../../etc/passwd" },
		{ "governor", CPUFREQ "/ondemand/../../../../../../etc/passwd" },
		{ "governor", CPUFREQ "/policy/scaling_governor" },
		{ "governor", CPUFREQ "/boost" },
		{ "boost", GOVERNOR0 },
		{ "boost", CPUFREQ "/policy0x/boost" },
		{ "boost", CPUFREQ "/boost/" },
		{ "boost", "/" CPUFREQ "/boost" },
	};
	struct keeper_restored restored;
	struct machine machine;

	for (size_t i = 0; i < sizeof forgeries / sizeof forgeries[0]; i++) {
		machine_init(&machine);
		forge(&machine, forgeries[i][0], forgeries[i][1]);
		ck_assert_int_eq(leftover(&machine, false, &restored), -EIO);
		ck_assert_uint_eq(restored.failed, 1);
		ck_assert_str_eq(machine_get(&machine, "etc/passwd"), "x");
		ck_assert_int_eq(leftover(&machine, true, &restored), 0);
		ck_assert_str_eq(machine_get(&machine, "etc/passwd"), "x");
		machine_check_untouched(&machine);
		machine_release(&machine);
	}
}
END_TEST

START_TEST(a_journal_of_another_boot_is_dropped)
{
	struct keeper_restored restored;
	struct machine machine;

	machine_init(&machine);
	hold_and_die(&machine);
	machine_put(&machine, MACHINE_BOOT_ID, "ffffffff-89ab-cdef-0123-456789abcdef");
	ck_assert_int_eq(leftover(&machine, false, &restored), 0);
	ck_assert_str_eq(machine_get(&machine, GOVERNOR0), "performance");
	ck_assert_ptr_nonnull(strstr(restored.detail, "earlier boot"));
	ck_assert(!has_journal(&machine));
	machine_release(&machine);
}
END_TEST

START_TEST(a_damaged_journal_is_told_and_dropped_by_force)
{
	struct keeper_restored restored;
	struct machine machine;
	char noise[4096];

	machine_init(&machine);
	memset(noise, 'n', sizeof noise);
	put_journal(&machine, noise, sizeof noise);
	ck_assert_int_eq(leftover(&machine, false, &restored), -EBADMSG);
	ck_assert(has_journal(&machine));
	ck_assert_int_eq(leftover(&machine, true, &restored), 0);
	ck_assert(!has_journal(&machine));
	machine_release(&machine);
}
END_TEST

/* --- conditions --------------------------------------------------------------------------------------- */

static const struct condition *find(const struct condition *conditions, const char *knob)
{
	for (size_t i = 0; i < KEEPER_CONDITIONS_MAX; i++)
		if (!strcmp(conditions[i].knob, knob))
			return &conditions[i];
	ck_abort_msg("no condition for %s", knob);
}

START_TEST(without_a_journal_nothing_is_touched)
{
	struct keeper_hold hold = { .choice = { .profile = KNOB_PROFILE_STANDARD } };
	struct condition conditions[KEEPER_CONDITIONS_MAX] = { 0 };
	struct keeper_restored restored = { 0 };
	struct machine machine;
	struct control control;

	machine_init(&machine);
	put_journal(&machine, "in the way", 10);
	CPU_SET(1, &hold.topology.bench);
	control_init(&control, &machine.root);
	control_apply(&control, &hold, 0, machine.run, conditions);
	machine_check_untouched(&machine);
	ck_assert_int_eq(find(conditions, "governor")->outcome, CONDITION_FAILED);
	ck_assert_int_eq(find(conditions, "boost")->outcome, CONDITION_FAILED);
	ck_assert_ptr_nonnull(strstr(find(conditions, "boost")->reason, "without a journal"));
	ck_assert_int_eq(control_release(&control, &restored, NULL), 0);
	machine_check_untouched(&machine);
	machine_release(&machine);
}
END_TEST

START_TEST(gentle_writes_nothing_to_the_host)
{
	struct keeper_hold hold = { .choice = { .profile = KNOB_PROFILE_GENTLE } };
	struct condition conditions[KEEPER_CONDITIONS_MAX] = { 0 };
	struct keeper_restored restored = { 0 };
	struct machine machine;
	struct control control;

	machine_init(&machine);
	CPU_SET(1, &hold.topology.bench);
	control_init(&control, &machine.root);
	control_apply(&control, &hold, 0, machine.run, conditions);
	machine_check_untouched(&machine);
	ck_assert(!has_journal(&machine));
	ck_assert_int_eq(find(conditions, "governor")->outcome, CONDITION_REFUSED);
	ck_assert_str_eq(find(conditions, "governor")->before, "userspace");
	ck_assert_int_eq(find(conditions, "dma-latency")->outcome, CONDITION_APPLIED);
	ck_assert_str_eq(find(conditions, "dma-latency")->value, "2 us");
	ck_assert_int_eq(control_release(&control, &restored, NULL), 0);
	machine_check_untouched(&machine);
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("restore", a_held_host_goes_back_as_it_was, the_next_start_repairs,
	     death_at_every_record_of_the_journal_is_repaired, a_restore_that_dies_is_gone_on_with,
	     restore_follows_undo_rank, a_companion_that_a_stranger_moved_is_left_alone,
	     tunables_of_a_governor_come_back_with_it, a_conflict_is_left_alone_until_forced,
	     a_new_session_takes_note_of_a_conflict_and_goes_on, a_value_that_vanished_is_a_conflict,
	     a_policy_that_vanished_comes_back_whole, what_cannot_be_written_back_keeps_its_journal,
	     a_path_outside_the_table_is_refused, a_journal_of_another_boot_is_dropped,
	     a_damaged_journal_is_told_and_dropped_by_force, without_a_journal_nothing_is_touched,
	     gentle_writes_nothing_to_the_host)
