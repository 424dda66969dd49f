/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/pmu_wide: which PMUs count for more than a task, on which CPU, and for whom. */
#include "host/pmu_wide.h"

#include "base/cpulist.h"
#include "machine_fixture.h"

#define DEVICES "sys/bus/event_source/devices/"
#define CPU	"sys/devices/system/cpu/"

struct cpu_row {
	const char *name, *package, *die, *cache, *core;
};

/* Two packages; of the first each core has two threads, and each cache serves one core. */
static const struct cpu_row two_packages[] = {
	{ "cpu0", "0-3", "0-3", "0-1", "0-1" }, { "cpu1", "0-3", "0-3", "0-1", "0-1" },
	{ "cpu2", "0-3", "0-3", "2-3", "2-3" }, { "cpu3", "0-3", "0-3", "2-3", "2-3" },
	{ "cpu4", "4-5", "4-5", "4-5", "4" },	{ "cpu5", "4-5", "4-5", "4-5", "5" },
};

static const char *const pmus[][2] = {
	{ "software/type", "1" },      { "tracepoint/type", "2" },
	{ "tracepoint/cpumask", "0" }, /* whatever it says */
	{ "cpu/type", "4" },	       { "cpu/cpumask", "0" },
	{ "cpu_atom/type", "10" },     { "cpu_atom/cpus", "4-5" },
	{ "cpu_atom/cpumask", "4" },   { "kprobe/type", "6" },
	{ "uprobe/type", "7" },	       { "msr/type", "9" },
	{ "power/type", "21" },	       { "power/cpumask", "0,4" },
	{ "amd_l3/type", "22" },       { "amd_l3/cpumask", "0,2,4" },
	{ "cstate_core/type", "23" },  { "cstate_core/cpumask", "0,2,4-5" },
	{ "i915/type", "24" },	       { "i915/cpumask", "0" },
	{ "far/type", "25" },	       { "far/cpumask", "4-5" },
	{ "garbled/type", "26" },      { "garbled/cpumask", "all of them" },
	{ "beyond/type", "27" },       { "beyond/cpumask", "99999" },
	{ "empty/type", "28" },	       { "empty/cpumask", "" },
	{ "arm_spe_0/type", "29" },    { "arm_spe_0/cpumask", "0-5" },
	{ "each/type", "30" },	       { "each/cpumask", "0-5" },
};

static void put(const struct machine *machine, const char *folder, const char *name, const char *text)
{
	char path[400];

	snprintf(path, sizeof path, "%s%s", folder, name);
	machine_put(machine, path, text);
}

static void put_cpu(const struct machine *machine, const struct cpu_row *row)
{
	char folder[160];

	snprintf(folder, sizeof folder, CPU "%s/", row->name);
	put(machine, folder, "topology/core_siblings_list", row->package);
	put(machine, folder, "topology/die_cpus_list", row->die);
	put(machine, folder, "topology/thread_siblings_list", row->core);
	put(machine, folder, "cache/index3/shared_cpu_list", row->cache);
}

static void two_packages_init(struct machine *machine)
{
	machine_init(machine);
	machine_put(machine, CPU "online", "0-5\n");
	for (size_t i = 0; i < sizeof two_packages / sizeof two_packages[0]; i++)
		put_cpu(machine, &two_packages[i]);
	for (size_t i = 0; i < sizeof pmus / sizeof pmus[0]; i++)
		put(machine, DEVICES, pmus[i][0], pmus[i][1]);
}

static int find(const struct machine *machine, uint32_t type, const char *bench, struct pmu_wide *wide)
{
	cpu_set_t cpus;

	ck_assert_int_eq(cpulist_parse(bench, &cpus, NULL), 0);
	*wide = (struct pmu_wide){ 9999, PMU_REACH_TASK };
	return pmu_wide_find(&machine->root, type, &cpus, wide);
}

START_TEST(the_cpu_and_whom_it_counts_for_follow_from_the_mask)
{
	static const struct {
		uint32_t type;
		const char *bench;
		unsigned cpu;
		enum pmu_reach reach;
	} rows[] = {
		{ 21, "3", 0, PMU_REACH_PACKAGE },   { 21, "5", 4, PMU_REACH_PACKAGE },
		{ 21, "0-3", 0, PMU_REACH_PACKAGE }, { 22, "1", 0, PMU_REACH_CACHE },
		{ 22, "3", 2, PMU_REACH_CACHE },     { 22, "5", 4, PMU_REACH_PACKAGE },
		{ 23, "3", 2, PMU_REACH_CACHE },     { 23, "5", 5, PMU_REACH_CORE },
		{ 24, "5", 0, PMU_REACH_HOST },	     { 24, "0-5", 0, PMU_REACH_HOST },
		{ 30, "3", 3, PMU_REACH_CPU },
	};
	struct machine machine;
	struct pmu_wide wide;

	two_packages_init(&machine);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ck_assert_msg(find(&machine, rows[i].type, rows[i].bench, &wide) == 0, "row %zu", i);
		ck_assert_msg(wide.cpu == rows[i].cpu && wide.reach == rows[i].reach,
			      "row %zu: CPU %u of a %s", i, wide.cpu, pmu_reach_name(wide.reach));
	}
	machine_release(&machine);
}
END_TEST

START_TEST(one_cpu_of_a_machine_of_one_package_is_for_the_package)
{
	static const struct cpu_row row = { "cpu1", "0-1", "0-1", "0-1", "1" };
	struct machine machine;
	struct pmu_wide wide;

	machine_init(&machine);
	machine_put(&machine, CPU "online", "0-1\n");
	put_cpu(&machine, &row);
	put(&machine, DEVICES, "power/type", "21");
	put(&machine, DEVICES, "power/cpumask", "0\n");
	ck_assert_int_eq(find(&machine, 21, "1", &wide), 0);
	ck_assert_uint_eq(wide.cpu, 0);
	ck_assert_int_eq(wide.reach, PMU_REACH_PACKAGE);
	machine_release(&machine);
}
END_TEST

START_TEST(a_count_that_leaves_out_cpus_of_the_bench_is_refused)
{
	struct machine machine;
	struct pmu_wide wide;

	two_packages_init(&machine);
	ck_assert_int_eq(find(&machine, 21, "3,5", &wide), -EXDEV);
	ck_assert_int_eq(find(&machine, 22, "0-3", &wide), -EXDEV);
	ck_assert_int_eq(find(&machine, 30, "2-3", &wide), -EXDEV);
	ck_assert_int_eq(find(&machine, 25, "0", &wide), -ENODEV); /* it has none for this package */
	machine_release(&machine);
}
END_TEST

/* Also when the mask of a kind that is for tasks, or a text that is none, says otherwise. */
START_TEST(no_other_pmu_counts_for_everybody)
{
	static const uint32_t types[] = { 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 26, 27, 28, 29, 31, UINT32_MAX };
	struct machine machine;
	struct pmu_wide wide;

	two_packages_init(&machine);
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		ck_assert_msg(find(&machine, types[i], "0", &wide) == -EPERM, "type %u", types[i]);
		ck_assert_int_eq(wide.reach, PMU_REACH_TASK);
	}
	machine_release(&machine);
}
END_TEST

START_TEST(each_reach_has_a_name_of_its_own)
{
	for (int i = 0; i < PMU_REACHES; i++)
		for (int k = 0; k < i; k++)
			ck_assert_str_ne(pmu_reach_name((enum pmu_reach)i),
					 pmu_reach_name((enum pmu_reach)k));
}
END_TEST

MACHINE_MAIN("host pmu_wide", the_cpu_and_whom_it_counts_for_follow_from_the_mask,
	     one_cpu_of_a_machine_of_one_package_is_for_the_package,
	     a_count_that_leaves_out_cpus_of_the_bench_is_refused, no_other_pmu_counts_for_everybody,
	     each_reach_has_a_name_of_its_own)
