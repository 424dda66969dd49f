/* SPDX-License-Identifier: GPL-2.0-or-later */
/* counters.h - what each case's counters came to, and why some did not. */
#ifndef REPORT_COUNTERS_H
#define REPORT_COUNTERS_H

#include <stdio.h>
#include "record/record.h"

/* A paragraph for each case with a number, which of the counters hold more than the benchmark's, then the
 * reasons of those without a number, each once. Nothing where no counter was asked for. */
void counters_write(const struct record *record, int columns, FILE *stream);

/* "2003", "12.3 M", of a unit "82.3 ns", "1.2 uJ". `unit` is the counter's, NULL for none. Gives text back.
 */
const char *counters_format(double value, const char *unit, char *text, size_t size);

#endif
