/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/checkup: how a machine of files is graded. */
#include "host/checkup.h"

#include "machine_fixture.h"

#define CLOCK "sys/devices/system/clocksource/clocksource0/current_clocksource"

struct findings {
	struct condition conditions[CHECKUP_MAX];
	size_t count;
};

/* Two CPUs, the second for the bench. */
static struct topology two_cpus(void)
{
	struct topology topology;

	memset(&topology, 0, sizeof topology);
	CPU_SET(0, &topology.allowed);
	CPU_SET(1, &topology.allowed);
	CPU_SET(1, &topology.bench);
	CPU_SET(0, &topology.housekeeping);
	return topology;
}

static void put_sound_machine(const struct machine *machine)
{
	machine_put(machine, CLOCK, "tsc\n");
	machine_put(machine, "proc/cpuinfo", "processor : 0\nflags : fpu tsc constant_tsc nonstop_tsc\n");
	machine_put(machine, "proc/loadavg", "0.99 3.00 5.00 1/100 4711\n");
}

static void collect(const struct machine *machine, const struct topology *topology, struct findings *findings)
{
	memset(findings, 0, sizeof *findings);
	findings->count = checkup_collect(&machine->root, topology, findings->conditions);
	ck_assert_uint_le(findings->count, CHECKUP_MAX);
}

static const struct condition *find(const struct findings *findings, const char *name)
{
	for (size_t i = 0; i < findings->count; i++)
		if (!strcmp(findings->conditions[i].knob, name))
			return &findings->conditions[i];
	ck_abort_msg("no condition '%s'", name);
}

static void check(const struct findings *findings, const char *name, enum condition_outcome outcome,
		  const char *value, const char *reason)
{
	const struct condition *found = find(findings, name);

	ck_assert_msg(found->outcome == outcome, "%s is %s: %s", name, condition_outcome_name(found->outcome),
		      found->reason);
	ck_assert_str_eq(found->value, value);
	ck_assert_msg(strstr(found->reason, reason) != NULL, "%s: %s", name, found->reason);
	if (!condition_is_met(found))
		ck_assert_str_ne(found->reason, "");
	else
		ck_assert_str_eq(found->reason, "");
}

START_TEST(a_sound_machine_meets_what_files_can_tell)
{
	const struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;

	machine_init(&machine);
	put_sound_machine(&machine);
	collect(&machine, &topology, &findings);
	check(&findings, "housekeeping", CONDITION_ALREADY, "1", "");
	check(&findings, "clocksource", CONDITION_ALREADY, "tsc", "");
	check(&findings, "hypervisor", CONDITION_ALREADY, "none", "");
	check(&findings, "load", CONDITION_ALREADY, "0.99", "");
	machine_release(&machine);
}
END_TEST

START_TEST(every_fault_is_named_with_what_mends_it)
{
	struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, CLOCK, "hpet\n");
	machine_put(&machine, "proc/cpuinfo", "flags : fpu tsc hypervisor\n");
	machine_put(&machine, "sys/class/dmi/id/sys_vendor", "QEMU\n");
	machine_put(&machine, "proc/loadavg", "1.01 0 0 1/1 1\n");
	CPU_ZERO(&topology.housekeeping);
	collect(&machine, &topology, &findings);
	check(&findings, "housekeeping", CONDITION_FAILED, "0", "no CPU is left");
	check(&findings, "clocksource", CONDITION_FAILED, "hpet", "clock source is 'hpet'");
	check(&findings, "hypervisor", CONDITION_FAILED, "QEMU", "other guests");
	check(&findings, "load", CONDITION_FAILED, "1.01", "load of the last minute is 1.01 on 2 CPUs");
	for (size_t i = 0; i < findings.count; i++)
		ck_assert_int_eq(findings.conditions[i].mend[0] != '\0',
				 findings.conditions[i].outcome == CONDITION_FAILED);
	machine_release(&machine);
}
END_TEST

START_TEST(the_clock_of_arm_is_a_sound_one)
{
	const struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, CLOCK, "arch_sys_counter\n");
	collect(&machine, &topology, &findings);
	check(&findings, "clocksource", CONDITION_ALREADY, "arch_sys_counter", "");
	machine_release(&machine);
}
END_TEST

START_TEST(what_a_host_does_not_tell_is_not_guessed)
{
	static const char *const names[] = { "clocksource", "hardware-counters", "load" };
	const struct topology topology = two_cpus();
	struct findings findings;
	struct machine machine;

	machine_init(&machine);
	collect(&machine, &topology, &findings);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		check(&findings, names[i], CONDITION_UNSUPPORTED, "", "this host does not tell");
	check(&findings, "hypervisor", CONDITION_ALREADY, "unknown", "");
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("host/checkup", a_sound_machine_meets_what_files_can_tell,
	     every_fault_is_named_with_what_mends_it, the_clock_of_arm_is_a_sound_one,
	     what_a_host_does_not_tell_is_not_guessed)
