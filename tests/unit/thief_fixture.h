/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thief_fixture.h - a thief of known truth beside a bench that a keeper launches, watched by the programs in
 * the kernel that runs. Needs root and a kernel that publishes its types; the bench is the test program
 * itself.
 */
#ifndef THIEF_FIXTURE_H
#define THIEF_FIXTURE_H

#include <sched.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include "keeper/watch.h"
#include "keeper_fixture.h"

#define ROUNDS	 200 /* each is a wake-up, the first a coming to this CPU */
#define ROUND_NS 1000000u
#define PAUSE_NS 3000000
#define BENCH_NS 1700000000u

static inline uint64_t now_ns(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline void pause_ns(long ns)
{
	const struct timespec time = { .tv_nsec = ns };

	nanosleep(&time, NULL);
}

static inline void spin_ns(uint64_t ns)
{
	const uint64_t begin = now_ns(CLOCK_MONOTONIC);

	while (now_ns(CLOCK_MONOTONIC) - begin < ns)
		;
}

/* --- for the bench ------------------------------------------------------------------------------------- */

static inline const struct sb_wire_theft_slot *slots(const struct sb_wire_request *request)
{
	void *memory = mmap(NULL, request->theft_cpus * sizeof(struct sb_wire_theft_slot), PROT_READ,
			    MAP_SHARED, SB_WIRE_THEFT_FD, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* However slow the machine is, until the thief has had all its turns. Which process it is stands where a
 * benchmark would find how many samples do not count, and that it is done its scheduling tells: asking for it
 * is no sleep. */
static inline void spin_beside_thief(const struct sb_wire_request *request)
{
	do
		spin_ns(BENCH_NS);
	while (sched_getscheduler((pid_t)request->warmup) == SCHED_FIFO);
}

/* --- the thief ---------------------------------------------------------------------------------------- */

/* What it knows about itself: how often it came and what was stolen, by its own CPU clock. */
struct truth {
	uint64_t ns, count;
	int code;
};

/* Of its own for each test: others may run beside it. */
static inline const char *thief_name(pid_t test)
{
	static char name[16];

	snprintf(name, sizeof name, "thief-%d", (int)test);
	return name;
}

/* A pause that is over before it has begun gives no CPU up; and another one may come in between. */
static inline uint64_t times_off_the_cpu(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (uint64_t)(usage.ru_nvcsw + usage.ru_nivcsw);
}

static inline void steal(int cpu, struct truth *truth)
{
	const struct sched_param first = { .sched_priority = 1 };
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	prctl(PR_SET_TIMERSLACK, 1);
	truth->code = sched_setaffinity(0, sizeof cpus, &cpus) || sched_setscheduler(0, SCHED_FIFO, &first);
	if (truth->code)
		return;
	prctl(PR_SET_NAME,
	      thief_name(getppid())); /* not before: on its way here it may have lost the CPU itself */
	const uint64_t off = times_off_the_cpu(), begin = now_ns(CLOCK_THREAD_CPUTIME_ID);
	for (int i = 0; i < ROUNDS; i++) {
		const uint64_t round = now_ns(CLOCK_THREAD_CPUTIME_ID);

		while (now_ns(CLOCK_THREAD_CPUTIME_ID) - round < ROUND_NS)
			;
		if (i + 1 < ROUNDS)
			pause_ns(PAUSE_NS);
	}
	truth->ns = now_ns(CLOCK_THREAD_CPUTIME_ID) - begin;
	truth->count = times_off_the_cpu() - off + 1; /* with its coming */
	sched_setscheduler(0, SCHED_RR, &first);      /* done; see spin_beside_thief */
}

struct thief_process {
	pid_t pid;
	struct truth *truth; /* shared with it */
	int go;		     /* closed: it begins */
};

static inline struct thief_process thief_start(int cpu)
{
	struct thief_process thief;
	int ends[2];
	char byte;

	thief.truth =
		mmap(NULL, sizeof *thief.truth, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(thief.truth, MAP_FAILED);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	thief.pid = fork();
	ck_assert_int_ge(thief.pid, 0);
	if (thief.pid == 0) {
		close(ends[1]);
		if (read(ends[0], &byte, 1) == 0)
			steal(cpu, thief.truth);
		_exit(0);
	}
	close(ends[0]);
	thief.go = ends[1];
	return thief;
}

static inline struct truth thief_end_process(struct thief_process *thief)
{
	struct truth truth;

	ck_assert_int_eq(waitpid(thief->pid, NULL, 0), thief->pid);
	truth = *thief->truth;
	munmap(thief->truth, sizeof truth);
	ck_assert_int_eq(truth.code, 0);
	ck_assert_uint_ge(truth.ns, (uint64_t)ROUNDS * ROUND_NS);
	ck_assert_uint_ge(truth.count, ROUNDS / 2);
	return truth;
}

/* --- the keeper --------------------------------------------------------------------------------------- */

static struct fixture fixture;
static struct topology topology;

/* With a knob that is not asked for otherwise, or NULL. */
static inline struct condition hold_with(const char *knob, bool wants_thieves)
{
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	struct keeper_hold request = { .choice = { KNOB_PROFILE_NONE, knob_bit(knob_find("cpus")), 0 },
				       .wants_thieves = wants_thieves };
	struct sb_err err = { 0 };
	size_t count;

	if (knob)
		request.choice.with |= knob_bit(knob_find(knob));
	fixture_init(&fixture);
	fixture_topology(&topology);
	request.topology = topology;
	ck_assert_msg(!keeper_hold(&fixture.keeper, &request, NULL, conditions, &count, &err), "%s",
		      err.text);
	return conditions[count - 1];
}

static inline struct condition hold(bool wants_thieves)
{
	return hold_with(NULL, wants_thieves);
}

static inline void await_go(void)
{
	char word[3];

	ck_assert_int_eq(read(fixture.output[0], word, sizeof word), sizeof word);
}

static inline int bench_cpu(void)
{
	int cpu = 0;

	while (!CPU_ISSET(cpu, &topology.bench))
		cpu++;
	return cpu;
}

/* A bench and a thief beside it. */
static inline struct truth launch_robbed(const char *name, struct keeper_ended *ended)
{
	struct thief_process thief = thief_start(bench_cpu());
	struct keeper_started started;
	struct keeper_launch order;

	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, name);
	order.warmup = (uint64_t)thief.pid;
	fixture_begin(&fixture, &order, &started);
	await_go();
	close(thief.go);
	fixture_end(&fixture, ended);
	close(started.memory);
	return thief_end_process(&thief);
}

static inline struct keeper_thief found(const struct keeper_thieves *thieves, const char *name)
{
	for (uint32_t i = 0; i < thieves->count; i++)
		if (!strcmp(thieves->rows[i].name, name))
			return thieves->rows[i];
	return (struct keeper_thief){ 0 };
}

static inline bool within(uint64_t value, uint64_t wanted, double share)
{
	return (double)value >= (double)wanted * (1 - share) && (double)value <= (double)wanted * (1 + share);
}

static inline bool can_watch(char *reason, size_t size)
{
	struct condition condition;
	struct path_root root;
	struct thief *thief;
	cpu_set_t cpus;

	if (path_root_init(&root, "/", NULL))
		return false;
	sched_getaffinity(0, sizeof cpus, &cpus);
	thief = watch_start(geteuid() == 0, &root, &cpus, &condition);
	path_root_release(&root);
	snprintf(reason, size, "%s", condition.reason);
	thief_free(thief);
	return thief != NULL;
}

/* The whole of a test program: the bench that the keeper runs, or the claims where thieves can be seen. */
static inline int thief_main(int argc, char **argv, const struct fixture_bench *benches, size_t bench_count,
			     const char *module, const TTest *const *tests, size_t count)
{
	char reason[CONDITION_REASON];

	if (argc > 1 && !strcmp(argv[1], SB_WIRE_ARGUMENT))
		return fixture_serve(benches, bench_count);
	if (!can_watch(reason, sizeof reason)) {
		printf("%s\n", reason);
		return 77;
	}
	return unit_run(module, tests, count);
}

#endif
