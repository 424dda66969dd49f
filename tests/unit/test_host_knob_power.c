/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the knobs of clock, energy, idle states, registers and hardware threads: what each would set
 * on a machine of files, in which order, and what it owns. The bench is on CPU 1, its sibling is CPU 0. */
#include <errno.h>
#include "host/idle.h"
#include "host/knob.h"
#include "machine_fixture.h"

#define CPU0	 "sys/devices/system/cpu/cpu0"
#define CPU1	 "sys/devices/system/cpu/cpu1"
#define NO_TURBO "sys/devices/system/cpu/intel_pstate/no_turbo"
#define UNCORE	 "sys/devices/system/cpu/intel_uncore_frequency"
#define MIN0	 CPUFREQ "/policy0/scaling_min_freq"
#define MAX0	 CPUFREQ "/policy0/scaling_max_freq"
#define MIN1	 CPUFREQ "/policy1/scaling_min_freq"
#define MAX1	 CPUFREQ "/policy1/scaling_max_freq"
#define EPP1	 CPUFREQ "/policy1/energy_performance_preference"
#define ROOM	 64

#define LIMITS(number, low, high)                                                                            \
	{ CPUFREQ "/policy" number "/scaling_min_freq", low },                                               \
	{                                                                                                    \
		CPUFREQ "/policy" number "/scaling_max_freq", high                                           \
	}

struct row {
	const char *claim, *knob;
	const char *files[12][2];	/* besides those of the fixture */
	const char *settings[12][2];	/* all that have a target, in order */
	enum condition_outcome outcome; /* where there are none */
	const char *reason;		/* part of it */
};

static const struct row rows[] = {
	{ .claim = "a preference is set on each policy of the core, the governor or not",
	  .knob = "epp",
	  .files = { { EPP1, "balance_performance" },
		     { CPUFREQ "/policy0/energy_performance_preference", "128" } },
	  .settings = { { CPUFREQ "/policy0/energy_performance_preference", "performance" },
			{ EPP1, "performance" } } },
	{ .claim = "the fastest preference may be a number",
	  .knob = "epp",
	  .files = { { EPP1, "0" } },
	  .outcome = CONDITION_ALREADY },
	{ .claim = "no HWP, no preference",
	  .knob = "epp",
	  .outcome = CONDITION_UNSUPPORTED,
	  .reason = "HWP" },
	{ .claim = "a bias is each CPU's own",
	  .knob = "epb",
	  .files = { { CPU0 "/power/energy_perf_bias", "performance" },
		     { CPU1 "/power/energy_perf_bias", "6" } },
	  .settings = { { CPU1 "/power/energy_perf_bias", "0" } } },
	{ .claim = "no bias", .knob = "epb", .outcome = CONDITION_UNSUPPORTED, .reason = "EPB" },
	{ .claim = "the base frequency has a file; up goes the upper limit first, down the lower one",
	  .knob = "frequency",
	  .files = { { CPUFREQ "/policy0/base_frequency", "2000000" },
		     { CPUFREQ "/policy1/base_frequency", "2000000" },
		     LIMITS("0", "800000", "1800000"),
		     LIMITS("1", "2100000", "3500000") },
	  .settings = { { MAX0, "2000000" },
			{ MIN0, "2000000" },
			{ MIN1, "2000000" },
			{ MAX1, "2000000" } } },
	{ .claim = "a table leaves boost out, but for the marker of ACPI",
	  .knob = "frequency",
	  .files = { { CPUFREQ "/policy0/scaling_available_frequencies", "2601000 2600000 800000 " },
		     { CPUFREQ "/policy1/scaling_available_frequencies", "800000 2600000" },
		     LIMITS("0", "2600000", "2600000"),
		     LIMITS("1", "800000", "2600000") },
	  .settings = { { MIN1, "2600000" } } },
	{ .claim = "CPPC tells the base in MHz, and no limit is passed",
	  .knob = "frequency",
	  .files = { { CPU0 "/acpi_cppc/nominal_freq", "3000" },
		     { CPU1 "/acpi_cppc/nominal_freq", "3000" },
		     { CPUFREQ "/policy1/cpuinfo_max_freq", "2999000" },
		     LIMITS("0", "3000000", "3000000"),
		     LIMITS("1", "400000", "2999000") },
	  .settings = { { MIN1, "2999000" } } },
	{ .claim = "with turbo on, the highest frequency is not taken for the base",
	  .knob = "frequency",
	  .files = { { CPUFREQ "/policy0/cpuinfo_max_freq", "5000000" }, LIMITS("0", "1", "5000000") },
	  .outcome = CONDITION_UNSUPPORTED,
	  .reason = "without turbo" },
	{ .claim = "with turbo off, it is the base",
	  .knob = "frequency",
	  .files = { { CPUFREQ "/boost", "0" },
		     { CPUFREQ "/policy0/cpuinfo_max_freq", "3000000" },
		     { CPUFREQ "/policy1/cpuinfo_max_freq", "3000000" },
		     LIMITS("0", "3000000", "3000000"),
		     LIMITS("1", "3000000", "3000000") },
	  .outcome = CONDITION_ALREADY },
	{ .claim = "limits that no_turbo lowered are left alone",
	  .knob = "frequency",
	  .files = { { NO_TURBO, "1" }, { CPUFREQ "/policy1/base_frequency", "2000000" } },
	  .outcome = CONDITION_UNSUPPORTED,
	  .reason = "turbo was off before" },
	{ .claim = "limits that the firmware lowered are left alone",
	  .knob = "frequency",
	  .files = { { CPUFREQ "/policy0/base_frequency", "2000000" },
		     { CPUFREQ "/policy0/bios_limit", "1800000" } },
	  .outcome = CONDITION_UNSUPPORTED,
	  .reason = "1800000 kHz" },
	{ .claim = "a die of the bench's package, the upper limit first",
	  .knob = "uncore",
	  .files = { { CPU1 "/topology/physical_package_id", "1" },
		     { UNCORE "/package_00_die_00/initial_max_freq_khz", "2400000" },
		     { UNCORE "/package_00_die_00/max_freq_khz", "2400000" },
		     { UNCORE "/package_00_die_00/min_freq_khz", "800000" },
		     { UNCORE "/package_01_die_00/initial_max_freq_khz", "2400000" },
		     { UNCORE "/package_01_die_00/max_freq_khz", "2200000" },
		     { UNCORE "/package_01_die_00/min_freq_khz", "800000" } },
	  .settings = { { UNCORE "/package_01_die_00/max_freq_khz", "2400000" },
			{ UNCORE "/package_01_die_00/min_freq_khz", "2400000" } } },
	{ .claim = "with TPMI the fabrics only",
	  .knob = "uncore",
	  .files = { { CPU1 "/topology/physical_package_id", "0" },
		     { UNCORE "/package_00_die_00/initial_max_freq_khz", "2400000" },
		     { UNCORE "/package_00_die_00/max_freq_khz", "2400000" },
		     { UNCORE "/package_00_die_00/min_freq_khz", "800000" },
		     { UNCORE "/uncore00/initial_max_freq_khz", "2500000" },
		     { UNCORE "/uncore00/package_id", "0" },
		     { UNCORE "/uncore00/max_freq_khz", "2500000" },
		     { UNCORE "/uncore00/min_freq_khz", "800000" },
		     { UNCORE "/uncore01/package_id", "1" },
		     { UNCORE "/uncore01/initial_max_freq_khz", "2500000" },
		     { UNCORE "/uncore01/max_freq_khz", "2100000" } },
	  .settings = { { UNCORE "/uncore00/min_freq_khz", "2500000" } } },
	{ .claim = "no driver", .knob = "uncore", .outcome = CONDITION_UNSUPPORTED, .reason = "driver" },
	{ .claim = "only what is deeper than C1 is disabled, and what is so already is left",
	  .knob = "idle-states",
	  .files = { { CPU0 "/cpuidle/state0/disable", "0" },
		     { CPU0 "/cpuidle/state1/disable", "0" },
		     { CPU0 "/cpuidle/state2/disable", "1" },
		     { CPU0 "/cpuidle/state3/disable", "0" },
		     { CPU1 "/cpuidle/state2/disable", "0" } },
	  .settings = { { CPU0 "/cpuidle/state3/disable", "1" }, { CPU1 "/cpuidle/state2/disable", "1" } } },
	{ .claim = "nothing is deeper than C1", .knob = "idle-states", .outcome = CONDITION_ALREADY },
	{ .claim = "a request is C1's latency; a tighter one of somebody else's stays",
	  .knob = "resume-latency",
	  .files = { { CPU0 "/power/pm_qos_resume_latency_us", "n/a" },
		     { CPU1 "/power/pm_qos_resume_latency_us", "0" } },
	  .settings = { { CPU1 "/power/pm_qos_resume_latency_us", "2" } } },
	{ .claim = "no latency at all is not 0",
	  .knob = "resume-latency",
	  .files = { { CPU1 "/cpuidle/state1/latency", "0" },
		     { CPU0 "/power/pm_qos_resume_latency_us", "1" },
		     { CPU1 "/power/pm_qos_resume_latency_us", "5" } },
	  .settings = { { CPU1 "/power/pm_qos_resume_latency_us", "n/a" } } },
	{ .claim = "a driver's switch goes before the register",
	  .knob = "turbo-msr",
	  .files = { { "proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n" } },
	  .outcome = CONDITION_UNSUPPORTED,
	  .reason = "the knob boost" },
	{ .claim = "without the module there is no register",
	  .knob = "prefetchers",
	  .files = { { "proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n" } },
	  .outcome = CONDITION_UNSUPPORTED,
	  .reason = "/dev/cpu" },
	{ .claim = "of other makers no register is known",
	  .knob = "prefetchers",
	  .files = { { "proc/cpuinfo", "processor\t: 0\nvendor_id\t: AuthenticAMD\n" } },
	  .outcome = CONDITION_UNSUPPORTED,
	  .reason = "maker" },
	{ .claim = "a sibling is taken offline",
	  .knob = "smt-offline",
	  .files = { { CPU0 "/online", "1" } },
	  .settings = { { CPU0 "/online", "0" } } },
	{ .claim = "CPU 0 of most machines cannot be",
	  .knob = "smt-offline",
	  .outcome = CONDITION_UNSUPPORTED,
	  .reason = "offline" },
};

struct bench {
	struct machine machine;
	struct knob_context context;
	struct knob_setting settings[ROOM];
	struct knob_plan plan;
	struct condition condition;
};

static void bench_init(struct bench *bench)
{
	memset(bench, 0, sizeof *bench);
	machine_init(&bench->machine);
	bench->context.root = &bench->machine.root;
	CPU_SET(1, &bench->context.topology.bench);
	CPU_SET(0, &bench->context.topology.siblings);
}

static int consider(struct bench *bench, const char *knob)
{
	const struct knob_choice choice = { .with = knob_bit(knob_find(knob)) };

	bench->plan = (struct knob_plan){ .settings = bench->settings, .room = ROOM };
	return knob_consider(knob_find(knob), &bench->context, &choice, &bench->plan, &bench->condition);
}

static void check_settings(const struct bench *bench, const struct row *row)
{
	size_t seen = 0;

	for (size_t i = 0; i < bench->plan.count; i++) {
		const struct knob_setting *setting = &bench->settings[i];

		ck_assert_msg(knob_find(row->knob)->owns_path(knob_find(row->knob), setting->path), "%s: %s",
			      row->claim, setting->path);
		if (!setting->target[0])
			continue;
		ck_assert_msg(row->settings[seen][0] && !strcmp(setting->path, row->settings[seen][0]) &&
				      !strcmp(setting->target, row->settings[seen][1]),
			      "%s: %s = %s", row->claim, setting->path, setting->target);
		ck_assert_str_eq(setting->before, machine_get(&bench->machine, setting->path));
		seen++;
	}
	ck_assert_msg(!row->settings[seen][0], "%s: no %s", row->claim, row->settings[seen][0]);
}

static void check_row(const struct row *row)
{
	struct bench bench;
	int count;

	bench_init(&bench);
	for (size_t i = 0; row->files[i][0]; i++)
		machine_put(&bench.machine, row->files[i][0], row->files[i][1]);
	count = consider(&bench, row->knob);
	if (row->settings[0][0]) {
		ck_assert_msg(count > 0, "%s: %s", row->claim, bench.condition.reason);
		check_settings(&bench, row);
	} else {
		ck_assert_msg(count <= 0 && bench.condition.outcome == row->outcome, "%s: %d %s", row->claim,
			      (int)bench.condition.outcome, bench.condition.reason);
		ck_assert_msg(!row->reason || strstr(bench.condition.reason, row->reason), "%s: '%s'",
			      row->claim, bench.condition.reason);
	}
	machine_release(&bench.machine);
}

START_TEST(each_knob_plans_what_the_machine_needs)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check_row(&rows[i]);
}
END_TEST

/* A device of files keeps eight bytes at the register's address. */
static void put_register(const struct machine *machine, unsigned cpu, off_t address, uint64_t value)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "dev/cpu/%u/msr", cpu);
	machine_put(machine, path, "");
	fd = openat(machine->root.fd, path, O_WRONLY);
	ck_assert_int_eq(pwrite(fd, &value, sizeof value, address), sizeof value);
	close(fd);
}

START_TEST(a_register_goes_back_whole)
{
	const struct knob *knob = knob_find("turbo-msr");
	struct bench bench;
	char text[KNOB_VALUE];

	bench_init(&bench);
	machine_drop(&bench.machine, CPUFREQ "/boost");
	machine_put(&bench.machine, "proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n");
	machine_put(&bench.machine, "sys/devices/system/cpu/cpu1/topology/physical_package_id", "0");
	machine_put(&bench.machine, "sys/devices/system/cpu/cpu5/topology/physical_package_id", "0");
	machine_put(&bench.machine, "sys/devices/system/cpu/cpu6/topology/physical_package_id", "1");
	put_register(&bench.machine, 1, 0x1a0, 0x850089);
	put_register(&bench.machine, 5, 0x1a0, UINT64_C(0x4000850089));
	put_register(&bench.machine, 6, 0x1a0, 0x850089);
	ck_assert_int_eq(consider(&bench, "turbo-msr"), 1); /* of CPU 5 it is set, CPU 6 is far away */
	ck_assert_str_eq(bench.settings[0].path, "dev/cpu/1/msr@1a0");
	ck_assert_str_eq(bench.settings[0].before, "0000000000850089");
	ck_assert_str_eq(bench.settings[0].target, "0000004000850089");
	ck_assert_int_eq(
		knob_write(knob, &bench.machine.root, bench.settings[0].path, bench.settings[0].target, NULL),
		0);
	ck_assert_int_gt(
		knob_read(knob, &bench.machine.root, bench.settings[0].path, text, sizeof text, NULL), 0);
	ck_assert_str_eq(text, bench.settings[0].target);
	ck_assert_int_eq(consider(&bench, "turbo-msr"), 0);
	ck_assert_int_eq(bench.condition.outcome, CONDITION_ALREADY);
	machine_release(&bench.machine);
}
END_TEST

START_TEST(a_register_that_cannot_be_read_is_unsupported)
{
	struct bench bench;

	bench_init(&bench);
	machine_put(&bench.machine, "proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n");
	machine_put(&bench.machine, "dev/cpu/1/msr", "short");
	ck_assert_int_eq(consider(&bench, "prefetchers"), -ENOTSUP);
	ck_assert_int_eq(bench.condition.outcome, CONDITION_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(bench.condition.reason, "msr@1a4"));
	machine_release(&bench.machine);
}
END_TEST

/* What hangs on the CPU: policy 0 goes, policy 1 stays; IRQ 7 has no other CPU, IRQ 8 has. */
START_TEST(what_goes_offline_with_a_cpu_is_known)
{
	static const char *const expected[] = {
		CPU0 "/online",
		CPUFREQ "/policy0/scaling_governor",
		CPUFREQ "/policy0/scaling_max_freq",
		CPUFREQ "/policy0/ondemand/up_threshold",
		CPUFREQ "/conservative/freq_step",
		CPU0 "/power/pm_qos_resume_latency_us",
		CPU0 "/cpuidle/state0/disable",
		"proc/irq/7/smp_affinity",
	};
	struct bench bench;

	bench_init(&bench);
	machine_put(&bench.machine, CPU0 "/online", "1");
	machine_put(&bench.machine, CPUFREQ "/policy0/scaling_governor", "ondemand");
	machine_put(&bench.machine, CPUFREQ "/policy0/ondemand/up_threshold", "42");
	machine_put(&bench.machine, CPUFREQ "/conservative/freq_step", "7");
	machine_put(&bench.machine, CPU0 "/power/pm_qos_resume_latency_us", "0");
	machine_put(&bench.machine, CPU0 "/cpuidle/state0/disable", "1");
	machine_put(&bench.machine, "sys/devices/system/cpu/online", "0-3");
	machine_put(&bench.machine, "proc/irq/7/smp_affinity", "1");
	machine_put(&bench.machine, "proc/irq/8/smp_affinity", "3");
	machine_put(&bench.machine, "proc/irq/default_smp_affinity", "1");
	ck_assert_int_eq(consider(&bench, "smt-offline"), (int)(sizeof expected / sizeof expected[0]));
	for (size_t i = 0; i < bench.plan.count; i++) {
		ck_assert_str_eq(bench.settings[i].path, expected[i]);
		ck_assert_str_eq(bench.settings[i].target, i ? "" : "0");
		ck_assert(knob_find("smt-offline")
				  ->owns_path(knob_find("smt-offline"), bench.settings[i].path));
	}
	machine_release(&bench.machine);
}
END_TEST

START_TEST(a_core_without_other_threads_needs_none_offline)
{
	struct bench bench;

	bench_init(&bench);
	CPU_ZERO(&bench.context.topology.siblings);
	ck_assert_int_eq(consider(&bench, "smt-offline"), 0);
	ck_assert_int_eq(bench.condition.outcome, CONDITION_ALREADY);
	machine_release(&bench.machine);
}
END_TEST

START_TEST(no_other_path_is_owned)
{
	static const char *const paths[][2] = {
		{ "epp", "etc/passwd" },
		{ "epp", CPUFREQ "/policy0/scaling_governor" },
		{ "epb", "sys/devices/system/cpu/cpu1/power/energy_perf_bias/../../x" },
		{ "epb", "sys/devices/system/cpu/cpu01/power/energy_perf_bias" },
		{ "epb", "sys/devices/system/cpu/cpu-1/power/energy_perf_bias" },
		{ "epb", "sys/devices/system/cpu/cpu4096/power/energy_perf_bias" },
		{ "frequency", CPUFREQ "/policy0/scaling_setspeed" },
		{ "frequency", CPUFREQ "/policy0/../x/scaling_min_freq" },
		{ "uncore", UNCORE "/package_00_die_00/initial_max_freq_khz" },
		{ "uncore", UNCORE "/../package_00_die_00/max_freq_khz" },
		{ "uncore", UNCORE "/max_freq_khz" },
		{ "uncore", UNCORE "/uncore0x/max_freq_khz" },
		{ "uncore", UNCORE "/uncore00/../../max_freq_khz" },
		{ "uncore", UNCORE "/package_0_die_0/max_freq_khz" },
		{ "idle-states", CPU1 "/cpuidle/state2/name" },
		{ "idle-states", CPU1 "/cpuidle/state2/../disable" },
		{ "idle-states", "sys/devices/system/cpu/cpu+1/cpuidle/state2/disable" },
		{ "resume-latency", CPU1 "/power/energy_perf_bias" },
		{ "resume-latency", CPU1 "/power/pm_qos_resume_latency_us/x" },
		{ "turbo-msr", "dev/cpu/1/msr" },
		{ "turbo-msr", "dev/cpu/1/msr@1a4" },
		{ "turbo-msr", "dev/cpu/1/msr@1A0" },
		{ "turbo-msr", "dev/cpu/1/../../mem@1a0" },
		{ "turbo-msr", "dev/cpu/99999/msr@1a0" },
		{ "prefetchers", "dev/cpu/1/msr@1a0" },
		{ "prefetchers", "dev/cpu/1/msr@01a4" },
		{ "smt-offline", CPU1 "/crash_notes" },
		{ "smt-offline", CPU1 "/online/../../x" },
		{ "smt-offline", "sys/devices/system/cpu/cpu/online" },
		{ "smt-offline", "proc/irq/default_smp_affinity" },
		{ "smt-offline", "proc/irq/7/../../sys/kernel/core_pattern" },
		{ "smt-offline", CPUFREQ "/boost" },
		{ "smt-offline", "proc/sysrq-trigger" },
	};

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		const struct knob *knob = knob_find(paths[i][0]);

		ck_assert_msg(!knob->owns_path(knob, paths[i][1]), "%s: %s", paths[i][0], paths[i][1]);
	}
}
END_TEST

MACHINE_MAIN("knobs of power", each_knob_plans_what_the_machine_needs, a_register_goes_back_whole,
	     a_register_that_cannot_be_read_is_unsupported, what_goes_offline_with_a_cpu_is_known,
	     a_core_without_other_threads_needs_none_offline, no_other_path_is_owned)
