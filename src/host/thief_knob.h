/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thief_knob.h - what would keep a thief off the bench's CPU: one table of who is known to take it. */
#ifndef HOST_THIEF_KNOB_H
#define HOST_THIEF_KNOB_H

#include <stdint.h>

struct thief_remedy {
	uint32_t kind;	     /* enum sb_wire_theft_kind */
	const char *names;   /* which of that kind, a pattern of fnmatch(3) */
	const char *knob;    /* of knob_table, NULL: none stops it */
	const char *text;    /* what it is */
	const char *instead; /* where no knob does: what stops it, in a few words; else NULL */
	const char *fact;    /* of host/facts.h, NULL: none; the CPUs for which that was done at boot */
};

/* The first row of the table that fits; NULL for a kind that there is none of. */
const struct thief_remedy *thief_remedy(uint32_t kind, const char *name);

/* Row i of the table, NULL after the last. */
const struct thief_remedy *thief_remedy_get(unsigned i);

#endif
