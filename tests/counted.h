/* SPDX-License-Identifier: GPL-2.0-or-later */
/* counted.h - what the kernel itself has counted on one CPU, for tests that know the truth by it. */
#ifndef TESTS_COUNTED_H
#define TESTS_COUNTED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the row that begins with `row` ("LOC:") in /proc/interrupts or /proc/softirqs; 0 where there is none. */
static inline unsigned long long counted(const char *file, const char *row, int cpu)
{
	unsigned long long count = 0;
	char line[4096];
	FILE *stream = fopen(file, "r");

	while (stream && fgets(line, sizeof line, stream)) {
		char *at = line + strspn(line, " ");

		if (strncmp(at, row, strlen(row)) != 0)
			continue;
		at += strlen(row);
		for (; cpu >= 0; cpu--)
			count = strtoull(at, &at, 10);
		break;
	}
	if (stream)
		fclose(stream);
	return count;
}

#endif
