/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frequency.h - how fast the benchmarks' CPUs ran in the launches of a session. */
#ifndef REPORT_FREQUENCY_H
#define REPORT_FREQUENCY_H

#include <stdio.h>
#include "record/record.h"

/* A line, from the slowest launch to the fastest of all cases. Nothing where no launch tells. */
void frequency_write(const struct record *record, int columns, FILE *stream);

#endif
