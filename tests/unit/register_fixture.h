/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * register_fixture.h - registers of a machine of files, and a launch through the keeper while they change.
 * A register has its address for an offset, so in a file the eight bytes of one overlap those of the next.
 */
#ifndef REGISTER_FIXTURE_H
#define REGISTER_FIXTURE_H

#include "host/topology.h"
#include "keeper_fixture.h"
#include "machine_fixture.h"

static inline void register_put(const struct machine *machine, int cpu, uint32_t address, uint64_t value)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "dev/cpu/%d/msr", cpu);
	if (!path_exists(&machine->root, path))
		machine_put(machine, path, "");
	fd = openat(machine->root.fd, path, O_WRONLY);
	ck_assert_int_eq(pwrite(fd, &value, sizeof value, (off_t)address), sizeof value);
	close(fd);
}

/* What becomes of a CPU's registers: before the launch (0), and while it waits to be killed (1). */
typedef void register_change(const struct machine *machine, int cpu, int when);

static inline void register_put_all(const struct machine *machine, register_change *change, int when)
{
	cpu_set_t cpus;

	ck_assert_int_eq(topology_usable(&machine->root, &cpus), 0);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &cpus))
			change(machine, cpu, when);
}

/* Of the benches of `register_serve`. */
static inline struct keeper_ended register_launch(const struct machine *machine, uint32_t mode,
						  bool is_unwitnessed, register_change *change)
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
	register_put_all(machine, change, 0);
	fixture_start_under(&fixture, prefix);
	ck_assert_int_eq(keeper_count(&fixture.keeper, &none, 0, &probe, &passes, &witnesses, NULL), 0);
	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, mode == SB_WIRE_LIST ? "" : "hang");
	order.mode = mode;
	order.unwitnessed = is_unwitnessed;
	fixture_begin(&fixture, &order, &started);
	register_put_all(machine, change, 1);
	ck_assert_int_eq(keeper_launch_kill(&fixture.keeper, NULL), 0);
	fixture_end(&fixture, &ended);
	close(started.memory);
	fixture_release(&fixture);
	return ended;
}

static _Noreturn int register_hang(struct sb_wire_request *request)
{
	(void)request;
	for (;;)
		pause();
}

static inline int register_serve(void)
{
	static const struct fixture_bench benches[] = { { "hang", register_hang }, { "", register_hang } };

	return fixture_serve(benches, sizeof benches / sizeof benches[0]);
}

#define REGISTER_MAIN(module, ...)                                                                           \
	int main(int argc, char **argv)                                                                      \
	{                                                                                                    \
		const TTest *const tests[] = { __VA_ARGS__ };                                                \
                                                                                                             \
		if (argc > 1 && !strcmp(argv[1], SB_WIRE_ARGUMENT))                                          \
			return register_serve();                                                             \
		return machine_is_possible() ? unit_run(module, tests, sizeof tests / sizeof tests[0]) : 77; \
	}

#endif
