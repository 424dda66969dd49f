/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the frequency of a launch's busy CPUs. The registers are files here, so of APERF the upper
 * byte alone is free: the others are MPERF's upper seven. */
#include "keeper/busy_frequency.h"

#include "host/msr.h"
#include "register_fixture.h"

#define COUNTED "processor : 0\nflags : fpu tsc aperfmperf\n"
#define MUCH	(UINT64_C(1) << 58) /* what MPERF grows by, and APERF about, with a 4 in its upper byte */
#define FIRST	1
#define OTHER	3

struct cpu {
	uint64_t mperf;
	uint8_t high; /* of APERF */
};

static uint64_t aperf_of(struct cpu cpu)
{
	return cpu.mperf >> 8 | (uint64_t)cpu.high << 56;
}

static void put(const struct machine *machine, int number, struct cpu cpu)
{
	register_put(machine, number, MSR_APERF, aperf_of(cpu));
	register_put(machine, number, MSR_MPERF, cpu.mperf);
}

static void begin(struct machine *machine, struct busy_frequency *busy, const char *cpuinfo, struct cpu cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(FIRST, &cpus);
	CPU_SET(OTHER, &cpus);
	machine_init(machine);
	machine_put(machine, "proc/cpuinfo", cpuinfo);
	put(machine, FIRST, cpu);
	put(machine, OTHER, cpu);
	busy_frequency_prepare(busy, &machine->root, &cpus);
	busy_frequency_begin(busy);
}

static const struct cpu zero = { 0, 0 };

START_TEST(the_slowest_of_the_busy_cpus_is_told)
{
	static const struct {
		struct cpu first, other, told;
	} rows[] = {
		{ { MUCH, 4 }, { MUCH, 2 }, { MUCH, 2 } },
		{ { MUCH, 2 }, { MUCH, 4 }, { MUCH, 2 } },
		{ { MUCH, 9 }, { MUCH, 9 }, { MUCH, 9 } },
		{ { MUCH, 4 }, { MUCH / 4, 0 }, { MUCH, 4 } },	       /* it only ticked */
		{ { MUCH, 4 }, { MUCH / 2, 0 }, { MUCH / 2, 0 } },     /* busy for half as long */
		{ { MUCH, 4 }, { MUCH / 2 - 256, 0 }, { MUCH, 4 } },   /* not for quite as long */
		{ { MUCH, 4 }, { 0, 0 }, { MUCH, 4 } },		       /* it slept all along */
		{ { 256, 0 }, { 0, 0 }, { 256, 0 } },		       /* next to nothing */
		{ { UINT64_MAX, 255 }, { 0, 0 }, { UINT64_MAX, 255 } } /* all there is */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct keeper_busy_frequency told;
		struct busy_frequency busy;
		struct machine machine;

		begin(&machine, &busy, COUNTED, zero);
		put(&machine, FIRST, rows[i].first);
		put(&machine, OTHER, rows[i].other);
		busy_frequency_end(&busy, &told);
		ck_assert_msg(told.state == KEEPER_REGISTERS_READ, "row %zu", i);
		ck_assert_msg(told.mperf == rows[i].told.mperf, "row %zu", i);
		ck_assert_msg(told.aperf == aperf_of(rows[i].told), "row %zu", i);
		machine_release(&machine);
	}
}
END_TEST

START_TEST(what_was_there_before_the_launch_is_none_of_it)
{
	const struct cpu before = { MUCH, 7 }, after = { 3 * MUCH, 10 };
	struct keeper_busy_frequency told;
	struct busy_frequency busy;
	struct machine machine;

	begin(&machine, &busy, COUNTED, before);
	put(&machine, FIRST, after);
	put(&machine, OTHER, before);
	busy_frequency_end(&busy, &told);
	ck_assert_uint_eq(told.state, KEEPER_REGISTERS_READ);
	ck_assert_uint_eq(told.mperf, 2 * MUCH);
	ck_assert_uint_eq(told.aperf, aperf_of(after) - aperf_of(before));
	machine_release(&machine);
}
END_TEST

/* Registers that do not tell a frequency, though they can be read. */
START_TEST(registers_that_tell_no_frequency_give_no_number)
{
	static const struct {
		struct cpu before, first, other;
		const char *online; /* afterwards, NULL: as before */
		uint32_t state;
	} rows[] = {
		{ { 0, 0 }, { 0, 0 }, { 0, 0 }, NULL, KEEPER_REGISTERS_STILL }, /* zeros, of a hypervisor */
		{ { MUCH, 4 }, { MUCH, 4 }, { MUCH, 4 }, NULL, KEEPER_REGISTERS_STILL },
		{ { 0, 0 }, { 0, 4 }, { 0, 4 }, NULL, KEEPER_REGISTERS_STILL },	      /* MPERF alone */
		{ { 0, 0 }, { 9, 0 }, { 9, 0 }, NULL, KEEPER_REGISTERS_STILL },	      /* APERF alone */
		{ { 0, 0 }, { MUCH, 4 }, { 9, 0 }, NULL, KEEPER_REGISTERS_READ },     /* ... of an idle one */
		{ { MUCH, 4 }, { 9, 9 }, { MUCH, 4 }, NULL, KEEPER_REGISTERS_RESET }, /* MPERF fell */
		{ { MUCH, 4 }, { MUCH, 3 }, { MUCH, 4 }, NULL, KEEPER_REGISTERS_RESET }, /* APERF fell */
		{ { MUCH, 4 }, { 2 * MUCH, 9 }, { 9, 0 }, NULL, KEEPER_REGISTERS_RESET },
		{ { 0, 0 }, { MUCH, 4 }, { MUCH, 4 }, "0-1022\n", KEEPER_REGISTERS_RESET },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct keeper_busy_frequency told;
		struct busy_frequency busy;
		struct machine machine;

		begin(&machine, &busy, COUNTED, rows[i].before);
		put(&machine, FIRST, rows[i].first);
		put(&machine, OTHER, rows[i].other);
		if (rows[i].online)
			machine_put(&machine, "sys/devices/system/cpu/online", rows[i].online);
		busy_frequency_end(&busy, &told);
		ck_assert_msg(told.state == rows[i].state, "row %zu: %u", i, told.state);
		ck_assert_msg((told.mperf > 0) == (told.state == KEEPER_REGISTERS_READ), "row %zu", i);
		ck_assert_msg((told.aperf > 0) == (told.state == KEEPER_REGISTERS_READ), "row %zu", i);
		machine_release(&machine);
	}
}
END_TEST

static uint32_t state_at_end(struct busy_frequency *busy)
{
	struct keeper_busy_frequency told;

	busy_frequency_end(busy, &told);
	ck_assert_uint_eq(told.mperf, 0);
	return told.state;
}

START_TEST(what_cannot_be_read_says_why)
{
	struct machine machine;
	struct busy_frequency busy;

	begin(&machine, &busy, "processor : 0\nflags : fpu tsc\n", zero);
	put(&machine, FIRST, (struct cpu){ MUCH, 4 });
	ck_assert_uint_eq(state_at_end(&busy), KEEPER_REGISTERS_UNSUPPORTED);
	machine_release(&machine);
	begin(&machine, &busy, "processor : 0\nBogoMIPS : 50\nFeatures : fp asimd\n", zero); /* arm64 */
	ck_assert_uint_eq(state_at_end(&busy), KEEPER_REGISTERS_UNSUPPORTED);
	machine_release(&machine);
	begin(&machine, &busy, COUNTED, zero);
	put(&machine, FIRST, (struct cpu){ MUCH, 4 });
	machine_put(&machine, "dev/cpu/3/msr", "short");
	ck_assert_uint_eq(state_at_end(&busy), KEEPER_REGISTERS_ABSENT);
	busy_frequency_begin(&busy);
	ck_assert_uint_eq(state_at_end(&busy), KEEPER_REGISTERS_ABSENT);
	machine_drop(&machine, "dev/cpu/3/msr");
	busy_frequency_begin(&busy);
	ck_assert_uint_eq(state_at_end(&busy), KEEPER_REGISTERS_NO_DEVICE);
	put(&machine, OTHER, zero);
	ck_assert_int_eq(fchmodat(machine.root.fd, "dev/cpu/3/msr", 0, 0), 0);
	busy_frequency_begin(&busy);
	ck_assert_uint_eq(busy.state, geteuid() ? KEEPER_REGISTERS_NOT_ROOT : KEEPER_REGISTERS_READ);
	machine_release(&machine);
	busy = (struct busy_frequency){ .root = NULL };
	busy_frequency_begin(&busy);
	ck_assert_uint_eq(state_at_end(&busy), KEEPER_REGISTERS_UNREAD);
}
END_TEST

static void run_on(const struct machine *machine, int cpu, int when)
{
	put(machine, cpu, (struct cpu){ (5 + (uint64_t)when) * MUCH, (uint8_t)(1 + 3 * when) });
}

START_TEST(a_launch_is_told_of_what_grew_between_its_begin_and_its_end)
{
	struct keeper_busy_frequency told;
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", COUNTED);
	told = register_launch(&machine, SB_WIRE_MEASURE, false, run_on).busy;
	ck_assert_uint_eq(told.state, KEEPER_REGISTERS_READ);
	ck_assert_uint_eq(told.mperf, MUCH);
	ck_assert_uint_eq(told.aperf, (MUCH >> 8) + (UINT64_C(3) << 56));
	told = register_launch(&machine, SB_WIRE_MEASURE, true, run_on).busy;
	ck_assert_uint_eq(told.state, KEEPER_REGISTERS_UNREAD);
	told = register_launch(&machine, SB_WIRE_LIST, false, run_on).busy;
	ck_assert_uint_eq(told.state, KEEPER_REGISTERS_UNREAD);
	machine_release(&machine);
}
END_TEST

REGISTER_MAIN("keeper busy frequency", the_slowest_of_the_busy_cpus_is_told,
	      what_was_there_before_the_launch_is_none_of_it, registers_that_tell_no_frequency_give_no_number,
	      what_cannot_be_read_says_why, a_launch_is_told_of_what_grew_between_its_begin_and_its_end)
