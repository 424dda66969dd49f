/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rule.c - what an engine insists on before it takes a rule; see rule.h. */
#include "kestrel/rule.h"

#include <errno.h>

int rule_check(const struct rule *rule)
{
	uint32_t i;

	if (!rule->name || !*rule->name || rule->step_count == 0 || rule->step_count > RULE_STEPS_MAX)
		return -EINVAL;
	for (i = 0; i < rule->step_count; i++) {
		if (rule->steps[i].event_type == 0)
			return -EINVAL;
	}
	return 0;
}
