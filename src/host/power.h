/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * power.h - what limits the clock from outside the cpufreq settings: the supply, the power cap, heat.
 *
 * Each function gives false where the host does not tell. Sources: Documentation/power/powercap/powercap.rst,
 * Documentation/driver-api/thermal/sysfs-api.rst, Documentation/ABI/testing/sysfs-class-power.
 */
#ifndef HOST_POWER_H
#define HOST_POWER_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

/* "yes" or "no"; false for a host that has no supply to speak of, as most servers and guests. */
bool power_on_mains(const struct path_root *root, char *text, size_t size);

/* Watts of the tightest enabled long-term limit of a package, and what that package is made for. */
bool power_limit(const struct path_root *root, double *watts);
bool power_rating(const struct path_root *root, double *watts);

/* Cooling devices that idle or slow a CPU now, "intel_powerclamp 20 of 50", or "none". */
bool power_cooling(const struct path_root *root, char *text, size_t size);

/* How often a core or a package was throttled by heat since boot (Intel only). */
bool power_throttles(const struct path_root *root, double *count);

#endif
