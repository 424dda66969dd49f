/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.h - whether two texts of /sys or /proc mean the same: the kernel prints a value in its own way, so
 * what was written and what is read back differ as texts.
 */
#ifndef HOST_VALUE_H
#define HOST_VALUE_H

#include <stdbool.h>

bool value_is_same_text(const char *one, const char *other);

/* "10" and " 10"; hexadecimal with 0x. Texts that are no numbers compare as texts. */
bool value_is_same_number(const char *one, const char *other);

/* "4 4 1 7" and "4\t4\t1\t7". */
bool value_is_same_words(const char *one, const char *other);

/* "0-3" and "0,1,2,3". */
bool value_is_same_cpulist(const char *one, const char *other);

/* "f" and "00000000,0000000f". */
bool value_is_same_cpumask(const char *one, const char *other);

/* "always [madvise] never" and "madvise". */
bool value_is_same_choice(const char *one, const char *other);

#endif
