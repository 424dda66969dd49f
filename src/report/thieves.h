/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thieves.h - who took the CPU from the benchmarks of a session, and what would stop it. */
#ifndef REPORT_THIEVES_H
#define REPORT_THIEVES_H

#include <stdio.h>
#include "record/record.h"

/* A table, most time first, over all cases. Nothing where nobody is known to have taken any. */
void thieves_write(const struct record *record, FILE *stream);

#endif
