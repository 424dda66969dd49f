/* SPDX-License-Identifier: GPL-2.0-or-later */
/* threads.h - what each thread had of the cases with several. */
#ifndef REPORT_THREADS_H
#define REPORT_THREADS_H

#include <stdio.h>
#include "record/record.h"

/* "81.0 Melem/s" or "4.83 GiB/s". Gives text back. */
const char *threads_format_rate(enum record_unit unit, double per_second, char *text, size_t size);

/* A sentence for each such case: throughput in all, from the least to the most of one thread (medians over
 * launches of a thread's medians), the time of an iteration likewise, which thread was the slowest, and each
 * counter that they had of their own. Nothing of a case without numbers. */
void threads_write(const struct record *record, int columns, FILE *stream);

#endif
