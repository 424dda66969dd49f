/* SPDX-License-Identifier: MIT */
/* table.h - the plain table that a benchmark started by hand prints. */
#ifndef SB_TABLE_H
#define SB_TABLE_H

#include <stdio.h>
#include "wire.h"

void sb_table_head(FILE *out, int name_width);

/* One case: median and CoV over its samples. `memory` is a checked copy, `result` is borrowed from it, status
 * OK. */
void sb_table_row(FILE *out, int name_width, const char *name, const void *memory,
		  const struct sb_wire_result *result, unsigned threads);

/* A case without a result: "failed", "skipped", and why. */
void sb_table_note(FILE *out, int name_width, const char *name, const char *what, const char *reason);

/* "12.34 ns", "1.020 ms": four significant digits. Gives text back. */
const char *sb_table_time(char *text, size_t size, double ns);

/* "81.0 M": three significant digits with the SI prefix. Gives text back. */
const char *sb_table_amount(char *text, size_t size, double value);

#endif
