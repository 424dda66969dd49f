/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/heat: which sensor tells of the benches' CPUs, and what it says. */
#include "host/heat.h"

#include <math.h>
#include "machine_fixture.h"

#define MONITOR "sys/class/hwmon/hwmon"
#define ZONE	"sys/class/thermal/thermal_zone"

static void put_zone(const struct machine *machine, int number, const char *type, const char *temp)
{
	char path[96];

	snprintf(path, sizeof path, ZONE "%d/type", number);
	machine_put(machine, path, type);
	snprintf(path, sizeof path, ZONE "%d/temp", number);
	machine_put(machine, path, temp);
}

/* `label` NULL: it has none. */
static void put_monitor(const struct machine *machine, int number, const char *name, const char *label,
			const char *temp)
{
	char path[96];

	snprintf(path, sizeof path, MONITOR "%d/name", number);
	machine_put(machine, path, name);
	snprintf(path, sizeof path, MONITOR "%d/temp1_input", number);
	machine_put(machine, path, temp);
	snprintf(path, sizeof path, MONITOR "%d/temp1_label", number);
	if (label)
		machine_put(machine, path, label);
}

/* CPUs 0 and 1 are of package 0, 2 and 3 of package 1. */
static void put_packages(const struct machine *machine)
{
	char path[96];

	for (int cpu = 0; cpu < 4; cpu++) {
		snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/topology/physical_package_id", cpu);
		machine_put(machine, path, cpu < 2 ? "0\n" : "1\n");
	}
}

static double read_for(const struct machine *machine, int cpu, const char **kind)
{
	struct heat heat;
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	heat_find(&heat, &machine->root, &cpus);
	*kind = heat.kind ? heat.kind : "none";
	return heat_read(&heat);
}

static void check_kind(const struct machine *machine, const char *kind, double celsius)
{
	const char *found;

	ck_assert_double_eq_tol(read_for(machine, 1, &found), celsius, 1e-9);
	ck_assert_str_eq(found, kind);
}

START_TEST(a_machine_without_sensors_has_no_temperature)
{
	struct machine machine;
	const char *kind;
	double celsius;

	machine_init(&machine);
	ck_assert_double_nan(read_for(&machine, 0, &kind));
	ck_assert_str_eq(kind, "none");
	put_zone(&machine, 0, "INT3400 Thermal\n", "20000\n");
	put_zone(&machine, 1, "iwlwifi_1\n", "51000\n");
	put_zone(&machine, 2, "acpitz_board\n", "51000\n");
	put_monitor(&machine, 0, "nvme\n", "Composite\n", "33850\n");
	ck_assert_double_nan(read_for(&machine, 0, &kind));
	ck_assert(!heat_warmest(&machine.root, &celsius));
	machine_release(&machine);
}
END_TEST

/* Each that is added is of more trust than those before. */
START_TEST(the_kind_of_most_trust_is_read)
{
	struct machine machine;

	machine_init(&machine);
	put_packages(&machine);
	put_zone(&machine, 0, "acpitz\n", "27800\n");
	check_kind(&machine, "acpitz", 27.8);
	put_zone(&machine, 1, "soc_thermal\n", "40000\n");
	check_kind(&machine, "soc", 40);
	put_zone(&machine, 2, "cpu0-thermal\n", "41000\n");
	put_zone(&machine, 3, "cpu-thermal\n", "43500\n");
	check_kind(&machine, "cpu", 43.5);
	put_monitor(&machine, 0, "k10temp\n", "Tctl\n", "38875\n");
	check_kind(&machine, "k10temp", 38.875);
	put_zone(&machine, 4, "x86_pkg_temp\n", "35000\n");
	check_kind(&machine, "x86_pkg_temp", 35);
	put_monitor(&machine, 1, "coretemp\n", "Package id 0\n", "36000\n");
	check_kind(&machine, "coretemp", 36);
	machine_release(&machine);
}
END_TEST

START_TEST(another_package_than_the_benchs_does_not_count)
{
	struct machine machine;
	const char *kind;
	double celsius;

	machine_init(&machine);
	put_packages(&machine);
	put_monitor(&machine, 2, "coretemp\n", "Package id 1\n", "61000\n");
	put_monitor(&machine, 5, "coretemp\n", "Package id 0\n", "44000\n");
	ck_assert_double_eq(read_for(&machine, 1, &kind), 44);
	ck_assert_double_eq(read_for(&machine, 2, &kind), 61);
	ck_assert(heat_warmest(&machine.root, &celsius));
	ck_assert_double_eq(celsius, 61);
	machine_release(&machine);
}
END_TEST

START_TEST(where_a_kind_tells_no_package_the_warmest_counts)
{
	struct machine machine;
	const char *kind;

	machine_init(&machine);
	put_packages(&machine);
	put_zone(&machine, 0, "x86_pkg_temp\n", "41000\n");
	put_zone(&machine, 1, "x86_pkg_temp\n", "43000\n");
	put_monitor(&machine, 0, "coretemp\n", "Core 0\n", "70000\n"); /* has no sensor of the package */
	ck_assert_double_eq(read_for(&machine, 0, &kind), 43);
	ck_assert_str_eq(kind, "x86_pkg_temp");
	machine_release(&machine);
}
END_TEST

START_TEST(what_is_no_temperature_is_no_sensor)
{
	static const char *const texts[] = { "",	  "\n",	       "hot\n",
					     "-273150\n", "4294967\n", "99999999999999999999\n" };
	struct machine machine;
	const char *kind;

	machine_init(&machine);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		put_zone(&machine, 0, "x86_pkg_temp\n", texts[i]);
		put_zone(&machine, 1, "acpitz\n", "-5000\n");
		ck_assert_msg(read_for(&machine, 0, &kind) == -5, "'%s': %s", texts[i], kind);
	}
	machine_release(&machine);
}
END_TEST

START_TEST(a_sensor_that_falls_silent_has_no_temperature)
{
	struct machine machine;
	struct heat heat;

	machine_init(&machine);
	put_zone(&machine, 0, "x86_pkg_temp\n", "41000\n");
	heat_find(&heat, &machine.root, NULL);
	ck_assert_double_eq(heat_read(&heat), 41);
	machine_drop(&machine, ZONE "0/temp");
	ck_assert_double_nan(heat_read(&heat));
	machine_release(&machine);
}
END_TEST

START_TEST(more_sensors_than_there_is_room_for_are_left_out)
{
	struct machine machine;
	struct heat heat;

	machine_init(&machine);
	for (int i = 0; i < HEAT_SENSORS_MAX + 5; i++)
		put_zone(&machine, i, "cpu-thermal\n", "50000\n");
	heat_find(&heat, &machine.root, NULL);
	ck_assert_uint_eq(heat.count, HEAT_SENSORS_MAX);
	ck_assert_double_eq(heat_read(&heat), 50);
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("heat", a_machine_without_sensors_has_no_temperature, the_kind_of_most_trust_is_read,
	     another_package_than_the_benchs_does_not_count, where_a_kind_tells_no_package_the_warmest_counts,
	     what_is_no_temperature_is_no_sensor, a_sensor_that_falls_silent_has_no_temperature,
	     more_sensors_than_there_is_room_for_are_left_out)
