/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about a damaged journal: what can be read goes back, and the rest is told. */
#include "keeper/restore.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "left_fixture.h"

/* The host as it was held, with one byte of its journal turned. */
static void hold_again(const struct machine *machine, char *bytes, size_t size, size_t at)
{
	struct journal_state state;

	ck_assert_int_eq(journal_parse(bytes, size, &state, NULL), 0);
	for (size_t i = 0; i < MACHINE_FILES; i++)
		machine_put(machine, machine_files[i][0], machine_files[i][1]);
	for (size_t i = 0; i < state.count; i++)
		if (state.entries[i].is_done && state.entries[i].setting.target[0])
			machine_put(machine, state.entries[i].setting.path, state.entries[i].setting.target);
	journal_state_release(&state);
	bytes[at] = (char)(bytes[at] ^ 1);
	put_journal(machine, bytes, size);
	bytes[at] = (char)(bytes[at] ^ 1);
}

/* One byte of every record in turn, and of the header: never silence, and never a setting left that could
 * still be read. */
START_TEST(a_journal_damaged_in_the_middle_is_restored_as_far_as_it_goes_and_kept)
{
	static char bytes[1 << 16], after[1 << 16];
	struct keeper_restored restored;
	struct machine machine;
	size_t size, record, kept;

	machine_init(&machine);
	hold_and_die(&machine);
	size = copy_journal(&machine, bytes, sizeof bytes);
	record = (size - HEADER) / (size_t)(2 * INTENTS);
	for (unsigned i = 0; i + 1 < 2 * INTENTS; i++) {
		hold_again(&machine, bytes, size, HEADER + i * record + record / 2);
		ck_assert_int_eq(leftover(&machine, false, &restored), -EBADMSG);
		ck_assert_uint_eq(restored.failed + restored.conflicts, 0);
		ck_assert(has_journal(&machine));
		if (i >= INTENTS)
			machine_check_untouched(&machine);
		kept = copy_journal(&machine, after, sizeof after);
		ck_assert_int_eq(leftover(&machine, false, &restored), -EBADMSG);
		ck_assert_uint_eq(restored.restored, 0);
		ck_assert_uint_eq(copy_journal(&machine, after, sizeof after), kept);
		ck_assert_int_eq(leftover(&machine, true, &restored), 0);
		ck_assert(!has_journal(&machine));
	}
	machine_release(&machine);
}
END_TEST

/* What was lost cannot be put back, and is not passed over in silence either. */
START_TEST(a_journal_cut_between_two_intents_is_told_and_kept)
{
	static char bytes[1 << 16];
	struct keeper_restored restored;
	struct machine machine;
	size_t size, record;

	machine_init(&machine);
	hold_and_die(&machine);
	size = copy_journal(&machine, bytes, sizeof bytes);
	record = (size - HEADER) / (size_t)(2 * INTENTS);
	for (size_t kept = INTENTS; kept-- > 0;) {
		put_journal(&machine, bytes, HEADER + kept * record);
		for (int again = 0; again < 2; again++)
			ck_assert_int_eq(leftover(&machine, false, &restored), -EBADMSG);
		ck_assert(has_journal(&machine));
	}
	ck_assert_int_eq(leftover(&machine, true, &restored), 0);
	ck_assert(!has_journal(&machine));
	machine_release(&machine);
}
END_TEST

START_TEST(a_journal_without_a_whole_header_is_kept_until_forced)
{
	static char bytes[1 << 16];
	struct keeper_restored restored;
	struct machine machine;

	machine_init(&machine);
	hold_and_die(&machine);
	copy_journal(&machine, bytes, sizeof bytes);
	for (int empty = 0; empty < 2; empty++) {
		put_journal(&machine, bytes, empty ? 0 : HEADER - 1);
		ck_assert_int_eq(leftover(&machine, false, &restored), -EBADMSG);
		ck_assert(has_journal(&machine));
		ck_assert_int_eq(leftover(&machine, true, &restored), 0);
		ck_assert(!has_journal(&machine));
	}
	machine_release(&machine);
}
END_TEST

static _Noreturn void restore_without_room(const struct machine *machine)
{
	const struct identity identity = { .privileged = false, .front_user = "somebody" };
	const struct rlimit none = { 0, 0 };
	struct keeper_restored restored;
	char run_dir[96], prefix[96];
	const struct keeper_restore order = { .run_dir = run_dir, .prefix = prefix };
	struct sb_err err;

	snprintf(run_dir, sizeof run_dir, "%s/run", machine->base);
	snprintf(prefix, sizeof prefix, "%s/root", machine->base);
	signal(SIGXFSZ, SIG_DFL);
	if (setrlimit(RLIMIT_FSIZE, &none))
		_exit(1);
	keeper_restore_leftover(&identity, &order, &restored, &err);
	_exit(0);
}

/* Blocked while it works, the signal of a write beyond the limit would come once all is done. */
START_TEST(a_limit_of_file_sizes_ends_no_restore_without_a_word)
{
	struct machine machine;
	pid_t child;
	int status;

	machine_init(&machine);
	hold_and_die(&machine);
	child = fork();
	if (child == 0)
		restore_without_room(&machine);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("damage", a_journal_damaged_in_the_middle_is_restored_as_far_as_it_goes_and_kept,
	     a_journal_cut_between_two_intents_is_told_and_kept,
	     a_journal_without_a_whole_header_is_kept_until_forced,
	     a_limit_of_file_sizes_ends_no_restore_without_a_word)
