/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about teams: several threads run one body, sample by sample together, and what one meets ends all.
 */
#include "bench.h"

#include <stdatomic.h>
#include <string.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib_fixture.h"

enum { THREADS = 3, SAMPLES = 20, BATCH = 10 };

struct team_run {
	struct run run;
	struct sb_wire_request request;
	struct sb_wire_thread threads[ROOM * THREADS];
	struct sb_wire_thread_total totals[THREADS];
};

static atomic_uint bodies, loops[THREADS], in_sample, most_apart;

static void team_init(struct team_run *team, void (*body)(sb_bench *b))
{
	run_init(&team->run, SB_WIRE_MEASURE, body);
	memset(&team->request, 0, sizeof team->request);
	memset(team->threads, 0, sizeof team->threads);
	memset(team->totals, 0, sizeof team->totals);
	team->run.bench.clock = sb_clock_get(SB_WIRE_CLOCK_RAW);
	team->run.bench.sampler.request = &team->request;
	team->run.bench.threads = team->threads;
	team->run.picked.threads = THREADS;
	bodies = in_sample = most_apart = 0;
	for (int i = 0; i < THREADS; i++)
		loops[i] = 0;
}

static void count(sb_bench *b)
{
	bodies++;
	ck_assert_uint_eq(sb_thread_count(b), THREADS);
	SB_LOOP(b)
		loops[sb_thread(b)]++;
}

START_TEST(each_thread_runs_the_body_and_every_sample)
{
	struct team_run team;

	team_init(&team, count);
	sb_bench_run(&team.run.bench);
	ck_assert_str_eq(team.run.bench.reason, "");
	ck_assert_uint_eq(bodies, THREADS);
	for (int i = 0; i < THREADS; i++)
		ck_assert_uint_eq(loops[i], SAMPLES * BATCH);
	ck_assert_uint_eq(team.run.bench.sampler.count, SAMPLES);
}
END_TEST

START_TEST(the_slowest_thread_is_the_time_of_all)
{
	struct team_run team;

	team_init(&team, count);
	sb_bench_run(&team.run.bench);
	for (int i = 0; i < SAMPLES; i++) {
		uint64_t slowest = 0;

		for (int k = 0; k < THREADS; k++) {
			ck_assert_uint_gt(team.threads[i * THREADS + k].ticks, 0);
			if (team.threads[i * THREADS + k].ticks > slowest)
				slowest = team.threads[i * THREADS + k].ticks;
		}
		ck_assert_uint_eq(team.run.samples[i].ticks, slowest);
	}
	ck_assert_uint_eq(team.threads[SAMPLES * THREADS].ticks, 0);
}
END_TEST

/* Nobody is a whole sample ahead: how many iterations lie between the fastest and the slowest. */
static bool count_up(struct sb_counters *counters, struct sb_count *count)
{
	static uint64_t reading;

	(void)counters;
	reading++;
	*count = (struct sb_count){ .values = { 7 * reading }, .enabled = reading, .running = reading };
	return false;
}

/* The keeper, which refuses everybody but says so. */
static void *refuse(void *socket)
{
	const int end = *(const int *)socket;
	struct sb_wire_ask ask;

	while (recv(end, &ask, sizeof ask, 0) == sizeof ask) {
		const struct sb_wire_grant grant = { ask.thread, EACCES, EPERM };

		send(end, &grant, sizeof grant, 0);
	}
	return NULL;
}

START_TEST(what_one_thread_could_not_count_is_counted_of_none)
{
	struct sb_counters counters = { .by = SB_WIRE_READ_CALL, .count = 1, .read = count_up };
	struct team_run team;
	pthread_t keeper;
	int ends[2];

	team_init(&team, count);
	team.request.counters = team.request.by_thread = 1;
	team.run.bench.counters = &counters;
	team.run.bench.totals = team.totals;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	ck_assert_int_eq(dup2(ends[1], SB_WIRE_TEAM_FD), SB_WIRE_TEAM_FD);
	close(ends[1]);
	pthread_create(&keeper, NULL, refuse, &ends[0]);
	sb_bench_run(&team.run.bench);
	pthread_join(keeper, NULL); /* the last end is closed */
	close(ends[0]);
	ck_assert_int_eq(team.run.bench.threads_code, EACCES);
	for (int i = 0; i < SAMPLES; i++) {
		ck_assert_uint_eq(team.run.samples[i].flags, SB_WIRE_SAMPLE_UNCOUNTED);
		ck_assert_uint_eq(team.run.samples[i].counters[0], 0);
	}
	ck_assert_uint_eq(team.totals[0].samples, 0);
	ck_assert_int_eq(team.run.bench.threads_witnesses_code, 0); /* nobody asked for any */
}
END_TEST

/* Page faults of a thread, -1 where the kernel allows no events. */
static int open_faults(pid_t thread)
{
	struct perf_event_attr attr = { .size = sizeof attr,
					.type = PERF_TYPE_SOFTWARE,
					.config = PERF_COUNT_SW_PAGE_FAULTS_MIN,
					.exclude_kernel = 1,
					.exclude_hv = 1,
					.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
						       PERF_FORMAT_TOTAL_TIME_RUNNING };

	return (int)syscall(SYS_perf_event_open, &attr, thread, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

/* The keeper, which gives a group of witnesses to all who ask but one. */
struct giving {
	int end;
	unsigned refused; /* of those who ask, from 0 */
};

static void *give(void *context)
{
	const struct giving *giving = context;
	struct sb_wire_ask ask;

	for (unsigned i = 0; recv(giving->end, &ask, sizeof ask, 0) == sizeof ask; i++) {
		struct sb_wire_grant grant = { ask.thread, 0, i == giving->refused ? EMFILE : 0 };
		union {
			char bytes[CMSG_SPACE(sizeof(int))];
			struct cmsghdr header;
		} control = { .header = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
		struct iovec part = { &grant, sizeof grant };
		struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
		const int leader = grant.witnesses_code ? -1 : open_faults(ask.thread);

		memcpy(CMSG_DATA(&control.header), &leader, sizeof leader);
		if (leader >= 0) {
			message.msg_control = &control;
			message.msg_controllen = sizeof control;
		}
		sendmsg(giving->end, &message, 0);
		close(leader);
	}
	return NULL;
}

enum { FAULTS = 4, REFUSED_NONE = THREADS };

/* Each as many pages as its number says, four times. */
static void fault(sb_bench *b)
{
	SB_LOOP(b) {
		const size_t size = FAULTS * sb_thread(b) * 4096;
		volatile char *fresh = size == 0 ? NULL
						 : mmap(NULL, size, PROT_READ | PROT_WRITE,
							MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		for (size_t at = 0; at < size; at += 4096)
			fresh[at] = 1;
		if (size != 0)
			munmap((void *)(uintptr_t)fresh, size);
	}
}

/* False where the kernel allows no events. */
static bool run_witnessed(struct team_run *team, unsigned refused)
{
	struct giving giving = { .refused = refused };
	int ends[2], first = open_faults(0);
	pthread_t keeper;

	if (first < 0) {
		puts("the kernel allows no events: witnesses of threads are not looked at");
		return false;
	}
	team_init(team, fault);
	team->request.witnesses = 1;
	team->request.witness_causes[0] = SB_WIRE_CAUSE_MAJOR_FAULT;
	team->request.by_thread = SB_WIRE_BY_THREAD_WITNESSES;
	team->run.bench.witnesses = first;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	ck_assert_int_eq(dup2(ends[1], SB_WIRE_TEAM_FD), SB_WIRE_TEAM_FD);
	close(ends[1]);
	giving.end = ends[0];
	pthread_create(&keeper, NULL, give, &giving);
	sb_bench_run(&team->run.bench);
	pthread_join(keeper, NULL);
	close(ends[0]);
	close(first);
	ck_assert_str_eq(team->run.bench.reason, "");
	return true;
}

/* A fault of the first, or of the allocator, now and then is its own. */
START_TEST(what_any_thread_s_witnesses_saw_is_in_the_sum_and_a_cause_of_its_own)
{
	enum { ALL = (1 + 2) * FAULTS * BATCH };
	struct team_run team;

	if (!run_witnessed(&team, REFUSED_NONE))
		return;
	ck_assert_int_eq(team.run.bench.threads_witnesses_code, 0);
	for (int i = 0; i < SAMPLES; i++) {
		const struct sb_wire_thread *part = &team.threads[i * THREADS];

		ck_assert_uint_ge(team.run.samples[i].witnesses[0], ALL);
		ck_assert_uint_lt(team.run.samples[i].witnesses[0], ALL + FAULTS * BATCH);
		ck_assert(team.run.samples[i].causes & SB_WIRE_CAUSE_MAJOR_FAULT);
		ck_assert(part[1].causes & part[2].causes & SB_WIRE_CAUSE_MAJOR_FAULT);
		ck_assert_uint_eq(team.run.samples[i].cpu_ns, 0); /* the group tells more */
	}
	ck_assert(!(team.threads[(SAMPLES - 1) * THREADS].causes & SB_WIRE_CAUSE_MAJOR_FAULT));
}
END_TEST

START_TEST(a_thread_without_witnesses_is_told_and_has_its_own_clocks)
{
	enum { MOST = 2 * FAULTS * BATCH };
	struct team_run team;

	if (!run_witnessed(&team, 1))
		return;
	ck_assert_int_eq(team.run.bench.threads_witnesses_code, EMFILE);
	ck_assert_int_eq(team.run.bench.threads_code, 0);
	for (int i = 0; i < SAMPLES; i++) {
		ck_assert_uint_gt(team.run.samples[i].witnesses[0], 0);
		ck_assert_uint_lt(team.run.samples[i].witnesses[0], MOST + FAULTS * BATCH / 2);
		ck_assert_uint_gt(team.run.samples[i].cpu_ns, 0);
		ck_assert_uint_ge(team.run.samples[i].minor_faults, 3 * FAULTS * BATCH);
	}
}
END_TEST

static void keep_apart(sb_bench *b)
{
	SB_LOOP(b) {
		const unsigned mine = ++loops[sb_thread(b)];

		for (int i = 0; i < THREADS; i++) {
			const unsigned other = loops[i];

			if (mine > other && mine - other > most_apart)
				most_apart = mine - other;
		}
	}
}

START_TEST(a_sample_begins_for_all_together)
{
	struct team_run team;

	team_init(&team, keep_apart);
	sb_bench_run(&team.run.bench);
	ck_assert_str_eq(team.run.bench.reason, "");
	ck_assert_uint_le(most_apart, BATCH);
}
END_TEST

/* A counter of everybody's iterations. */
static unsigned readings, unfinished;

static bool read_all(struct sb_counters *counters, struct sb_count *count)
{
	unsigned all = 0;

	(void)counters;
	for (int i = 0; i < THREADS; i++)
		all += loops[i];
	*count = (struct sb_count){ .values = { all }, .enabled = ++readings, .running = readings };
	unfinished += all != readings / 2 * THREADS * BATCH; /* before and behind each sample */
	return false;
}

static void trail(sb_bench *b)
{
	SB_LOOP(b) {
		if (sb_thread(b) == THREADS - 1 && loops[sb_thread(b)] % BATCH == 0)
			usleep(500);
		loops[sb_thread(b)]++;
	}
}

START_TEST(a_counter_of_everybody_holds_whole_samples_of_all_threads)
{
	struct sb_counters counters = { .by = SB_WIRE_READ_CALL, .count = 1, .read = read_all };
	struct team_run team;

	team_init(&team, trail);
	team.request.is_wide = 1;
	team.run.bench.counters = &counters;
	readings = unfinished = 0;
	sb_bench_run(&team.run.bench);
	ck_assert_str_eq(team.run.bench.reason, "");
	ck_assert_uint_eq(readings, 2 * SAMPLES);
	ck_assert_uint_eq(unfinished, 0);
	ck_assert_uint_gt(team.run.samples[SAMPLES - 1].counters[0], 0);
}
END_TEST

static void fail_one(sb_bench *b)
{
	SB_LOOP(b)
		if (++loops[sb_thread(b)] == 25 && sb_thread(b) == 1)
			sb_fail(b, "the second one is wrong");
}

static void skip_one(sb_bench *b)
{
	if (sb_thread(b) == 2)
		sb_skip(b, "not here");
	SB_LOOP(b)
		loops[sb_thread(b)]++;
}

static void leave_one(sb_bench *b)
{
	if (sb_thread(b) == 1)
		return;
	SB_LOOP(b)
		loops[sb_thread(b)]++;
}

static void leave_first(sb_bench *b)
{
	SB_LOOP(b)
		if (++loops[sb_thread(b)] == 15 && sb_thread(b) == 0)
			return;
}

static void record(sb_bench *b)
{
	SB_LOOP(b)
		sb_record_ns(b, 1);
}

START_TEST(what_one_meets_ends_all)
{
	static const struct {
		void (*body)(sb_bench *b);
		enum sb_wire_status status;
		const char *reason;
	} rows[] = {
		{ fail_one, SB_WIRE_FAILED, "the second one is wrong" },
		{ skip_one, SB_WIRE_SKIPPED, "not here" },
		{ leave_one, SB_WIRE_FAILED, "the benchmark ran no SB_LOOP, so nothing was timed" },
		{ leave_first, SB_WIRE_FAILED,
		  "the benchmark left SB_LOOP by return or goto inside a sample of 10 iterations" },
		{ record, SB_WIRE_FAILED,
		  "sb_record_ns was called by one of several threads; it is for benchmarks of one" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct team_run team;

		team_init(&team, rows[i].body);
		sb_bench_run(&team.run.bench);
		ck_assert_int_eq(team.run.bench.status, rows[i].status);
		ck_assert_str_eq(team.run.bench.reason, rows[i].reason);
	}
}
END_TEST

static void share_state(sb_bench *b)
{
	atomic_uint *state = sb_state(b);

	(*state)++;
	SB_LOOP(b)
		sb_clobber();
}

static void set_up(sb_bench *b)
{
	sb_state_set(b, &in_sample);
}

START_TEST(the_state_is_one_for_all)
{
	struct team_run team;

	team_init(&team, share_state);
	team.run.options.setup = set_up;
	sb_bench_run(&team.run.bench);
	ck_assert_str_eq(team.run.bench.reason, "");
	ck_assert_uint_eq(in_sample, THREADS);
}
END_TEST

static unsigned who_ends;

static void end_early(sb_bench *b)
{
	SB_LOOP(b)
		if (sb_thread(b) == who_ends && ++loops[0] == 5 * BATCH)
			pthread_exit(NULL);
}

/* The others would wait at the line until the alarm. */
START_TEST(a_thread_that_ends_in_the_loop_fails_the_case)
{
	struct team_run team;

	team_init(&team, end_early);
	who_ends = 1;
	alarm(60);
	sb_bench_run(&team.run.bench);
	alarm(0);
	ck_assert_uint_eq(team.run.bench.status, SB_WIRE_FAILED);
	ck_assert_str_eq(team.run.bench.reason, "a thread of the benchmark ended before its body did");
}
END_TEST

/* With it goes who would answer the runner, which tells of a process that ended. */
START_TEST(the_first_thread_takes_the_process_along)
{
	const int came_back = 42; /* as no leak checker ends */
	struct team_run team;
	int status;
	pid_t child;

	team_init(&team, end_early);
	who_ends = 0;
	child = fork();
	if (child == 0) {
		alarm(60);
		sb_bench_run(&team.run.bench);
		_exit(came_back);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status)); /* and not by the alarm; a leak checker may have something to say */
	ck_assert_int_ne(WEXITSTATUS(status), came_back);
}
END_TEST

UNIT_MAIN("team", each_thread_runs_the_body_and_every_sample, the_slowest_thread_is_the_time_of_all,
	  what_one_thread_could_not_count_is_counted_of_none,
	  what_any_thread_s_witnesses_saw_is_in_the_sum_and_a_cause_of_its_own,
	  a_thread_without_witnesses_is_told_and_has_its_own_clocks, a_sample_begins_for_all_together,
	  a_counter_of_everybody_holds_whole_samples_of_all_threads, what_one_meets_ends_all,
	  the_state_is_one_for_all, a_thread_that_ends_in_the_loop_fails_the_case,
	  the_first_thread_takes_the_process_along)
