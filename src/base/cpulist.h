/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpulist.h - sets of CPUs as cpu_set_t and as the kernel's list text ("0-3,7"). Parsing is strict, by hwloc.
 */
#ifndef BASE_CPULIST_H
#define BASE_CPULIST_H

#include <sched.h>
#include <stddef.h>
#include "base/err.h"

/* 0, or -EINVAL for text that is no list, an empty set, or a CPU beyond CPU_SETSIZE. */
int cpulist_parse(const char *text, cpu_set_t *set, struct sb_err *err);

/* Writes "0-3,7", "" for the empty set; gives text back. */
const char *cpulist_format(const cpu_set_t *set, char *text, size_t size);

/* Lowest CPU of a set, -1 when it is empty. */
int cpulist_first(const cpu_set_t *set);

/* Lowest CPU of a that is in b / set operations that glibc lacks. */
void cpulist_subtract(cpu_set_t *set, const cpu_set_t *less);
int cpulist_is_subset(const cpu_set_t *small, const cpu_set_t *large);

/* Whether a list as boot parameters take it, which may be "all", has all of these CPUs; not for no list. */
int cpulist_has(const char *text, const cpu_set_t *set);

#endif
