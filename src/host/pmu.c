/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pmu.c - see pmu.h. */
#include "host/pmu.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "host/cpuinfo.h"

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

bool pmu_state(const struct path_root *root, char *text, size_t size)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_HARDWARE,
					.size = sizeof attr,
					.config = PERF_COUNT_HW_INSTRUCTIONS,
					.disabled = 1,
					.exclude_kernel = 1,
					.exclude_hv = 1 };
	int code = 0;
	long fd;

	if (!root->is_real)
		return false;
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd >= 0) {
		close((int)fd);
		snprintf(text, size, "yes");
		return true;
	}
	code = errno;
	snprintf(text, size, "no: %s", err_reason(code));
	for (size_t i = 0; i < sizeof perf_reasons / sizeof perf_reasons[0]; i++)
		if (perf_reasons[i].code == code)
			snprintf(text, size, "%s", perf_reasons[i].why);
	return true;
}

#define DEVICES "sys/bus/event_source/devices"

struct search {
	const struct path_root *root;
	struct pmu_core *cores;
	size_t room, count;
	bool may_read; /* kernel.perf_user_access */
};

static bool read_leaf(const struct search *search, const char *name, const char *leaf, char *text,
		      size_t size)
{
	char path[160];

	snprintf(path, sizeof path, DEVICES "/%s/%s", name, leaf);
	return path_read(search->root, path, text, size, NULL) >= 0;
}

/* `format/rdpmc` says "config1:1" (drivers/perf/arm_pmuv3.c). */
static uint64_t user_read_bit(const struct search *search, const char *name)
{
	static const char field[] = "config1:";
	char text[64];

	if (!search->may_read || !read_leaf(search, name, "format/rdpmc", text, sizeof text) ||
	    strncmp(text, field, sizeof field - 1) != 0)
		return 0;
	return UINT64_C(1) << (strtoul(text + sizeof field - 1, NULL, 10) & 63u);
}

/* Only PMUs of cores list their CPUs in `cpus` (tools/perf/util/pmu.c); x86 with one kind of cores has "cpu",
 * which lists none. */
static int take_core(const char *name, void *context)
{
	struct search *search = context;
	struct pmu_core *core = &search->cores[search->count];
	char text[512], type[16];

	if (strcmp(name, "cpu") != 0 && !read_leaf(search, name, "cpus", text, sizeof text))
		return 0;
	if (search->count == search->room || strlen(name) >= sizeof core->name ||
	    !read_leaf(search, name, "type", type, sizeof type))
		return 0;
	*core = (struct pmu_core){ .type = (uint32_t)strtoul(type, NULL, 10),
				   .user_read = user_read_bit(search, name) };
	snprintf(core->name, sizeof core->name, "%s", name);
	search->count++;
	return 0;
}

size_t pmu_cores(const struct path_root *root, struct pmu_core *cores, size_t room)
{
	struct search search = { .root = root, .cores = cores, .room = room };
	long long access = 0;

	search.may_read =
		!path_read_long(root, "proc/sys/kernel/perf_user_access", &access, NULL) && access == 1;
	path_each(root, DEVICES, take_core, &search, NULL);
	return search.count;
}

bool pmu_is_registers(const struct path_root *root, uint32_t type)
{
	long long number;

	return type >= PERF_TYPE_MAX && !path_read_long(root, DEVICES "/msr/type", &number, NULL) &&
	       number == type;
}

#define ANY_THREAD (UINT64_C(1) << 21)

bool pmu_counts_siblings(const struct path_root *root, uint32_t type, uint64_t config)
{
	struct pmu_core cores[PMU_CORES_MAX];
	bool is_core = type == PERF_TYPE_RAW;

	if (!(config & ANY_THREAD) || !cpuinfo_is_of(root, "GenuineIntel"))
		return false;
	for (size_t i = pmu_cores(root, cores, PMU_CORES_MAX); i > 0 && !is_core; i--)
		is_core = cores[i - 1].type == type;
	return is_core;
}
