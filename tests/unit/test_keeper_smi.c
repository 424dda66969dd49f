/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the interrupts of the firmware that a launch is told of. The registers are files here. */
#include "keeper/smi.h"

#include "host/msr.h"
#include "register_fixture.h"

#define INTEL "processor : 0\nvendor_id : GenuineIntel\n"
#define AMD   "processor : 0\nvendor_id : AuthenticAMD\n"

static void put_count(const struct machine *machine, int cpu, uint64_t count)
{
	register_put(machine, cpu, MSR_SMI_COUNT, count);
}

/* CPUs 1 and 3 of one whose registers are `first` and `other`. */
static struct smi begin(struct machine *machine, const char *cpuinfo, uint64_t first, uint64_t other)
{
	struct smi smi;
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(1, &cpus);
	CPU_SET(3, &cpus);
	machine_init(machine);
	machine_put(machine, "proc/cpuinfo", cpuinfo);
	put_count(machine, 1, first);
	put_count(machine, 3, other);
	smi_prepare(&smi, &machine->root, &cpus);
	smi_begin(&smi);
	return smi;
}

START_TEST(what_came_meanwhile_is_summed_over_the_cpus)
{
	static const struct {
		uint64_t first, other, count;
	} rows[] = {
		{ 10, 20, 0 },
		{ 13, 22, 5 },
		{ 10, 0, 0 },			       /* one was reset */
		{ UINT64_C(0x500000000) + 11, 20, 1 }, /* the upper half counts nothing */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct keeper_smi told;
		struct machine machine;
		const struct smi smi = begin(&machine, INTEL, 10, 20);

		put_count(&machine, 1, rows[i].first);
		put_count(&machine, 3, rows[i].other);
		smi_end(&smi, &told);
		ck_assert_uint_eq(told.state, KEEPER_REGISTERS_READ);
		ck_assert_msg(told.count == rows[i].count, "row %zu", i);
		machine_release(&machine);
	}
}
END_TEST

START_TEST(what_cannot_be_read_says_why)
{
	struct keeper_smi told;
	struct machine machine;
	struct smi smi = begin(&machine, AMD, 1, 1);

	smi_end(&smi, &told);
	ck_assert_uint_eq(told.state, KEEPER_REGISTERS_UNSUPPORTED);
	machine_release(&machine);
	smi = begin(&machine, INTEL, 1, 1);
	put_count(&machine, 1, 9);
	machine_put(&machine, "dev/cpu/3/msr", "short");
	smi_end(&smi, &told);
	ck_assert_uint_eq(told.state, KEEPER_REGISTERS_ABSENT);
	ck_assert_uint_eq(told.count, 0);
	machine_drop(&machine, "dev/cpu/3/msr");
	smi_begin(&smi);
	smi_end(&smi, &told);
	ck_assert_uint_eq(told.state, KEEPER_REGISTERS_NO_DEVICE);
	put_count(&machine, 3, 9);
	ck_assert_int_eq(fchmodat(machine.root.fd, "dev/cpu/3/msr", 0, 0), 0);
	smi_begin(&smi);
	ck_assert_uint_eq(smi.state, geteuid() ? KEEPER_REGISTERS_NOT_ROOT : KEEPER_REGISTERS_READ);
	machine_release(&machine);
	smi = (struct smi){ .root = NULL };
	smi_begin(&smi);
	smi_end(&smi, &told);
	ck_assert_uint_eq(told.state, KEEPER_REGISTERS_UNREAD);
}
END_TEST

/* One more comes to each CPU while a launch runs. */
static void come(const struct machine *machine, int cpu, int when)
{
	put_count(machine, cpu, 7 + (uint64_t)when);
}

static struct keeper_smi launch(const struct machine *machine, uint32_t mode, bool is_unwitnessed)
{
	return register_launch(machine, mode, is_unwitnessed, come).smi;
}

START_TEST(a_launch_is_told_of_those_between_its_begin_and_its_end)
{
	struct machine machine;
	struct keeper_smi told;
	cpu_set_t cpus;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", INTEL);
	ck_assert_int_eq(topology_usable(&machine.root, &cpus), 0);
	told = launch(&machine, SB_WIRE_MEASURE, false);
	ck_assert_uint_eq(told.state, KEEPER_REGISTERS_READ);
	ck_assert_uint_eq(told.count, (unsigned)CPU_COUNT(&cpus));
	ck_assert_uint_eq(launch(&machine, SB_WIRE_MEASURE, true).state, KEEPER_REGISTERS_UNREAD);
	ck_assert_uint_eq(launch(&machine, SB_WIRE_LIST, false).state, KEEPER_REGISTERS_UNREAD);
	machine_release(&machine);
}
END_TEST

REGISTER_MAIN("keeper smi", what_came_meanwhile_is_summed_over_the_cpus, what_cannot_be_read_says_why,
	      a_launch_is_told_of_those_between_its_begin_and_its_end)
