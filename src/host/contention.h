/* SPDX-License-Identifier: GPL-2.0-or-later */
/* contention.h - what others take of the CPUs: steal by a hypervisor's other guests, and the kernel's
 * pressure figures. Each function gives false where the host does not tell. */
#ifndef HOST_CONTENTION_H
#define HOST_CONTENTION_H

#include <stdbool.h>
#include "base/path.h"

/* Of the time since boot in which this machine wanted to run, the part that a hypervisor gave to others
 * (/proc/stat). Idle time is left out: nothing can be stolen from it. */
bool contention_steal(const struct path_root *root, double *ratio);

/* Of the last ten seconds, the part in which some task waited (/proc/pressure,
 * Documentation/accounting/psi.rst).
 */
bool contention_cpu(const struct path_root *root, double *ratio);
bool contention_memory(const struct path_root *root, double *ratio);
bool contention_io(const struct path_root *root, double *ratio);

#endif
