/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts.c - one table: the name of a fact, how it is found out, from which file; see facts.h. */
#include "host/facts.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "base/cpulist.h"
#include "host/mitigations.h"
#include "host/policy.h"
#include "host/virtual.h"

#define CPU_ROOT "sys/devices/system/cpu"
#define CLOCK	 "sys/devices/system/clocksource/clocksource0/current_clocksource"

struct collect {
	const struct path_root *root;
	const struct facts_sink *sink;
	char cpuinfo[16384]; /* the first CPU's block, and those after it as far as they fit */
};

struct fact {
	const char *key;
	void (*find)(const struct collect *collect, const struct fact *fact);
	const char *path, *word; /* for the general ways of finding */
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

/* What stands behind "word ... :" or "word=" at the beginning of a line; false when no line has it. */
static bool find_line(const char *text, const char *word, char *value, size_t size)
{
	const size_t length = strlen(word);

	for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		const char *at = line + length;

		if (strncmp(line, word, length) != 0)
			continue;
		at += strspn(at, " \t");
		if (*at != ':' && *at != '=')
			continue;
		at += 1 + strspn(at + 1, " \t\"");
		snprintf(value, size, "%.*s", (int)strcspn(at, "\n\""), at);
		return value[0] != '\0';
	}
	return false;
}

/* /proc/cpuinfo may have megabytes on a large host. */
static void read_cpuinfo(const struct path_root *root, char *text, size_t size)
{
	int fd = path_open(root, "proc/cpuinfo", O_RDONLY, NULL);
	size_t used = 0;
	ssize_t got;

	while (fd >= 0 && used < size - 1 && (got = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	if (fd >= 0)
		close(fd);
}

static bool has_flag(const char *cpuinfo, const char *flag)
{
	char flags[4096], *at;
	const size_t length = strlen(flag);

	if (!find_line(cpuinfo, "flags", flags, sizeof flags))
		return false;
	for (at = flags; (at = strstr(at, flag)); at += length)
		if ((at == flags || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
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
	    find_line(text, fact->word, value, sizeof value))
		give_text(collect, fact, value);
}

static void file_bracketed(const struct collect *collect, const struct fact *fact)
{
	char text[256], *open;

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) <= 0)
		return;
	open = strchr(text, '[');
	if (!open)
		return;
	open[strcspn(open, "]")] = '\0';
	give_text(collect, fact, open + 1);
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
	char value[128], part[64], text[256];

	if (find_line(collect->cpuinfo, "model name", value, sizeof value) ||
	    find_line(collect->cpuinfo, "Model", value, sizeof value)) {
		give_text(collect, fact, value);
	} else if (find_line(collect->cpuinfo, "CPU implementer", value, sizeof value) &&
		   find_line(collect->cpuinfo, "CPU part", part, sizeof part)) {
		snprintf(text, sizeof text, "Arm implementer %s part %s", value, part);
		give_text(collect, fact, text);
	}
}

static void find_microcode(const struct collect *collect, const struct fact *fact)
{
	char value[64];

	if (find_line(collect->cpuinfo, "microcode", value, sizeof value))
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
	char text[8192], value[64];

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) > 0 &&
	    find_line(text, fact->word, value, sizeof value))
		give_number(collect, fact, strtod(value, NULL) * 1024);
}

static void find_hypervisor(const struct collect *collect, const struct fact *fact)
{
	char flags[4096] = " ", name[128];

	find_line(collect->cpuinfo, "flags", flags + 1, sizeof flags - 1);
	if (virtual_hypervisor(collect->root, flags, name, sizeof name))
		give_text(collect, fact, name);
}

static void find_container(const struct collect *collect, const struct fact *fact)
{
	char name[64];

	give_text(collect, fact, virtual_container(collect->root, name, sizeof name));
}

static void find_tsc(const struct collect *collect, const struct fact *fact)
{
	give_number(collect, fact, facts_tsc_is_trusted(collect->root));
}

/* What all policies have, or each different value once. */
static void find_policies(const struct collect *collect, const struct fact *fact)
{
	char path[96], value[64], all[256] = "";
	size_t count, used;
	struct policy *list = policy_list(collect->root, &count);

	for (size_t i = 0; i < count; i++) {
		policy_path(&list[i], fact->path, path, sizeof path);
		used = strlen(all);
		if (path_read(collect->root, path, value, sizeof value, NULL) <= 0 || strstr(all, value))
			continue;
		snprintf(all + used, sizeof all - used, "%s%s", used ? " " : "", value);
	}
	free(list);
	if (all[0])
		give_text(collect, fact, all);
}

static void find_load(const struct collect *collect, const struct fact *fact)
{
	char text[128];

	if (path_read(collect->root, fact->path, text, sizeof text, NULL) > 0)
		give_number(collect, fact, strtod(text, NULL));
}

static void find_mitigations(const struct collect *collect, const struct fact *fact)
{
	char line[2048];

	if (mitigations_line(collect->root, line, sizeof line))
		give_text(collect, fact, line);
}

/* --- counters ----------------------------------------------------------------------------------------- */

static const struct {
	int code;
	const char *why;
} perf_reasons[] = {
	{ ENOENT, "no: this CPU shows no counters to Linux, as in most virtual machines" },
	{ EOPNOTSUPP, "no: this CPU shows no counters to Linux, as in most virtual machines" },
	{ ENODEV, "no: this CPU shows no counters to Linux, as in most virtual machines" },
	{ EACCES, "no: not allowed by kernel.perf_event_paranoid; run with sudo" },
	{ EPERM, "no: not allowed; a container or a security module forbids it" },
	{ EBUSY, "no: somebody else uses them exclusively" },
	{ ENOSYS, "no: this kernel has no perf events" },
};

static void find_counters(const struct collect *collect, const struct fact *fact)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_HARDWARE,
					.size = sizeof attr,
					.config = PERF_COUNT_HW_INSTRUCTIONS,
					.disabled = 1,
					.exclude_kernel = 1,
					.exclude_hv = 1 };
	char text[128] = "yes";
	int code = 0;
	long fd;

	if (!collect->root->is_real)
		return;
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0) {
		code = errno;
		snprintf(text, sizeof text, "no: %s", err_reason(code));
	} else {
		close((int)fd);
	}
	for (size_t i = 0; code && i < sizeof perf_reasons / sizeof perf_reasons[0]; i++)
		if (perf_reasons[i].code == code)
			snprintf(text, sizeof text, "%s", perf_reasons[i].why);
	give_text(collect, fact, text);
}

/* --- all ---------------------------------------------------------------------------------------------- */

static const struct fact facts[] = {
	{ "hostname", file_text, "proc/sys/kernel/hostname", NULL },
	{ "os", file_line, "etc/os-release", "PRETTY_NAME" },
	{ "kernel", file_text, "proc/sys/kernel/osrelease", NULL },
	{ "architecture", find_architecture, "proc/sys/kernel/arch", NULL },
	{ "cpu_model", find_cpu_model, NULL, NULL },
	{ "microcode", find_microcode, NULL, NULL },
	{ "cpus_online", file_count, CPU_ROOT "/online", NULL },
	{ "cores", find_cores, NULL, NULL },
	{ "memory_bytes", find_memory, "proc/meminfo", "MemTotal" },
	{ "hypervisor", find_hypervisor, NULL, NULL },
	{ "container", find_container, NULL, NULL },
	{ "clocksource", file_text, CLOCK, NULL },
	{ "tsc_trusted", find_tsc, NULL, NULL },
	{ "cpufreq_driver", find_policies, "scaling_driver", NULL },
	{ "governor", find_policies, "scaling_governor", NULL },
	{ "smt", file_text, CPU_ROOT "/smt/control", NULL },
	{ "numa_nodes", file_count, "sys/devices/system/node/online", NULL },
	{ "isolated_cpus", file_list, CPU_ROOT "/isolated", NULL },
	{ "nohz_full_cpus", file_list, CPU_ROOT "/nohz_full", NULL },
	{ "mitigations", find_mitigations, NULL, NULL },
	{ "aslr", file_number, "proc/sys/kernel/randomize_va_space", NULL },
	{ "thp", file_bracketed, "sys/kernel/mm/transparent_hugepage/enabled", NULL },
	{ "load_1min", find_load, "proc/loadavg", NULL },
	{ "perf_event_paranoid", file_number, "proc/sys/kernel/perf_event_paranoid", NULL },
	{ "hardware_counters", find_counters, NULL, NULL },
	{ "cmdline", file_text, "proc/cmdline", NULL },
};

void facts_collect(const struct path_root *root, const struct facts_sink *sink)
{
	struct collect collect = { .root = root, .sink = sink };

	read_cpuinfo(root, collect.cpuinfo, sizeof collect.cpuinfo);
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
		facts[i].find(&collect, &facts[i]);
}

bool facts_tsc_is_trusted(const struct path_root *root)
{
	char cpuinfo[16384], source[64];

	read_cpuinfo(root, cpuinfo, sizeof cpuinfo);
	return has_flag(cpuinfo, "constant_tsc") && has_flag(cpuinfo, "nonstop_tsc") &&
	       path_read(root, CLOCK, source, sizeof source, NULL) > 0 && !strcmp(source, "tsc");
}
