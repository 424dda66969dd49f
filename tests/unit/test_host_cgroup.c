/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the knobs that make a control group: what each plans on a machine of files, and what it never
 * touches. */
#include "host/cgroup.h"

#include <errno.h>
#include "base/cpulist.h"
#include "machine_fixture.h"

#define GROUP	    CGROUP_V2 "/stablebench.12-345"
#define SUBTREE	    CGROUP_V2 "/cgroup.subtree_control"
#define CONTROLLERS CGROUP_V2 "/cgroup.controllers"
#define NODE(n)	    "sys/devices/system/node/node" #n "/cpulist"

struct bench {
	struct machine machine;
	struct knob_context context;
	struct knob_setting settings[16];
	struct knob_plan plan;
	struct condition condition;
};

static struct bench *bench_new(void)
{
	struct bench *bench = calloc(1, sizeof *bench);

	machine_init(&bench->machine);
	bench->context.root = &bench->machine.root;
	strcpy(bench->context.run_id, "12-345");
	ck_assert_int_eq(cpulist_parse("2", &bench->context.topology.bench, NULL), 0);
	ck_assert_int_eq(cpulist_parse("3", &bench->context.topology.siblings, NULL), 0);
	ck_assert_int_eq(cpulist_parse("0-1", &bench->context.topology.housekeeping, NULL), 0);
	ck_assert_int_eq(cpulist_parse("0-3", &bench->context.topology.allowed, NULL), 0);
	return bench;
}

static void bench_free(struct bench *bench)
{
	machine_release(&bench->machine);
	free(bench);
}

static void put_v2(struct bench *bench)
{
	machine_put(&bench->machine, CONTROLLERS, "cpuset cpu memory pids");
	machine_put(&bench->machine, SUBTREE, "pids");
	machine_put(&bench->machine, "proc/swaps", "Filename Type Size Used Priority\n/swap file 1 0 -2\n");
}

static void put_v1(struct bench *bench)
{
	machine_put(&bench->machine, CGROUP_V1 "/cpuset.cpus", "0-3");
	machine_put(&bench->machine, CGROUP_V1 "/cpuset.mems", "0-1");
	machine_put(&bench->machine, CGROUP_V1 "/tasks", "1");
}

static int consider(struct bench *bench, const char *knob)
{
	const struct knob_choice choice = { .with = knob_bit(knob_find(knob)) };

	bench->plan = (struct knob_plan){ .settings = bench->settings, .room = 16 };
	return knob_consider(knob_find(knob), &bench->context, &choice, &bench->plan, &bench->condition);
}

/* --- what is possible ----------------------------------------------------------------------------------- */

static void drop_controllers(struct bench *bench)
{
	machine_drop(&bench->machine, CONTROLLERS);
}

static void be_in_container(struct bench *bench)
{
	machine_put(&bench->machine, CGROUP_V2 "/cgroup.type", "domain");
}

static void be_outside(struct bench *bench)
{
	machine_put(&bench->machine, "proc/self/cgroup", "0::/../system.slice/x.service\n");
}

static void leave_to_v1(struct bench *bench)
{
	machine_put(&bench->machine, CONTROLLERS, "hugetlb");
}

static void be_read_only(struct bench *bench)
{
	ck_assert_int_eq(fchmodat(bench->machine.root.fd, SUBTREE, 0444, 0), 0);
}

static void have_one_core(struct bench *bench)
{
	CPU_ZERO(&bench->context.topology.housekeeping);
}

static void have_no_swap(struct bench *bench)
{
	machine_put(&bench->machine, "proc/swaps", "Filename Type Size Used Priority\n");
}

static void drop_cpusets(struct bench *bench)
{
	machine_drop(&bench->machine, CGROUP_V1 "/cpuset.cpus");
}

static void lock_cpusets(struct bench *bench)
{
	ck_assert_int_eq(fchmodat(bench->machine.root.fd, CGROUP_V1 "/tasks", 0444, 0), 0);
}

static const struct {
	const char *knob;
	void (*change)(struct bench *bench);
	enum condition_outcome outcome;
	const char *reason;
} hosts[] = {
	{ "cgroup", drop_controllers, CONDITION_UNSUPPORTED, "not mounted" },
	{ "cgroup", be_in_container, CONDITION_UNSUPPORTED, "container" },
	{ "cgroup", be_outside, CONDITION_UNSUPPORTED, "container" },
	{ "cgroup", be_read_only, CONDITION_DENIED, "" },
	{ "partition", drop_controllers, CONDITION_UNSUPPORTED, "not mounted" },
	{ "partition", leave_to_v1, CONDITION_UNSUPPORTED, "version 1 holds it" },
	{ "partition", be_read_only, CONDITION_DENIED, "" },
	{ "partition", have_one_core, CONDITION_UNSUPPORTED, "no housekeeping CPU" },
	{ "cgroup-v1", drop_cpusets, CONDITION_UNSUPPORTED, "not mounted" },
	{ "cgroup-v1", lock_cpusets, CONDITION_DENIED, "" },
	{ "swap", leave_to_v1, CONDITION_UNSUPPORTED, "'memory'" },
	{ "swap", have_no_swap, CONDITION_ALREADY, "no swap" },
};

START_TEST(what_a_host_cannot_do_is_told_with_its_reason)
{
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		struct bench *bench = bench_new();

		put_v2(bench);
		put_v1(bench);
		ck_assert_int_gt(consider(bench, hosts[i].knob), 0);
		hosts[i].change(bench);
		ck_assert_int_le(consider(bench, hosts[i].knob), 0);
		ck_assert_int_eq((int)bench->condition.outcome, (int)hosts[i].outcome);
		ck_assert_ptr_nonnull(strstr(bench->condition.reason, hosts[i].reason));
		bench_free(bench);
	}
}
END_TEST

/* --- what is planned -------------------------------------------------------------------------------------
 */

struct expected {
	const char *path, *before, *target;
};

static void check_plan(struct bench *bench, const char *knob, const struct expected *expected, size_t count)
{
	ck_assert_int_eq(consider(bench, knob), (int)count);
	for (size_t i = 0; i < count; i++) {
		ck_assert_str_eq(bench->settings[i].path, expected[i].path);
		ck_assert_str_eq(bench->settings[i].before, expected[i].before);
		ck_assert_str_eq(bench->settings[i].target, expected[i].target);
		ck_assert(knob_find(knob)->owns_path(knob_find(knob), expected[i].path));
	}
}

START_TEST(settings_are_planned_before_the_group_is_there)
{
	const struct expected group[] = { { GROUP, "absent", "present" } };
	const struct expected partition[] = {
		{ SUBTREE "@cpuset", "off", "on" },
		{ GROUP "/cpuset.mems", "", "1" },
		{ GROUP "/cpuset.cpus", "", "2-3" },
		{ GROUP "/cpuset.cpus.exclusive", "", "2-3" },
		{ GROUP "/cpuset.cpus.partition", "member", "isolated or root" },
	};
	const struct expected swap[] = { { SUBTREE "@memory", "off", "on" },
					 { GROUP "/memory.swap.max", "max", "0" } };
	struct bench *bench = bench_new();

	put_v2(bench);
	machine_put(&bench->machine, "sys/devices/system/node/has_memory", "0-1");
	machine_put(&bench->machine, NODE(0), "0-1");
	machine_put(&bench->machine, NODE(1), "2-3");
	check_plan(bench, "cgroup", group, 1);
	check_plan(bench, "partition", partition, 5);
	check_plan(bench, "swap", swap, 2);
	bench_free(bench);
}
END_TEST

START_TEST(a_cpuset_of_version_1_has_its_memory_before_its_cpus)
{
	const struct expected cpuset[] = {
		{ CGROUP_V1 "/stablebench.12-345", "absent", "present" },
		{ CGROUP_V1 "/stablebench.12-345/cpuset.mems", "", "0-1" },
		{ CGROUP_V1 "/stablebench.12-345/cpuset.cpus", "", "2-3" },
		{ CGROUP_V1 "/stablebench.12-345/cpuset.cpu_exclusive", "0", "1" },
	};
	struct bench *bench = bench_new();

	put_v1(bench);
	check_plan(bench, "cgroup-v1", cpuset, 4);
	bench_free(bench);
}
END_TEST

/* --- the cache ------------------------------------------------------------------------------------------ */

#define CACHE_GROUP CGROUP_RESCTRL "/stablebench.12-345"

static void put_resctrl(struct bench *bench)
{
	machine_put(&bench->machine, CGROUP_RESCTRL "/schemata", "    MB:0=100;1=100\n    L3:0=7ff;1=7ff\n");
	machine_put(&bench->machine, CGROUP_RESCTRL "/info/L3/cbm_mask", "7ff");
	machine_put(&bench->machine, CGROUP_RESCTRL "/info/L3/min_cbm_bits", "2");
	machine_put(&bench->machine, "sys/devices/system/cpu/cpu2/cache/index0/level", "1");
	machine_put(&bench->machine, "sys/devices/system/cpu/cpu2/cache/index1/level", "3");
	machine_put(&bench->machine, "sys/devices/system/cpu/cpu2/cache/index1/id", "1");
}

START_TEST(the_cache_is_halved_where_the_bench_is)
{
	static const struct expected cache[] = {
		{ CACHE_GROUP, "absent", "present" },
		{ CGROUP_RESCTRL "/schemata@L3", "0=7ff;1=7ff", "0=7ff;1=1f" },
		{ CACHE_GROUP "/schemata@L3", "", "0=7ff;1=7e0" },
		{ CACHE_GROUP "/cpus_list", "", "2-3" },
	};
	struct bench *bench = bench_new();

	put_resctrl(bench);
	check_plan(bench, "resctrl", cache, 4);
	bench_free(bench);
}
END_TEST

static void unmount_resctrl(struct bench *bench)
{
	machine_drop(&bench->machine, CGROUP_RESCTRL "/schemata");
}

static void divide_cache(struct bench *bench)
{
	machine_put(&bench->machine, CGROUP_RESCTRL "/schemata", "L3:0=7ff;1=7f0\n");
}

static void make_other_group(struct bench *bench)
{
	machine_put(&bench->machine, CGROUP_RESCTRL "/database/schemata", "L3:0=7ff;1=7ff\n");
}

static void have_few_ways(struct bench *bench)
{
	machine_put(&bench->machine, CGROUP_RESCTRL "/info/L3/min_cbm_bits", "6");
}

START_TEST(a_cache_that_cannot_be_halved_is_left_alone)
{
	static const struct {
		void (*change)(struct bench *bench);
		const char *reason;
	} caches[] = {
		{ unmount_resctrl, "not mounted" },
		{ divide_cache, "somebody has divided" },
		{ make_other_group, "somebody has divided" },
		{ have_few_ways, "cannot be divided" },
	};

	for (size_t i = 0; i < sizeof caches / sizeof caches[0]; i++) {
		struct bench *bench = bench_new();

		put_resctrl(bench);
		caches[i].change(bench);
		ck_assert_int_le(consider(bench, "resctrl"), 0);
		ck_assert_int_eq((int)bench->condition.outcome, CONDITION_UNSUPPORTED);
		ck_assert_ptr_nonnull(strstr(bench->condition.reason, caches[i].reason));
		bench_free(bench);
	}
}
END_TEST

START_TEST(others_lose_no_cache_where_the_bench_gets_none)
{
	const struct knob *knob = knob_find("resctrl");
	static const char key[] = CGROUP_RESCTRL "/schemata@L3";
	struct bench *bench = bench_new();
	const struct path_root *root = &bench->machine.root;

	put_resctrl(bench);
	ck_assert_int_eq(knob_write(knob, root, key, "0=7ff;1=1f", NULL), -ENOENT);
	ck_assert_int_eq(knob_write(knob, root, CACHE_GROUP, "present", NULL), 0);
	ck_assert_int_eq(knob_write(knob, root, key, "0=7ff;1=1f", NULL), 0);
	ck_assert_int_eq(knob_write(knob, root, CACHE_GROUP, "absent", NULL), 0);
	ck_assert_int_eq(knob_write(knob, root, key, "0=7ff;1=7ff", NULL), 0);
	bench_free(bench);
}
END_TEST

START_TEST(of_the_cache_only_its_own_keys_are_written)
{
	static const char *const strange[] = { CGROUP_RESCTRL,
					       CGROUP_RESCTRL "/schemata",
					       CGROUP_RESCTRL "/cpus_list",
					       CGROUP_RESCTRL "/schemata@MB",
					       CGROUP_RESCTRL "/database/schemata@L3",
					       CACHE_GROUP "/tasks",
					       CACHE_GROUP "/../schemata@L3" };
	const struct knob *knob = knob_find("resctrl");

	for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++)
		ck_assert(!knob->owns_path(knob, strange[i]));
	ck_assert(knob->owns_path(knob, CACHE_GROUP));
	ck_assert(knob->owns_path(knob, CACHE_GROUP "/cpus_list"));
	ck_assert(knob->owns_path(knob, CGROUP_RESCTRL "/schemata@L3DATA"));
	ck_assert(knob_is_same(knob, "0=7ff;1=01f", "0=7ff;1=1f"));
	ck_assert(!knob_is_same(knob, "0=7ff;1=1f", "0=7ff;1=1e"));
}
END_TEST

START_TEST(slices_are_those_of_the_machine_itself)
{
	const struct knob *knob = knob_find("slices");
	struct bench *bench = bench_new();
	char text[KNOB_VALUE];

	put_v2(bench);
	ck_assert_int_le(consider(bench, "slices"), 0);
	ck_assert_int_eq((int)bench->condition.outcome, CONDITION_UNSUPPORTED);
	ck_assert(knob->owns_path(knob, "systemd/user.slice/AllowedCPUs"));
	ck_assert_int_lt(knob_read(knob, bench->context.root, "systemd/user.slice/AllowedCPUs", text,
				   sizeof text, NULL),
			 0);
	ck_assert_int_lt(knob_write(knob, bench->context.root, "systemd/user.slice/AllowedCPUs", "0", NULL),
			 0);
	bench_free(bench);
}
END_TEST

START_TEST(many_tasks_get_a_load_balancer)
{
	struct bench *bench = bench_new();

	put_v2(bench);
	bench->context.is_shared = true;
	ck_assert_int_eq(consider(bench, "partition"), 4); /* a machine without nodes has no list of them */
	ck_assert_str_eq(bench->settings[3].target, "root");
	bench_free(bench);
}
END_TEST

START_TEST(a_controller_that_is_on_is_left_on)
{
	struct bench *bench = bench_new();

	put_v2(bench);
	machine_put(&bench->machine, SUBTREE, "cpuset memory");
	ck_assert_int_eq(consider(bench, "partition"), 3);
	ck_assert_str_eq(bench->settings[0].path, GROUP "/cpuset.cpus");
	ck_assert_int_eq(consider(bench, "swap"), 1);
	bench_free(bench);
}
END_TEST

/* --- keys ------------------------------------------------------------------------------------------------
 */

static const char *read_key(struct bench *bench, const char *path)
{
	static char text[KNOB_VALUE];

	ck_assert_int_ge(cgroup_read(bench->context.root, path, text, sizeof text, NULL), 0);
	return text;
}

START_TEST(a_controller_that_others_came_to_need_stays)
{
	struct bench *bench = bench_new();

	put_v2(bench);
	ck_assert_str_eq(read_key(bench, SUBTREE "@cpuset"), "off");
	machine_put(&bench->machine, SUBTREE, "cpuset");
	machine_put(&bench->machine, CGROUP_V2 "/other/cpuset.cpus", "");
	machine_put(&bench->machine, GROUP "/cpuset.cpus", "2-3");
	ck_assert_str_eq(read_key(bench, SUBTREE "@cpuset"), "on");
	ck_assert(!cgroup_is_same("on", "off"));
	machine_put(&bench->machine, CGROUP_V2 "/other/cpuset.cpus", "1");
	ck_assert(cgroup_is_same(read_key(bench, SUBTREE "@cpuset"), "off"));
	ck_assert(cgroup_is_same(read_key(bench, SUBTREE "@cpuset"), "on"));
	bench_free(bench);
}
END_TEST

START_TEST(a_kernel_that_drops_a_partition_is_found_out)
{
	const struct knob *knob = knob_find("partition");

	ck_assert(knob->is_watched);
	ck_assert(knob_is_same(knob, "isolated", "isolated or root"));
	ck_assert(knob_is_same(knob, "root", "isolated or root"));
	ck_assert(!knob_is_same(knob, "member", "isolated or root"));
	ck_assert(!knob_is_same(knob, "isolated invalid (Cpu list in cpuset.cpus not exclusive)",
				"isolated or root"));
	ck_assert(!knob_is_same(knob, "isolated", "isolated invalid (no reason)"));
	ck_assert(knob_is_same(knob, "2-3", "2,3"));
}
END_TEST

START_TEST(a_group_is_made_and_removed)
{
	struct bench *bench = bench_new();

	put_v2(bench);
	ck_assert_str_eq(read_key(bench, GROUP), "absent");
	ck_assert_int_eq(cgroup_write(bench->context.root, GROUP, "present", NULL), 0);
	ck_assert_str_eq(read_key(bench, GROUP), "present");
	ck_assert_int_eq(cgroup_write(bench->context.root, GROUP, "absent", NULL), 0);
	ck_assert_int_eq(cgroup_write(bench->context.root, GROUP, "absent", NULL), 0);
	ck_assert_str_eq(read_key(bench, GROUP), "absent");
	bench_free(bench);
}
END_TEST

static bool is_first_alive(int pid, unsigned long long start)
{
	return pid == 1 && start == 10;
}

START_TEST(only_empty_groups_of_dead_sessions_are_swept)
{
	struct bench *bench = bench_new();
	const struct path_root *root = bench->context.root;

	put_v2(bench);
	path_make_folder(root, CGROUP_V2 "/stablebench.1-10", NULL);
	path_make_folder(root, CGROUP_V2 "/stablebench.2-10", NULL);
	path_make_folder(root, CGROUP_V2 "/stablebench.mine", NULL);
	path_make_folder(root, CGROUP_V2 "/user.slice", NULL);
	machine_put(&bench->machine, CGROUP_V2 "/stablebench.3-10/busy", "");
	ck_assert_uint_eq(cgroup_sweep(root, is_first_alive), 1);
	ck_assert(path_exists(root, CGROUP_V2 "/stablebench.1-10"));
	ck_assert(!path_exists(root, CGROUP_V2 "/stablebench.2-10"));
	ck_assert(path_exists(root, CGROUP_V2 "/stablebench.3-10"));
	ck_assert(path_exists(root, CGROUP_V2 "/stablebench.mine"));
	ck_assert(path_exists(root, CGROUP_V2 "/user.slice"));
	bench_free(bench);
}
END_TEST

START_TEST(nothing_else_is_ever_written)
{
	static const char *const forged[] = {
		CGROUP_V2,
		SUBTREE,
		SUBTREE "@pids",
		SUBTREE "@cpuset/..",
		CGROUP_V2 "/system.slice",
		CGROUP_V2 "/stablebench.1",
		CGROUP_V2 "/stablebench.-1-2",
		CGROUP_V2 "/stablebench. 1-2",
		CGROUP_V2 "/stablebench.1-2x",
		CGROUP_V2 "/stablebench.1-2/..",
		CGROUP_V2 "/stablebench.1-2/../system.slice",
		CGROUP_V2 "/stablebench.1-2/cgroup.procs",
		CGROUP_V2 "/stablebench.1-2/inner/cpuset.cpus",
		CGROUP_V1,
		CGROUP_V1 "/tasks",
		CGROUP_V1 "/stablebench.1-2/tasks",
		"systemd/ssh.service/AllowedCPUs",
		"systemd/user.slice/CPUQuota",
		"sys/fs/cgroup2/stablebench.1-2",
		"etc/passwd",
	};
	static const char *const names[] = { "cgroup", "partition", "swap", "cgroup-v1", "slices" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		for (size_t j = 0; j < sizeof forged / sizeof forged[0]; j++)
			ck_assert_msg(!knob_find(names[i])->owns_path(knob_find(names[i]), forged[j]),
				      "%s: %s", names[i], forged[j]);
}
END_TEST

MACHINE_MAIN("cgroup", what_a_host_cannot_do_is_told_with_its_reason,
	     settings_are_planned_before_the_group_is_there,
	     a_cpuset_of_version_1_has_its_memory_before_its_cpus, the_cache_is_halved_where_the_bench_is,
	     a_cache_that_cannot_be_halved_is_left_alone, others_lose_no_cache_where_the_bench_gets_none,
	     of_the_cache_only_its_own_keys_are_written, slices_are_those_of_the_machine_itself,
	     many_tasks_get_a_load_balancer, a_controller_that_is_on_is_left_on,
	     a_controller_that_others_came_to_need_stays, a_kernel_that_drops_a_partition_is_found_out,
	     a_group_is_made_and_removed, only_empty_groups_of_dead_sessions_are_swept,
	     nothing_else_is_ever_written)
