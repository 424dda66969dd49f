/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report_fixture.h - a case with two samples to report, and the report. */
#ifndef REPORT_FIXTURE_H
#define REPORT_FIXTURE_H

#include <stdio.h>
#include "report/report.h"
#include "unit.h"

static inline struct record_case *add_ok(struct record *record, const char *name, double seconds)
{
	struct record_case *c = record_add_case(record, name, "");
	struct record_launch *launch = record_case_add_launch(c, 2);

	launch->samples[0] = (struct record_sample){ .time_s = 1000 * seconds, .iterations = 1000 };
	launch->samples[1] = (struct record_sample){
		.time_s = 1100 * seconds,
		.iterations = 1000,
		.causes = RECORD_CAUSE_VOLUNTARY_SWITCH | RECORD_CAUSE_MIGRATION,
	};
	c->estimate_s = seconds;
	c->rciw = 0.0021;
	c->cov_within = 0.0035;
	c->cov_between = 0.0012;
	return c;
}

/* What the report of this name prints; the caller frees. Inlined, gcc 12 takes what is found in it for a
 * pointer to a variable that is gone. */
__attribute__((noinline)) static char *render(const struct record *record, const char *format, int columns)
{
	const struct report_style style = { .columns = columns };
	struct sb_err err = { 0 };
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	ck_assert_msg(!report_find(format)->write(record, &style, stream, &err), "%s", err.text);
	fclose(stream);
	return text;
}

#endif
