/* SPDX-License-Identifier: GPL-2.0-or-later */
/* idle.c - see idle.h. */
#include "host/idle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *idle_path(int cpu, int state, const char *leaf, char *path, size_t size)
{
	snprintf(path, size, "sys/devices/system/cpu/cpu%d/cpuidle/state%d/%s", cpu, state, leaf);
	return path;
}

int idle_find_first(const struct path_root *root, int cpu, long long *latency_us)
{
	char path[96], name[32];

	for (int state = 0; state < IDLE_STATES_MAX; state++) {
		idle_path(cpu, state, "name", path, sizeof path);
		if (path_read(root, path, name, sizeof name, NULL) < 0)
			return -ENOENT;
		if (!strcmp(name, "POLL"))
			continue;
		idle_path(cpu, state, "latency", path, sizeof path);
		return path_read_long(root, path, latency_us, NULL) ? -ENOENT : state;
	}
	return -ENOENT;
}

bool idle_parse(const char *path, const char *leaf, unsigned *cpu, unsigned *state)
{
	char expected[96];

	/* what is read is printed again: no sign, blank or leading zero passes */
	if (sscanf(path, "sys/devices/system/cpu/cpu%4u/cpuidle/state%2u/", cpu, state) != 2)
		return false;
	return !strcmp(path, idle_path((int)*cpu, (int)*state, leaf, expected, sizeof expected));
}
