/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/checkup: how a machine of files is graded. */
#include "host/checkup.h"

#include "machine_fixture.h"

#define CLOCK "sys/devices/system/clocksource/clocksource0/current_clocksource"

struct findings {
	struct checkup_finding list[CHECKUP_MAX];
	size_t count;
};

/* Two CPUs, the second for the bench. */
static struct topology two_cpus(void)
{
	struct topology topology;

	memset(&topology, 0, sizeof topology);
	CPU_SET(0, &topology.allowed);
	CPU_SET(1, &topology.allowed);
	CPU_SET(1, &topology.bench);
	CPU_SET(0, &topology.housekeeping);
	return topology;
}

static void put_sound_machine(const struct machine *machine)
{
	machine_put(machine, CLOCK, "tsc\n");
	machine_put(machine, "proc/cpuinfo", "processor : 0\nflags : fpu tsc constant_tsc nonstop_tsc\n");
	machine_put(machine, "proc/loadavg", "0.99 3.00 5.00 1/100 4711\n");
}

static void collect(const struct machine *machine, const struct topology *topology, struct findings *findings)
{
	memset(findings, 0, sizeof *findings);
	findings->count = checkup_collect(&machine->root, topology, findings->list);
	ck_assert_uint_le(findings->count, CHECKUP_MAX);
}

static const struct checkup_finding *find(const struct findings *findings, const char *name)
{
	for (size_t i = 0; i < findings->count; i++)
		if (!strcmp(findings->list[i].condition.knob, name))
			return &findings->list[i];
	ck_abort_msg("no finding '%s'", name);
}

/* An outcome goes with its grade, a reason with what is not met. */
static void check(const struct findings *findings, const char *name, enum checkup_grade grade,
		  const char *value, const char *reason)
{
	const struct checkup_finding *finding = find(findings, name);
	const struct condition *found = &finding->condition;

	ck_assert_msg(finding->grade == grade, "%s has grade %d: %s", name, (int)finding->grade,
		      found->reason);
	ck_assert_str_eq(found->value, value);
	ck_assert_msg(strstr(found->reason, reason) != NULL, "%s: %s", name, found->reason);
	ck_assert_int_eq(found->outcome, grade == CHECKUP_FINE ? CONDITION_ALREADY : CONDITION_FAILED);
	ck_assert_int_eq(found->reason[0] != '\0', grade != CHECKUP_FINE);
}

static void check_untold(const struct findings *findings, const char *name)
{
	const struct checkup_finding *finding = find(findings, name);

	ck_assert_int_eq(finding->grade, CHECKUP_FINE);
	ck_assert_msg(finding->condition.outcome == CONDITION_UNSUPPORTED, "%s is %s", name,
		      condition_outcome_name(finding->condition.outcome));
	ck_assert_str_ne(finding->condition.reason, "");
	ck_assert_str_eq(finding->condition.value, "");
}

/* What files say, and how a check that reads them grades it. */
struct claim {
	const char *path, *text, *name;
	enum checkup_grade grade;
	const char *value;
};

#define CPU    "sys/devices/system/cpu"
#define SYSCTL "proc/sys/kernel/"

static const struct claim claims[] = {
	{ "proc/stat", "cpu 9990 0 0 7 7 0 0 0 0 0\n", "steal", CHECKUP_FINE, "0 % since boot" },
	{ "proc/stat", "cpu 9990 0 0 7 7 0 0 10 0 0\n", "steal", CHECKUP_NOTE, "0.1 % since boot" },
	{ "proc/stat", "cpu 900 0 0 7 7 0 0 100 0 0\n", "steal", CHECKUP_BAD, "10 % since boot" },
	{ CLOCK, "tsc", "clocksource", CHECKUP_FINE, "tsc" },
	{ CLOCK, "arch_sys_counter", "clocksource", CHECKUP_FINE, "arch_sys_counter" },
	{ CLOCK, "kvm-clock", "clocksource", CHECKUP_NOTE, "kvm-clock" },
	{ CLOCK, "hpet", "clocksource", CHECKUP_BAD, "hpet" },
	{ "proc/loadavg", "0.99 3 5 1/9 1", "load", CHECKUP_FINE, "0.99" },
	{ "proc/loadavg", "1.01 3 5 1/9 1", "load", CHECKUP_NOTE, "1.01" },
	{ "proc/loadavg", "2.01 3 5 1/9 1", "load", CHECKUP_BAD, "2.01" },
	{ "sys/firmware/acpi/platform_profile", "balanced", "platform-profile", CHECKUP_FINE, "balanced" },
	{ "sys/firmware/acpi/platform_profile", "low-power", "platform-profile", CHECKUP_NOTE, "low-power" },
	{ CPU "/cpu0/thermal_throttle/core_throttle_count", "0", "thermal-throttle", CHECKUP_FINE,
	  "0 times since boot" },
	{ CPU "/cpu0/thermal_throttle/core_throttle_count", "3", "thermal-throttle", CHECKUP_NOTE,
	  "3 times since boot" },
	{ "sys/class/power_supply/AC/type", "Mains", "mains", CHECKUP_BAD, "no" },
	{ "sys/class/power_supply/AC/online", "1", "mains", CHECKUP_FINE, "yes" },
	{ "sys/class/thermal/cooling_device0/type", "Processor", "cooling", CHECKUP_FINE, NULL },
	{ "sys/class/thermal/cooling_device0/cur_state", "0", "cooling", CHECKUP_FINE, "none" },
	{ "sys/class/thermal/cooling_device0/cur_state", "2", "cooling", CHECKUP_BAD, "Processor 2 of 0" },
	{ "proc/pressure/cpu", "some avg10=4.00 avg60=9.00", "pressure", CHECKUP_FINE,
	  "cpu 4.0 %, memory 0.0 %, io 0.0 %" },
	{ "proc/pressure/io", "some avg10=6.00 avg60=9.00", "pressure", CHECKUP_NOTE,
	  "cpu 4.0 %, memory 0.0 %, io 6.0 %" },
	{ "proc/9/comm", "thermald", "tuning-daemons", CHECKUP_NOTE, "thermald" },
	{ "proc/9/comm", "dpkg", "upkeep", CHECKUP_NOTE, "dpkg" },
	{ "proc/9/comm", "dpkg", "tuning-daemons", CHECKUP_FINE, "none" },
	{ "sys/kernel/tracing/current_tracer", "nop", "tracing", CHECKUP_FINE, "none" },
	{ "sys/kernel/tracing/current_tracer", "function", "tracing", CHECKUP_BAD, "function" },
	{ "proc/cpuinfo", "flags : tsc constant_tsc nonstop_tsc", "tsc", CHECKUP_FINE,
	  "constant_tsc nonstop_tsc" },
	{ "proc/cpuinfo", "flags : tsc constant_tsc", "tsc", CHECKUP_NOTE, "constant_tsc" },
	{ "proc/cpuinfo", "flags : tsc hypervisor", "hypervisor", CHECKUP_NOTE,
	  "a hypervisor that hides its name" },
	{ "proc/cpuinfo", "flags : tsc", "hypervisor", CHECKUP_FINE, "none" },
	{ CPU "/nohz_full", "", "tick", CHECKUP_NOTE, "none" },
	{ CPU "/nohz_full", "1-3", "tick", CHECKUP_FINE, "1-3" },
	{ CPU "/nohz_full", "2-3", "tick", CHECKUP_NOTE, "2-3" },
	{ CPU "/isolated", "1", "isolcpus", CHECKUP_FINE, "1" },
	{ SYSCTL "printk", "4 4 1 7", "console", CHECKUP_FINE, "level 4" },
	{ SYSCTL "printk", "7\t4\t1\t7", "console", CHECKUP_FINE, "level 7" },
	{ "sys/class/tty/console/active", "tty0 ttyS0", "console", CHECKUP_NOTE, "level 7 on tty0 ttyS0" },
	{ "sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never", "thp", CHECKUP_FINE,
	  "madvise" },
	{ "sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never", "thp", CHECKUP_NOTE,
	  "always" },
	{ SYSCTL "sched_schedstats", "1", "schedstats", CHECKUP_NOTE, "1" },
	{ SYSCTL "bpf_stats_enabled", "1", "bpf-stats", CHECKUP_NOTE, "1" },
	{ SYSCTL "sched_util_clamp_max", "1024", "uclamp", CHECKUP_FINE, "1024" },
	{ SYSCTL "sched_util_clamp_max", "512", "uclamp", CHECKUP_NOTE, "512" },
	{ SYSCTL "sched_rt_period_us", "1000000", "real-time-share", CHECKUP_FINE, NULL },
	{ SYSCTL "sched_rt_runtime_us", "950000", "real-time-share", CHECKUP_FINE, "95 %" },
	{ SYSCTL "sched_rt_runtime_us", "-1", "real-time-share", CHECKUP_FINE, "100 %" },
	{ SYSCTL "sched_rt_runtime_us", "500000", "real-time-share", CHECKUP_NOTE, "50 %" },
	{ SYSCTL "perf_event_paranoid", "3", "perf-paranoid", CHECKUP_FINE, "3" },
	{ SYSCTL "sched_autogroup_enabled", "1", "autogroup", CHECKUP_FINE, "1" },
	{ SYSCTL "split_lock_mitigate", "1", "split-lock", CHECKUP_FINE, "1" },
	{ CPU "/vulnerabilities/meltdown", "Mitigation: PTI", "mitigations", CHECKUP_FINE,
	  "1 mitigated, 0 vulnerable" },
	{ CPU "/vulnerabilities/retbleed", "Vulnerable", "mitigations", CHECKUP_FINE,
	  "1 mitigated, 1 vulnerable" },
	{ "proc/self/cgroup", "0::/a", "cpu-quota", CHECKUP_FINE, "none" },
	{ "sys/fs/cgroup/a/cpu.max", "150000 100000", "cpu-quota", CHECKUP_NOTE, "1.50 CPUs" },
	{ "sys/fs/cgroup/a/cpu.max", "90000 100000", "cpu-quota", CHECKUP_BAD, "0.90 CPUs" },
	{ "sys/fs/cgroup/a/cpu.max", "150000 100000", "cpu-quota", CHECKUP_NOTE, "1.50 CPUs" },
	{ "sys/fs/cgroup/a/cpu.stat", "nr_throttled 4", "cpu-quota", CHECKUP_BAD, "1.50 CPUs" },
	{ CPU "/cpufreq/policy0/scaling_driver", "intel_cpufreq", "cpufreq-driver", CHECKUP_FINE,
	  "intel_cpufreq" },
	{ CPU "/intel_pstate/status", "passive", "cpufreq-driver", CHECKUP_FINE,
	  "intel_cpufreq (intel_pstate passive)" },
	{ "sys/class/powercap/intel-rapl:0/constraint_0_name", "long_term", "power-limit", CHECKUP_FINE,
	  NULL },
	{ "sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw", "65000000", "power-limit",
	  CHECKUP_FINE, "65 W" },
	{ "sys/class/powercap/intel-rapl:0/constraint_0_max_power_uw", "65000000", "power-limit",
	  CHECKUP_FINE, "65 W of 65 W" },
	{ "sys/class/powercap/intel-rapl:0/constraint_0_max_power_uw", "125000000", "power-limit",
	  CHECKUP_NOTE, "65 W of 125 W" },
	{ "proc/1/fd/0", "", "counter-users", CHECKUP_FINE, "none" },
};

/* The files gather on one machine, in the order of the table; a claim without a value only adds its file. */
START_TEST(every_check_grades_what_files_say)
{
	const struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;

	machine_init(&machine);
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		machine_put(&machine, claims[i].path, claims[i].text);
		if (!claims[i].value)
			continue;
		collect(&machine, &topology, &findings);
		check(&findings, claims[i].name, claims[i].grade, claims[i].value, "");
	}
	machine_release(&machine);
}
END_TEST

START_TEST(a_sound_machine_meets_what_files_can_tell)
{
	static const char *const names[] = { "housekeeping", "clocksource", "hypervisor", "load", "tsc" };
	const struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;

	machine_init(&machine);
	put_sound_machine(&machine);
	collect(&machine, &topology, &findings);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		ck_assert_int_eq(find(&findings, names[i])->condition.outcome, CONDITION_ALREADY);
	machine_release(&machine);
}
END_TEST

START_TEST(a_machine_without_a_spare_cpu_is_no_place_to_measure)
{
	struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;

	machine_init(&machine);
	CPU_ZERO(&topology.housekeeping);
	collect(&machine, &topology, &findings);
	check(&findings, "housekeeping", CHECKUP_BAD, "", "no CPU is left");
	machine_release(&machine);
}
END_TEST

START_TEST(isolated_cpus_are_a_fault_only_for_benches_on_several)
{
	struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, CPU "/isolated", "0-1\n");
	collect(&machine, &topology, &findings);
	check(&findings, "isolcpus", CHECKUP_FINE, "0-1", "");
	CPU_SET(0, &topology.bench);
	collect(&machine, &topology, &findings);
	check(&findings, "isolcpus", CHECKUP_NOTE, "0-1", "load balancer");
	machine_release(&machine);
}
END_TEST

START_TEST(boot_parameters_that_mend_name_the_cpus_of_the_bench)
{
	const struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, CPU "/nohz_full", "(null)");
	collect(&machine, &topology, &findings);
	check(&findings, "tick", CHECKUP_NOTE, "none", "the timer tick and RCU callbacks go on on CPU 1");
	ck_assert_str_eq(find(&findings, "tick")->condition.mend, "boot parameters nohz_full=1 rcu_nocbs=1");
	machine_put(&machine, "proc/cmdline", "quiet rcu_nocbs=1-3\n");
	collect(&machine, &topology, &findings);
	check(&findings, "tick", CHECKUP_NOTE, "none", "the timer tick goes on");
	machine_release(&machine);
}
END_TEST

/* Where a fault is found there is something to do about it, and what it does to numbers is known of all. */
START_TEST(every_fault_has_its_cost_and_what_mends_it)
{
	struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;
	size_t faults = 0;

	machine_init(&machine);
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++)
		if (claims[i].grade != CHECKUP_FINE || !claims[i].value)
			machine_put(&machine, claims[i].path, claims[i].text);
	CPU_ZERO(&topology.housekeeping);
	collect(&machine, &topology, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		const struct checkup_finding *finding = &findings.list[i];

		ck_assert_str_ne(finding->costs, "");
		ck_assert_int_eq(finding->condition.mend[0] != '\0', finding->grade != CHECKUP_FINE);
		faults += finding->grade != CHECKUP_FINE;
	}
	ck_assert_uint_ge(faults, 19);
	machine_release(&machine);
}
END_TEST

START_TEST(what_a_host_does_not_tell_is_not_guessed)
{
	static const char *const told[] = { "housekeeping", "hypervisor", "cpufreq-driver" };
	const struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;
	size_t untold = 0;

	machine_init(&machine);
	collect(&machine, &topology, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		const char *name = findings.list[i].condition.knob;
		bool is_told = false;

		for (size_t j = 0; j < sizeof told / sizeof *told; j++)
			is_told |= !strcmp(name, told[j]);
		if (!is_told)
			check_untold(&findings, name);
		untold += !is_told;
	}
	ck_assert_uint_ge(untold, 27);
	check(&findings, "hypervisor", CHECKUP_FINE, "unknown", "");
	check(&findings, "cpufreq-driver", CHECKUP_NOTE, "none", "no say");
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("host/checkup", every_check_grades_what_files_say, a_sound_machine_meets_what_files_can_tell,
	     a_machine_without_a_spare_cpu_is_no_place_to_measure,
	     isolated_cpus_are_a_fault_only_for_benches_on_several,
	     boot_parameters_that_mend_name_the_cpus_of_the_bench, every_fault_has_its_cost_and_what_mends_it,
	     what_a_host_does_not_tell_is_not_guessed)
