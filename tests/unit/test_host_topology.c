/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the choice of CPUs, on machines that hwloc makes up. */
#include "host/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/cpulist.h"
#include "unit.h"

static cpu_set_t set_of(const char *text)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	if (text[0])
		ck_assert_int_eq(cpulist_parse(text, &set, NULL), 0);
	return set;
}

static void check_set(const cpu_set_t *set, const char *expected)
{
	char text[128];

	ck_assert_str_eq(cpulist_format(set, text, sizeof text), expected);
}

static struct path_root this_machine(void)
{
	struct path_root root;

	ck_assert_int_eq(path_root_init(&root, "/", NULL), 0);
	return root;
}

static int choose(const char *machine, const char *allowed, const char *usable, const char *cpus,
		  struct topology *topology, struct sb_err *err)
{
	const cpu_set_t allowed_set = set_of(allowed), usable_set = set_of(usable);
	const struct path_root root = this_machine();
	cpu_set_t wish;

	setenv("HWLOC_SYNTHETIC", machine, 1);
	if (cpus)
		wish = set_of(cpus);
	return topology_choose_within(&root, &allowed_set, &usable_set, cpus ? &wish : NULL, topology, err);
}

static const struct {
	const char *machine, *allowed, *cpus;
	const char *bench, *siblings, *housekeeping, *reason;
} choices[] = {
	/* threads of a core are numbered beside each other in these machines */
	{ "core:4 pu:2", "0-7", NULL, "6", "7", "0-5", "other than that of CPU 0" },
	{ "core:4 pu:1", "0-3", NULL, "3", "", "0-2", "other than that of CPU 0" },
	{ "core:2 pu:1", "0-1", NULL, "1", "", "0", "other than that of CPU 0" },
	{ "package:2 core:2 pu:2", "0-7", NULL, "6", "7", "0-5", "sibling 7 stays idle" },
	{ "core:1 pu:1", "0", NULL, "0", "", "", "the only CPU there is" },
	{ "core:1 pu:2", "0-1", NULL, "0", "", "1", "cannot stay idle" },
	{ "core:4 pu:2", "0-1", NULL, "0", "", "1", "no core but that of CPU 0" },
	/* a whole core before a half one */
	{ "core:4 pu:2", "0-6", NULL, "4", "5", "0-3,6", "sibling 5 stays idle" },
	{ "core:4 pu:2", "2,4", NULL, "4", "", "2", "other than that of CPU 0" },
	{ "core:4 pu:2", "0-7", "2", "2", "3", "0-1,4-7", "--cpus" },
	{ "core:4 pu:2", "0-7", "2-5", "2-5", "", "0-1,6-7", "--cpus" },
	{ "core:4 pu:2", "0-7", "0", "0", "1", "2-7", "--cpus" },
	{ "core:4 pu:2", "0-7", "0-7", "0-7", "", "", "--cpus" },
};

START_TEST(the_bench_gets_a_whole_core_away_from_the_first)
{
	struct topology topology;
	struct sb_err err;

	ck_assert_int_eq(choose(choices[_i].machine, choices[_i].allowed, choices[_i].allowed,
				choices[_i].cpus, &topology, &err),
			 0);
	check_set(&topology.bench, choices[_i].bench);
	check_set(&topology.siblings, choices[_i].siblings);
	check_set(&topology.housekeeping, choices[_i].housekeeping);
	ck_assert_msg(strstr(topology.reason, choices[_i].reason) != NULL, "%s", topology.reason);
}
END_TEST

START_TEST(a_wish_outside_the_machine_is_told_what_there_is)
{
	struct topology topology;
	struct sb_err err;

	ck_assert_int_eq(choose("core:4 pu:1", "0-3", "0-3", "4", &topology, &err), -ERANGE);
	ck_assert_str_eq(err.text, "cannot run on CPUs '4': this process may use 0-3");
	ck_assert_int_eq(choose("core:4 pu:1", "0-3", "0-3", "3-4", &topology, &err), -ERANGE);
}
END_TEST

/* isolcpus= and taskset narrow what we choose from, not what may be asked for. */
START_TEST(a_wish_may_name_an_isolated_cpu)
{
	struct topology topology;
	struct sb_err err;

	ck_assert_int_eq(choose("core:4 pu:1", "0-2", "0-3", NULL, &topology, &err), 0);
	check_set(&topology.bench, "2");
	ck_assert_int_eq(choose("core:4 pu:1", "0-2", "0-3", "3", &topology, &err), 0);
	check_set(&topology.bench, "3");
	check_set(&topology.housekeeping, "0-2");
}
END_TEST

/* Four cores: the two in the middle are fast, as hwloc would find on a hybrid machine. */
static void make_hybrid(const char *path)
{
	hwloc_bitmap_t fast = hwloc_bitmap_alloc(), slow = hwloc_bitmap_alloc();
	hwloc_topology_t machine;

	ck_assert_int_eq(hwloc_topology_init(&machine), 0);
	ck_assert_int_eq(hwloc_topology_set_synthetic(machine, "core:4 pu:1"), 0);
	ck_assert_int_eq(hwloc_topology_load(machine), 0);
	ck_assert_int_eq(hwloc_bitmap_list_sscanf(fast, "1-2"), 0);
	ck_assert_int_eq(hwloc_bitmap_list_sscanf(slow, "0,3"), 0);
	ck_assert_int_eq(hwloc_cpukinds_register(machine, fast, 1, 0, NULL, 0), 0);
	ck_assert_int_eq(hwloc_cpukinds_register(machine, slow, 0, 0, NULL, 0), 0);
	ck_assert_int_eq(hwloc_topology_export_xml(machine, path, 0), 0);
	hwloc_topology_destroy(machine);
	hwloc_bitmap_free(fast);
	hwloc_bitmap_free(slow);
}

START_TEST(of_hybrid_cores_the_fast_ones_are_taken)
{
	const struct path_root root = this_machine();
	const cpu_set_t all = set_of("0-3"), without_fast = set_of("0,3");
	char path[] = "/tmp/stablebench-topology-XXXXXX";
	struct topology topology;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	make_hybrid(path);
	unsetenv("HWLOC_SYNTHETIC");
	setenv("HWLOC_XMLFILE", path, 1);
	ck_assert_int_eq(topology_choose_within(&root, &all, &all, NULL, &topology, NULL), 0);
	check_set(&topology.bench, "2");
	ck_assert_int_eq(topology_choose_within(&root, &without_fast, &all, NULL, &topology, NULL), 0);
	check_set(&topology.bench, "3");
	unlink(path);
}
END_TEST

START_TEST(asking_what_is_usable_changes_nothing)
{
	const struct path_root root = this_machine();
	cpu_set_t before, after, usable;

	ck_assert_int_eq(sched_getaffinity(0, sizeof before, &before), 0);
	ck_assert_int_eq(topology_usable(&root, &usable), 0);
	ck_assert_int_eq(sched_getaffinity(0, sizeof after, &after), 0);
	ck_assert(CPU_EQUAL(&before, &after));
	ck_assert(cpulist_is_subset(&before, &usable));
}
END_TEST

START_TEST(this_machine_has_a_choice)
{
	const struct path_root root = this_machine();
	struct topology topology;
	struct sb_err err;

	ck_assert_int_eq(topology_choose(&root, NULL, &topology, &err), 0);
	ck_assert_int_eq(CPU_COUNT(&topology.bench), 1);
	ck_assert(cpulist_is_subset(&topology.bench, &topology.allowed));
	ck_assert_str_ne(topology.reason, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("topology");
	TCase *claims = tcase_create("claims");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(claims, the_bench_gets_a_whole_core_away_from_the_first, 0,
			    (int)(sizeof choices / sizeof choices[0]));
	tcase_add_test(claims, a_wish_outside_the_machine_is_told_what_there_is);
	tcase_add_test(claims, a_wish_may_name_an_isolated_cpu);
	tcase_add_test(claims, of_hybrid_cores_the_fast_ones_are_taken);
	tcase_add_test(claims, asking_what_is_usable_changes_nothing);
	tcase_add_test(claims, this_machine_has_a_choice);
	suite_add_tcase(suite, claims);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
