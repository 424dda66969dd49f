/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checkup.h - what matters for a measurement and is observed, never set: graded as conditions, with what
 * would mend it.
 */
#ifndef HOST_CHECKUP_H
#define HOST_CHECKUP_H

#include <stddef.h>
#include "base/path.h"
#include "host/condition.h"
#include "host/topology.h"

#define CHECKUP_MAX 16

/* Fills at most CHECKUP_MAX conditions: `already` where all is well, else `unsupported` or `failed` with
 * reason and mend. Gives their number. */
size_t checkup_collect(const struct path_root *root, const struct topology *topology,
		       struct condition *conditions);

#endif
