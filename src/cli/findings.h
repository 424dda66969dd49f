/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * findings.h - what `doctor` finds: every knob and every check, each with its standing, and the grade of the
 * host that follows from them.
 *
 * What a run sets by itself makes no host less ready, and neither does what only --profile or --with would
 * set, or what this machine does not have. Observed faults do, and what root itself cannot set.
 */
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include <stddef.h>
#include <stdio.h>
#include "base/path.h"
#include "host/checkup.h"
#include "host/knob.h"
#include "plan/settings.h"

enum standing {
	STANDING_FAULT,	 /* makes the host not ready */
	STANDING_NOTE,	 /* worth knowing */
	STANDING_LOCKED, /* a knob that even root cannot set here */
	STANDING_RUN,	 /* a run sets it */
	STANDING_ROOT,	 /* root's run sets it, or only root sees it */
	STANDING_ASKED,	 /* set only when asked for */
	STANDING_FINE,
	STANDING_ABSENT, /* this machine has no such thing, or does not tell */
	STANDINGS
};

enum findings_grade { FINDINGS_READY, FINDINGS_FAIR, FINDINGS_NOT_READY };

struct finding {
	struct condition condition;
	enum standing standing;
	const char *removes; /* knobs: the noise that it removes; NULL for checks */
	const char *costs;   /* checks: what it costs when left alone; NULL for knobs */
};

struct findings {
	struct finding list[CHECKUP_MAX + KNOB_MAX];
	size_t count;
	size_t of[STANDINGS]; /* how many stand so */
};

/* Looks at the machine, and sets nothing. 0, or an error of topology_choose. */
int findings_collect(const struct path_root *root, const struct settings *settings, struct findings *findings,
		     struct sb_err *err);

enum findings_grade findings_grade(const struct findings *findings);
const char *findings_grade_name(enum findings_grade grade); /* "ready", "fair", "not ready" */
const char *findings_standing_name(enum standing standing); /* "fault", "note" ... */

struct findings_style {
	int columns; /* 0: no wrapping */
	bool color;
	bool all; /* every finding in full */
};

/* What matters first; then what a run sets, and in a line each what is fine and what is not there; at the end
 * the verdict. */
void findings_print(const struct findings *findings, const struct findings_style *style, FILE *stream);

#endif
