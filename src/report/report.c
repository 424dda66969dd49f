/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report.c - the table of exporters; see report.h. */
#include "report/report.h"

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

struct composing {
	void (*compose)(const struct record *record, const struct report_style *style, FILE *text);
	const struct record *record;
	const struct report_style *style;
};

static void compose_report(void *context, FILE *text)
{
	const struct composing *composing = context;

	composing->compose(composing->record, composing->style, text);
}

int report_write_clean(void (*compose)(const struct record *record, const struct report_style *style,
				       FILE *text),
		       const struct record *record, const struct report_style *style, FILE *stream,
		       struct sb_err *err)
{
	struct composing composing = { compose, record, style };
	const int code = printable_write(compose_report, &composing, stream);

	return code ? err_set(err, code, "cannot write the report: %s", err_reason(code)) : 0;
}
