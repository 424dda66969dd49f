/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thieves.h - who took the CPU from the benchmarks of a session, and what would stop it. */
#ifndef REPORT_THIEVES_H
#define REPORT_THIEVES_H

#include <stdio.h>
#include "record/record.h"

/* A table over all cases, most time first, of whole launches but for their calibration; below it what of that
 * was within samples, where that is known, and why not more is known. Nothing where nobody is known to have
 * taken any. */
void thieves_write(const struct record *record, int columns, FILE *stream);

#endif
