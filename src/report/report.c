/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report.c - the table of exporters; see report.h. */
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"

const struct report_format *const report_formats[] = { &report_text, &report_json, &report_samples, NULL };

const struct report_format *report_find(const char *name)
{
	for (const struct report_format *const *format = report_formats; *format; format++)
		if (!strcmp((*format)->name, name))
			return *format;
	return NULL;
}

int report_write_clean(void (*compose)(const struct record *record, const struct report_style *style,
				       FILE *text),
		       const struct record *record, const struct report_style *style, FILE *stream,
		       struct sb_err *err)
{
	char *report = NULL, *clean;
	size_t size = 0;
	FILE *text = open_memstream(&report, &size);
	int code = 0;

	if (!text)
		return err_set(err, -errno, "cannot compose the report: %s", err_reason(errno));
	compose(record, style, text);
	fclose(text);
	clean = printable_dup(report, size);
	if (fwrite(clean, 1, size, stream) != size || fflush(stream))
		code = err_set(err, -errno, "cannot write the report: %s", err_reason(errno));
	free(clean);
	free(report);
	return code;
}
