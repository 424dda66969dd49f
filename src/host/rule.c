/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rule.c - see rule.h. */
#include "host/rule.h"

#include <stdio.h>
#include <string.h>
#include "base/cpulist.h"
#include "host/field.h"

#define LOAD_NOTE     0.5  /* runnable tasks per CPU */
#define PRESSURE_NOTE 0.05 /* of the last ten seconds */
#define POWER_NOTE    0.99 /* of what the package is made for */
#define CONSOLE_QUIET 4	   /* KERN_WARNING: the level up to which a healthy kernel rarely speaks */

/* --- the CPUs ------------------------------------------------------------------------------------------- */

void rule_housekeeping(const struct check *check, const struct check_facts *facts,
		       struct checkup_finding *finding)
{
	const cpu_set_t *housekeeping = &check_topology(facts)->housekeeping;
	char list[CONDITION_VALUE];

	check_show(finding, "%s", cpulist_format(housekeeping, list, sizeof list));
	if (!CPU_COUNT(housekeeping))
		check_fault(check, CHECKUP_BAD, finding, "no CPU is left for everything but the bench");
}

void rule_quota(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	const int cpus = CPU_COUNT(&check_topology(facts)->bench);
	double quota, throttled = 0;

	if (!check_is_told(check, facts, finding) || !check_get_number(facts, check->fact, &quota))
		return;
	check_get_number(facts, "cpu_throttled", &throttled);
	check_show(finding, "%.2f CPUs", quota);
	if (throttled > 0)
		check_fault(check, CHECKUP_BAD, finding,
			    "a control group was stopped in %.0f periods, having used up its quota",
			    throttled);
	else
		check_fault(check, quota < cpus ? CHECKUP_BAD : CHECKUP_NOTE, finding,
			    "a control group may use %.2f CPUs, and the benches are to run on %d", quota,
			    cpus);
}

void rule_load(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	const int cpus = CPU_COUNT(&check_topology(facts)->allowed);
	double load;

	if (!check_is_told(check, facts, finding))
		return;
	check_get_number(facts, check->fact, &load);
	check_show(finding, "%.2f", load);
	if (load > LOAD_NOTE * cpus)
		check_fault(check, load > cpus ? CHECKUP_BAD : CHECKUP_NOTE, finding,
			    "the load of the last minute is %.2f on %d CPUs", load, cpus);
}

void rule_pressure(const struct check *check, const struct check_facts *facts,
		   struct checkup_finding *finding)
{
	double cpu = 0, memory = 0, io = 0;

	if (!check_is_told(check, facts, finding))
		return;
	check_get_number(facts, "pressure_cpu", &cpu);
	check_get_number(facts, "pressure_memory", &memory);
	check_get_number(facts, "pressure_io", &io);
	check_show(finding, "cpu %.1f %%, memory %.1f %%, io %.1f %%", 100 * cpu, 100 * memory, 100 * io);
	if (cpu > PRESSURE_NOTE || memory > PRESSURE_NOTE || io > PRESSURE_NOTE)
		check_fault(check, CHECKUP_NOTE, finding,
			    "tasks waited for CPU, memory or storage within the last ten seconds");
}

/* Whether the list of a boot parameter has every CPU of the bench. */
static bool has_bench(const struct check_facts *facts, const char *key)
{
	return cpulist_has(check_get(facts, key), &check_topology(facts)->bench);
}

/* nohz_full= has the CPUs in rcu_nocbs too (Documentation/timers/no_hz.rst). */
void rule_tick(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	char list[64];

	if (!check_is_told(check, facts, finding) || has_bench(facts, check->fact))
		return;
	cpulist_format(&check_topology(facts)->bench, list, sizeof list);
	check_fault(check, CHECKUP_NOTE, finding,
		    has_bench(facts, "rcu_nocbs_cpus") ? "the timer tick goes on on CPU %s"
						       : "the timer tick and RCU callbacks go on on CPU %s",
		    list);
	snprintf(finding->condition.mend, sizeof finding->condition.mend,
		 "boot parameters nohz_full=%s rcu_nocbs=%s", list, list);
}

void rule_isolated(const struct check *check, const struct check_facts *facts,
		   struct checkup_finding *finding)
{
	const cpu_set_t *bench = &check_topology(facts)->bench;
	cpu_set_t isolated;

	if (!check_is_told(check, facts, finding) ||
	    cpulist_parse(check_get(facts, check->fact), &isolated, NULL))
		return;
	CPU_AND(&isolated, &isolated, bench);
	if (CPU_COUNT(bench) > 1 && CPU_COUNT(&isolated))
		check_fault(check, CHECKUP_NOTE, finding,
			    "isolcpus= takes CPUs of the benches from the load balancer");
}

/* --- the clock ------------------------------------------------------------------------------------------ */

/* Each of these is read in hundreds of nanoseconds or more, some by leaving the machine. */
static const char slow_clocks[] = "hpet acpi_pm jiffies refined-jiffies pit";

void rule_clocksource(const struct check *check, const struct check_facts *facts,
		      struct checkup_finding *finding)
{
	const char *source = check_get(facts, check->fact);

	if (!check_is_told(check, facts, finding) || !strcmp(source, "tsc") ||
	    !strcmp(source, "arch_sys_counter"))
		return;
	if (field_has_word(slow_clocks, source))
		check_fault(check, CHECKUP_BAD, finding,
			    "the kernel's clock source is '%s', whose reads are slow", source);
	else
		check_fault(check, CHECKUP_NOTE, finding,
			    "the kernel's clock source is '%s', whose rate others decide", source);
}

void rule_tsc(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	const char *flags = check_get(facts, check->fact);

	if (check_is_told(check, facts, finding) &&
	    (!field_has_word(flags, "constant_tsc") || !field_has_word(flags, "nonstop_tsc")))
		check_fault(check, CHECKUP_NOTE, finding,
			    "the CPU does not promise that its counter runs at one rate in every state");
}

void rule_drift(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	double ppm;

	if (!check_is_told(check, facts, finding))
		return;
	check_get_number(facts, check->fact, &ppm);
	check_show(finding, "%+.1f ppm", ppm);
	if (ppm > check->note_above || ppm < -check->note_above)
		check_fault(check, CHECKUP_NOTE, finding,
			    "time synchronisation bends the system's clock by %+.0f parts per million", ppm);
}

/* Bare Arm machines say nothing, and few guests do not. */
void rule_hypervisor(const struct check *check, const struct check_facts *facts,
		     struct checkup_finding *finding)
{
	const char *hypervisor = check_get(facts, check->fact);

	check_show(finding, "%s", *hypervisor ? hypervisor : "unknown");
	if (*hypervisor && strcmp(hypervisor, "none") != 0)
		check_fault(check, CHECKUP_NOTE, finding, "this is a guest");
}

/* --- the frequency -------------------------------------------------------------------------------------- */

void rule_driver(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	const char *driver = check_get(facts, check->fact), *mode = check_get(facts, "cpufreq_mode");

	check_show(finding, "%s%s%s%s", *driver ? driver : "none", *mode ? " (" : "", mode, *mode ? ")" : "");
	if (!*driver)
		check_fault(check, CHECKUP_NOTE, finding, "the kernel has no say in the CPU's frequency");
}

void rule_power(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	double limit, rating;

	if (!check_is_told(check, facts, finding))
		return;
	check_get_number(facts, check->fact, &limit);
	check_show(finding, "%.4g W", limit);
	if (!check_get_number(facts, "power_rating_w", &rating))
		return;
	check_show(finding, "%.4g W of %.4g W", limit, rating);
	if (limit < POWER_NOTE * rating)
		check_fault(check, CHECKUP_NOTE, finding,
			    "a package made for %.4g W may take %.4g W in the long run", rating, limit);
}

/* --- the kernel's company ------------------------------------------------------------------------------- */

void rule_counters(const struct check *check, const struct check_facts *facts,
		   struct checkup_finding *finding)
{
	const char *counters = check_get(facts, check->fact);

	if (!check_is_told(check, facts, finding) || !strcmp(counters, "yes"))
		return;
	check_fault(check, CHECKUP_NOTE, finding, "cycles and instructions cannot be counted");
	if (strstr(counters, "paranoid"))
		snprintf(finding->condition.mend, sizeof finding->condition.mend,
			 "run with sudo, or sysctl kernel.perf_event_paranoid=2");
}

void rule_tracing(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	const char *tracer = check_get(facts, check->fact);

	if (!check_is_told(check, facts, finding) || !strcmp(tracer, "none"))
		return;
	if (!strcmp(tracer, "events"))
		check_fault(check, CHECKUP_NOTE, finding, "events of the kernel are being recorded");
	else
		check_fault(check, CHECKUP_BAD, finding, "the tracer '%s' follows the kernel", tracer);
}

/* Only a serial line is slow: ten characters take a millisecond at 115200 baud. */
void rule_console(const struct check *check, const struct check_facts *facts, struct checkup_finding *finding)
{
	const char *consoles = check_get(facts, "consoles");
	double level;

	if (!check_is_told(check, facts, finding))
		return;
	check_get_number(facts, check->fact, &level);
	check_show(finding, "level %.0f%s%s", level, *consoles ? " on " : "", consoles);
	if (level > CONSOLE_QUIET && (strstr(consoles, "ttyS") || strstr(consoles, "ttyAMA")))
		check_fault(check, CHECKUP_NOTE, finding, "messages up to level %.0f go to a serial console",
			    level);
}

static unsigned count_words(const char *text, const char *word)
{
	unsigned count = 0;

	while ((text = strstr(text, word))) {
		count++;
		text += strlen(word);
	}
	return count;
}

/* A choice of the host's owner, and a fact to compare by: no state of it is a fault. */
void rule_mitigations(const struct check *check, const struct check_facts *facts,
		      struct checkup_finding *finding)
{
	const char *line = check_get(facts, check->fact);

	if (check_is_told(check, facts, finding))
		check_show(finding, "%u mitigated, %u vulnerable", count_words(line, " mitigated"),
			   count_words(line, " vulnerable"));
}
