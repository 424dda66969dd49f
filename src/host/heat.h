/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * heat.h - how hot the benches' CPUs are, by the sensors that the kernel lets everybody read.
 *
 * Which file tells differs by processor. A table in heat.c has the kinds in the order of trust; of the first
 * kind that this host has the warmest sensor counts. Sources: Documentation/hwmon/{coretemp,k10temp,
 * sysfs-interface}.rst, Documentation/driver-api/thermal/{sysfs-api,x86_pkg_temperature_thermal}.rst.
 */
#ifndef HOST_HEAT_H
#define HOST_HEAT_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

#define HEAT_SENSORS_MAX 16
#define HEAT_PATH	 96

/* Zeroed: no sensor. */
struct heat {
	const struct path_root *root;		 /* borrowed */
	const char *kind;			 /* "coretemp", "x86_pkg_temp" ...; NULL: no sensor */
	size_t count;				 /* further ones are left out */
	char paths[HEAT_SENSORS_MAX][HEAT_PATH]; /* each a file with thousandths of a degree Celsius */
};

/* Looks for the sensors of the packages that these CPUs (NULL: all) belong to; where a kind does not tell the
 * package, for all of that kind. */
void heat_find(struct heat *heat, const struct path_root *root, const cpu_set_t *cpus);

/* Degrees Celsius of the warmest; NaN without a sensor, or when none answers. */
double heat_read(const struct heat *heat);

/* The warmest of the whole machine; false where no sensor tells. */
bool heat_warmest(const struct path_root *root, double *celsius);

#endif
