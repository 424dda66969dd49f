/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_fixture.h - a machine of files: cpufreq with two policies and boost, idle states, a boot id. */
#ifndef MACHINE_FIXTURE_H
#define MACHINE_FIXTURE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/path.h"
#include "host/policy.h"
#include "unit.h"

#define CPUFREQ		POLICY_ROOT
#define MACHINE_BOOT_ID "proc/sys/kernel/random/boot_id"

struct machine {
	char base[64];
	struct path_root root;
	int run; /* a run folder beside the tree */
};

static const char *const machine_files[][2] = {
	{ CPUFREQ "/boost", "1" },
	{ CPUFREQ "/policy0/affected_cpus", "0 " },
	{ CPUFREQ "/policy0/scaling_governor", "powersave" },
	{ CPUFREQ "/policy0/scaling_available_governors", "powersave performance userspace ondemand " },
	{ CPUFREQ "/policy0/scaling_max_freq", "1800000" },
	{ CPUFREQ "/policy0/scaling_setspeed", "<unsupported>" },
	{ CPUFREQ "/policy1/affected_cpus", "1" },
	{ CPUFREQ "/policy1/scaling_governor", "userspace" },
	{ CPUFREQ "/policy1/scaling_available_governors", "powersave performance userspace ondemand " },
	{ CPUFREQ "/policy1/scaling_max_freq", "2200000" },
	{ CPUFREQ "/policy1/scaling_setspeed", "1600000" },
	{ "sys/devices/system/cpu/cpu0/cpuidle/state0/name", "POLL" },
	{ "sys/devices/system/cpu/cpu0/cpuidle/state0/latency", "0" },
	{ "sys/devices/system/cpu/cpu0/cpuidle/state1/name", "C1" },
	{ "sys/devices/system/cpu/cpu0/cpuidle/state1/latency", "2" },
	{ "sys/devices/system/cpu/cpu1/cpuidle/state0/name", "POLL" },
	{ "sys/devices/system/cpu/cpu1/cpuidle/state0/latency", "0" },
	{ "sys/devices/system/cpu/cpu1/cpuidle/state1/name", "C1" },
	{ "sys/devices/system/cpu/cpu1/cpuidle/state1/latency", "2" },
	{ "dev/cpu_dma_latency", "    " },
	{ MACHINE_BOOT_ID, "01234567-89ab-cdef-0123-456789abcdef" },
	{ "proc/sys/kernel/osrelease", "6.1.0-test" },
};

#define MACHINE_FILES (sizeof machine_files / sizeof machine_files[0])

/* Valgrind 3.19 knows no openat2, and neither do kernels before 5.6; without it no prefix confines. */
static inline bool machine_is_possible(void)
{
	if (syscall(SYS_openat2, -1, "", NULL, (size_t)0) == 0 || errno != ENOSYS)
		return true;
	puts("skipped: no openat2 here (Linux before 5.6, or valgrind)");
	return false;
}

#define MACHINE_MAIN(module, ...)                                                                            \
	int main(void)                                                                                       \
	{                                                                                                    \
		const TTest *const tests[] = { __VA_ARGS__ };                                                \
		return machine_is_possible() ? unit_run(module, tests, sizeof tests / sizeof tests[0]) : 77; \
	}

/* Makes folders on the way, then the file. */
static inline void machine_put(const struct machine *machine, const char *path, const char *text)
{
	char folder[256];
	int fd;

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
		mkdirat(machine->root.fd, folder, 0755);
	}
	fd = openat(machine->root.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
}

/* Benches run on the CPUs of the machine that tests. */
static inline void machine_put_online(const struct machine *machine)
{
	char text[256];
	struct path_root root;

	ck_assert_int_eq(path_root_init(&root, "/", NULL), 0);
	ck_assert_int_gt(path_read(&root, "sys/devices/system/cpu/online", text, sizeof text, NULL), 0);
	machine_put(machine, "sys/devices/system/cpu/online", text);
	path_root_release(&root);
}

static inline const char *machine_get(const struct machine *machine, const char *path)
{
	static char text[256];

	if (path_read(&machine->root, path, text, sizeof text, NULL) < 0)
		return "(absent)";
	return text;
}

static inline void machine_drop(const struct machine *machine, const char *path)
{
	ck_assert_int_eq(unlinkat(machine->root.fd, path, 0), 0);
}

static inline void machine_init(struct machine *machine)
{
	char path[96];

	strcpy(machine->base, "/tmp/stablebench-machine-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(machine->base));
	snprintf(path, sizeof path, "%s/root", machine->base);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	ck_assert_int_eq(path_root_init(&machine->root, path, NULL), 0);
	for (size_t i = 0; i < MACHINE_FILES; i++)
		machine_put(machine, machine_files[i][0], machine_files[i][1]);
	machine_put_online(machine);
	snprintf(path, sizeof path, "%s/run", machine->base);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	machine->run = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(machine->run, 0);
}

static inline void machine_release(struct machine *machine)
{
	char command[128];

	close(machine->run);
	path_root_release(&machine->root);
	snprintf(command, sizeof command, "rm -rf '%s'", machine->base);
	ck_assert_int_eq(system(command), 0);
}

/* Every file as machine_init made it; the latency device alone keeps what was asked of it. */
static inline void machine_check_untouched(const struct machine *machine)
{
	for (size_t i = 0; i < MACHINE_FILES; i++)
		if (strcmp(machine_files[i][0], "dev/cpu_dma_latency") != 0)
			ck_assert_str_eq(machine_get(machine, machine_files[i][0]), machine_files[i][1]);
}

#endif
