/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report.h - exporters: one file each, reading a record only, writing to the stream given. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>
#include "base/err.h"
#include "record/record.h"

struct report_style {
	bool color;  /* the stream is a terminal and NO_COLOR is not set */
	int columns; /* width to keep to; 0: unknown, use 120 */
};

struct report_format {
	const char *name;
	const char *summary; /* one line for --help */
	int (*write)(const struct record *record, const struct report_style *style, FILE *stream,
		     struct sb_err *err);
};

extern const struct report_format report_text;	  /* result table, then the conditions in one line */
extern const struct report_format report_json;	  /* the record itself */
extern const struct report_format report_samples; /* one line for each sample */

/* For exporters to a terminal: composes in memory, then writes without control characters that a record may
 * hold. */
int report_write_clean(void (*compose)(const struct record *record, const struct report_style *style,
				       FILE *text),
		       const struct record *record, const struct report_style *style, FILE *stream,
		       struct sb_err *err);

extern const struct report_format *const report_formats[]; /* NULL at the end */
const struct report_format *report_find(const char *name);

#endif
