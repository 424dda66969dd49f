/* SPDX-License-Identifier: GPL-2.0-or-later */
/* condition.c - the words for what became of a knob; see condition.h. */
#include "host/condition.h"

#include <stdio.h>
#include <string.h>
#include "base/printable.h"

static const char *const names[CONDITION_OUTCOMES] = {
	[CONDITION_APPLIED] = "applied",	 [CONDITION_ALREADY] = "already",
	[CONDITION_UNSUPPORTED] = "unsupported", [CONDITION_DENIED] = "denied",
	[CONDITION_FAILED] = "failed",		 [CONDITION_REFUSED] = "refused",
};

const char *condition_outcome_name(enum condition_outcome outcome)
{
	return names[outcome];
}

bool condition_outcome_parse(const char *name, enum condition_outcome *outcome)
{
	for (int i = 0; i < CONDITION_OUTCOMES; i++) {
		if (strcmp(name, names[i]))
			continue;
		*outcome = (enum condition_outcome)i;
		return true;
	}
	return false;
}

void condition_keep(char kept[CONDITION_VALUE], const char *value)
{
	if (strlen(value) < CONDITION_VALUE)
		strcpy(kept, value);
	else
		snprintf(kept, CONDITION_VALUE, "%.*s...", CONDITION_VALUE - 4, value);
}

bool condition_is_met(const struct condition *condition)
{
	return condition->outcome == CONDITION_APPLIED || condition->outcome == CONDITION_ALREADY;
}

void condition_clean(struct condition *condition)
{
	printable_clean(condition->before, sizeof condition->before);
	printable_clean(condition->value, sizeof condition->value);
	printable_clean(condition->reason, sizeof condition->reason);
	printable_clean(condition->mend, sizeof condition->mend);
}
