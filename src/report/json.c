/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json.c - the record itself. */
#include "record/record_json.h"
#include "report/report.h"

static int write_json(const struct record *record, const struct report_style *style, FILE *stream,
		      struct sb_err *err)
{
	(void)style;
	return record_json_write(record, stream, err);
}

const struct report_format report_json = {
	.name = "json",
	.summary = "the record, see stablebench-record(5)",
	.write = write_json,
};
