/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pmu_wide.h - PMUs that count for no task but for all that a core, a cache, a package or the machine does:
 * energy, memory controllers, idle states.
 *
 * Such a PMU names in its `cpumask` the CPUs to open its events on, one for each thing that it counts for
 * (Documentation/admin-guide/perf/, and the perf_event_uncore_cpumask of each driver). The kernel refuses
 * them for a task with EINVAL.
 */
#ifndef HOST_PMU_WIDE_H
#define HOST_PMU_WIDE_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/path.h"

/* Whose events a count holds. */
enum pmu_reach {
	PMU_REACH_TASK, /* the benchmark's alone */
	PMU_REACH_CPU,	/* those of everybody on one CPU, and so on */
	PMU_REACH_CORE,
	PMU_REACH_CACHE, /* the CPUs below one last-level cache */
	PMU_REACH_DIE,
	PMU_REACH_PACKAGE,
	PMU_REACH_HOST,
	PMU_REACHES
};

struct pmu_wide {
	unsigned cpu; /* to open events on */
	enum pmu_reach reach;
};

/* Whether a PMU in sysfs is of this kind; `mask` (may be NULL) gets its CPUs. One that writes traces is not:
 * they could be read by whoever holds its descriptor, and are of everybody. */
bool pmu_is_wide(const struct path_root *root, const char *name, cpu_set_t *mask);

/* Where to open events of the PMU that sysfs gives this number, for a benchmark on `bench`. 0; -EPERM: no
 * such PMU, or none of this kind; -EXDEV: one count would leave out some of these CPUs; -ENODEV: it has none
 * for them. */
int pmu_wide_find(const struct path_root *root, uint32_t type, const cpu_set_t *bench, struct pmu_wide *wide);

/* "package" ...; "task" for what is the benchmark's own. */
const char *pmu_reach_name(enum pmu_reach reach);

#endif
