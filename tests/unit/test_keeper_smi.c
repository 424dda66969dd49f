/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the interrupts of the firmware that a launch is told of. The registers are files here. */
#include "keeper/smi.h"

#include "host/topology.h"
#include "keeper_fixture.h"
#include "machine_fixture.h"

#define SMI_COUNT 0x34
#define INTEL	  "processor : 0\nvendor_id : GenuineIntel\n"
#define AMD	  "processor : 0\nvendor_id : AuthenticAMD\n"

static void put_count(const struct machine *machine, int cpu, uint64_t count)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "dev/cpu/%d/msr", cpu);
	machine_put(machine, path, "");
	fd = openat(machine->root.fd, path, O_WRONLY);
	ck_assert_int_eq(pwrite(fd, &count, sizeof count, SMI_COUNT), sizeof count);
	close(fd);
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

/* --- through the keeper ----------------------------------------------------------------------------------
 */

static void put_all(const struct machine *machine, uint64_t count)
{
	cpu_set_t cpus;

	ck_assert_int_eq(topology_usable(&machine->root, &cpus), 0);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &cpus))
			put_count(machine, cpu, count);
}

/* One more comes to each CPU while a launch waits to be killed. */
static struct keeper_smi launch(const struct machine *machine, uint32_t mode, bool is_unwitnessed)
{
	const struct keeper_event none = { .type = 0 };
	struct keeper_probe probe;
	char prefix[96];
	struct keeper_started started;
	struct keeper_launch order;
	struct keeper_ended ended;
	struct fixture fixture;
	unsigned passes;
	uint32_t witnesses;

	fixture_folder(&fixture);
	snprintf(prefix, sizeof prefix, "%s/root", machine->base);
	put_all(machine, 7);
	fixture_start_under(&fixture, prefix);
	ck_assert_int_eq(keeper_count(&fixture.keeper, &none, 0, &probe, &passes, &witnesses, NULL), 0);
	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, mode == SB_WIRE_LIST ? "" : "hang");
	order.mode = mode;
	order.unwitnessed = is_unwitnessed;
	fixture_begin(&fixture, &order, &started);
	put_all(machine, 8);
	ck_assert_int_eq(keeper_launch_kill(&fixture.keeper, NULL), 0);
	fixture_end(&fixture, &ended);
	close(started.memory);
	fixture_release(&fixture);
	return ended.smi;
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

static _Noreturn int bench_hang(struct sb_wire_request *request)
{
	(void)request;
	for (;;)
		pause();
}

static const struct fixture_bench benches[] = { { "hang", bench_hang }, { "", bench_hang } };

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		what_came_meanwhile_is_summed_over_the_cpus,
		what_cannot_be_read_says_why,
		a_launch_is_told_of_those_between_its_begin_and_its_end,
	};

	if (argc > 1 && !strcmp(argv[1], SB_WIRE_ARGUMENT))
		return fixture_serve(benches, sizeof benches / sizeof benches[0]);
	if (!machine_is_possible())
		return 77;
	return unit_run("keeper smi", tests, sizeof tests / sizeof tests[0]);
}
