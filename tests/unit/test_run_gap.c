/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about gaps, on a clock and with thieves of our own making. */
#include <string.h>
#include "run/gap.h"
#include "unit.h"

#define STEP_NS 50u

/* At reading `at`, counted after those that find out how fast the clock is, the CPU is gone for `ns`. */
struct absence {
	unsigned at;
	uint64_t ns, stolen_ns;
	bool is_told, is_switch;
};

static const struct absence *absences;
static unsigned absence_count, reads;
static uint64_t time_ns, switch_count;
static struct sb_wire_theft_slot slot;
static volatile int cancel;

#define READS_BEFORE 1002 /* 1001 of the calibration and the begin */

static uint64_t fake_now(void *context)
{
	(void)context;
	time_ns += STEP_NS;
	for (unsigned i = 0; i < absence_count; i++) {
		const struct absence *absence = &absences[i];

		if (reads != READS_BEFORE + absence->at)
			continue;
		time_ns += absence->ns - STEP_NS;
		slot.ns[SB_WIRE_THEFT_INTERRUPT] += absence->stolen_ns;
		slot.count[SB_WIRE_THEFT_INTERRUPT] += absence->is_told;
		switch_count += absence->is_switch;
	}
	reads++;
	return time_ns;
}

static uint64_t fake_switches(void *context)
{
	(void)context;
	return switch_count;
}

static struct gap_profile spin(const struct absence *list, unsigned count, bool has_slot)
{
	const struct gap_loop loop = { .duration_ns = 100000000,
				       .cancel = &cancel,
				       .slot = has_slot ? &slot : NULL,
				       .now_ns = fake_now,
				       .switches = fake_switches };
	struct gap_profile profile;

	absences = list;
	absence_count = count;
	reads = 0;
	time_ns = switch_count = 0;
	memset(&slot, 0, sizeof slot);
	gap_spin(&loop, &profile);
	return profile;
}

START_TEST(gaps_are_sorted_by_length)
{
	ck_assert_uint_eq(gap_size(1000), 0);
	ck_assert_uint_eq(gap_size(9999), 0);
	ck_assert_uint_eq(gap_size(10000), 1);
	ck_assert_uint_eq(gap_size(999999), 2);
	ck_assert_uint_eq(gap_size(1000000), 3);
	ck_assert_uint_eq(gap_size(10000000), 4);
	ck_assert_uint_eq(gap_size(UINT64_MAX), 4);
}
END_TEST

START_TEST(an_even_clock_has_no_gap)
{
	const struct gap_profile profile = spin(NULL, 0, true);

	ck_assert_uint_eq(profile.total, 0);
	ck_assert_uint_eq(profile.lost_ns, 0);
	ck_assert_uint_ge(profile.spun_ns, 100000000);
}
END_TEST

START_TEST(every_gap_is_found_with_its_length)
{
	const struct absence list[] = { { .at = 10, .ns = 2000 },
					{ .at = 20, .ns = 50000 },
					{ .at = 30, .ns = 900 },
					{ .at = 40, .ns = 20000000 } };
	const struct gap_profile profile = spin(list, 4, true);

	ck_assert_uint_eq(profile.total, 3);
	ck_assert_uint_eq(profile.count[0], 1);
	ck_assert_uint_eq(profile.count[1], 1);
	ck_assert_uint_eq(profile.count[4], 1);
	ck_assert_uint_eq(profile.longest_ns, 20000000);
	ck_assert_uint_eq(profile.lost_ns, 20052000);
}
END_TEST

START_TEST(what_the_kernel_tells_of_has_a_cause)
{
	const struct absence list[] = { { .at = 10, .ns = 8000, .stolen_ns = 3000, .is_told = true },
					{ .at = 20, .ns = 90000, .stolen_ns = 80000, .is_told = true },
					{ .at = 30, .ns = 7000 } };
	const struct gap_profile profile = spin(list, 3, true);

	ck_assert_uint_eq(profile.total, 3);
	ck_assert_uint_eq(profile.unexplained, 1);
	ck_assert_uint_eq(profile.unexplained_ns, 7000);
}
END_TEST

START_TEST(a_short_interrupt_does_not_explain_a_long_gap)
{
	const struct absence list[] = { { .at = 10, .ns = 300000, .stolen_ns = 2000, .is_told = true } };
	const struct gap_profile profile = spin(list, 1, true);

	ck_assert_uint_eq(profile.unexplained, 1);
	ck_assert_uint_eq(profile.unexplained_ns, 298000);
}
END_TEST

START_TEST(without_a_slot_switches_are_what_is_known)
{
	const struct absence list[] = { { .at = 10, .ns = 4000000, .is_switch = true },
					{ .at = 20, .ns = 5000 } };
	const struct gap_profile profile = spin(list, 2, false);

	ck_assert_uint_eq(profile.switched, 1);
	ck_assert_uint_eq(profile.switched_ns, 4000000);
	ck_assert_uint_eq(profile.unexplained, 1);
	ck_assert_uint_eq(profile.unexplained_ns, 5000);
}
END_TEST

START_TEST(a_cancel_ends_it)
{
	struct gap_profile profile;

	cancel = 1;
	profile = spin(NULL, 0, true);
	cancel = 0;
	ck_assert_uint_eq(profile.spun_ns, 0);
}
END_TEST

UNIT_MAIN("run gap", gaps_are_sorted_by_length, an_even_clock_has_no_gap, every_gap_is_found_with_its_length,
	  what_the_kernel_tells_of_has_a_cause, a_short_interrupt_does_not_explain_a_long_gap,
	  without_a_slot_switches_are_what_is_known, a_cancel_ends_it)
