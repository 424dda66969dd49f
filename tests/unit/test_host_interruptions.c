/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about what /proc tells of interrupts. */
#include "base/cpulist.h"
#include "host/interruptions.h"
#include "machine_fixture.h"
#include "wire.h"

static const char interrupts[] = "            CPU0       CPU2       \n"
				 "   0:          7          0   IO-APIC   2-edge      timer\n"
				 "  24:          0        123  PCI-MSI 65537-edge      virtio1-req.0\n"
				 " 12:         5          9     GICv3  27 Level     arch_timer\n"
				 "LOC:       1000       2000   Local timer interrupts\n"
				 "RES:          3          4   Rescheduling interrupts\n"
				 "IPI0:         1         10       Rescheduling interrupts\n"
				 "IPI1:         2         20       Function call interrupts\n"
				 "ERR:          9\n";

static const char softirqs[] = "                    CPU0       CPU2       \n"
			       "          HI:          0          1\n"
			       "       TIMER:         50         60\n";

static struct machine machine;
static struct interruption *rows;
static size_t count;

static void read_rows(const char *list)
{
	cpu_set_t cpus;

	ck_assert_int_eq(cpulist_parse(list, &cpus, NULL), 0);
	rows = interruptions_dup(&machine.root, &cpus, &count);
}

static void setup(const char *list)
{
	machine_init(&machine);
	machine_put(&machine, "proc/interrupts", interrupts);
	machine_put(&machine, "proc/softirqs", softirqs);
	read_rows(list);
}

static void teardown(void)
{
	free(rows);
	machine_release(&machine);
}

static uint64_t counted(uint32_t kind, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].kind == kind && !strcmp(rows[i].name, name))
			return rows[i].count;
	return 0;
}

START_TEST(each_row_is_read_in_the_column_of_its_cpu)
{
	setup("2");
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_INTERRUPT, "virtio1-req.0"), 123);
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_TIMER, "local_timer"), 2000);
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_TIMER, "arch_timer"), 9);
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_INTERRUPT, "reschedule"), 4);
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_SOFTIRQ, "TIMER"), 60);
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_SOFTIRQ, "HI"), 1);
	teardown();
}
END_TEST

START_TEST(several_cpus_are_added_up)
{
	setup("0,2");
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_INTERRUPT, "virtio1-req.0"), 123);
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_TIMER, "local_timer"), 3000);
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_SOFTIRQ, "TIMER"), 110);
	teardown();
	setup("1-2"); /* one is offline */
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_TIMER, "local_timer"), 2000);
	teardown();
}
END_TEST

START_TEST(interrupts_between_cpus_are_one_row)
{
	setup("2");
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_INTERRUPT, "IPI"), 30);
	teardown();
}
END_TEST

START_TEST(what_never_came_and_what_is_of_no_cpu_is_left_out)
{
	setup("2");
	ck_assert_uint_eq(counted(SB_WIRE_THEFT_INTERRUPT, "timer"), 0);
	ck_assert_uint_eq(count, 7);
	teardown();
	setup("1");
	ck_assert_uint_eq(count, 0);
	teardown();
}
END_TEST

START_TEST(the_difference_keeps_what_came_since)
{
	struct interruption *before;
	size_t before_count;

	setup("0");
	before = rows;
	before_count = count;
	machine_put(&machine, "proc/softirqs", "   CPU0 CPU2\n  HI: 4 1\n TIMER: 50 60\n");
	read_rows("0");
	interruptions_subtract(rows, &count, before, before_count);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(rows[0].name, "HI");
	ck_assert_uint_eq(rows[0].count, 4);
	free(before);
	teardown();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		each_row_is_read_in_the_column_of_its_cpu, several_cpus_are_added_up,
		interrupts_between_cpus_are_one_row,	   what_never_came_and_what_is_of_no_cpu_is_left_out,
		the_difference_keeps_what_came_since,
	};

	if (!machine_is_possible())
		return 77;
	return unit_run("host interruptions", tests, sizeof tests / sizeof tests[0]);
}
