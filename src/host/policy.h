/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy.h - cpufreq policies: groups of CPUs that share a clock. */
#ifndef HOST_POLICY_H
#define HOST_POLICY_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

#define POLICY_ROOT "sys/devices/system/cpu/cpufreq"

struct policy {
	int number;
	cpu_set_t cpus; /* affected_cpus: those of its CPUs that are online */
};

/* All policies that have a CPU online, by number. NULL and 0 where there is no cpufreq. The caller frees. */
struct policy *policy_list(const struct path_root *root, size_t *count);

/* "sys/devices/system/cpu/cpufreq/policy3/leaf". Gives path back. */
const char *policy_path(const struct policy *policy, const char *leaf, char *path, size_t size);

/* What follows "sys/devices/system/cpu/cpufreq/policyN/" in a path, N being digits; NULL for any other path.
 */
const char *policy_leaf(const char *path);

/* The N of such a path, -1 for any other. */
int policy_number(const char *path);

#endif
