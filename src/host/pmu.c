/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pmu.c - see pmu.h. */
#include "host/pmu.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

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
