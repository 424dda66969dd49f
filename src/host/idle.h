/* SPDX-License-Identifier: GPL-2.0-or-later */
/* idle.h - the idle states of a CPU as cpuidle lists them, the shallowest first. */
#ifndef HOST_IDLE_H
#define HOST_IDLE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

#define IDLE_STATES_MAX 16 /* CPUIDLE_STATE_MAX is 10 */

/* "sys/devices/system/cpu/cpu2/cpuidle/state1/leaf". Gives path back. */
const char *idle_path(int cpu, int state, const char *leaf, char *path, size_t size);

/* The first state that halts: C1 on x86 behind POLL, WFI on Arm; gives its number and its exit latency.
 * -ENOENT where the kernel manages no idle states of this CPU. */
int idle_find_first(const struct path_root *root, int cpu, long long *latency_us);

/* Takes such a path apart; false for any other, or another leaf. */
bool idle_parse(const char *path, const char *leaf, unsigned *cpu, unsigned *state);

#endif
