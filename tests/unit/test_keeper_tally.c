/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about who took the CPU where nobody times it. */
#include "keeper/tally.h"
#include "machine_fixture.h"

static struct machine machine;

static void put(unsigned device, unsigned tick, unsigned softirq)
{
	char text[256];

	snprintf(text, sizeof text,
		 "  CPU0 CPU1\n 24: %u %u MSI 1-edge disk\nLOC: 9 %u Local timer interrupts\n", 2 * device,
		 device, tick);
	machine_put(&machine, "proc/interrupts", text);
	snprintf(text, sizeof text, "  CPU0 CPU1\n RCU: 5 %u\n", softirq);
	machine_put(&machine, "proc/softirqs", text);
}

static struct tally begin(int cpu, int other)
{
	struct tally tally;
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	CPU_SET(other, &cpus);
	machine_init(&machine);
	put(10, 1000, 3);
	tally_begin(&tally, &machine.root, &cpus);
	return tally;
}

START_TEST(what_came_meanwhile_is_counted_most_first)
{
	struct keeper_thieves thieves = { 0 };
	struct tally tally = begin(1, 1);

	put(12, 1050, 3);
	tally_end(&tally, &machine.root, 4, &thieves);
	ck_assert_uint_eq(thieves.is_known, KEEPER_THIEVES_COUNTED);
	ck_assert_uint_eq(thieves.count, 3);
	ck_assert_uint_eq(thieves.total, 56);
	ck_assert_uint_eq(thieves.rows[0].kind, SB_WIRE_THEFT_TASK);
	ck_assert_uint_eq(thieves.rows[0].count, 4);
	ck_assert_str_eq(thieves.rows[1].name, "local_timer");
	ck_assert_uint_eq(thieves.rows[1].count, 50);
	ck_assert_str_eq(thieves.rows[2].name, "disk");
	ck_assert_uint_eq(thieves.rows[2].id, 24);
	ck_assert_uint_eq(thieves.rows[2].count, 2);
	machine_release(&machine);
}
END_TEST

START_TEST(several_cpus_are_added_up)
{
	struct keeper_thieves thieves = { 0 };
	struct tally tally = begin(0, 1);

	put(12, 1050, 3);
	tally_end(&tally, &machine.root, 0, &thieves);
	ck_assert_uint_eq(thieves.is_known, KEEPER_THIEVES_COUNTED);
	ck_assert_uint_eq(thieves.count, 2);
	ck_assert_str_eq(thieves.rows[1].name, "disk");
	ck_assert_uint_eq(thieves.rows[1].count, 6);
	machine_release(&machine);
}
END_TEST

START_TEST(one_that_has_ended_says_nothing_more)
{
	struct keeper_thieves thieves = { 0 };
	struct tally tally = begin(1, 1);

	tally_end(&tally, &machine.root, 0, &thieves);
	ck_assert_uint_eq(thieves.count, 0);
	ck_assert_uint_eq(thieves.is_known, KEEPER_THIEVES_COUNTED);
	memset(&thieves, 0, sizeof thieves);
	tally_end(&tally, &machine.root, 9, &thieves);
	ck_assert_uint_eq(thieves.is_known, KEEPER_THIEVES_UNKNOWN);
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("keeper tally", what_came_meanwhile_is_counted_most_first, several_cpus_are_added_up,
	     one_that_has_ended_says_nothing_more)
