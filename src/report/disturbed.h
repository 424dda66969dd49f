/* SPDX-License-Identifier: GPL-2.0-or-later */
/* disturbed.h - which samples were disturbed and by what, in a line or two for the whole session. */
#ifndef REPORT_DISTURBED_H
#define REPORT_DISTURBED_H

#include <stdio.h>
#include "record/record.h"

/* What stands for a sample's disturbance in a line of text: the task or device that took the CPU last, else
 * the first of the causes for which samples are set aside; NULL when it has none of these. */
const char *disturbed_by(const struct record_sample *sample);

/* How many samples were taken again and why; how many of those that count are disturbed all the same. Nothing
 * where there are none. */
void disturbed_write(const struct record *record, int columns, FILE *stream);

#endif
