/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_msr.c - bits of machine-specific registers, for what no driver has a switch: turbo where firmware or
 * hypervisor left the system without cpufreq, and the prefetchers.
 *
 * A setting's key is "dev/cpu/N/msr@1a0", its value the whole register as read, in hexadecimal: what goes
 * back is what was found, never a constant. Writing taints the kernel for good (TAINT_CPU_OUT_OF_SPEC) and
 * prints a warning, so these are set by name only.
 *
 * Turbo: bit 38 of IA32_MISC_ENABLE and bit 25 of AMD's HWCR, as acpi-cpufreq sets them. On every CPU of the
 * bench's package, as that driver does: on some models the bit is one for all of them, and the clock of a
 * core depends on the turbo of the others. Prefetchers: MISC_FEATURE_CONTROL of the bench's core (Intel:
 * "Disclosure of Hardware Prefetcher Control on Some Intel Processors").
 */
#include "host/knob_table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "host/cpuinfo.h"
#include "host/field.h"
#include "host/msr.h"
#include "host/policy.h"
#include "host/value.h"

#define KEY	 "dev/cpu/%u/msr@" /* the path of host/msr.h, and a register of it */
#define NO_TURBO "sys/devices/system/cpu/intel_pstate/no_turbo"
#define BOOST	 POLICY_ROOT "/boost"

/* One kind of register for one maker of processors. */
struct msr_bits {
	const char *vendor; /* as in /proc/cpuinfo */
	uint32_t address;
	uint64_t bits; /* to be set */
};

struct msr {
	bool whole_package; /* else the bench's core */
	/* Where the driver has a switch for the same thing; NULL: it never has. */
	bool (*find_switch)(const struct knob_context *context, char *path, size_t size);
	const char *switched_by; /* the knob that sets it */
	struct msr_bits makers[4];
};

/* --- keys and values ------------------------------------------------------------------------------------ */

static void format_key(unsigned cpu, uint32_t address, char *key, size_t size)
{
	snprintf(key, size, KEY "%" PRIx32, cpu, address);
}

static bool parse_key(const char *key, unsigned *cpu, uint32_t *address)
{
	char expected[KNOB_PATH];

	if (sscanf(key, KEY "%8" SCNx32, cpu, address) != 2 || *cpu >= CPU_SETSIZE)
		return false;
	format_key(*cpu, *address, expected, sizeof expected);
	return !strcmp(key, expected);
}

static int open_key(const struct path_root *root, const char *key, int flags, uint32_t *address,
		    struct sb_err *err)
{
	unsigned cpu;

	if (!parse_key(key, &cpu, address))
		return err_set(err, -EINVAL, "'%s' names no register", key);
	return msr_open(root, cpu, flags, err);
}

static int read_register(const struct path_root *root, const char *key, char *text, size_t size,
			 struct sb_err *err)
{
	uint64_t value = 0;
	uint32_t address;
	int fd = open_key(root, key, O_RDONLY, &address, err), code;

	if (fd < 0)
		return fd;
	code = msr_read(fd, address, &value);
	close(fd);
	if (code)
		return err_set(err, code, "cannot read register '%s': %s", key, err_reason(code));
	return snprintf(text, size, "%016" PRIx64, value);
}

static const char *advice_for(int code)
{
	return code == -EPERM ? "; the kernel is locked down, or runs with msr.allow_writes=off" : "";
}

static int write_register(const struct path_root *root, const char *key, const char *value,
			  struct sb_err *err)
{
	uint32_t address;
	int fd = open_key(root, key, O_WRONLY, &address, err), code;

	if (fd < 0)
		return fd;
	code = msr_write(fd, address, strtoull(value, NULL, 16));
	close(fd);
	if (code)
		return err_set(err, code, "cannot write '%s' to register '%s': %s%s", value, key,
			       err_reason(code), advice_for(code));
	return 0;
}

/* --- planning ------------------------------------------------------------------------------------------- */

/* Of the first processor, which stands for all. */
static const struct msr_bits *find_maker(const struct knob_context *context, const struct msr *msr)
{
	char text[CPUINFO_SIZE], vendor[64];

	cpuinfo_read(context->root, text);
	if (!field_line(text, "vendor_id", vendor, sizeof vendor))
		return NULL;
	for (size_t i = 0; msr->makers[i].vendor; i++)
		if (!strcmp(vendor, msr->makers[i].vendor))
			return &msr->makers[i];
	return NULL;
}

static long long package_of(const struct path_root *root, unsigned cpu)
{
	char path[KNOB_PATH];
	long long package;

	snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%u/topology/physical_package_id", cpu);
	return path_read_long(root, path, &package, NULL) ? -1 : package;
}

/* What the bits have to be set on; a CPU without a device is offline. */
static bool is_meant(const struct knob_context *context, const struct msr *msr, unsigned cpu)
{
	const struct topology *topology = &context->topology;
	long long package;

	if (CPU_ISSET(cpu, &topology->bench) || CPU_ISSET(cpu, &topology->siblings))
		return true;
	if (!msr->whole_package)
		return false;
	package = package_of(context->root, cpu);
	for (unsigned bench = 0; package >= 0 && bench < CPU_SETSIZE; bench++)
		if (CPU_ISSET(bench, &topology->bench) && package_of(context->root, bench) == package)
			return true;
	return false;
}

/* 1: to be set, 0: is set, or a negative errno. */
static int plan_cpu(struct knob_plan *plan, const struct msr_bits *maker, unsigned cpu,
		    struct condition *condition)
{
	char key[KNOB_PATH], before[KNOB_VALUE], target[32];
	struct sb_err err = { 0 };
	uint64_t value;
	size_t already = 0;
	int code;

	format_key(cpu, maker->address, key, sizeof key);
	code = read_register(plan->root, key, before, sizeof before, &err);
	if (code == -EACCES || code == -EPERM)
		return knob_deny(plan->knob, key, condition);
	if (code < 0)
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition, "%.*s",
				     (int)sizeof condition->reason - 1, err.text);
	condition_keep(condition->before, before);
	value = strtoull(before, NULL, 16);
	snprintf(target, sizeof target, "%016" PRIx64, value | maker->bits);
	knob_want(plan, key, target, &already);
	return already ? 0 : 1;
}

static int plan_all(const struct knob_context *context, struct knob_plan *plan, const struct msr_bits *maker,
		    struct condition *condition)
{
	const struct msr *msr = plan->knob->detail;
	char device[KNOB_PATH];
	bool has_any = false;

	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		int code;

		if (!is_meant(context, msr, cpu) ||
		    !path_exists(context->root, msr_path(cpu, device, sizeof device)))
			continue;
		has_any = true;
		code = plan_cpu(plan, maker, cpu, condition);
		if (code < 0)
			return code;
	}
	if (plan->count)
		return (int)plan->count;
	if (has_any)
		return knob_conclude(plan->knob, CONDITION_ALREADY, condition, "found as wanted");
	snprintf(condition->mend, sizeof condition->mend, "sudo modprobe msr");
	return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
			     "the registers of the processor cannot be reached: '/dev/cpu/*/msr' is not "
			     "there");
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	const struct msr *msr = plan->knob->detail;
	const struct msr_bits *maker = find_maker(context, msr);
	char path[KNOB_PATH];

	if (msr->find_switch && msr->find_switch(context, path, sizeof path))
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
				     "not needed: the driver has a switch, '/%s', which the knob %s sets",
				     path, msr->switched_by);
	if (maker)
		return plan_all(context, plan, maker, condition);
	return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition,
			     "no register for it is known of this processor's maker");
}

/* --- turbo ---------------------------------------------------------------------------------------------- */

static bool find_boost_switch(const struct knob_context *context, char *path, size_t size)
{
	static const char *const global[] = { NO_TURBO, BOOST };
	size_t policies;
	struct policy *list;
	bool found = false;

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, size, "%s", global[i]);
		if (path_exists(context->root, path))
			return true;
	}
	list = policy_list(context->root, &policies);
	for (size_t i = 0; i < policies && !found; i++)
		found = knob_touches_bench(context, &list[i].cpus) &&
			path_exists(context->root, policy_path(&list[i], "boost", path, size));
	free(list);
	return found;
}

static const struct msr turbo = {
	.whole_package = true,
	.find_switch = find_boost_switch,
	.switched_by = "boost",
	.makers = { { "GenuineIntel", 0x1a0, UINT64_C(1) << 38 },
		    { "AuthenticAMD", 0xc0010015, UINT64_C(1) << 25 },
		    { "HygonGenuine", 0xc0010015, UINT64_C(1) << 25 } },
};

/* --- prefetchers ---------------------------------------------------------------------------------------- */

static const struct msr prefetchers = {
	.makers = { { "GenuineIntel", 0x1a4, 0xf } },
};

/* Whoever forges a journal gets at these registers only. */
static bool owns_path(const struct knob *knob, const char *path)
{
	const struct msr *msr = knob->detail;
	uint32_t address;
	unsigned cpu;

	if (!parse_key(path, &cpu, &address))
		return false;
	for (size_t i = 0; msr->makers[i].vendor; i++)
		if (msr->makers[i].address == address)
			return true;
	return false;
}

const struct knob knob_turbo_msr = {
	.name = "turbo-msr",
	.removes = "turbo where no driver has a switch for it; taints the kernel until it is booted again",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_BY_NAME,
	.is_watched = true,
	.undo_rank = 22,
	.detail = &turbo,
	.plan = plan,
	.read = read_register,
	.write = write_register,
	.owns_path = owns_path,
};

const struct knob knob_prefetchers = {
	.name = "prefetchers",
	.removes = "what the prefetchers of the bench's core guess; changes what is measured, taints the "
		   "kernel",
	.scope = KNOB_SCOPE_HOST,
	.level = KNOB_BY_NAME,
	.is_unproven = true,
	.is_watched = true,
	.undo_rank = 24,
	.detail = &prefetchers,
	.plan = plan,
	.read = read_register,
	.write = write_register,
	.owns_path = owns_path,
};
