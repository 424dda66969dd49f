/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checkup.c - see checkup.h. Every check is pure over the facts that were collected once. */
#include "host/checkup.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/facts.h"

#define FACTS_MAX 64

struct fact {
	char key[CONDITION_KNOB];
	char value[CONDITION_VALUE];
};

struct facts {
	struct fact facts[FACTS_MAX];
	size_t count;
	const struct topology *topology;
};

struct check {
	const char *name;
	void (*look)(const struct facts *facts, struct condition *condition);
};

static void keep_text(void *context, const char *key, const char *value)
{
	struct facts *facts = context;
	struct fact *fact = &facts->facts[facts->count];

	if (facts->count == FACTS_MAX)
		return;
	snprintf(fact->key, sizeof fact->key, "%s", key);
	snprintf(fact->value, sizeof fact->value, "%.*s", CONDITION_VALUE - 1, value);
	facts->count++;
}

static void keep_number(void *context, const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof text, "%.17g", value);
	keep_text(context, key, text);
}

/* "" where the host does not tell. */
static const char *get(const struct facts *facts, const char *key)
{
	for (size_t i = 0; i < facts->count; i++)
		if (!strcmp(facts->facts[i].key, key))
			return facts->facts[i].value;
	return "";
}

static void fault(struct condition *condition, const char *mend, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void fault(struct condition *condition, const char *mend, const char *format, ...)
{
	va_list args;

	condition->outcome = CONDITION_FAILED;
	snprintf(condition->mend, sizeof condition->mend, "%s", mend);
	va_start(args, format);
	vsnprintf(condition->reason, sizeof condition->reason, format, args);
	va_end(args);
}

/* Whether the host tells at all; what it keeps to itself is neither well nor a fault. */
static bool is_told(const char *value, struct condition *condition)
{
	snprintf(condition->value, sizeof condition->value, "%s", value);
	if (*value)
		return true;
	condition->outcome = CONDITION_UNSUPPORTED;
	snprintf(condition->reason, sizeof condition->reason, "this host does not tell");
	return false;
}

static void look_at_housekeeping(const struct facts *facts, struct condition *condition)
{
	snprintf(condition->value, sizeof condition->value, "%d", CPU_COUNT(&facts->topology->housekeeping));
	if (!CPU_COUNT(&facts->topology->housekeeping))
		fault(condition, "give the machine a second CPU, or widen the cpuset",
		      "no CPU is left for everything but the bench");
}

static void look_at_clock(const struct facts *facts, struct condition *condition)
{
	const char *source = get(facts, "clocksource");

	if (is_told(source, condition) && strcmp(source, "tsc") && strcmp(source, "arch_sys_counter"))
		fault(condition,
		      "boot parameter tsc=reliable, or clocksource=tsc, where the counter is sound",
		      "the kernel's clock source is '%s', whose reads are slow or leave the machine", source);
}

static void look_at_hypervisor(const struct facts *facts, struct condition *condition)
{
	const char *hypervisor = get(facts, "hypervisor");

	/* bare Arm machines say nothing, and few guests do not */
	snprintf(condition->value, sizeof condition->value, "%s", *hypervisor ? hypervisor : "unknown");
	if (*hypervisor && strcmp(hypervisor, "none"))
		fault(condition, "measure on bare metal",
		      "under a hypervisor other guests can take the CPU and the clock rate is not ours");
}

static void look_at_counters(const struct facts *facts, struct condition *condition)
{
	const char *counters = get(facts, "hardware_counters");

	if (is_told(counters, condition) && strcmp(counters, "yes"))
		fault(condition,
		      strstr(counters, "perm") || strstr(counters, "paranoid")
			      ? "run as root, or sysctl kernel.perf_event_paranoid=2"
			      : "in a VM, pass the PMU through; else look for the PMU in the kernel's log",
		      "cycles and instructions cannot be counted");
}

static void look_at_load(const struct facts *facts, struct condition *condition)
{
	const char *told = get(facts, "load_1min");
	double load = strtod(told, NULL);
	int cpus = CPU_COUNT(&facts->topology->allowed);

	if (!is_told(told, condition))
		return;
	snprintf(condition->value, sizeof condition->value, "%.2f", load);
	if (load > 0.5 * cpus)
		fault(condition, "see what runs: top", "the load of the last minute is %.2f on %d CPUs", load,
		      cpus);
}

static const struct check checks[] = {
	{ "housekeeping", look_at_housekeeping },
	{ "clocksource", look_at_clock },
	{ "hypervisor", look_at_hypervisor },
	{ "hardware-counters", look_at_counters },
	{ "load", look_at_load },
};

_Static_assert(sizeof checks / sizeof *checks <= CHECKUP_MAX, "CHECKUP_MAX is too small");

size_t checkup_collect(const struct path_root *root, const struct topology *topology,
		       struct condition *conditions)
{
	struct facts facts = { .topology = topology };
	const struct facts_sink sink = { .text = keep_text, .number = keep_number, .context = &facts };
	size_t count = sizeof checks / sizeof *checks;

	facts_collect(root, &sink);
	for (size_t i = 0; i < count; i++) {
		conditions[i] = (struct condition){ .outcome = CONDITION_ALREADY };
		snprintf(conditions[i].knob, sizeof conditions[i].knob, "%s", checks[i].name);
		checks[i].look(&facts, &conditions[i]);
	}
	return count;
}
