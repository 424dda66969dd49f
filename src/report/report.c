/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report.c - the table of exporters; see report.h. */
#include "report/report.h"

#include <string.h>

const struct report_format *const report_formats[] = { &report_text, &report_json, &report_samples, NULL };

const struct report_format *report_find(const char *name)
{
	for (const struct report_format *const *format = report_formats; *format; format++)
		if (!strcmp((*format)->name, name))
			return *format;
	return NULL;
}
