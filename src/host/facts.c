/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts.c - one table: the name of a fact, how it is found out, from which file; see facts.h. */
#include "host/facts.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include "base/cpulist.h"
#include "host/contention.h"
#include "host/cpuinfo.h"
#include "host/drift.h"
#include "host/field.h"
#include "host/heat.h"
#include "host/mitigations.h"
#include "host/pmu.h"
#include "host/policy.h"
#include "host/power.h"
#include "host/programs.h"
#include "host/quota.h"
#include "host/tracing.h"
#include "host/virtual.h"

#define CPU_ROOT "sys/devices/system/cpu"
#define CLOCK	 "sys/devices/system/clocksource/clocksource0/current_clocksource"

struct collect {
	const struct path_root *root;
	const struct facts_sink *sink;
	char cpuinfo[CPUINFO_SIZE];
};

struct fact {
	const char *key;
	void (*find)(const struct collect *collect, const struct fact *fact);
	/* for the general ways of finding */
	const char *path, *word;
	bool (*text)(const struct path_root *root, char *text, size_t size);
	bool (*number)(const struct path_root *root, double *number);
	bool is_for_root; /* a text that others see less of, or not at all */
};

/* --- pieces ------------------------------------------------------------------------------------------- */

static void give_text(const struct collect *collect, const struct fact *fact, const char *text)
{
	collect->sink->text(collect->sink->context, fact->key, text);
}

static void give_number(const struct collect *collect, const struct fact *fact, double number)
{
	collect->sink->number(collect->sink->context, fact->key, number);
}

/* --- general ways ------------------------------------------------------------------------------------- */

static void file_text(const struct collect *collect, const struct fact *fact)
{
	char text[4096];

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) > 0)
		give_text(collect, fact, text);
}

static void file_number(const struct collect *collect, const struct fact *fact)
{
	long long number;

	if (!path_read_long(collect->root, fact->path, &number, NULL))
		give_number(collect, fact, (double)number);
}

/* A list that may be empty; some kernels print a null pointer for it. */
static void file_list(const struct collect *collect, const struct fact *fact)
{
	char text[1024];

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) < 0)
		return;
	give_text(collect, fact, isdigit((unsigned char)text[0]) ? text : "none");
}

static void file_count(const struct collect *collect, const struct fact *fact)
{
	char text[1024];
	cpu_set_t set;

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) > 0 &&
	    !cpulist_parse(text, &set, NULL))
		give_number(collect, fact, CPU_COUNT(&set));
}

static void file_line(const struct collect *collect, const struct fact *fact)
{
	char text[8192], value[256];

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) > 0 &&
	    field_line(text, fact->word, value, sizeof value))
		give_text(collect, fact, value);
}

static void file_bracketed(const struct collect *collect, const struct fact *fact)
{
	char text[256], value[64];

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) > 0 &&
	    field_bracketed(text, value, sizeof value))
		give_text(collect, fact, value);
}

static void ask_text(const struct collect *collect, const struct fact *fact)
{
	char text[2048];

	if (fact->text(collect->root, text, sizeof text))
		give_text(collect, fact, text);
}

static void ask_number(const struct collect *collect, const struct fact *fact)
{
	double number;

	if (fact->number(collect->root, &number))
		give_number(collect, fact, number);
}

/* --- each in its own way ------------------------------------------------------------------------------ */

static void find_architecture(const struct collect *collect, const struct fact *fact)
{
	struct utsname name;

	if (path_exists(collect->root, fact->path))
		file_text(collect, fact);
	else if (collect->root->is_real && !uname(&name)) /* before Linux 6.1 */
		give_text(collect, fact, name.machine);
}

static void find_cpu_model(const struct collect *collect, const struct fact *fact)
{
	char model[256];

	if (cpuinfo_model(collect->cpuinfo, model, sizeof model))
		give_text(collect, fact, model);
}

static void find_microcode(const struct collect *collect, const struct fact *fact)
{
	char value[64];

	if (field_line(collect->cpuinfo, "microcode", value, sizeof value))
		give_text(collect, fact, value);
}

/* A core is counted at the first of its hardware threads. */
static void find_cores(const struct collect *collect, const struct fact *fact)
{
	char path[96], text[1024];
	cpu_set_t online, threads;
	unsigned cores = 0;

	if (path_read(collect->root, CPU_ROOT "/online", text, sizeof text, NULL) <= 0 ||
	    cpulist_parse(text, &online, NULL))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &online))
			continue;
		snprintf(path, sizeof path, CPU_ROOT "/cpu%d/topology/thread_siblings_list", cpu);
		if (path_read(collect->root, path, text, sizeof text, NULL) <= 0 ||
		    cpulist_parse(text, &threads, NULL))
			return;
		cores += cpulist_first(&threads) == cpu;
	}
	give_number(collect, fact, cores);
}

static void find_memory(const struct collect *collect, const struct fact *fact)
{
	char text[8192];
	double kibibytes;

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) > 0 &&
	    field_number(text, fact->word, &kibibytes))
		give_number(collect, fact, kibibytes * 1024);
}

static void find_hypervisor(const struct collect *collect, const struct fact *fact)
{
	char name[128];

	if (virtual_hypervisor(collect->root, name, sizeof name))
		give_text(collect, fact, name);
}

static void find_container(const struct collect *collect, const struct fact *fact)
{
	char name[64];

	give_text(collect, fact, virtual_container(collect->root, name, sizeof name));
}

/* What makes the counter of an x86 a clock; the words are the kernel's. */
static void find_tsc_flags(const struct collect *collect, const struct fact *fact)
{
	static const char *const flags[] = { "constant_tsc", "nonstop_tsc", "tsc_reliable",
					     "tsc_known_freq" };
	char text[128] = "";

	if (!cpuinfo_has_flag(collect->cpuinfo, "tsc"))
		return;
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (cpuinfo_has_flag(collect->cpuinfo, flags[i]))
			field_append(text, sizeof text, " ", flags[i]);
	give_text(collect, fact, text[0] ? text : "none");
}

static bool clocksource_is(const struct path_root *root, const char *name)
{
	char source[64];

	return path_read(root, CLOCK, source, sizeof source, NULL) > 0 && !strcmp(source, name);
}

static bool tsc_is_trusted(const struct path_root *root)
{
	char cpuinfo[CPUINFO_SIZE];

	cpuinfo_read(root, cpuinfo);
	return cpuinfo_has_flag(cpuinfo, "constant_tsc") && cpuinfo_has_flag(cpuinfo, "nonstop_tsc") &&
	       clocksource_is(root, "tsc");
}

static void find_tsc(const struct collect *collect, const struct fact *fact)
{
	give_number(collect, fact, tsc_is_trusted(collect->root));
}

/* What all policies have, or each different value once. */
static void find_policies(const struct collect *collect, const struct fact *fact)
{
	char path[96], value[64], all[256] = "";
	size_t count;
	struct policy *list = policy_list(collect->root, &count);

	for (size_t i = 0; i < count; i++) {
		policy_path(&list[i], fact->path, path, sizeof path);
		if (path_read(collect->root, path, value, sizeof value, NULL) > 0 &&
		    !field_has_word(all, value))
			field_append(all, sizeof all, " ", value);
	}
	free(list);
	if (all[0])
		give_text(collect, fact, all);
}

/* The first number of a file. */
static void file_first(const struct collect *collect, const struct fact *fact)
{
	char text[128], *end;
	double number;

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) <= 0)
		return;
	number = strtod(text, &end);
	if (end != text)
		give_number(collect, fact, number);
}

static void file_parameter(const struct collect *collect, const struct fact *fact)
{
	char text[4096], value[256];

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) >= 0)
		give_text(collect, fact,
			  field_parameter(text, fact->word, value, sizeof value) ? value : "none");
}

/* "active" of intel_pstate or amd_pstate, with which the meaning of governors changes. */
static void find_driver_mode(const struct collect *collect, const struct fact *fact)
{
	static const char *const drivers[] = { "intel_pstate", "amd_pstate" };
	char path[96], mode[32], text[64];

	for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
		snprintf(path, sizeof path, CPU_ROOT "/%s/status", drivers[i]);
		if (path_read(collect->root, path, mode, sizeof mode, NULL) <= 0)
			continue;
		snprintf(text, sizeof text, "%s %s", drivers[i], mode);
		give_text(collect, fact, text);
		return;
	}
}

/* -1 means no bound. */
static void find_rt_share(const struct collect *collect, const struct fact *fact)
{
	long long runtime, period;

	if (path_read_long(collect->root, "proc/sys/kernel/sched_rt_runtime_us", &runtime, NULL) ||
	    path_read_long(collect->root, "proc/sys/kernel/sched_rt_period_us", &period, NULL) || period <= 0)
		return;
	give_number(collect, fact, runtime < 0 ? 1 : (double)runtime / (double)period);
}

/* --- all ---------------------------------------------------------------------------------------------- */

#define SYSCTL "proc/sys/kernel/"

/* One row to a line reads better than what the formatter makes of it. */
/* clang-format off */
static const struct fact facts[] = {
	{ "hostname", file_text, .path = SYSCTL "hostname" },
	{ "os", file_line, .path = "etc/os-release", .word = "PRETTY_NAME" },
	{ "kernel", file_text, .path = SYSCTL "osrelease" },
	{ "architecture", find_architecture, .path = SYSCTL "arch" },
	{ "cpu_model", .find = find_cpu_model },
	{ "microcode", .find = find_microcode },
	{ "cpus_online", file_count, .path = CPU_ROOT "/online" },
	{ "cores", .find = find_cores },
	{ "memory_bytes", find_memory, .path = "proc/meminfo", .word = "MemTotal" },
	{ "hypervisor", .find = find_hypervisor },
	{ "container", .find = find_container },
	{ "clocksource", file_text, .path = CLOCK },
	{ "tsc_trusted", .find = find_tsc },
	{ "tsc_flags", .find = find_tsc_flags },
	{ "clock_drift_ppm", ask_number, .number = drift_ppm },
	{ "cpufreq_driver", find_policies, .path = "scaling_driver" },
	{ "cpufreq_mode", .find = find_driver_mode },
	{ "governor", find_policies, .path = "scaling_governor" },
	{ "platform_profile", file_text, .path = "sys/firmware/acpi/platform_profile" },
	{ "power_limit_w", ask_number, .number = power_limit },
	{ "power_rating_w", ask_number, .number = power_rating },
	{ "on_mains", ask_text, .text = power_on_mains },
	{ "cooling", ask_text, .text = power_cooling },
	{ "thermal_throttles", ask_number, .number = power_throttles },
	{ "temperature_c", ask_number, .number = heat_warmest },
	{ "smt", file_text, .path = CPU_ROOT "/smt/control" },
	{ "numa_nodes", file_count, .path = "sys/devices/system/node/online" },
	{ "isolated_cpus", file_list, .path = CPU_ROOT "/isolated" },
	{ "nohz_full_cpus", file_list, .path = CPU_ROOT "/nohz_full" },
	{ "rcu_nocbs_cpus", file_parameter, .path = "proc/cmdline", .word = "rcu_nocbs" },
	{ "mitigations", ask_text, .text = mitigations_line },
	{ "aslr", file_number, .path = SYSCTL "randomize_va_space" },
	{ "thp", file_bracketed, .path = "sys/kernel/mm/transparent_hugepage/enabled" },
	{ "load_1min", file_first, .path = "proc/loadavg" },
	{ "steal", ask_number, .number = contention_steal },
	{ "pressure_cpu", ask_number, .number = contention_cpu },
	{ "pressure_memory", ask_number, .number = contention_memory },
	{ "pressure_io", ask_number, .number = contention_io },
	{ "cpu_quota", ask_text, .text = quota_cpus },
	{ "cpu_throttled", ask_number, .number = quota_throttled },
	{ "tuning_daemons", ask_text, .text = programs_that_tune, .is_for_root = true },
	{ "upkeep", ask_text, .text = programs_at_upkeep, .is_for_root = true },
	{ "counter_users", ask_text, .text = programs_with_counters, .is_for_root = true },
	{ "tracing", ask_text, .text = tracing_active, .is_for_root = true },
	{ "bpf_stats", file_number, .path = SYSCTL "bpf_stats_enabled" },
	{ "perf_event_paranoid", file_number, .path = SYSCTL "perf_event_paranoid" },
	{ "hardware_counters", ask_text, .text = pmu_state, .is_for_root = true },
	{ "split_lock_mitigate", file_number, .path = SYSCTL "split_lock_mitigate" },
	{ "schedstats", file_number, .path = SYSCTL "sched_schedstats" },
	{ "autogroup", file_number, .path = SYSCTL "sched_autogroup_enabled" },
	{ "uclamp_max", file_number, .path = SYSCTL "sched_util_clamp_max" },
	{ "rt_share", .find = find_rt_share },
	{ "console_level", file_first, .path = SYSCTL "printk" },
	{ "consoles", file_text, .path = "sys/class/tty/console/active" },
	{ "cmdline", file_text, .path = "proc/cmdline" },
};
/* clang-format on */

#define FACTS (sizeof facts / sizeof facts[0])

static void keep_text(void *context, const char *key, const char *text)
{
	struct facts_kept *kept = context;

	assert(kept->count < FACTS_KEPT);
	kept->facts[kept->count].key = key;
	snprintf(kept->facts[kept->count++].text, FACTS_TEXT, "%s", text);
}

void facts_keep(const struct path_root *root, struct facts_kept *kept)
{
	const struct facts_sink sink = { .text = keep_text, .context = kept };
	const struct collect collect = { .root = root, .sink = &sink };

	memset(kept, 0, sizeof *kept);
	kept->is_kept = true;
	for (size_t i = 0; i < FACTS; i++)
		if (facts[i].is_for_root)
			facts[i].find(&collect, &facts[i]);
}

static void give_kept(const struct collect *collect, const struct facts_kept *kept, const struct fact *fact)
{
	for (size_t i = 0; i < kept->count; i++)
		if (!strcmp(kept->facts[i].key, fact->key))
			give_text(collect, fact, kept->facts[i].text);
}

void facts_collect(const struct path_root *root, const struct facts_kept *kept, const struct facts_sink *sink)
{
	struct collect collect = { .root = root, .sink = sink };

	cpuinfo_read(root, collect.cpuinfo);
	for (size_t i = 0; i < FACTS; i++)
		if (facts[i].is_for_root && kept && kept->is_kept)
			give_kept(&collect, kept, &facts[i]);
		else
			facts[i].find(&collect, &facts[i]);
}

bool facts_counter_is_trusted(const struct path_root *root)
{
	return tsc_is_trusted(root) || clocksource_is(root, "arch_sys_counter");
}
