/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpulist.c - sets of CPUs and their list text; see cpulist.h. */
#include "base/cpulist.h"

#include <ctype.h>
#include <errno.h>
#include <hwloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A CPU number at *text, which moves behind it; -1 for anything else. Six digits are beyond every
 * CPU_SETSIZE. */
static int take_cpu(const char **text)
{
	int cpu = 0, digits = 0;

	while (isdigit((unsigned char)**text) && digits++ < 6)
		cpu = cpu * 10 + *(*text)++ - '0';
	return digits ? cpu : -1;
}

/* hwloc skips what it does not understand and takes "3-" as endless: the grammar is held here. Gives the
 * highest CPU, or -1 for text that is no list. */
static int highest_in(const char *text)
{
	int low, high, highest = -1;

	for (;;) {
		low = high = take_cpu(&text);
		if (low >= 0 && *text == '-') {
			text++;
			high = take_cpu(&text);
		}
		if (low < 0 || high < low)
			return -1;
		highest = high > highest ? high : highest;
		if (!*text)
			return highest;
		if (*text++ != ',')
			return -1;
	}
}

static hwloc_bitmap_t bitmap_new(void)
{
	hwloc_bitmap_t bitmap = hwloc_bitmap_alloc();

	if (!bitmap)
		abort();
	return bitmap;
}

int cpulist_parse(const char *text, cpu_set_t *set, struct sb_err *err)
{
	int highest = highest_in(text);
	hwloc_bitmap_t bitmap;
	unsigned cpu;

	if (highest < 0)
		return err_set(err, -EINVAL, "'%s' is no list of CPUs; write one such as 2-3,7", text);
	if (highest >= CPU_SETSIZE)
		return err_set(err, -EINVAL, "CPU %d of '%s' is beyond the last possible CPU, %d", highest,
			       text, CPU_SETSIZE - 1);
	bitmap = bitmap_new();
	if (hwloc_bitmap_list_sscanf(bitmap, text) < 0) {
		hwloc_bitmap_free(bitmap);
		return err_set(err, -EINVAL, "'%s' is no list of CPUs; write one such as 2-3,7", text);
	}
	CPU_ZERO(set);
	hwloc_bitmap_foreach_begin(cpu, bitmap) CPU_SET(cpu, set);
	hwloc_bitmap_foreach_end();
	hwloc_bitmap_free(bitmap);
	return 0;
}

const char *cpulist_format(const cpu_set_t *set, char *text, size_t size)
{
	hwloc_bitmap_t bitmap = bitmap_new();

	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, set))
			hwloc_bitmap_set(bitmap, cpu);
	hwloc_bitmap_list_snprintf(text, size, bitmap);
	hwloc_bitmap_free(bitmap);
	return text;
}

int cpulist_first(const cpu_set_t *set)
{
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, set))
			return cpu;
	return -1;
}

void cpulist_subtract(cpu_set_t *set, const cpu_set_t *less)
{
	cpu_set_t both;

	CPU_AND(&both, set, less);
	CPU_XOR(set, set, &both);
}

int cpulist_is_subset(const cpu_set_t *small, const cpu_set_t *large)
{
	cpu_set_t both;

	CPU_AND(&both, small, large);
	return CPU_EQUAL(&both, small);
}

int cpulist_has(const char *text, const cpu_set_t *set)
{
	cpu_set_t listed;

	return !strcmp(text, "all") ||
	       (!cpulist_parse(text, &listed, NULL) && cpulist_is_subset(set, &listed));
}
