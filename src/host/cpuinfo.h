/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpuinfo.h - /proc/cpuinfo, which may have megabytes: the first CPU's block and those after it as far as
 * they fit. */
#ifndef HOST_CPUINFO_H
#define HOST_CPUINFO_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

#define CPUINFO_SIZE 16384

/* "" where there is none. */
void cpuinfo_read(const struct path_root *root, char text[CPUINFO_SIZE]);

/* Whether the first processor is of this maker, as x86 names it: "GenuineIntel". */
bool cpuinfo_is_of(const struct path_root *root, const char *vendor);

bool cpuinfo_has_flag(const char *text, const char *flag);

/* "Some CPU @ 3 GHz" or, on Arm, "Arm implementer 0x41 part 0xd0c". */
bool cpuinfo_model(const char *text, char *model, size_t size);

#endif
