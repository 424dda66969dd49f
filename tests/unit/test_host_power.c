/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/power: what holds the clock down from outside. */
#include "host/power.h"

#include "machine_fixture.h"

#define SUPPLY "sys/class/power_supply/"
#define ZONE   "sys/class/powercap/"
#define COOLER "sys/class/thermal/"
#define CPU    "sys/devices/system/cpu/cpu"

START_TEST(a_machine_without_supplies_says_nothing)
{
	struct machine machine;
	char text[64];
	double number;

	machine_init(&machine);
	ck_assert(!power_on_mains(&machine.root, text, sizeof text));
	ck_assert(!power_cooling(&machine.root, text, sizeof text));
	ck_assert(!power_limit(&machine.root, &number));
	ck_assert(!power_rating(&machine.root, &number));
	ck_assert(!power_throttles(&machine.root, &number));
	machine_release(&machine);
}
END_TEST

static void check_mains(const struct machine *machine, const char *expected)
{
	char text[8];

	ck_assert(power_on_mains(&machine->root, text, sizeof text));
	ck_assert_str_eq(text, expected);
}

START_TEST(a_laptop_knows_whether_it_is_plugged_in)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, SUPPLY "AC/type", "Mains\n");
	machine_put(&machine, SUPPLY "AC/online", "1\n");
	machine_put(&machine, SUPPLY "BAT0/type", "Battery\n");
	machine_put(&machine, SUPPLY "BAT0/status", "Charging\n");
	check_mains(&machine, "yes");
	machine_put(&machine, SUPPLY "AC/online", "0\n");
	machine_put(&machine, SUPPLY "BAT0/status", "Discharging\n");
	check_mains(&machine, "no");
	machine_release(&machine);
}
END_TEST

START_TEST(a_charger_on_usb_counts_and_the_battery_of_a_mouse_does_not)
{
	struct machine machine;
	char text[8];

	machine_init(&machine);
	machine_put(&machine, SUPPLY "mouse/type", "Battery\n");
	machine_put(&machine, SUPPLY "mouse/scope", "Device\n");
	machine_put(&machine, SUPPLY "mouse/status", "Discharging\n");
	ck_assert(!power_on_mains(&machine.root, text, sizeof text));
	machine_put(&machine, SUPPLY "BAT0/type", "Battery\n");
	machine_put(&machine, SUPPLY "BAT0/status", "Not charging\n");
	machine_put(&machine, SUPPLY "ucsi/type", "USB\n");
	machine_put(&machine, SUPPLY "ucsi/online", "0\n");
	check_mains(&machine, "yes");
	machine_put(&machine, SUPPLY "BAT0/status", "Discharging\n");
	check_mains(&machine, "no");
	machine_put(&machine, SUPPLY "ucsi/online", "1\n");
	check_mains(&machine, "yes");
	machine_release(&machine);
}
END_TEST

static void put_package(const struct machine *machine, const char *zone, const char *limit)
{
	char path[96];
	const char *const leaves[][2] = { { "enabled", "1" },
					  { "constraint_0_name", "short_term" },
					  { "constraint_0_power_limit_uw", "1000000" },
					  { "constraint_1_name", "long_term" },
					  { "constraint_1_power_limit_uw", limit },
					  { "constraint_1_max_power_uw", "125000000" } };

	for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
		snprintf(path, sizeof path, ZONE "%s/%s", zone, leaves[i][0]);
		machine_put(machine, path, leaves[i][1]);
	}
}

START_TEST(the_tightest_package_limit_in_force_counts)
{
	struct machine machine;
	double limit, rating;

	machine_init(&machine);
	put_package(&machine, "intel-rapl:0", "125000000");
	put_package(&machine, "intel-rapl:1", "95000000");
	put_package(&machine, "intel-rapl:0:0", "5000000");
	put_package(&machine, "intel-rapl-mmio:0", "45000000");
	ck_assert(power_limit(&machine.root, &limit) && power_rating(&machine.root, &rating));
	ck_assert_double_eq(limit, 45);
	ck_assert_double_eq(rating, 125);
	machine_put(&machine, ZONE "intel-rapl-mmio:0/enabled", "0");
	ck_assert(power_limit(&machine.root, &limit));
	ck_assert_double_eq(limit, 95);
	machine_release(&machine);
}
END_TEST

START_TEST(only_coolers_of_cpus_that_are_at_work_are_told)
{
	struct machine machine;
	char text[64];

	machine_init(&machine);
	machine_put(&machine, COOLER "cooling_device0/type", "Fan");
	machine_put(&machine, COOLER "cooling_device0/cur_state", "3");
	ck_assert(!power_cooling(&machine.root, text, sizeof text));
	machine_put(&machine, COOLER "cooling_device1/type", "intel_powerclamp");
	machine_put(&machine, COOLER "cooling_device1/cur_state", "-1");
	machine_put(&machine, COOLER "cooling_device1/max_state", "50");
	machine_put(&machine, COOLER "thermal_zone0/type", "Processor");
	ck_assert(power_cooling(&machine.root, text, sizeof text));
	ck_assert_str_eq(text, "none");
	machine_put(&machine, COOLER "cooling_device1/cur_state", "20");
	ck_assert(power_cooling(&machine.root, text, sizeof text));
	ck_assert_str_eq(text, "intel_powerclamp 20 of 50");
	machine_release(&machine);
}
END_TEST

START_TEST(throttles_of_cores_add_up_and_a_package_counts_once)
{
	struct machine machine;
	double count;

	machine_init(&machine);
	machine_put(&machine, CPU "0/thermal_throttle/core_throttle_count", "3");
	machine_put(&machine, CPU "1/thermal_throttle/core_throttle_count", "4");
	machine_put(&machine, CPU "0/thermal_throttle/package_throttle_count", "100");
	machine_put(&machine, CPU "1/thermal_throttle/package_throttle_count", "100");
	ck_assert(power_throttles(&machine.root, &count));
	ck_assert_double_eq(count, 107);
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("host/power", a_machine_without_supplies_says_nothing, a_laptop_knows_whether_it_is_plugged_in,
	     a_charger_on_usb_counts_and_the_battery_of_a_mouse_does_not,
	     the_tightest_package_limit_in_force_counts, only_coolers_of_cpus_that_are_at_work_are_told,
	     throttles_of_cores_add_up_and_a_package_counts_once)
