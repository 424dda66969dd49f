/* SPDX-License-Identifier: GPL-2.0-or-later */
/* contention.c - see contention.h. */
#include "host/contention.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The columns of /proc/stat: user nice system idle iowait irq softirq steal. */
enum { IDLE = 3, IOWAIT = 4, STEAL = 7, COLUMNS };

/* The rest of the file, a line for each CPU and a number for each interrupt, is long and not wanted. */
static bool read_first_line(const struct path_root *root, char *text, size_t size)
{
	int fd = path_open(root, "proc/stat", O_RDONLY, NULL);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, text, size - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got > 0;
}

bool contention_steal(const struct path_root *root, double *ratio)
{
	char text[256];
	unsigned long long column[COLUMNS];
	double wanted = 0;

	if (!read_first_line(root, text, sizeof text) ||
	    sscanf(text, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &column[0], &column[1], &column[2],
		   &column[3], &column[4], &column[5], &column[6], &column[7]) != COLUMNS)
		return false;
	for (int i = 0; i < COLUMNS; i++)
		if (i != IDLE && i != IOWAIT)
			wanted += (double)column[i];
	*ratio = wanted > 0 ? (double)column[STEAL] / wanted : 0;
	return true;
}

static bool read_pressure(const struct path_root *root, const char *path, double *ratio)
{
	char text[256];
	double percent;

	if (path_read(root, path, text, sizeof text, NULL) <= 0 ||
	    sscanf(text, "some avg10=%lf", &percent) != 1)
		return false;
	*ratio = percent / 100;
	return true;
}

bool contention_cpu(const struct path_root *root, double *ratio)
{
	return read_pressure(root, "proc/pressure/cpu", ratio);
}

bool contention_memory(const struct path_root *root, double *ratio)
{
	return read_pressure(root, "proc/pressure/memory", ratio);
}

bool contention_io(const struct path_root *root, double *ratio)
{
	return read_pressure(root, "proc/pressure/io", ratio);
}
