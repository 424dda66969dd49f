/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpumask.h - sets of CPUs as the kernel's mask text: words of 32 bits in hexadecimal, "00000001,0000000f".
 */
#ifndef BASE_CPUMASK_H
#define BASE_CPUMASK_H

#include <sched.h>
#include <stddef.h>

/* 0, or -EINVAL for text that is no mask or has a CPU beyond CPU_SETSIZE. The empty set is a mask. */
int cpumask_parse(const char *text, cpu_set_t *set);

/* Writes as many words as the highest CPU needs, at least one; gives text back. */
const char *cpumask_format(const cpu_set_t *set, char *text, size_t size);

#endif
