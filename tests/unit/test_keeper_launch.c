/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about launches: what a bench gets, what it cannot do, and that it ends. */
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include "base/monotonic.h"
#include "host/topology.h"
#include "keeper/process.h"
#include "keeper_fixture.h"

/* --- the bench ---------------------------------------------------------------------------------------- */

static int bench_echo(struct sb_wire_request *request)
{
	struct sb_wire_result *result = (void *)((char *)request + SB_WIRE_RESULT_OFFSET);

	result->batch = request->batch;
	result->count = request->size;
	result->state = SB_WIRE_DONE;
	printf("on stdout\n");
	fflush(stdout);
	fprintf(stderr, "on stderr\n");
	return 0;
}

static int bench_environment(struct sb_wire_request *request)
{
	(void)request;
	printf("FOO=%s HOME=%s LANG=%s padding=%zu\n", getenv("FOO"), getenv("HOME"), getenv("LANG"),
	       strlen(getenv("STABLEBENCH_PADDING")));
	return getenv("XDG_RUNTIME_DIR") || getenv("SUDO_UID") ? 1 : 0;
}

static int bench_descriptors(struct sb_wire_request *request)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;

	(void)request;
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(folder))
			printf("%s ", entry->d_name);
	closedir(folder);
	return 0;
}

/* Says in which way it is not locked in. */
static int bench_powers(struct sb_wire_request *request)
{
	struct rlimit core;
	sigset_t blocked;

	(void)request;
	getrlimit(RLIMIT_CORE, &core);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	if (getuid() == 0 || geteuid() == 0 || setuid(0) == 0)
		printf("root ");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		printf("privileges ");
	if (core.rlim_cur || core.rlim_max)
		printf("core ");
	if (signal(SIGINT, SIG_DFL) != SIG_DFL || signal(SIGPIPE, SIG_DFL) != SIG_DFL ||
	    sigismember(&blocked, SIGTERM))
		printf("signals ");
	if (getsid(0) != getpid())
		printf("session ");
	if (ftruncate(SB_WIRE_FD, 0) == 0 || ftruncate(SB_WIRE_FD, 1 << 26) == 0)
		printf("memory ");
	if (fcntl(SB_WIRE_FD, F_ADD_SEALS, F_SEAL_WRITE) == 0)
		printf("seals ");
	return 0;
}

static int bench_crash(struct sb_wire_request *request)
{
	(void)request;
	signal(SIGSEGV, SIG_DFL); /* a sanitizer has a handler of its own */
	raise(SIGSEGV);
	return 0;
}

static _Noreturn int bench_hang(struct sb_wire_request *request)
{
	(void)request;
	signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
}

static _Noreturn void be_left(int number, int ready)
{
	setsid();
	if (number == 0 && fork() != 0)
		_exit(0);
	printf("%d\n", (int)getpid());
	fflush(stdout);
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

/* Three children that leave the session and outlive their parent; each tells its pid. */
static int bench_leave(struct sb_wire_request *request)
{
	int ready[2];
	char byte;

	(void)request;
	if (pipe(ready))
		return 1;
	for (int i = 0; i < 3; i++)
		if (fork() == 0)
			be_left(i, ready[1]);
	for (int i = 0; i < 3; i++)
		if (read(ready[0], &byte, 1) != 1)
			return 1;
	return 0;
}

/* Each starts the next and ends: there is always one, and never the one that was seen. */
static int bench_run_away(struct sb_wire_request *request)
{
	(void)request;
	if (fork() != 0)
		return 0;
	setsid();
	for (;;)
		if (fork() != 0)
			_exit(0);
}

static int bench_cpus(struct sb_wire_request *request)
{
	cpu_set_t cpus;

	(void)request;
	sched_getaffinity(0, sizeof cpus, &cpus);
	printf("%d of %d", CPU_ISSET(sched_getcpu(), &cpus), CPU_COUNT(&cpus));
	return 0;
}

static const struct fixture_bench benches[] = {
	{ "echo", bench_echo },
	{ "environment", bench_environment },
	{ "descriptors", bench_descriptors },
	{ "powers", bench_powers },
	{ "crash", bench_crash },
	{ "hang", bench_hang },
	{ "leave", bench_leave },
	{ "cpus", bench_cpus },
	{ "run_away", bench_run_away },
};

/* --- what it gets ------------------------------------------------------------------------------------- */

START_TEST(a_launch_shares_its_memory_and_its_output)
{
	struct fixture fixture;
	struct keeper_started started;
	struct keeper_ended ended;
	struct keeper_launch order;
	const struct sb_wire_result *result;
	char *memory;

	fixture_init(&fixture);
	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, "echo");
	fixture_begin(&fixture, &order, &started);
	fixture_end(&fixture, &ended);
	ck_assert_int_eq(ended.wait_status, 0);
	ck_assert_int_eq(ended.exec_errno, 0);
	ck_assert_uint_gt(ended.peak_rss_bytes, 100000);
	ck_assert_str_eq(fixture.text, "on stdout\non stderr\n");
	ck_assert_uint_ge(started.size, wire_size(SB_WIRE_MEASURE, 20));
	memory = mmap(NULL, started.size, PROT_READ, MAP_SHARED, started.memory, 0);
	ck_assert_ptr_ne(memory, MAP_FAILED);
	result = (const void *)(memory + SB_WIRE_RESULT_OFFSET);
	ck_assert_uint_eq(result->batch, 7);
	ck_assert_uint_eq(result->count, started.size);
	munmap(memory, started.size);
	close(started.memory);
	fixture_release(&fixture);
}
END_TEST

START_TEST(the_environment_is_minimal_and_padded_exactly)
{
	static const char block[] = "FOO=bar\0LANG=de_DE.UTF-8";
	struct fixture fixture;
	struct keeper_started started;
	struct keeper_ended ended;
	struct keeper_launch order;
	char expected[400];

	setenv("XDG_RUNTIME_DIR", "/run/user/0", 1);
	fixture_init(&fixture);
	ck_assert_int_eq(keeper_set_environment(&fixture.keeper, block, sizeof block, NULL), 0);
	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, "environment");
	order.padding = 1234;
	fixture_begin(&fixture, &order, &started);
	fixture_end(&fixture, &ended);
	snprintf(expected, sizeof expected, "FOO=bar HOME=%s LANG=de_DE.UTF-8 padding=1234\n",
		 fixture.identity.bench_home);
	ck_assert_str_eq(fixture.text, expected);
	ck_assert_int_eq(ended.wait_status, 0);
	close(started.memory);
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_bench_holds_four_descriptors)
{
	struct fixture fixture;
	struct keeper_ended ended;

	fixture_init(&fixture);
	fixture_launch(&fixture, "descriptors", &ended);
	ck_assert_str_eq(fixture.text, "0 1 2 3 ");
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_bench_has_no_power)
{
	struct fixture fixture;
	struct keeper_ended ended;

	fixture_init(&fixture);
	fixture_launch(&fixture, "powers", &ended);
	ck_assert_int_eq(ended.wait_status, 0);
	ck_assert_str_eq(fixture.text, "");
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_bench_runs_where_the_topology_says)
{
	struct keeper_hold hold = { .choice = { .profile = KNOB_PROFILE_GENTLE }, .purpose = "unit test" };
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	struct fixture fixture;
	struct keeper_ended ended;
	size_t count;

	fixture_init(&fixture);
	fixture_topology(&hold.topology);
	ck_assert_int_eq(keeper_hold(&fixture.keeper, &hold, NULL, conditions, &count, NULL), 0);
	fixture_launch(&fixture, "cpus", &ended);
	ck_assert_str_eq(fixture.text, "1 of 1");
	fixture_release(&fixture);
}
END_TEST

/* --- how it ends -------------------------------------------------------------------------------------- */

START_TEST(a_crash_is_told_by_its_signal)
{
	struct fixture fixture;
	struct keeper_ended ended;

	fixture_init(&fixture);
	fixture_launch(&fixture, "crash", &ended);
	ck_assert(WIFSIGNALED(ended.wait_status));
	ck_assert_int_eq(WTERMSIG(ended.wait_status), SIGSEGV);
	ck_assert(!ended.timed_out && !ended.killed);
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_hang_is_killed_at_its_time)
{
	const uint64_t start = monotonic_now_ns();
	struct fixture fixture;
	struct keeper_started started;
	struct keeper_ended ended;
	struct keeper_launch order;

	fixture_init(&fixture);
	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, "hang");
	order.timeout_ms = 300;
	fixture_begin(&fixture, &order, &started);
	fixture_end(&fixture, &ended);
	ck_assert(ended.timed_out);
	ck_assert(WIFSIGNALED(ended.wait_status) && WTERMSIG(ended.wait_status) == SIGKILL);
	ck_assert_uint_ge(monotonic_now_ns() - start, 300000000u);
	close(started.memory);
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_launch_can_be_killed)
{
	struct fixture fixture;
	struct keeper_started started;
	struct keeper_ended ended;
	struct keeper_launch order;

	fixture_init(&fixture);
	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, "hang");
	fixture_begin(&fixture, &order, &started);
	ck_assert_int_eq(keeper_launch_kill(&fixture.keeper, NULL), 0);
	fixture_end(&fixture, &ended);
	ck_assert(ended.killed && !ended.timed_out);
	ck_assert(WIFSIGNALED(ended.wait_status));
	/* too late, and therefore nothing */
	ck_assert_int_eq(keeper_launch_kill(&fixture.keeper, NULL), 0);
	close(started.memory);
	fixture_launch(&fixture, "echo", &ended);
	ck_assert_int_eq(ended.wait_status, 0);
	fixture_release(&fixture);
}
END_TEST

START_TEST(children_left_behind_die_and_are_counted)
{
	struct fixture fixture;
	struct keeper_ended ended;
	unsigned pids = 0;

	fixture_init(&fixture);
	fixture_launch(&fixture, "leave", &ended);
	ck_assert_int_eq(ended.wait_status, 0);
	ck_assert_uint_eq(ended.leftover, 3);
	for (char *at = fixture.text, *end; *at; at = end + 1, pids++) {
		int pid = (int)strtol(at, &end, 10);

		ck_assert_int_gt(pid, 1);
		ck_assert_int_eq(kill(pid, 0), -1);
	}
	ck_assert_uint_eq(pids, 3);
	fixture_release(&fixture);
}
END_TEST

/* False as well where the kernel keeps no list of them (CONFIG_PROC_CHILDREN). */
static bool has_children(pid_t pid)
{
	char path[48];
	FILE *file;
	bool has;

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
	file = fopen(path, "re");
	has = file && fgetc(file) != EOF;
	if (file)
		fclose(file);
	return has;
}

START_TEST(who_runs_away_is_caught)
{
	struct fixture fixture;
	struct keeper_ended ended;

	fixture_init(&fixture);
	fixture_launch(&fixture, "run_away", &ended);
	ck_assert_int_eq(ended.wait_status, 0);
	ck_assert_uint_ge(ended.leftover, 1);
	ck_assert(!has_children(fixture.keeper.pid)); /* not by giving up */
	fixture_release(&fixture);
}
END_TEST

START_TEST(release_ends_a_running_launch)
{
	struct fixture fixture;
	struct keeper_started started;
	struct keeper_launch order;

	fixture_init(&fixture);
	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, "hang");
	fixture_begin(&fixture, &order, &started);
	fixture_release(&fixture);
	ck_assert_int_eq(kill(started.pid, 0), -1);
	close(started.memory);
	close(fixture.output[0]);
}
END_TEST

/* --- what cannot be started --------------------------------------------------------------------------- */

static void check_refusal(const char *content, mode_t mode, int code)
{
	struct fixture fixture;
	struct keeper_started started;
	struct keeper_ended ended;
	struct keeper_launch order;
	char path[96];
	FILE *file;

	fixture_init(&fixture);
	snprintf(path, sizeof path, "%s/bench", fixture.base);
	file = fopen(path, "w");
	fputs(content, file);
	fclose(file);
	chmod(path, mode);
	fixture_add(&fixture, path);
	order = fixture_order(&fixture, "x");
	fixture_begin(&fixture, &order, &started);
	fixture_end(&fixture, &ended);
	ck_assert_int_eq(ended.exec_errno, code);
	ck_assert_str_eq(ended.exec_step, "execveat");
	ck_assert(WIFEXITED(ended.wait_status) && WEXITSTATUS(ended.wait_status) == 127);
	close(started.memory);
	fixture_release(&fixture);
}

START_TEST(what_cannot_be_started_is_told_by_step_and_errno)
{
	if (unit_is_under_valgrind()) {
		puts("what_cannot_be_started: skipped: valgrind looks at a program itself, with answers of "
		     "its own");
		return;
	}
	check_refusal("no program\n", 0755, ENOEXEC);
	check_refusal("#!/bin/sh\nexit 0\n", 0755, ENOENT);
	check_refusal("no program\n", 0644, EACCES);
}
END_TEST

START_TEST(an_impossible_order_is_refused_in_words)
{
	struct fixture fixture;
	struct keeper_started started;
	struct keeper_launch order;
	struct keeper_ended ended;
	struct sb_err err;

	fixture_init(&fixture);
	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, "echo");
	order.batch = 0;
	ck_assert_int_lt(keeper_launch_begin(&fixture.keeper, &order, 2, &started, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "not possible"));
	order.batch = 1;
	order.binary = 9;
	ck_assert_int_eq(keeper_launch_begin(&fixture.keeper, &order, 2, &started, &err), -EINVAL);
	fixture_launch(&fixture, "echo", &ended);
	ck_assert_int_eq(ended.wait_status, 0);
	fixture_release(&fixture);
}
END_TEST

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		a_launch_shares_its_memory_and_its_output,
		the_environment_is_minimal_and_padded_exactly,
		a_bench_holds_four_descriptors,
		a_bench_has_no_power,
		a_bench_runs_where_the_topology_says,
		a_crash_is_told_by_its_signal,
		a_hang_is_killed_at_its_time,
		a_launch_can_be_killed,
		children_left_behind_die_and_are_counted,
		who_runs_away_is_caught,
		release_ends_a_running_launch,
		what_cannot_be_started_is_told_by_step_and_errno,
		an_impossible_order_is_refused_in_words,
	};

	if (argc > 1 && !strcmp(argv[1], SB_WIRE_ARGUMENT))
		return fixture_serve(benches, sizeof benches / sizeof benches[0]);
	return unit_run("keeper launch", tests, sizeof tests / sizeof tests[0]);
}
