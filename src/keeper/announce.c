/* SPDX-License-Identifier: GPL-2.0-or-later */
/* announce.c - see announce.h. */
#include "keeper/announce.h"

#include <stdio.h>
#include <string.h>
#include "keeper/keeper.h"

void announce_knobs(const struct lock *lock, const struct condition *conditions, size_t count)
{
	char line[sizeof((struct keeper_note *)0)->knobs] = "knobs";
	size_t used = strlen(line);

	for (size_t i = 0; i < count && used < sizeof line; i++)
		if (condition_is_met(&conditions[i]))
			used += (size_t)snprintf(line + used, sizeof line - used, "%c%s",
						 used == 5 ? ' ' : ',', conditions[i].knob);
	lock_announce_more(lock, line, NULL);
}

void announce_guard(const struct lock *lock, const struct condition *condition)
{
	char line[sizeof condition->reason + 16];

	if (!condition->knob[0])
		return;
	if (condition_is_met(condition))
		snprintf(line, sizeof line, "guard %s", condition->value);
	else
		snprintf(line, sizeof line, "unguarded %s", condition->reason);
	lock_announce_more(lock, line, NULL);
}
