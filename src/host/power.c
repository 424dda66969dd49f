/* SPDX-License-Identifier: GPL-2.0-or-later */
/* power.c - see power.h. */
#include "host/power.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/field.h"

#define SUPPLIES	"sys/class/power_supply"
#define ZONES		"sys/class/powercap"
#define COOLING		"sys/class/thermal"
#define CPUS		"sys/devices/system/cpu"

#define PATH_SIZE	320
#define CONSTRAINTS_MAX 4

static int read_leaf(const struct path_root *root, const char *folder, const char *name, const char *leaf,
		     char *text, size_t size)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof path, "%s/%.160s/%s", folder, name, leaf);
	return path_read(root, path, text, size, NULL);
}

static bool read_number(const struct path_root *root, const char *folder, const char *name, const char *leaf,
			double *number)
{
	char text[64], *end;

	if (read_leaf(root, folder, name, leaf, text, sizeof text) < 0)
		return false;
	*number = strtod(text, &end);
	return end != text;
}

/* --- the supply ----------------------------------------------------------------------------------------- */

struct supplies {
	const struct path_root *root;
	bool has_mains, has_battery, is_online, is_discharging;
};

/* A mouse has a battery too, of scope "Device"; a port of type USB may be offline beside a plugged adapter.
 */
static int look_at_supply(const char *name, void *context)
{
	struct supplies *supplies = context;
	char type[32], text[32] = "";
	double online = 0;

	if (read_leaf(supplies->root, SUPPLIES, name, "type", type, sizeof type) < 0)
		return 0;
	read_leaf(supplies->root, SUPPLIES, name, "scope", text, sizeof text);
	if (!strcmp(text, "Device"))
		return 0;
	if (!strcmp(type, "Battery")) {
		supplies->has_battery = true;
		if (read_leaf(supplies->root, SUPPLIES, name, "status", text, sizeof text) >= 0)
			supplies->is_discharging |= !strcmp(text, "Discharging");
		return 0;
	}
	supplies->has_mains |= !strcmp(type, "Mains");
	read_number(supplies->root, SUPPLIES, name, "online", &online);
	supplies->is_online |= online > 0;
	return 0;
}

bool power_on_mains(const struct path_root *root, char *text, size_t size)
{
	struct supplies supplies = { .root = root };
	bool is_on;

	path_each(root, SUPPLIES, look_at_supply, &supplies, NULL);
	if (!supplies.has_mains && !supplies.has_battery)
		return false;
	is_on = supplies.is_online || (supplies.has_battery && !supplies.is_discharging);
	snprintf(text, size, "%s", is_on ? "yes" : "no");
	return true;
}

/* --- the power cap -------------------------------------------------------------------------------------- */

struct cap {
	const struct path_root *root;
	double limit_watts, rating_watts; /* 0: not told */
};

/* "intel-rapl:0" and "intel-rapl-mmio:0" are packages, "intel-rapl:0:1" is a part of one. */
static bool is_package(const char *name)
{
	const char *colon = strchr(name, ':');

	return !strncmp(name, "intel-rapl", strlen("intel-rapl")) && colon && !strchr(colon + 1, ':');
}

static int look_at_zone(const char *name, void *context)
{
	struct cap *cap = context;
	double enabled = 1, limit, rating;
	char leaf[64], text[64];

	if (!is_package(name))
		return 0;
	read_number(cap->root, ZONES, name, "enabled", &enabled);
	for (int i = 0; enabled > 0 && i < CONSTRAINTS_MAX; i++) {
		snprintf(leaf, sizeof leaf, "constraint_%d_name", i);
		if (read_leaf(cap->root, ZONES, name, leaf, text, sizeof text) < 0 ||
		    strcmp(text, "long_term"))
			continue;
		snprintf(leaf, sizeof leaf, "constraint_%d_power_limit_uw", i);
		if (!read_number(cap->root, ZONES, name, leaf, &limit) || limit <= 0 ||
		    (cap->limit_watts > 0 && limit / 1e6 >= cap->limit_watts))
			continue;
		snprintf(leaf, sizeof leaf, "constraint_%d_max_power_uw", i);
		cap->limit_watts = limit / 1e6;
		cap->rating_watts =
			read_number(cap->root, ZONES, name, leaf, &rating) && rating > 0 ? rating / 1e6 : 0;
	}
	return 0;
}

bool power_limit(const struct path_root *root, double *watts)
{
	struct cap cap = { .root = root };

	path_each(root, ZONES, look_at_zone, &cap, NULL);
	*watts = cap.limit_watts;
	return *watts > 0;
}

bool power_rating(const struct path_root *root, double *watts)
{
	struct cap cap = { .root = root };

	path_each(root, ZONES, look_at_zone, &cap, NULL);
	*watts = cap.rating_watts;
	return *watts > 0;
}

/* --- heat ----------------------------------------------------------------------------------------------- */

struct cooling {
	const struct path_root *root;
	char *text;
	size_t size, devices;
};

/* Those that act on CPUs; fans and displays cool too. */
static const char *const coolers[] = {
	"Processor", "intel_powerclamp", "cpufreq-", "thermal-cpufreq-", "cpuidle-", "thermal-idle-",
};

static int look_at_cooler(const char *name, void *context)
{
	struct cooling *cooling = context;
	char type[64], state[128];
	double current, most = 0;
	bool is_cpu = false;

	if (strncmp(name, "cooling_device", strlen("cooling_device")) ||
	    read_leaf(cooling->root, COOLING, name, "type", type, sizeof type) < 0)
		return 0;
	for (size_t i = 0; i < sizeof coolers / sizeof *coolers; i++)
		is_cpu |= !strncmp(type, coolers[i], strlen(coolers[i]));
	if (!is_cpu || !read_number(cooling->root, COOLING, name, "cur_state", &current))
		return 0;
	cooling->devices++;
	read_number(cooling->root, COOLING, name, "max_state", &most);
	snprintf(state, sizeof state, "%s %.0f of %.0f", type, current, most);
	if (current > 0) /* powerclamp says -1 for off */
		field_append(cooling->text, cooling->size, ", ", state);
	return 0;
}

bool power_cooling(const struct path_root *root, char *text, size_t size)
{
	struct cooling cooling = { .root = root, .text = text, .size = size };

	text[0] = '\0';
	path_each(root, COOLING, look_at_cooler, &cooling, NULL);
	if (cooling.devices && !text[0])
		snprintf(text, size, "none");
	return cooling.devices > 0;
}

struct throttles {
	const struct path_root *root;
	double cores, package;
	bool is_told;
};

/* A package's count stands at each of its CPUs. */
static int look_at_cpu(const char *name, void *context)
{
	struct throttles *throttles = context;
	double count;

	if (strncmp(name, "cpu", 3) || name[3 + strspn(name + 3, "0123456789")])
		return 0;
	if (read_number(throttles->root, CPUS, name, "thermal_throttle/core_throttle_count", &count)) {
		throttles->is_told = true;
		throttles->cores += count;
	}
	if (read_number(throttles->root, CPUS, name, "thermal_throttle/package_throttle_count", &count) &&
	    count > throttles->package)
		throttles->package = count;
	return 0;
}

bool power_throttles(const struct path_root *root, double *count)
{
	struct throttles throttles = { .root = root };

	path_each(root, CPUS, look_at_cpu, &throttles, NULL);
	*count = throttles.cores + throttles.package;
	return throttles.is_told;
}
