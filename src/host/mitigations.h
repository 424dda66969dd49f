/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mitigations.h - what the kernel does about CPU vulnerabilities: it makes steps in timings between machines.
 */
#ifndef HOST_MITIGATIONS_H
#define HOST_MITIGATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

/* "spectre_v1 mitigated, retbleed vulnerable", "not affected" when no word is due; false when the kernel says
 * nothing. */
bool mitigations_line(const struct path_root *root, char *line, size_t size);

#endif
