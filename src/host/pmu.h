/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pmu.h - whether this process may count cycles and instructions. */
#ifndef HOST_PMU_H
#define HOST_PMU_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

/* "yes", or "no: " and why: a counter is opened and closed. False on a recorded machine. */
bool pmu_state(const struct path_root *root, char *text, size_t size);

#endif
