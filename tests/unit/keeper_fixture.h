/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keeper_fixture.h - a keeper with a run folder of its own under a temporary one, never the machine's, and a
 * bench that is the test program itself: started with SB_WIRE_ARGUMENT it does what the name in its request
 * says.
 */
#ifndef KEEPER_FIXTURE_H
#define KEEPER_FIXTURE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "keeper/keeper.h"
#include "keeper/server.h"
#include "unit.h"
#include "wire.h"

struct fixture {
	char base[64], run_dir[96];
	struct identity identity;
	struct keeper keeper;
	unsigned binary;
	int output[2];
	char text[65536]; /* what the bench printed */
};

static inline void fixture_folder(struct fixture *fixture)
{
	memset(fixture, 0, sizeof *fixture);
	strcpy(fixture->base, "/tmp/stablebench-keeper-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(fixture->base));
	snprintf(fixture->run_dir, sizeof fixture->run_dir, "%s/run", fixture->base);
	unsetenv("SUDO_UID");
	ck_assert_int_eq(identity_resolve(NULL, false, &fixture->identity, NULL), 0);
}

static inline void fixture_start_under(struct fixture *fixture, const char *prefix)
{
	struct sb_err err = { 0 };
	int code = keeper_start(&fixture->keeper, &fixture->identity, fixture->run_dir, prefix, &err);

	ck_assert_msg(code == 0, "%s", err.text);
}

static inline void fixture_init(struct fixture *fixture)
{
	fixture_folder(fixture);
	fixture_start_under(fixture, "/");
}

static inline void fixture_topology(struct topology *topology)
{
	struct path_root root;

	ck_assert_int_eq(path_root_init(&root, "/", NULL), 0);
	ck_assert_int_eq(topology_choose(&root, NULL, topology, NULL), 0);
	path_root_release(&root);
}

static inline void fixture_remove(const struct fixture *fixture)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf '%s'", fixture->base);
	ck_assert_int_eq(system(command), 0);
}

static inline void fixture_release(struct fixture *fixture)
{
	struct keeper_restored restored;
	struct sb_err err = { 0 };
	int code = keeper_release(&fixture->keeper, &restored, &err);

	ck_assert_msg(code == 0, "%s", err.text);
	fixture_remove(fixture);
}

static inline struct keeper_launch fixture_order(const struct fixture *fixture, const char *name)
{
	struct keeper_launch order;

	memset(&order, 0, sizeof order);
	order.binary = fixture->binary;
	order.mode = SB_WIRE_MEASURE;
	order.clock = SB_WIRE_CLOCK_RAW;
	order.ns_per_tick = 1;
	order.batch = 7;
	order.samples = 20;
	order.timeout_ms = 20000;
	snprintf(order.name, sizeof order.name, "%s", name);
	return order;
}

/* Hands over a file to be launched, by default this program. */
static inline void fixture_add(struct fixture *fixture, const char *path)
{
	int fd = open(path ? path : "/proc/self/exe", O_PATH | O_CLOEXEC);
	struct sb_err err = { 0 };
	int code;

	ck_assert_int_ge(fd, 0);
	code = keeper_add_binary(&fixture->keeper, fd, &fixture->binary, &err);
	ck_assert_msg(code == 0, "%s", err.text);
	close(fd);
}

static inline void fixture_begin(struct fixture *fixture, const struct keeper_launch *order,
				 struct keeper_started *started)
{
	struct sb_err err = { 0 };
	int code;

	ck_assert_int_eq(pipe2(fixture->output, O_CLOEXEC), 0);
	code = keeper_launch_begin(&fixture->keeper, order, fixture->output[1], started, &err);
	ck_assert_msg(code == 0, "%s", err.text);
	close(fixture->output[1]);
}

static inline void fixture_end(struct fixture *fixture, struct keeper_ended *ended)
{
	struct sb_err err = { 0 };
	int code = keeper_launch_end(&fixture->keeper, ended, &err);
	size_t used = 0;
	ssize_t got;

	ck_assert_msg(code == 0, "%s", err.text);
	while ((got = read(fixture->output[0], fixture->text + used, sizeof fixture->text - 1 - used)) > 0)
		used += (size_t)got;
	fixture->text[used] = '\0';
	close(fixture->output[0]);
}

/* One whole launch of this program. */
static inline void fixture_launch(struct fixture *fixture, const char *name, struct keeper_ended *ended)
{
	struct keeper_started started;
	struct keeper_launch order;

	fixture_add(fixture, NULL);
	order = fixture_order(fixture, name);
	fixture_begin(fixture, &order, &started);
	fixture_end(fixture, ended);
	close(started.memory);
}

/* The bench's side of the shared memory. */
static inline struct sb_wire_request *fixture_memory(void)
{
	struct stat status;

	if (fstat(SB_WIRE_FD, &status))
		exit(99);
	return mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, SB_WIRE_FD, 0);
}

struct fixture_bench {
	const char *name;
	int (*run)(struct sb_wire_request *request);
};

static inline int fixture_serve(const struct fixture_bench *benches, size_t count)
{
	struct sb_wire_request *request = fixture_memory();

	for (size_t i = 0; i < count; i++)
		if (!strcmp(benches[i].name, request->name))
			return benches[i].run(request);
	return 98;
}

#endif
