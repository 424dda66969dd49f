/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drill.h - the proof that a killed session leaves nothing behind: sessions that die at every boundary of a
 * journal record, and a look at every setting after each.
 */
#ifndef CLI_DRILL_H
#define CLI_DRILL_H

#include <stdio.h>
#include "base/err.h"
#include "plan/settings.h"

struct drill_result {
	unsigned steps;	   /* sessions that were killed */
	unsigned restored; /* after which every setting was as before */
};

/* A way to die, and who has to put the host back. */
struct drill_kind {
	const char *name;    /* "keeper" */
	const char *saviour; /* "the next restore" */
	unsigned victims;    /* bits of enum keeper_victim */
	bool by_guard;	     /* only where systemd runs */
	/* Waits until the host is back, or brings it back. 0 or a negative errno. */
	int (*recover)(const struct settings *settings, struct sb_err *err);
};

extern const struct drill_kind drill_kinds[]; /* without a name at the end */

/* Runs one kind through all its steps, or those that the settings name, `stride` at a time; what is not as
 * before is told on `stream`. 0, or a negative errno when no drill could be held at all. */
int drill_run(const struct drill_kind *kind, const struct settings *settings, FILE *stream,
	      struct drill_result *result, struct sb_err *err);

#endif
