/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about settings that go offline with a CPU and come back with it, and about a machine that does not
 * stay the same. The files of policy 0 go and come by hand, as the kernel would have it. */
#include "keeper/control.h"
#include "keeper/restore.h"
#include "machine_fixture.h"

#define ONLINE0	  "sys/devices/system/cpu/cpu0/online"
#define ONLINE	  "sys/devices/system/cpu/online"
#define GOVERNOR0 CPUFREQ "/policy0/scaling_governor"
#define GOVERNOR1 CPUFREQ "/policy1/scaling_governor"
#define MAX_FREQ0 CPUFREQ "/policy0/scaling_max_freq"
#define MIN_FREQ1 CPUFREQ "/policy1/scaling_min_freq"
#define BOOST	  CPUFREQ "/boost"

struct session {
	struct machine machine;
	struct control control;
	struct condition conditions[KEEPER_CONDITIONS_MAX];
};

static void hold(struct session *session, const char *with)
{
	struct keeper_hold hold = { .choice = { .profile = KNOB_PROFILE_STANDARD,
						.with = knob_bit(knob_find(with)) } };

	CPU_SET(1, &hold.topology.bench);
	CPU_SET(0, &hold.topology.siblings);
	CPU_SET(0, &hold.topology.allowed);
	CPU_SET(1, &hold.topology.allowed);
	machine_put(&session->machine, ONLINE0, "1");
	control_init(&session->control, &session->machine.root);
	control_apply(&session->control, &hold, 0, session->machine.run, session->conditions);
	ck_assert_int_ge(session->control.journal.fd, 0);
}

static struct journal_entry *find(struct session *session, const char *path)
{
	for (size_t i = 0; i < session->control.count; i++)
		if (!strcmp(session->control.entries[i].setting.path, path))
			return &session->control.entries[i];
	return NULL;
}

static const struct condition *condition_of(const struct session *session, const char *knob)
{
	for (size_t i = 0; i < KEEPER_CONDITIONS_MAX; i++)
		if (!strcmp(session->conditions[i].knob, knob))
			return &session->conditions[i];
	return NULL;
}

static void release(struct session *session, struct keeper_restored *restored)
{
	memset(restored, 0, sizeof *restored);
	control_release(&session->control, restored, NULL);
}

/* The kernel takes the policy's values away with its last CPU; the driver read them all before it knew. */
static void go_offline(struct session *session)
{
	static const char *const paths[] = { GOVERNOR0, MAX_FREQ0 };

	for (size_t i = 0; i < 2; i++) {
		machine_drop(&session->machine, paths[i]);
		find(session, paths[i])->observed[0] = '\0';
	}
}

START_TEST(what_went_offline_comes_back_as_the_kernel_likes_and_is_put_right)
{
	struct keeper_restored restored;
	struct session session;

	machine_init(&session.machine);
	hold(&session, "smt-offline");
	ck_assert_str_eq(machine_get(&session.machine, ONLINE0), "0");
	ck_assert_int_eq(condition_of(&session, "smt-offline")->outcome, CONDITION_APPLIED);
	go_offline(&session);
	/* somebody brought it back meanwhile: its values are nobody's */
	machine_put(&session.machine, ONLINE0, "1");
	machine_put(&session.machine, GOVERNOR0, "schedutil");
	machine_put(&session.machine, MAX_FREQ0, "9900000");
	release(&session, &restored);
	ck_assert_uint_eq(restored.conflicts + restored.failed, 0);
	machine_check_untouched(&session.machine);
	machine_release(&session.machine);
}
END_TEST

START_TEST(what_is_offline_is_as_it_was_left)
{
	struct keeper_change changed = { 0 };
	struct keeper_restored restored;
	struct session session;

	machine_init(&session.machine);
	hold(&session, "smt-offline");
	go_offline(&session);
	ck_assert(control_check(&session.control, &changed));
	machine_put(&session.machine, GOVERNOR0, "schedutil");
	ck_assert(!control_check(&session.control, &changed));
	ck_assert_str_eq(changed.knob, "governor");
	machine_put(&session.machine, MAX_FREQ0, "1800000");
	release(&session, &restored);
	machine_release(&session.machine);
}
END_TEST

START_TEST(a_change_is_told_as_long_as_it_lasts_and_a_new_one_first)
{
	struct keeper_change changed = { 0 };
	struct keeper_restored restored;
	struct session session;

	machine_init(&session.machine);
	hold(&session, "governor");
	machine_put(&session.machine, GOVERNOR0, "powersave");
	for (int i = 0; i < 2; i++) {
		ck_assert(!control_check(&session.control, &changed));
		ck_assert_str_eq(changed.knob, "governor");
	}
	machine_put(&session.machine, BOOST, "1");
	ck_assert(!control_check(&session.control, &changed));
	ck_assert_str_eq(changed.knob, "boost");
	machine_put(&session.machine, GOVERNOR0, "performance");
	ck_assert(!control_check(&session.control, &changed));
	machine_put(&session.machine, BOOST, "0");
	ck_assert(control_check(&session.control, &changed));
	release(&session, &restored);
	machine_check_untouched(&session.machine);
	machine_release(&session.machine);
}
END_TEST

START_TEST(a_path_has_one_entry)
{
	struct keeper_restored restored;
	struct session session;
	size_t count = 0;

	machine_init(&session.machine);
	machine_put(&session.machine, CPUFREQ "/policy0/base_frequency", "2000000");
	machine_put(&session.machine, CPUFREQ "/policy1/base_frequency", "2000000");
	machine_put(&session.machine, CPUFREQ "/policy0/scaling_min_freq", "800000");
	machine_put(&session.machine, MIN_FREQ1, "800000");
	hold(&session, "frequency");
	for (size_t i = 0; i < session.control.count; i++)
		count += !strcmp(session.control.entries[i].setting.path, MAX_FREQ0);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(find(&session, MAX_FREQ0)->knob, "frequency");
	ck_assert_str_eq(machine_get(&session.machine, MAX_FREQ0), "2000000");
	ck_assert_int_eq(condition_of(&session, "frequency")->outcome, CONDITION_APPLIED);
	ck_assert_int_eq(condition_of(&session, "boost")->outcome, CONDITION_APPLIED);
	release(&session, &restored);
	ck_assert_uint_eq(restored.conflicts + restored.failed, 0);
	ck_assert_str_eq(machine_get(&session.machine, MIN_FREQ1), "800000");
	machine_check_untouched(&session.machine);
	machine_release(&session.machine);
}
END_TEST

START_TEST(a_limit_that_moved_with_boost_is_not_a_strangers_after_a_restore_that_died)
{
	struct keeper_restored restored = { 0 };
	struct session session;

	machine_init(&session.machine);
	machine_put(&session.machine, CPUFREQ "/policy0/base_frequency", "2000000");
	machine_put(&session.machine, CPUFREQ "/policy1/base_frequency", "2000000");
	machine_put(&session.machine, CPUFREQ "/policy0/scaling_min_freq", "800000");
	machine_put(&session.machine, MIN_FREQ1, "800000");
	hold(&session, "frequency");
	for (size_t i = 0; i < session.control.count; i++)
		if (&session.control.entries[i] == find(&session, MAX_FREQ0))
			journal_append(&session.control.journal, JOURNAL_UNDOING, i, NULL, NULL);
	machine_put(&session.machine, BOOST, "1");
	machine_put(&session.machine, MAX_FREQ0, "3300000");
	journal_close(&session.control.journal);
	changes_end(&session.control.changes);
	free(session.control.entries);
	ck_assert_int_eq(
		restore_leftover(&session.machine.root, session.machine.run, false, false, &restored, NULL),
		0);
	ck_assert_uint_eq(restored.conflicts + restored.failed, 0);
	machine_check_untouched(&session.machine);
	machine_release(&session.machine);
}
END_TEST

/* --- the machine below ---------------------------------------------------------------------------------- */

START_TEST(another_set_of_cpus_is_told_once)
{
	struct keeper_change changed = { 0 };
	struct keeper_restored restored;
	struct session session;

	machine_init(&session.machine);
	hold(&session, "boost");
	ck_assert(control_check(&session.control, &changed));
	machine_put(&session.machine, ONLINE, "0-77");
	ck_assert(!control_check(&session.control, &changed));
	ck_assert_str_eq(changed.knob, "hotplug");
	ck_assert_ptr_nonnull(strstr(changed.reason, "0-77"));
	ck_assert(control_check(&session.control, &changed));
	release(&session, &restored);
	machine_release(&session.machine);
}
END_TEST

START_TEST(a_machine_that_slept_is_told_once)
{
	struct keeper_change changed = { 0 };
	struct keeper_restored restored;
	struct session session;

	machine_init(&session.machine);
	hold(&session, "boost");
	session.control.stability.asleep_ns -= INT64_C(90000000000); /* it has slept for longer since */
	ck_assert(!control_check(&session.control, &changed));
	ck_assert_str_eq(changed.knob, "suspend");
	ck_assert_ptr_nonnull(strstr(changed.reason, "90.0 s"));
	ck_assert(control_check(&session.control, &changed));
	release(&session, &restored);
	machine_release(&session.machine);
}
END_TEST

START_TEST(before_anything_is_held_nothing_has_changed)
{
	struct keeper_change changed = { 0 };
	struct session session;

	machine_init(&session.machine);
	control_init(&session.control, &session.machine.root);
	ck_assert(control_check(&session.control, &changed));
	machine_release(&session.machine);
}
END_TEST

MACHINE_MAIN("keeper and hotplug", what_went_offline_comes_back_as_the_kernel_likes_and_is_put_right,
	     what_is_offline_is_as_it_was_left, a_change_is_told_as_long_as_it_lasts_and_a_new_one_first,
	     a_path_has_one_entry, a_limit_that_moved_with_boost_is_not_a_strangers_after_a_restore_that_died,
	     another_set_of_cpus_is_told_once, a_machine_that_slept_is_told_once,
	     before_anything_is_held_nothing_has_changed)
