/* SPDX-License-Identifier: GPL-2.0-or-later */
/* drift.h - by how much time synchronisation bends the system's clock. */
#ifndef HOST_DRIFT_H
#define HOST_DRIFT_H

#include <stdbool.h>
#include "base/path.h"

/* Parts per million by which CLOCK_MONOTONIC is made to run faster than CLOCK_MONOTONIC_RAW (adjtimex(2)):
 * the error of a benchmark that takes its own time. False where the kernel is not to be asked, and on a
 * recorded machine. */
bool drift_ppm(const struct path_root *root, double *ppm);

#endif
