/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_slices.c - systemd's own slices kept off the bench's core, by its own means: AllowedCPUs of
 * init.scope, system.slice and user.slice. It is the best partner of `partition`: while a unit asks for CPUs,
 * systemd leaves the controller `cpuset` on, which it otherwise takes away, and a partition with it.
 *
 * The change is for this boot only (runtime), and what was set before is set again. `revert` would drop the
 * settings of others too. A setting that was unset leaves an empty one in /run/systemd/system.control.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/bus.h"
#include "base/cpulist.h"
#include "host/cgroup.h"
#include "host/value.h"

#define KEY_TOP	 "systemd/"
#define KEY_LEAF "/AllowedCPUs"
#define PROPERTY "AllowedCPUs"
#define ONLINE	 "sys/devices/system/cpu/online"

static const struct unit {
	const char *name, *interface;
} units[] = {
	{ "init.scope", BUS_SYSTEMD ".Scope" },
	{ "system.slice", BUS_SYSTEMD ".Slice" },
	{ "user.slice", BUS_SYSTEMD ".Slice" },
};

#define UNITS (sizeof units / sizeof units[0])

/* --- keys ------------------------------------------------------------------------------------------------
 */

static const char *key_of(const struct unit *unit, char *text, size_t size)
{
	snprintf(text, size, KEY_TOP "%s" KEY_LEAF, unit->name);
	return text;
}

static const struct unit *find_unit(const char *key)
{
	char text[KNOB_PATH];

	for (size_t i = 0; i < UNITS; i++)
		if (!strcmp(key, key_of(&units[i], text, sizeof text)))
			return &units[i];
	return NULL;
}

/* --- the bytes of the property: bit 0 of the first is CPU 0 --------------------------------------------- */

static void set_from_bytes(const unsigned char *bytes, size_t size, cpu_set_t *cpus)
{
	CPU_ZERO(cpus);
	for (int cpu = 0; cpu < CPU_SETSIZE && (size_t)cpu / 8 < size; cpu++)
		if (bytes[cpu / 8] >> cpu % 8 & 1)
			CPU_SET(cpu, cpus);
}

/* No CPU at all is no byte at all, which unsets the property. */
static size_t bytes_from_set(const cpu_set_t *cpus, unsigned char bytes[CPU_SETSIZE / 8])
{
	size_t size = 0;

	memset(bytes, 0, CPU_SETSIZE / 8);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, cpus))
			continue;
		bytes[cpu / 8] |= (unsigned char)(1u << cpu % 8);
		size = (size_t)cpu / 8 + 1;
	}
	return size;
}

/* --- asking systemd --------------------------------------------------------------------------------------
 */

static int ask(sd_bus *bus, const struct unit *unit, cpu_set_t *cpus, struct sb_err *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	char *path = NULL;
	const void *bytes;
	size_t size;
	int code = sd_bus_path_encode(BUS_SYSTEMD_PATH "/unit", unit->name, &path);

	if (code >= 0)
		code = sd_bus_get_property(bus, BUS_SYSTEMD, path, unit->interface, PROPERTY, &error, &reply,
					   "ay");
	if (code >= 0)
		code = sd_bus_message_read_array(reply, 'y', &bytes, &size);
	if (code >= 0)
		set_from_bytes(bytes, size, cpus);
	sd_bus_message_unref(reply);
	free(path);
	return code < 0 ? bus_fail(code, &error, "systemd does not tell its " PROPERTY, err) : 0;
}

/* SetUnitProperties(name, runtime, a(sv)), with one property, whose variant holds the bytes. */
static int fill(sd_bus_message *message, const struct unit *unit, const cpu_set_t *cpus)
{
	unsigned char bytes[CPU_SETSIZE / 8];
	const size_t size = bytes_from_set(cpus, bytes);
	int code = sd_bus_message_append(message, "sb", unit->name, 1);

	if (code >= 0)
		code = sd_bus_message_open_container(message, 'a', "(sv)");
	if (code >= 0)
		code = sd_bus_message_open_container(message, 'r', "sv");
	if (code >= 0)
		code = sd_bus_message_append(message, "s", PROPERTY);
	if (code >= 0)
		code = sd_bus_message_open_container(message, 'v', "ay");
	if (code >= 0)
		code = sd_bus_message_append_array(message, 'y', bytes, size);
	for (int open = 0; code >= 0 && open < 3; open++)
		code = sd_bus_message_close_container(message);
	return code;
}

static int tell(sd_bus *bus, const struct unit *unit, const cpu_set_t *cpus, struct sb_err *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *call = NULL;
	int code = sd_bus_message_new_method_call(bus, &call, BUS_SYSTEMD, BUS_SYSTEMD_PATH,
						  BUS_SYSTEMD_MANAGER, "SetUnitProperties");

	if (code >= 0)
		code = fill(call, unit, cpus);
	if (code >= 0)
		code = sd_bus_call(bus, call, 0, &error, NULL);
	sd_bus_message_unref(call);
	return code < 0 ? bus_fail(code, &error, "systemd does not take " PROPERTY, err) : 0;
}

static int read_slice(const struct path_root *root, const char *key, char *text, size_t size,
		      struct sb_err *err)
{
	const struct unit *unit = find_unit(key);
	cpu_set_t cpus;
	sd_bus *bus;
	int code = root->is_real && unit ? bus_open(&bus, err) : -ENOENT;

	if (code)
		return code;
	code = ask(bus, unit, &cpus, err);
	sd_bus_flush_close_unref(bus);
	return code ? code : (int)strlen(cpulist_format(&cpus, text, size));
}

static int write_slice(const struct path_root *root, const char *key, const char *value, struct sb_err *err)
{
	const struct unit *unit = find_unit(key);
	cpu_set_t cpus;
	sd_bus *bus;
	int code = root->is_real && unit ? 0 : -ENOENT;

	CPU_ZERO(&cpus);
	if (!code && value[0])
		code = cpulist_parse(value, &cpus, err);
	if (!code)
		code = bus_open(&bus, err);
	if (code)
		return code;
	code = tell(bus, unit, &cpus, err);
	sd_bus_flush_close_unref(bus);
	return code;
}

/* --- the plan --------------------------------------------------------------------------------------------
 */

/* Without the bench's core: what was allowed, or all that is online. -ERANGE when nothing would be left. */
static int leave_core(const struct knob_context *context, const char *before, char *text, size_t size)
{
	char online[KNOB_VALUE];
	cpu_set_t cpus, core;

	if (!before[0] && path_read(context->root, ONLINE, online, sizeof online, NULL) < 0)
		return -ENOENT;
	if (cpulist_parse(before[0] ? before : online, &cpus, NULL))
		return -EINVAL;
	CPU_OR(&core, &context->topology.bench, &context->topology.siblings);
	cpulist_subtract(&cpus, &core);
	cpulist_format(&cpus, text, size);
	return CPU_COUNT(&cpus) ? 0 : -ERANGE;
}

static int plan_unit(const struct knob_context *context, struct knob_plan *plan, const struct unit *unit,
		     struct condition *condition)
{
	char key[KNOB_PATH], target[KNOB_VALUE];
	struct knob_setting *setting = &plan->settings[plan->count];
	int code;

	if (!knob_add(plan, key_of(unit, key, sizeof key), "?"))
		return knob_conclude(&knob_slices, CONDITION_FAILED, condition,
				     "systemd does not tell which CPUs %s may use", unit->name);
	condition_keep(condition->before, setting->before);
	code = leave_core(context, setting->before, target, sizeof target);
	if (code)
		return knob_conclude(&knob_slices, CONDITION_UNSUPPORTED, condition,
				     "no housekeeping CPU is left to %s", unit->name);
	snprintf(setting->target, sizeof setting->target, "%s", target);
	plan->count -= value_is_same_cpulist(setting->before, target);
	return 0;
}

/* One without a control group holds nobody, as user.slice on a host without logind: setting it would make a
 * group that systemd keeps. */
static bool has_group(const struct path_root *root, const struct unit *unit)
{
	char path[KNOB_PATH];

	snprintf(path, sizeof path, CGROUP_V2 "/%s", unit->name);
	return path_exists(root, path);
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	if (!context->root->is_real || !bus_has_systemd())
		return knob_conclude(&knob_slices, CONDITION_UNSUPPORTED, condition,
				     "systemd is not process 1 here, so there are no slices to keep away");
	if (cgroup_is_possible(&knob_slices, context, "cpuset", condition) <= 0)
		return -ENOTSUP;
	for (size_t i = 0; i < UNITS; i++) {
		int code = 0;

		if (has_group(context->root, &units[i]))
			code = plan_unit(context, plan, &units[i], condition);
		if (code)
			return code;
	}
	if (plan->count)
		return (int)plan->count;
	return knob_conclude(&knob_slices, CONDITION_ALREADY, condition,
			     "systemd keeps its slices off the bench's core");
}

static bool owns_path(const struct knob *knob, const char *path)
{
	(void)knob;
	return find_unit(path);
}

const struct knob knob_slices = {
	.name = "slices",
	.removes = "services and users' programs on the bench's core, with systemd's consent",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_OPT_IN,
	.needs = &knob_cgroup,
	.harm = "what is started from a slice would be kept off the bench's core, benches too",
	.asks_daemon = true,
	.is_watched = true,
	.undo_rank = 75,
	.plan = plan,
	.read = read_slice,
	.write = write_slice,
	.is_same = value_is_same_cpulist,
	.owns_path = owns_path,
};
