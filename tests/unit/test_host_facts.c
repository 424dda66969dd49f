/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about facts: read from whatever machine stands under the prefix, left out where it says nothing. */
#include "host/facts.h"

#include "machine_fixture.h"

struct found {
	char lines[8192];
};

static void take_text(void *context, const char *key, const char *value)
{
	struct found *found = context;
	const size_t used = strlen(found->lines);

	snprintf(found->lines + used, sizeof found->lines - used, "%s=%s\n", key, value);
}

static void take_number(void *context, const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof text, "%.10g", value);
	take_text(context, key, text);
}

static void collect(const struct machine *machine, struct found *found)
{
	const struct facts_sink sink = { take_text, take_number, found };

	memset(found, 0, sizeof *found);
	facts_collect(&machine->root, NULL, &sink);
}

static void check_line(const struct found *found, const char *line)
{
	char text[512];

	snprintf(text, sizeof text, "%s\n", line);
	ck_assert_msg(strstr(found->lines, text) != NULL, "no '%s' in:\n%s", line, found->lines);
}

static const char *const pc[][2] = {
	{ "proc/cpuinfo",
	  "processor\t: 0\nmodel name\t: Some CPU @ 3 GHz\nmicrocode\t: 0x42\n"
	  "flags\t\t: fpu tsc constant_tsc nonstop_tsc\n\nprocessor\t: 1\nmodel name\t: Other\n" },
	{ "proc/sys/kernel/hostname", "lab7" },
	{ "proc/sys/kernel/arch", "x86_64" },
	{ "proc/sys/kernel/randomize_va_space", "2" },
	{ "proc/sys/kernel/perf_event_paranoid", "-1" },
	{ "proc/meminfo", "MemTotal:       16384 kB\nMemFree: 1 kB\n" },
	{ "proc/loadavg", "0.25 0.5 0.75 1/2 3" },
	{ "proc/cmdline", "quiet rcu_nocbs=2-3" },
	{ "proc/stat", "cpu 90 0 0 50 0 0 0 10 0 0\n" },
	{ "proc/pressure/cpu", "some avg10=12.50 avg60=0.00 avg300=0.00 total=1\n" },
	{ "proc/self/cgroup", "0::/\n" },
	{ "proc/1/comm", "tuned\n" },
	{ "proc/sys/kernel/printk", "7\t4\t1\t7" },
	{ "proc/sys/kernel/sched_rt_runtime_us", "950000" },
	{ "proc/sys/kernel/sched_rt_period_us", "1000000" },
	{ "proc/sys/kernel/split_lock_mitigate", "1" },
	{ "sys/devices/system/cpu/amd_pstate/status", "active" },
	{ "sys/firmware/acpi/platform_profile", "balanced" },
	{ "sys/class/power_supply/AC/type", "Mains" },
	{ "sys/class/power_supply/AC/online", "1" },
	{ "sys/kernel/tracing/current_tracer", "nop" },
	{ "etc/os-release", "NAME=\"X\"\nPRETTY_NAME=\"Lab Linux 1\"\n" },
	{ "sys/devices/system/cpu/online", "0-3" },
	{ "sys/devices/system/cpu/cpu0/topology/thread_siblings_list", "0-1" },
	{ "sys/devices/system/cpu/cpu1/topology/thread_siblings_list", "0-1" },
	{ "sys/devices/system/cpu/cpu2/topology/thread_siblings_list", "2-3" },
	{ "sys/devices/system/cpu/cpu3/topology/thread_siblings_list", "2-3" },
	{ "sys/devices/system/cpu/isolated", "" },
	{ "sys/devices/system/cpu/nohz_full", "(null)" },
	{ "sys/devices/system/cpu/smt/control", "on" },
	{ "sys/devices/system/cpu/vulnerabilities/a", "Not affected" },
	{ "sys/devices/system/cpu/vulnerabilities/c", "Vulnerable; SMT" },
	{ "sys/devices/system/cpu/vulnerabilities/b", "Mitigation: PTI" },
	{ "sys/devices/system/node/online", "0-1" },
	{ "sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc" },
	{ "sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never" },
};

static void make_pc(struct machine *machine)
{
	machine_init(machine);
	for (size_t i = 0; i < sizeof pc / sizeof pc[0]; i++)
		machine_put(machine, pc[i][0], pc[i][1]);
}

START_TEST(a_machine_is_described_from_its_files)
{
	static const char *const lines[] = {
		"hostname=lab7",
		"os=Lab Linux 1",
		"kernel=6.1.0-test",
		"architecture=x86_64",
		"cpu_model=Some CPU @ 3 GHz",
		"microcode=0x42",
		"cpus_online=4",
		"cores=2",
		"memory_bytes=16777216",
		"hypervisor=none",
		"container=none",
		"clocksource=tsc",
		"tsc_trusted=1",
		"governor=powersave userspace",
		"smt=on",
		"numa_nodes=2",
		"isolated_cpus=none",
		"nohz_full_cpus=none",
		"mitigations=b mitigated, c vulnerable",
		"aslr=2",
		"thp=madvise",
		"load_1min=0.25",
		"perf_event_paranoid=-1",
		"cmdline=quiet rcu_nocbs=2-3",
		"tsc_flags=constant_tsc nonstop_tsc",
		"cpufreq_mode=amd_pstate active",
		"platform_profile=balanced",
		"on_mains=yes",
		"rcu_nocbs_cpus=2-3",
		"steal=0.1",
		"pressure_cpu=0.125",
		"cpu_quota=none",
		"tuning_daemons=tuned",
		"upkeep=none",
		"tracing=none",
		"split_lock_mitigate=1",
		"rt_share=0.95",
		"console_level=7",
	};
	struct machine machine;
	struct found found;

	make_pc(&machine);
	collect(&machine, &found);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		check_line(&found, lines[i]);
	machine_release(&machine);
}
END_TEST

START_TEST(the_counter_is_trusted_only_with_all_its_conditions)
{
	struct machine machine;

	make_pc(&machine);
	ck_assert(facts_counter_is_trusted(&machine.root));
	machine_put(&machine, "proc/cpuinfo", "flags\t: constant_tsc nonstop_tsc_s3\n");
	ck_assert(!facts_counter_is_trusted(&machine.root));
	machine_put(&machine, "proc/cpuinfo", pc[0][1]);
	machine_put(&machine, "sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet");
	ck_assert(!facts_counter_is_trusted(&machine.root));
	machine_put(&machine, "proc/cpuinfo", "Features\t: fp asimd\n");
	ck_assert(!facts_counter_is_trusted(&machine.root));
	machine_put(&machine, "sys/devices/system/clocksource/clocksource0/current_clocksource",
		    "arch_sys_counter");
	ck_assert(facts_counter_is_trusted(&machine.root));
	machine_release(&machine);
}
END_TEST

START_TEST(guests_and_containers_are_named)
{
	struct machine machine;
	struct found found;

	make_pc(&machine);
	machine_put(&machine, "proc/cpuinfo", "flags\t: fpu hypervisor\n");
	machine_put(&machine, "run/.containerenv", "");
	collect(&machine, &found);
	check_line(&found, "hypervisor=a hypervisor that hides its name");
	check_line(&found, "container=podman");
	machine_put(&machine, "sys/class/dmi/id/sys_vendor", "QEMU");
	collect(&machine, &found);
	check_line(&found, "hypervisor=QEMU");
	machine_release(&machine);
}
END_TEST

START_TEST(an_arm_machine_is_named_by_its_parts)
{
	struct machine machine;
	struct found found;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n");
	collect(&machine, &found);
	check_line(&found, "cpu_model=Arm implementer 0x41 part 0xd0c");
	check_line(&found, "tsc_trusted=0");
	ck_assert_ptr_null(strstr(found.lines, "microcode="));
	ck_assert_ptr_null(strstr(found.lines, "hypervisor="));
	machine_release(&machine);
}
END_TEST

START_TEST(what_root_has_kept_stands_for_what_is_seen_later)
{
	struct facts_kept kept;
	struct found found = { .lines = "" };
	const struct facts_sink sink = { take_text, take_number, &found };
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/1/comm", "thermald\n");
	machine_put(&machine, "proc/loadavg", "0.25 0.5 0.75 1/2 3");
	facts_keep(&machine.root, &kept);
	machine_put(&machine, "proc/1/comm", "init\n");
	machine_put(&machine, "proc/loadavg", "0.5 0.5 0.75 1/2 3");
	machine_put(&machine, "sys/kernel/tracing/current_tracer", "function");
	facts_collect(&machine.root, &kept, &sink);
	check_line(&found, "tuning_daemons=thermald");
	check_line(&found, "load_1min=0.5");
	ck_assert_ptr_null(strstr(found.lines, "tracing="));
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("facts", a_machine_is_described_from_its_files,
	     the_counter_is_trusted_only_with_all_its_conditions, guests_and_containers_are_named,
	     an_arm_machine_is_named_by_its_parts, what_root_has_kept_stands_for_what_is_seen_later)
