/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpuinfo.c - see cpuinfo.h. */
#include "host/cpuinfo.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "host/field.h"

void cpuinfo_read(const struct path_root *root, char text[CPUINFO_SIZE])
{
	int fd = path_open(root, "proc/cpuinfo", O_RDONLY, NULL);
	size_t used = 0;
	ssize_t got;

	while (fd >= 0 && used < CPUINFO_SIZE - 1 &&
	       (got = read(fd, text + used, CPUINFO_SIZE - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	if (fd >= 0)
		close(fd);
}

bool cpuinfo_is_of(const struct path_root *root, const char *vendor)
{
	char text[CPUINFO_SIZE], found[64];

	cpuinfo_read(root, text);
	return field_line(text, "vendor_id", found, sizeof found) && !strcmp(found, vendor);
}

bool cpuinfo_has_flag(const char *text, const char *flag)
{
	char flags[4096];

	return field_line(text, "flags", flags, sizeof flags) && field_has_word(flags, flag);
}

bool cpuinfo_model(const char *text, char *model, size_t size)
{
	char implementer[64], part[64];

	if (field_line(text, "model name", model, size) || field_line(text, "Model", model, size))
		return true;
	if (!field_line(text, "CPU implementer", implementer, sizeof implementer) ||
	    !field_line(text, "CPU part", part, sizeof part))
		return false;
	snprintf(model, size, "Arm implementer %s part %s", implementer, part);
	return true;
}
