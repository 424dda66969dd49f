/* SPDX-License-Identifier: GPL-2.0-or-later */
/* heat.c - see heat.h. A row for each kind of sensor. */
#include "host/heat.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MONITORS "sys/class/hwmon"
#define ZONES	 "sys/class/thermal"
#define PACKAGE	 "sys/devices/system/cpu/cpu%d/topology/physical_package_id"
#define COLDEST	 -60000 /* thousandths of a degree: what lies outside is no temperature */
#define HOTTEST	 200000

static const struct kind {
	const char *name;
	const char *folder, *device; /* what its entries there begin with */
	const char *leaf;	     /* that names the kind */
	const char *input, *label;   /* label: tells the package, NULL: nothing does */
	bool is_prefix;		     /* the name goes on: "cpu-thermal", "cpu0-thermal" */
} kinds[] = {
	{ "coretemp", MONITORS, "hwmon", "name", "temp1_input", "temp1_label", false },
	{ "x86_pkg_temp", ZONES, "thermal_zone", "type", "temp", NULL, false },
	{ "k10temp", MONITORS, "hwmon", "name", "temp1_input", NULL, false },
	{ "zenpower", MONITORS, "hwmon", "name", "temp1_input", NULL, false },
	{ "cpu", ZONES, "thermal_zone", "type", "temp", NULL,
	  true }, /* of device trees, this and the next two */
	{ "package", ZONES, "thermal_zone", "type", "temp", NULL, true },
	{ "soc", ZONES, "thermal_zone", "type", "temp", NULL, true },
	{ "acpitz", ZONES, "thermal_zone", "type", "temp", NULL, false }, /* wherever firmware has it */
};

struct look {
	struct heat *heat;
	const struct kind *kind;
	const cpu_set_t *cpus; /* NULL: all */
};

static bool read_sensor(const struct path_root *root, const char *path, long long *value)
{
	return !path_read_long(root, path, value, NULL) && *value > COLDEST && *value < HOTTEST;
}

/* One that does not answer now is none. */
static void add(const struct look *look, const char *entry)
{
	struct heat *heat = look->heat;
	long long value;

	if (heat->count == HEAT_SENSORS_MAX)
		return;
	snprintf(heat->paths[heat->count], HEAT_PATH, "%s/%.24s/%s", look->kind->folder, entry,
		 look->kind->input);
	if (!read_sensor(heat->root, heat->paths[heat->count], &value))
		return;
	heat->kind = look->kind->name;
	heat->count++;
}

static bool has_cpu_in(const struct look *look, int package)
{
	for (int cpu = 0; look->cpus && cpu < CPU_SETSIZE; cpu++) {
		char path[96];
		long long id;

		if (!CPU_ISSET(cpu, look->cpus))
			continue;
		snprintf(path, sizeof path, PACKAGE, cpu);
		if (!path_read_long(look->heat->root, path, &id, NULL) && id == package)
			return true;
	}
	return !look->cpus;
}

/* The first input of coretemp is "Package id 0"; where a processor has no such sensor, those of its cores are
 * no substitute: they jump with every task. */
static bool is_of_cpus(const struct look *look, const char *entry)
{
	char path[HEAT_PATH], label[64];
	int package;

	if (!look->kind->label)
		return true;
	snprintf(path, sizeof path, "%s/%.24s/%s", look->kind->folder, entry, look->kind->label);
	return path_read(look->heat->root, path, label, sizeof label, NULL) > 0 &&
	       sscanf(label, "Package id %d", &package) == 1 && has_cpu_in(look, package);
}

static int look_at(const char *entry, void *context)
{
	const struct look *look = context;
	const struct kind *kind = look->kind;
	char path[HEAT_PATH], name[64];

	if (strncmp(entry, kind->device, strlen(kind->device)) != 0)
		return 0;
	snprintf(path, sizeof path, "%s/%.24s/%s", kind->folder, entry, kind->leaf);
	if (path_read(look->heat->root, path, name, sizeof name, NULL) < 0 ||
	    strncmp(name, kind->name, strlen(kind->name)) != 0 ||
	    (!kind->is_prefix && name[strlen(kind->name)]))
		return 0;
	if (is_of_cpus(look, entry))
		add(look, entry);
	return 0;
}

void heat_find(struct heat *heat, const struct path_root *root, const cpu_set_t *cpus)
{
	struct look look = { .heat = heat, .cpus = cpus };

	*heat = (struct heat){ .root = root };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !heat->count; i++) {
		look.kind = &kinds[i];
		path_each(root, look.kind->folder, look_at, &look, NULL);
	}
}

double heat_read(const struct heat *heat)
{
	double warmest = NAN;

	for (size_t i = 0; i < heat->count; i++) {
		long long value;

		if (read_sensor(heat->root, heat->paths[i], &value))
			warmest = fmax(warmest, (double)value * 1e-3); /* which ignores a NaN */
	}
	return warmest;
}

bool heat_warmest(const struct path_root *root, double *celsius)
{
	struct heat heat;

	heat_find(&heat, root, NULL);
	*celsius = heat_read(&heat);
	return !isnan(*celsius);
}
