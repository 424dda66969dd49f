/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the choice of CPUs on recorded machines: hybrid cores, two sockets, a container's share. */
#include "host/topology.h"

#include <errno.h>
#include <string.h>
#include "base/cpulist.h"
#include "recorded_fixture.h"

static const struct {
	const char *machine;
	const char *bench, *siblings, *housekeeping;
} choices[] = {
	{ "intel-client", "3", "7", "0-2,4-6" },
	{ "intel-server", "5", "11", "0-4,6-10" },
	{ "amd-acpi-cpufreq", "6", "7", "0-5" },
	{ "amd-pstate-epp", "5", "11", "0-4,6-10" },
	/* CPUs 4 to 11 are slower */
	{ "intel-hybrid", "2", "3", "0-1,4-11" },
	{ "arm-server", "7", "", "0-6" },
	{ "vm", "3", "", "0-2" },
	/* CPUs 2 to 5 are its share */
	{ "container", "4", "5", "2-3" },
	{ "one-cpu", "0", "", "" },
};

static void check_set(const char *machine, const char *what, const cpu_set_t *set, const char *expected)
{
	char text[128];

	cpulist_format(set, text, sizeof text);
	ck_assert_msg(!strcmp(text, expected), "%s: %s is '%s' instead of '%s'", machine, what, text,
		      expected);
}

START_TEST(the_bench_gets_a_whole_fast_core_of_the_recorded_machine)
{
	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
		struct recorded recorded;
		struct topology topology;
		struct sb_err err = { 0 };

		recorded_init(&recorded, choices[i].machine);
		ck_assert_msg(!topology_choose(&recorded.root, NULL, &topology, &err), "%s: %s",
			      choices[i].machine, err.text);
		check_set(choices[i].machine, "bench", &topology.bench, choices[i].bench);
		check_set(choices[i].machine, "siblings", &topology.siblings, choices[i].siblings);
		check_set(choices[i].machine, "housekeeping", &topology.housekeeping,
			  choices[i].housekeeping);
		recorded_release(&recorded);
	}
}
END_TEST

START_TEST(a_wish_is_held_against_the_recorded_machine)
{
	struct recorded recorded;
	struct topology topology;
	struct sb_err err;
	cpu_set_t wish;

	recorded_init(&recorded, "intel-server");
	ck_assert_int_eq(cpulist_parse("9", &wish, NULL), 0);
	ck_assert_int_eq(topology_choose(&recorded.root, &wish, &topology, &err), 0);
	check_set("intel-server", "siblings", &topology.siblings, "3");
	ck_assert_int_eq(cpulist_parse("12", &wish, NULL), 0);
	ck_assert_int_eq(topology_choose(&recorded.root, &wish, &topology, &err), -ERANGE);
	ck_assert_str_eq(err.text, "cannot run on CPUs '12': this process may use 0-11");
	recorded_release(&recorded);
}
END_TEST

START_TEST(the_environment_is_as_before)
{
	struct recorded recorded;
	struct topology topology;

	setenv("HWLOC_COMPONENTS", "-opencl", 1);
	unsetenv("HWLOC_FSROOT");
	recorded_init(&recorded, "vm");
	ck_assert_int_eq(topology_choose(&recorded.root, NULL, &topology, NULL), 0);
	ck_assert_str_eq(getenv("HWLOC_COMPONENTS"), "-opencl");
	ck_assert_ptr_null(getenv("HWLOC_FSROOT"));
	recorded_release(&recorded);
}
END_TEST

START_TEST(a_tree_without_cpus_is_told_so)
{
	struct recorded recorded;
	struct topology topology;
	struct sb_err err;
	char command[256];

	recorded_init(&recorded, "vm");
	snprintf(command, sizeof command, "rm -rf '%s/sys/devices/system/cpu/'cpu?", recorded.tree);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(topology_choose(&recorded.root, NULL, &topology, &err), -EIO);
	ck_assert_msg(strstr(err.text, "cpuN/topology") != NULL, "%s", err.text);
	snprintf(command, sizeof command, "rm '%s/sys/devices/system/cpu/online'", recorded.tree);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(topology_choose(&recorded.root, NULL, &topology, &err), -ENOENT);
	recorded_release(&recorded);
}
END_TEST

START_TEST(a_tree_with_nodes_that_are_none_is_told_so)
{
	struct recorded recorded;
	struct topology topology;
	struct sb_err err;
	char command[256];

	recorded_init(&recorded, "vm");
	snprintf(command, sizeof command, "rm -rf '%s/sys/devices/system/node/'*", recorded.tree);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(topology_choose(&recorded.root, NULL, &topology, &err), -EIO);
	ck_assert_msg(strstr(err.text, "no 'nodeN'") != NULL, "%s", err.text);
	snprintf(command, sizeof command, "rmdir '%s/sys/devices/system/node'", recorded.tree);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(topology_choose(&recorded.root, NULL, &topology, &err), 0);
	recorded_release(&recorded);
}
END_TEST

RECORDED_MAIN("topology of recorded machines", the_bench_gets_a_whole_fast_core_of_the_recorded_machine,
	      a_wish_is_held_against_the_recorded_machine, the_environment_is_as_before,
	      a_tree_without_cpus_is_told_so, a_tree_with_nodes_that_are_none_is_told_so)
