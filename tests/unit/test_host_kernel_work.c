/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the knobs that move the kernel's own work away, and those that are one file. */
#include "host/knob.h"

#include <errno.h>
#include "keeper/control.h"
#include "keeper/restore.h"
#include "machine_fixture.h"

#define KERNEL	 "proc/sys/kernel/"
#define INTEL	 "sys/devices/system/cpu/intel_pstate/"
#define IRQ	 "proc/irq/"
#define NET	 "sys/class/net/"
#define SETTINGS 64

/* Eight CPUs; the bench has 2, and 6 beside it is kept idle. */
struct bench {
	struct machine machine;
	struct knob_context context;
	struct knob_choice choice;
	struct knob_setting settings[SETTINGS];
	struct knob_plan plan;
	struct condition condition;
};

static void choose(struct topology *topology)
{
	memset(topology, 0, sizeof *topology);
	for (int cpu = 0; cpu < 8; cpu++) {
		CPU_SET(cpu, &topology->allowed);
		CPU_SET(cpu, &topology->housekeeping);
	}
	CPU_CLR(2, &topology->housekeeping);
	CPU_CLR(6, &topology->housekeeping);
	CPU_SET(2, &topology->bench);
	CPU_SET(6, &topology->siblings);
}

static struct bench *bench_new(void)
{
	struct bench *bench = calloc(1, sizeof *bench);

	machine_init(&bench->machine);
	machine_put(&bench->machine, "sys/devices/system/cpu/online", "0-7");
	bench->context.root = &bench->machine.root;
	bench->context.latency_fd = bench->context.cgroup_procs_fd = -1;
	bench->choice.profile = KNOB_PROFILE_STRICT;
	choose(&bench->context.topology);
	return bench;
}

static void bench_free(struct bench *bench)
{
	machine_release(&bench->machine);
	free(bench);
}

static int consider(struct bench *bench, const char *name)
{
	const struct knob *knob = knob_find(name);
	struct knob_choice choice = bench->choice;

	ck_assert_msg(knob != NULL, "no knob '%s'", name);
	if (knob->level == KNOB_BY_NAME)
		choice.with |= knob_bit(knob);
	bench->plan = (struct knob_plan){ .settings = bench->settings, .room = SETTINGS };
	return knob_consider(knob, &bench->context, &choice, &bench->plan, &bench->condition);
}

/* --- one file each ----------------------------------------------------------------------------------------
 */

static const struct one_file {
	const char *knob, *path, *before;
	const char *target; /* NULL: as wanted already */
} files[] = {
	{ "vmstat", "proc/sys/vm/stat_interval", "1", "120" },
	{ "vmstat", "proc/sys/vm/stat_interval", "120", NULL },
	{ "vmstat", "proc/sys/vm/stat_interval", "600", NULL },
	{ "watchdog-cpus", KERNEL "watchdog_cpumask", "0-7", "0-1,3-5,7" },
	{ "watchdog-cpus", KERNEL "watchdog_cpumask", "0,4", NULL },
	{ "watchdog-cpus", KERNEL "watchdog_cpumask", "2,6", "0-1,3-5,7" },
	{ "nmi-watchdog", KERNEL "nmi_watchdog", "1", "0" },
	{ "nmi-watchdog", KERNEL "nmi_watchdog", "0", NULL },
	{ "soft-watchdog", KERNEL "soft_watchdog", "1", "0" },
	{ "timer-migration", KERNEL "timer_migration", "1", "0" },
	{ "perf-sampling", KERNEL "perf_event_max_sample_rate", "100000", "1" },
	{ "perf-sampling", KERNEL "perf_event_max_sample_rate", "1", NULL },
	{ "printk", KERNEL "printk", "7\t4\t1\t7", "1\t4\t1\t7" },
	{ "printk", KERNEL "printk", "1\t4\t1\t7", NULL },
	{ "printk", KERNEL "printk", "0\t3\t1\t3", NULL },
	{ "mce-polling", "sys/devices/system/machinecheck/machinecheck0/ignore_ce", "0", "1" },
	{ "workqueue", "sys/devices/virtual/workqueue/cpumask", "ff", "bb" },
	{ "workqueue", "sys/devices/virtual/workqueue/cpumask", "00000000,00000031", NULL },
	{ "writeback", "sys/bus/workqueue/devices/writeback/cpumask", "f0", "b0" },
	{ "irq-default", IRQ "default_smp_affinity", "44", "bb" },
	{ "compaction", "proc/sys/vm/compaction_proactiveness", "20", "0" },
	{ "khugepaged", "sys/kernel/mm/transparent_hugepage/khugepaged/defrag", "1", "0" },
	{ "ksm", "sys/kernel/mm/ksm/run", "1", "0" },
	{ "ksm", "sys/kernel/mm/ksm/run", "0", NULL },
	{ "ksm", "sys/kernel/mm/ksm/run", "2", NULL },
	{ "hwp-dynamic-boost", INTEL "hwp_dynamic_boost", "1", "0" },
	{ "energy-efficiency", INTEL "energy_efficiency", "1", "0" },
	{ "numa-balancing", KERNEL "numa_balancing", "2", "0" },
};

#define FILES (sizeof files / sizeof files[0])

START_TEST(a_knob_of_one_file_plans_what_it_should_hold)
{
	struct bench *bench = bench_new();

	bench->context.wants_counters = true;
	machine_put(&bench->machine, "sys/devices/system/node/online", "0-1");
	for (size_t i = 0; i < FILES; i++) {
		machine_put(&bench->machine, files[i].path, files[i].before);
		ck_assert_int_eq(consider(bench, files[i].knob), files[i].target ? 1 : 0);
		ck_assert_str_eq(bench->condition.before, files[i].before);
		if (!files[i].target) {
			ck_assert_int_eq(bench->condition.outcome, CONDITION_ALREADY);
			ck_assert_str_eq(bench->condition.value, files[i].before);
			continue;
		}
		ck_assert_str_eq(bench->settings[0].path, files[i].path);
		ck_assert_str_eq(bench->settings[0].before, files[i].before);
		ck_assert_str_eq(bench->settings[0].target, files[i].target);
	}
	bench_free(bench);
}
END_TEST

START_TEST(a_knob_of_one_file_owns_that_file_only)
{
	struct bench *bench = bench_new();
	char path[KNOB_PATH];

	for (size_t i = 0; i < FILES; i++) {
		const struct knob *knob = knob_find(files[i].knob);

		ck_assert(knob->owns_path(knob, files[i].path));
		snprintf(path, sizeof path, "%s/", files[i].path);
		ck_assert(!knob->owns_path(knob, path));
		snprintf(path, sizeof path, "/%s", files[i].path);
		ck_assert(!knob->owns_path(knob, path));
		ck_assert(!knob->owns_path(knob, KERNEL "core_pattern"));
		ck_assert(!knob->owns_path(knob, KERNEL "watchdog"));
		ck_assert(!knob->owns_path(knob, ""));
	}
	bench_free(bench);
}
END_TEST

/* Of a file that is not there the noise is gone too, but for what the kernel does all the same. */
START_TEST(what_a_kernel_lacks_is_told_in_plain_words)
{
	static const char *const missed = "workqueue writeback irq-default";
	struct bench *bench = bench_new();

	for (size_t i = 0; i < FILES; i++) {
		const bool is_missed = strstr(missed, files[i].knob);

		ck_assert_int_eq(consider(bench, files[i].knob), is_missed ? -ENOTSUP : 0);
		ck_assert_int_eq(bench->condition.outcome,
				 is_missed ? CONDITION_UNSUPPORTED : CONDITION_ALREADY);
		ck_assert_str_ne(bench->condition.reason, "");
		ck_assert_ptr_null(strchr(bench->condition.reason, '/'));
	}
	bench_free(bench);
}
END_TEST

START_TEST(no_set_of_cpus_is_ever_empty_or_offline)
{
	struct bench *bench = bench_new();

	machine_put(&bench->machine, IRQ "default_smp_affinity", "f44");
	ck_assert_int_eq(consider(bench, "irq-default"), 1);
	ck_assert_str_eq(bench->settings[0].target, "bb"); /* 8 to 11 are not online */
	CPU_ZERO(&bench->context.topology.housekeeping);
	ck_assert_int_eq(consider(bench, "irq-default"), -ENOTSUP);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_UNSUPPORTED);
	ck_assert_str_eq(bench->condition.reason, "no housekeeping CPU");
	machine_put(&bench->machine, IRQ "default_smp_affinity", "45");
	ck_assert_int_eq(consider(bench, "irq-default"), 1);
	ck_assert_str_eq(bench->settings[0].target, "1");
	machine_put(&bench->machine, IRQ "default_smp_affinity", "junk");
	ck_assert_int_eq(consider(bench, "irq-default"), -ENOTSUP);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_FAILED);
	bench_free(bench);
}
END_TEST

START_TEST(the_nmi_watchdog_stays_unless_counters_are_wanted_or_it_is_named)
{
	struct bench *bench = bench_new();

	machine_put(&bench->machine, KERNEL "nmi_watchdog", "1");
	ck_assert_int_eq(consider(bench, "nmi-watchdog"), -ENOTSUP);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_REFUSED);
	ck_assert_str_eq(bench->condition.reason, "no hardware counters are wanted");
	ck_assert_str_eq(bench->condition.mend, "stablebench run --with nmi-watchdog");
	bench->context.wants_counters = true;
	ck_assert_int_eq(consider(bench, "nmi-watchdog"), 1);
	bench->choice.profile = KNOB_PROFILE_NONE;
	ck_assert_int_eq(consider(bench, "nmi-watchdog"), -ENOTSUP);
	bench->context.wants_counters = false;
	bench->choice.with = knob_bit(knob_find("nmi-watchdog"));
	ck_assert_int_eq(consider(bench, "nmi-watchdog"), 1);
	bench_free(bench);
}
END_TEST

START_TEST(memory_moves_only_between_several_nodes)
{
	struct bench *bench = bench_new();

	machine_put(&bench->machine, KERNEL "numa_balancing", "1");
	ck_assert_int_eq(consider(bench, "numa-balancing"), 0);
	machine_put(&bench->machine, "sys/devices/system/node/online", "0");
	ck_assert_int_eq(consider(bench, "numa-balancing"), 0);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_ALREADY);
	machine_put(&bench->machine, "sys/devices/system/node/online", "0,2");
	ck_assert_int_eq(consider(bench, "numa-balancing"), 1);
	bench_free(bench);
}
END_TEST

START_TEST(a_brake_that_is_off_forbids_the_sampling_rate)
{
	static const char *const percents[] = { "0", "100", "25" };
	struct bench *bench = bench_new();

	machine_put(&bench->machine, KERNEL "perf_event_max_sample_rate", "4000");
	for (size_t i = 0; i < 3; i++) {
		machine_put(&bench->machine, KERNEL "perf_cpu_time_max_percent", percents[i]);
		ck_assert_int_eq(consider(bench, "perf-sampling"), i < 2 ? -ENOTSUP : 1);
		ck_assert_int_eq(bench->condition.mend[0] != '\0', i < 2);
	}
	bench_free(bench);
}
END_TEST

START_TEST(a_rate_that_the_kernel_lowered_is_no_strangers)
{
	const struct knob *knob = knob_find("perf-sampling");

	ck_assert(knob_is_same(knob, "63000", "100000"));
	ck_assert(knob_is_same(knob, "1", "1"));
	ck_assert(!knob_is_same(knob, "1", "100000"));
	ck_assert(!knob_is_same(knob, "200000", "100000"));
	ck_assert(!knob_is_same(knob, "250", "1"));
}
END_TEST

/* --- interrupts -------------------------------------------------------------------------------------------
 */

static void put_irq(const struct bench *bench, const char *number, const char *mask, const char *actions)
{
	char path[KNOB_PATH];

	snprintf(path, sizeof path, IRQ "%s/smp_affinity", number);
	machine_put(&bench->machine, path, mask);
	snprintf(path, sizeof path, "sys/kernel/irq/%s/actions", number);
	machine_put(&bench->machine, path, actions);
}

static const struct knob_setting *find_setting(const struct bench *bench, const char *path)
{
	for (size_t i = 0; i < bench->plan.count; i++)
		if (!strcmp(bench->settings[i].path, path))
			return &bench->settings[i];
	return NULL;
}

START_TEST(interrupts_leave_the_bench_core_and_no_other)
{
	struct bench *bench = bench_new();

	ck_assert_int_eq(consider(bench, "irq-affinity"), -ENOTSUP);
	machine_put(&bench->machine, IRQ "default_smp_affinity", "ff");
	put_irq(bench, "1", "ff", "i8042");
	put_irq(bench, "24", "bb", "nvme0q0");
	put_irq(bench, "25", "04", "eth0-rx-0,eth0-tx-0");
	ck_assert_int_eq(consider(bench, "irq-affinity"), 2);
	ck_assert_str_eq(bench->condition.before, "2 of 3");
	ck_assert_str_eq(find_setting(bench, IRQ "1/smp_affinity")->target, "bb");
	ck_assert_str_eq(find_setting(bench, IRQ "1/smp_affinity")->identity, "i8042");
	ck_assert_str_eq(find_setting(bench, IRQ "25/smp_affinity")->target, "bb");
	ck_assert_str_eq(find_setting(bench, IRQ "25/smp_affinity")->identity, "eth0-rx-0,eth0-tx-0");
	put_irq(bench, "1", "bb", "i8042");
	put_irq(bench, "25", "bb", "eth0-rx-0,eth0-tx-0");
	ck_assert_int_eq(consider(bench, "irq-affinity"), 0);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_ALREADY);
	bench_free(bench);
}
END_TEST

START_TEST(one_interrupt_that_can_be_moved_is_enough_to_try)
{
	struct bench *bench = bench_new();

	machine_put(&bench->machine, IRQ "default_smp_affinity", "bb");
	put_irq(bench, "1", "ff", "i8042");
	put_irq(bench, "2", "ff", "cascade");
	ck_assert_int_eq(fchmodat(bench->machine.root.fd, IRQ "2/smp_affinity", 0444, 0), 0);
	ck_assert_int_eq(consider(bench, "irq-affinity"), 2);
	ck_assert_int_eq(fchmodat(bench->machine.root.fd, IRQ "1/smp_affinity", 0444, 0), 0);
	ck_assert_int_eq(consider(bench, "irq-affinity"), 0);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_ALREADY);
	ck_assert_ptr_nonnull(strstr(bench->condition.reason, "2 cannot (managed or per CPU)"));
	ck_assert_int_eq(fchmodat(bench->machine.root.fd, IRQ "default_smp_affinity", 0444, 0), 0);
	ck_assert_int_eq(consider(bench, "irq-affinity"), -EPERM);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_DENIED);
	bench_free(bench);
}
END_TEST

static const struct verdict {
	int codes[4];
	enum condition_outcome outcome;
	const char *reason;
} verdicts[] = {
	{ { 0, 0, 0, 0 }, CONDITION_APPLIED, "4 of 4 moved" },
	{ { 0, -EIO, -EPERM, 0 }, CONDITION_APPLIED, "2 of 4 moved, 2 unmovable (managed or per CPU)" },
	{ { -EIO, -EIO, -EPERM, -EIO }, CONDITION_ALREADY, "0 of 4 moved, 4 unmovable" },
	{ { 0, -ENOSPC, -EIO, 0 }, CONDITION_FAILED, "1 refused for lack of free vectors" },
	{ { -EINVAL, 0, 0, 0 }, CONDITION_FAILED, "1 for other reasons" },
};

START_TEST(unmovable_interrupts_are_told_and_no_failure)
{
	const struct knob *knob = knob_find("irq-affinity");
	const struct knob_setting setting = { .path = IRQ "1/smp_affinity", .target = "bb" };

	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
		struct knob_result results[4];
		struct condition condition = { 0 };

		for (size_t j = 0; j < 4; j++)
			results[j] = (struct knob_result){ &setting, verdicts[i].codes[j] ? "ff" : "000000bb",
							   verdicts[i].codes[j] };
		knob->judge(knob, results, 4, &condition);
		ck_assert_int_eq(condition.outcome, verdicts[i].outcome);
		ck_assert_ptr_nonnull(strstr(condition.reason, verdicts[i].reason));
	}
}
END_TEST

/* --- network queues ---------------------------------------------------------------------------------------
 */

static void put_device(const struct bench *bench, const char *name, const char *ifindex)
{
	char path[KNOB_PATH];

	snprintf(path, sizeof path, NET "%s/ifindex", name);
	machine_put(&bench->machine, path, ifindex);
	snprintf(path, sizeof path, NET "%s/queues/rx-0/rps_cpus", name);
	machine_put(&bench->machine, path, "ff");
	snprintf(path, sizeof path, NET "%s/queues/tx-3/xps_cpus", name);
	machine_put(&bench->machine, path, "40");
	snprintf(path, sizeof path, NET "%s/queues/tx-4/xps_cpus", name);
	machine_put(&bench->machine, path, "00");
}

START_TEST(queues_hand_nothing_to_the_bench_core)
{
	struct bench *bench = bench_new();

	put_device(bench, "enp3s0f0.100", "7");
	ck_assert_int_eq(consider(bench, "rps"), 1);
	ck_assert_str_eq(bench->settings[0].path, NET "enp3s0f0.100/queues/rx-0/rps_cpus");
	ck_assert_str_eq(bench->settings[0].target, "bb");
	ck_assert_str_eq(bench->settings[0].identity, "7");
	ck_assert_int_eq(consider(bench, "xps"), 1);
	ck_assert_str_eq(bench->settings[0].path, NET "enp3s0f0.100/queues/tx-3/xps_cpus");
	ck_assert_str_eq(bench->settings[0].target, "bb");
	machine_put(&bench->machine, NET "enp3s0f0.100/queues/rx-0/rps_cpus", "0");
	ck_assert_int_eq(consider(bench, "rps"), 0);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_ALREADY);
	bench_free(bench);
}
END_TEST

/* --- paths ------------------------------------------------------------------------------------------------
 */

static const struct {
	const char *knob, *path;
	bool is_owned;
} paths[] = {
	{ "irq-affinity", IRQ "24/smp_affinity", true },
	{ "irq-affinity", IRQ "/smp_affinity", false },
	{ "irq-affinity", IRQ "24", false },
	{ "irq-affinity", IRQ "24/smp_affinity_list", false },
	{ "irq-affinity", IRQ "24/../1/smp_affinity", false },
	{ "irq-affinity", IRQ "../smp_affinity", false },
	{ "irq-affinity", IRQ "123456789/smp_affinity", false },
	{ "irq-affinity", IRQ "default_smp_affinity", false },
	{ "irq-affinity", "proc/irqs24/smp_affinity", false },
	{ "irq-affinity", "", false },
	{ "rps", NET "eth0/queues/rx-0/rps_cpus", true },
	{ "rps", NET "br-1_2.3@4/queues/rx-127/rps_cpus", true },
	{ "rps", NET "eth0/queues/tx-0/rps_cpus", false },
	{ "rps", NET "eth0/queues/rx-/rps_cpus", false },
	{ "rps", NET "eth0/queues/rx-0x/rps_cpus", false },
	{ "rps", NET "eth0/queues/rx-0/xps_cpus", false },
	{ "rps", NET "eth0/queues/../rps_cpus", false },
	{ "rps", NET "../queues/rx-0/rps_cpus", false },
	{ "rps", NET "./queues/rx-0/rps_cpus", false },
	{ "rps", NET "/queues/rx-0/rps_cpus", false },
	{ "rps", NET "eth0/../../queues/rx-0/rps_cpus", false },
	{ "rps", NET "sixteen_letters_/queues/rx-0/rps_cpus", false },
	{ "rps", NET "eth 0/queues/rx-0/rps_cpus", false },
	{ "rps", NET "eth0", false },
	{ "rps", "", false },
	{ "xps", NET "eth0/queues/tx-12/xps_cpus", true },
	{ "xps", NET "eth0/queues/rx-12/rps_cpus", false },
};

START_TEST(only_masks_of_interrupts_and_queues_are_owned)
{
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		const struct knob *knob = knob_find(paths[i].knob);

		ck_assert_msg(knob->owns_path(knob, paths[i].path) == paths[i].is_owned, "%s %s",
			      paths[i].knob, paths[i].path);
	}
}
END_TEST

/* --- held and given back -------------------------------------------------------------------------------- */

static void hold_host(struct bench *bench, struct control *control, struct condition *conditions)
{
	struct keeper_hold hold = { .choice = bench->choice };

	choose(&hold.topology);
	control_init(control, &bench->machine.root);
	control_apply(control, &hold, 0, bench->machine.run, conditions);
	ck_assert_int_ge(control->journal.fd, 0);
}

START_TEST(an_interrupt_that_became_another_is_told_and_left)
{
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	struct keeper_restored restored = { 0 };
	struct bench *bench = bench_new();
	struct control control;

	machine_put(&bench->machine, IRQ "default_smp_affinity", "ff");
	put_irq(bench, "30", "ff", "nvme0q1");
	put_irq(bench, "31", "7f", "eth0");
	put_irq(bench, "32", "0f", "usb");
	hold_host(bench, &control, conditions);
	ck_assert_str_eq(machine_get(&bench->machine, IRQ "30/smp_affinity"), "bb");
	put_irq(bench, "30", "bb", "sdhci");
	machine_drop(&bench->machine, IRQ "32/smp_affinity");
	ck_assert_int_eq(control_release(&control, &restored, NULL), 0);
	ck_assert_uint_eq(restored.conflicts + restored.failed, 0);
	ck_assert_str_eq(machine_get(&bench->machine, IRQ "30/smp_affinity"), "bb");
	ck_assert_str_eq(machine_get(&bench->machine, IRQ "31/smp_affinity"), "7f");
	ck_assert_str_eq(machine_get(&bench->machine, IRQ "default_smp_affinity"), "ff");
	ck_assert_ptr_nonnull(strstr(restored.detail, "is not there any more"));
	bench_free(bench);
}
END_TEST

START_TEST(a_strangers_mask_is_a_conflict_and_stays)
{
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	struct keeper_restored restored = { 0 };
	struct keeper_change changed;
	struct bench *bench = bench_new();
	struct control control;

	machine_put(&bench->machine, IRQ "default_smp_affinity", "bb");
	put_irq(bench, "30", "ff", "nvme0q1");
	put_irq(bench, "31", "ff", "eth0");
	hold_host(bench, &control, conditions);
	machine_put(&bench->machine, IRQ "30/smp_affinity", "00000000,000000bb");
	ck_assert(control_check(&control, &changed));
	machine_put(&bench->machine, IRQ "30/smp_affinity", "01"); /* as far from the bench */
	ck_assert(control_check(&control, &changed));
	machine_put(&bench->machine, IRQ "30/smp_affinity", "05");
	ck_assert(!control_check(&control, &changed));
	ck_assert_str_eq(changed.knob, "irq-affinity");
	control_release(&control, &restored, NULL);
	ck_assert_uint_eq(restored.conflicts, 1);
	ck_assert_str_eq(machine_get(&bench->machine, IRQ "30/smp_affinity"), "05");
	ck_assert_str_eq(machine_get(&bench->machine, IRQ "31/smp_affinity"), "ff");
	bench_free(bench);
}
END_TEST

MACHINE_MAIN("kernel work", a_knob_of_one_file_plans_what_it_should_hold,
	     a_knob_of_one_file_owns_that_file_only, what_a_kernel_lacks_is_told_in_plain_words,
	     no_set_of_cpus_is_ever_empty_or_offline,
	     the_nmi_watchdog_stays_unless_counters_are_wanted_or_it_is_named,
	     memory_moves_only_between_several_nodes, a_brake_that_is_off_forbids_the_sampling_rate,
	     a_rate_that_the_kernel_lowered_is_no_strangers, interrupts_leave_the_bench_core_and_no_other,
	     one_interrupt_that_can_be_moved_is_enough_to_try, unmovable_interrupts_are_told_and_no_failure,
	     queues_hand_nothing_to_the_bench_core, only_masks_of_interrupts_and_queues_are_owned,
	     an_interrupt_that_became_another_is_told_and_left, a_strangers_mask_is_a_conflict_and_stays)
