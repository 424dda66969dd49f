/* SPDX-License-Identifier: GPL-2.0-or-later */
/* companion.h - values that go when something else is set, and come back with the kernel's own: see knob.h.
 */
#ifndef HOST_COMPANION_H
#define HOST_COMPANION_H

#include <stdbool.h>
#include "host/knob.h"
#include "host/policy.h"

/* Adds a file unless it cannot be written or holds "<unsupported>", as scaling_setspeed does under any
 * governor but `userspace`. */
void companion_add(struct knob_plan *plan, const char *path);

/* Adds the tunables of a governor on a policy: a driver has one set per policy, or one for all of them. */
void companion_add_tunables(struct knob_plan *plan, const struct policy *policy, const char *governor);
void companion_add_common_tunables(struct knob_plan *plan);

/* Whether a path is that of a tunable. */
bool companion_is_tunable(const char *path);

#endif
