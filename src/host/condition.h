/* SPDX-License-Identifier: GPL-2.0-or-later */
/* condition.h - what became of a knob: a value that travels with the samples into every report. */
#ifndef HOST_CONDITION_H
#define HOST_CONDITION_H

#include <stdbool.h>

enum condition_outcome {
	CONDITION_APPLIED,     /* set by us and read back */
	CONDITION_ALREADY,     /* found as wanted, nothing done */
	CONDITION_UNSUPPORTED, /* this host has no such thing */
	CONDITION_DENIED,      /* the host has it, we may not: needs root, read-only /sys, lockdown */
	CONDITION_FAILED,      /* tried, and the read-back says otherwise */
	CONDITION_REFUSED,     /* the user or the profile left it out */
	CONDITION_OUTCOMES
};

#define CONDITION_KNOB	 32
#define CONDITION_VALUE	 96
#define CONDITION_REASON 256

struct condition {
	char knob[CONDITION_KNOB];
	enum condition_outcome outcome;
	char before[CONDITION_VALUE];  /* as found, "" where it makes no sense */
	char value[CONDITION_VALUE];   /* as read back, "" where nothing was read */
	char reason[CONDITION_REASON]; /* a sentence; for everything but applied and already never empty */
	char mend[CONDITION_REASON]; /* the command or boot parameter that would mend it, "" where none would
				      */
};

/* "applied", "already", ... and back; condition_outcome_parse gives false for an unknown word. */
const char *condition_outcome_name(enum condition_outcome outcome);
bool condition_outcome_parse(const char *name, enum condition_outcome *outcome);

/* Keeps a value of any length, cut to fit, with an ellipsis where it was. */
void condition_keep(char kept[CONDITION_VALUE], const char *value);

/* Whether the condition is met: applied or already. */
bool condition_is_met(const struct condition *condition);

/* Makes the texts harmless for a terminal: they hold what files said. */
void condition_clean(struct condition *condition);

#endif
