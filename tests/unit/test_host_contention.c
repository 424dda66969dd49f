/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/contention: what others take. */
#include "host/contention.h"

#include "machine_fixture.h"

START_TEST(steal_is_a_part_of_the_time_that_was_wanted)
{
	struct machine machine;
	double ratio;

	machine_init(&machine);
	ck_assert(!contention_steal(&machine.root, &ratio));
	machine_put(&machine, "proc/stat", "cpu  60 10 15 100000 5000 3 2 10 0 0\ncpu0 1 1\n");
	ck_assert(contention_steal(&machine.root, &ratio));
	ck_assert_double_eq(ratio, 0.1);
	machine_put(&machine, "proc/stat", "cpu  0 0 0 1 0 0 0 0\n");
	ck_assert(contention_steal(&machine.root, &ratio));
	ck_assert_double_eq(ratio, 0);
	machine_put(&machine, "proc/stat", "cpu  60 10 15 100\n");
	ck_assert(!contention_steal(&machine.root, &ratio));
	machine_release(&machine);
}
END_TEST

START_TEST(pressure_is_that_of_ten_seconds)
{
	struct machine machine;
	double ratio;

	machine_init(&machine);
	ck_assert(!contention_cpu(&machine.root, &ratio));
	machine_put(&machine, "proc/pressure/cpu",
		    "some avg10=12.50 avg60=1.00 avg300=0.50 total=9\nfull avg10=0.00\n");
	machine_put(&machine, "proc/pressure/memory", "some avg10=0.00 avg60=1.00 avg300=0.50 total=9\n");
	ck_assert(contention_cpu(&machine.root, &ratio));
	ck_assert_double_eq(ratio, 0.125);
	ck_assert(contention_memory(&machine.root, &ratio));
	ck_assert_double_eq(ratio, 0);
	ck_assert(!contention_io(&machine.root, &ratio));
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("host/contention", steal_is_a_part_of_the_time_that_was_wanted, pressure_is_that_of_ten_seconds)
