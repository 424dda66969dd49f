/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checkup.h - what matters for a measurement and is observed, never set: the facts of the host, judged.
 *
 * A finding is a condition with a grade. The outcome is `already` where all is well, `failed` where the grade
 * is worse than fine, and `unsupported` or `denied` where the host does not tell, which is no fault.
 */
#ifndef HOST_CHECKUP_H
#define HOST_CHECKUP_H

#include <stddef.h>
#include "base/path.h"
#include "host/condition.h"
#include "host/topology.h"

#define CHECKUP_MAX 40

enum checkup_grade {
	CHECKUP_FINE,
	CHECKUP_NOTE, /* worth knowing: numbers are right, and noisier or less comparable */
	CHECKUP_BAD,  /* numbers are wrong, or vary by much */
};

struct checkup_finding {
	struct condition condition;
	enum checkup_grade grade;
	const char *costs; /* what it does to a measurement when left alone, a clause; static */
};

/* Fills at most CHECKUP_MAX findings and gives their number. */
size_t checkup_collect(const struct path_root *root, const struct topology *topology,
		       struct checkup_finding *findings);

#endif
