/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conditions.h - what of the host was under control, in a few lines: fifty knobs are too many to be listed.
 */
#ifndef REPORT_CONDITIONS_H
#define REPORT_CONDITIONS_H

#include <stdio.h>
#include "record/record.h"

/* What is in effect, what failed and why, what was denied, what the host lacks; what nobody asked for is only
 * counted. Nothing where the record has no conditions. */
void conditions_write(const struct record *record, int columns, FILE *stream);

#endif
