/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/quota: limits of CPU time are found wherever control groups stand. */
#include "host/quota.h"

#include "machine_fixture.h"

#define SELF "proc/self/cgroup"
#define V2   "sys/fs/cgroup"

static void check_quota(const struct machine *machine, const char *expected)
{
	char text[32];

	ck_assert(quota_cpus(&machine->root, text, sizeof text));
	ck_assert_str_eq(text, expected);
}

START_TEST(a_host_without_groups_says_nothing)
{
	struct machine machine;
	char text[32];
	double periods;

	machine_init(&machine);
	ck_assert(!quota_cpus(&machine.root, text, sizeof text));
	ck_assert(!quota_throttled(&machine.root, &periods));
	machine_release(&machine);
}
END_TEST

START_TEST(the_tightest_limit_on_the_way_up_counts)
{
	struct machine machine;
	double periods;

	machine_init(&machine);
	machine_put(&machine, SELF, "0::/a/b\n");
	check_quota(&machine, "none");
	machine_put(&machine, V2 "/a/b/cpu.max", "max 100000\n");
	machine_put(&machine, V2 "/a/b/cpu.stat", "usage_usec 1\nnr_periods 9\nnr_throttled 0\n");
	check_quota(&machine, "none");
	ck_assert(quota_throttled(&machine.root, &periods));
	ck_assert_double_eq(periods, 0);
	machine_put(&machine, V2 "/a/cpu.max", "150000 100000\n");
	machine_put(&machine, V2 "/a/cpu.stat", "nr_throttled 7\n");
	machine_put(&machine, V2 "/other/cpu.max", "1000 100000\n");
	check_quota(&machine, "1.50");
	ck_assert(quota_throttled(&machine.root, &periods));
	ck_assert_double_eq(periods, 7);
	machine_release(&machine);
}
END_TEST

START_TEST(the_root_of_a_container_has_its_limit)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, SELF, "0::/\n");
	machine_put(&machine, V2 "/cpu.max", "50000 100000\n");
	check_quota(&machine, "0.50");
	machine_release(&machine);
}
END_TEST

START_TEST(version_1_is_read_too)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, SELF, "4:cpu,cpuacct:/docker/1\n3:cpuset:/x\n0::/\n");
	machine_put(&machine, V2 "/cpu,cpuacct/cpu.cfs_quota_us", "200000\n");
	machine_put(&machine, V2 "/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
	check_quota(&machine, "2.00");
	machine_put(&machine, V2 "/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
	check_quota(&machine, "none");
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("host/quota", a_host_without_groups_says_nothing, the_tightest_limit_on_the_way_up_counts,
	     the_root_of_a_container_has_its_limit, version_1_is_read_too)
