/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about who took the CPU, tried with thieves of known truth on the kernel that runs: needs root and a
 * kernel that publishes its types. The bench is the test program itself, launched by a keeper. */
#include <errno.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include "thief_fixture.h"
#include "../counted.h"

#define SLEEPS 5
#define CROWD  (SB_WIRE_THIEVES_MAX + 6) /* more than a slot has places */
#define LAST   "last-of-crowd"

/* --- the bench ---------------------------------------------------------------------------------------- */

static uint64_t stolen_ns(const struct sb_wire_theft_slot *slot)
{
	uint64_t sum = 0;

	for (int kind = 0; kind < SB_WIRE_THEFT_KINDS; kind++)
		sum += slot->ns[kind];
	return sum;
}

/* Says that it runs, then, of the time that it spun: thefts and nanoseconds by tasks, all nanoseconds, ticks
 * by the kernel's own count and by the slot at least and at most, the wall and its own CPU clock. */
static int bench_spin(struct sb_wire_request *request)
{
	const struct sb_wire_theft_slot *slot = slots(request) + sched_getcpu();
	const uint64_t timers_begun = slot->count[SB_WIRE_THEFT_TIMER];
	const unsigned long long ticks = counted("/proc/interrupts", "LOC:", sched_getcpu());
	const struct sb_wire_theft_slot before = *slot;
	const uint64_t begin = now_ns(CLOCK_MONOTONIC), own = now_ns(CLOCK_THREAD_CPUTIME_ID);

	printf("go ");
	fflush(stdout);
	spin_beside_thief(request);
	const struct sb_wire_theft_slot after = *slot;
	const uint64_t wall_ns = now_ns(CLOCK_MONOTONIC) - begin;
	const unsigned long long ticked = counted("/proc/interrupts", "LOC:", sched_getcpu()) - ticks;
	const uint64_t timers_ended = slot->count[SB_WIRE_THEFT_TIMER];
	printf("%llu %llu %llu %llu %llu %llu %llu %llu",
	       (unsigned long long)(after.count[SB_WIRE_THEFT_TASK] - before.count[SB_WIRE_THEFT_TASK]),
	       (unsigned long long)(after.ns[SB_WIRE_THEFT_TASK] - before.ns[SB_WIRE_THEFT_TASK]),
	       (unsigned long long)(stolen_ns(&after) - stolen_ns(&before)), ticked,
	       (unsigned long long)(after.count[SB_WIRE_THEFT_TIMER] - before.count[SB_WIRE_THEFT_TIMER]),
	       (unsigned long long)(timers_ended - timers_begun), (unsigned long long)wall_ns,
	       (unsigned long long)(now_ns(CLOCK_THREAD_CPUTIME_ID) - own));
	return 0;
}

/* Says how it is scheduled. */
static int bench_sleep(struct sb_wire_request *request)
{
	(void)request;
	printf("go %d", sched_getscheduler(0) & ~SCHED_RESET_ON_FORK);
	fflush(stdout);
	for (int i = 0; i < SLEEPS; i++)
		pause_ns(BENCH_NS / SLEEPS);
	return 0;
}

static int update(int map)
{
	struct sb_wire_theft_slot slot = { 0 };
	uint32_t key = 0;
	union bpf_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.map_fd = (uint32_t)map;
	attr.key = (uintptr_t)&key;
	attr.value = (uintptr_t)&slot;
	return (int)syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &attr, sizeof attr);
}

/* Each letter is a way to write to the memory that was not refused. */
static int bench_write(struct sb_wire_request *request)
{
	const size_t size = request->theft_cpus * sizeof(struct sb_wire_theft_slot);
	void *memory = mmap(NULL, size, PROT_READ, MAP_SHARED, SB_WIRE_THEFT_FD, 0);
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", SB_WIRE_THEFT_FD);
	if (memory == MAP_FAILED)
		return 1;
	if (mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, SB_WIRE_THEFT_FD, 0) != MAP_FAILED)
		printf("m");
	if (!mprotect(memory, size, PROT_READ | PROT_WRITE))
		printf("p");
	if (!update(SB_WIRE_THEFT_FD))
		printf("u");
	if (open(path, O_RDWR) >= 0)
		printf("o");
	if (write(SB_WIRE_THEFT_FD, "x", 1) == 1)
		printf("w");
	if (!ftruncate(SB_WIRE_THEFT_FD, 0))
		printf("t");
	printf(".");
	return 0;
}

static bool was_robbed_by(const struct sb_wire_theft_slot *slot, const char *name)
{
	for (int i = 0; i < SB_WIRE_THIEVES_MAX; i++)
		if (!strncmp(slot->thieves[i].name, name, sizeof slot->thieves[i].name))
			return true;
	return false;
}

/* Says how it is scheduled, and which processes its slot knows when the last of the crowd has been there. */
static int bench_crowded(struct sb_wire_request *request)
{
	const struct sb_wire_theft_slot *slot = slots(request) + sched_getcpu();
	const uint64_t begin = now_ns(CLOCK_MONOTONIC);
	struct sb_wire_theft_slot found;

	printf("go ");
	fflush(stdout);
	do
		found = *slot;
	while (!was_robbed_by(&found, LAST) && now_ns(CLOCK_MONOTONIC) - begin < 60 * BENCH_NS);
	printf("%d", sched_getscheduler(0) & ~SCHED_RESET_ON_FORK);
	for (int i = 0; i < SB_WIRE_THIEVES_MAX; i++)
		if (found.thieves[i].kind == SB_WIRE_THEFT_TASK)
			printf(" %u.", found.thieves[i].id);
	return 0;
}

static int bench_nothing(struct sb_wire_request *request)
{
	printf("%u %d", request->theft_cpus, fcntl(SB_WIRE_THEFT_FD, F_GETFD) >= 0);
	return 0;
}

static const struct fixture_bench benches[] = {
	{ "spin", bench_spin },	      { "sleep", bench_sleep },	    { "write", bench_write },
	{ "crowded", bench_crowded }, { "nothing", bench_nothing },
};

/* --- the crowd ---------------------------------------------------------------------------------------- */

/* What a crowd knows of itself: who came, in this order. */
struct crowd {
	int go; /* closed: all begin, and as first on that CPU they let nobody else between */
	uint32_t ended;
	pid_t pids[CROWD];
};

static void join_crowd(struct crowd *crowd, int cpu, int gate)
{
	const struct sched_param first = { .sched_priority = 2 };
	cpu_set_t cpus;
	char byte;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setscheduler(0, SCHED_FIFO, &first) || sched_setaffinity(0, sizeof cpus, &cpus) ||
	    read(gate, &byte, 1) != 0)
		_exit(1);
	const uint64_t begin = now_ns(CLOCK_THREAD_CPUTIME_ID);
	while (now_ns(CLOCK_THREAD_CPUTIME_ID) - begin < ROUND_NS)
		;
	crowd->pids[crowd->ended++] = getpid();
	if (crowd->ended == CROWD)
		prctl(PR_SET_NAME, LAST);
	_exit(0);
}

static struct crowd *crowd_start(int cpu)
{
	struct crowd *crowd =
		mmap(NULL, sizeof *crowd, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int ends[2];

	ck_assert_ptr_ne(crowd, MAP_FAILED);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	for (int i = 0; i < CROWD; i++) {
		const pid_t pid = fork();

		ck_assert_int_ge(pid, 0);
		if (pid == 0) {
			close(ends[1]);
			join_crowd(crowd, cpu, ends[0]);
		}
		crowd->pids[i] = pid;
	}
	close(ends[0]);
	crowd->go = ends[1];
	return crowd;
}

/* Afterwards `pids` are in the order of their coming. */
static void crowd_go(struct crowd *crowd)
{
	pid_t pids[CROWD];
	int status;

	memcpy(pids, crowd->pids, sizeof pids);
	close(crowd->go);
	for (int i = 0; i < CROWD; i++) {
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert_int_eq(status, 0);
	}
}

/* --- claims --------------------------------------------------------------------------------------------- */

/* A thread's clock runs on while interrupts are on top of it, and those are thieves themselves: its part of
 * them by its part of the time. */
static uint64_t on_top(const struct keeper_thieves *thieves, uint64_t ns, uint64_t wall_ns)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < thieves->count; i++)
		if (thieves->rows[i].kind != SB_WIRE_THEFT_TASK)
			sum += thieves->rows[i].ns;
	return (uint64_t)((double)sum * (double)ns / (double)wall_ns);
}

START_TEST(a_thief_is_found_with_its_count_and_time)
{
	struct keeper_ended ended;
	struct keeper_thief row;
	unsigned long long wall_ns;
	struct truth truth;
	uint64_t interrupted_ns;

	if (unit_is_under_valgrind()) {
		puts("a_thief_is_found: skipped: under valgrind its own clock and the CPU's are not alike");
		return;
	}
	ck_assert_int_eq(hold(true).outcome, CONDITION_APPLIED);
	truth = launch_robbed("spin", &ended);
	row = found(&ended.thieves, thief_name(getpid()));
	ck_assert_int_eq(sscanf(fixture.text, "%*u %*u %*u %*u %*u %*u %llu", &wall_ns), 1);
	interrupted_ns = on_top(&ended.thieves, truth.ns, wall_ns);
	printf("thief: %llu times and %.3f ms by its own clock, found %llu and %.3f ms, and %.3f ms of "
	       "interrupts on top\n",
	       (unsigned long long)truth.count, (double)truth.ns / 1e6, (unsigned long long)row.count,
	       (double)row.ns / 1e6, (double)interrupted_ns / 1e6);
	fflush(stdout);
	ck_assert_uint_eq(row.kind, SB_WIRE_THEFT_TASK);
	ck_assert(within(row.count, truth.count, 0.01));
	ck_assert_uint_le(row.ns, truth.ns * 105 / 100);
	ck_assert_uint_ge(row.ns + interrupted_ns, truth.ns * 95 / 100);
	fixture_release(&fixture);
}
END_TEST

START_TEST(slots_say_what_the_table_says_and_nothing_twice)
{
	unsigned long long tasks, task_ns, all_ns, ticks, timers, most_timers, wall_ns, own_ns;
	struct keeper_ended ended;

	hold(true);
	launch_robbed("spin", &ended);
	ck_assert_int_eq(sscanf(fixture.text, "%llu %llu %llu %llu %llu %llu %llu %llu", &tasks, &task_ns,
				&all_ns, &ticks, &timers, &most_timers, &wall_ns, &own_ns),
			 8);
	printf("bench: %llu thefts by tasks, %.3f ms by tasks, %.3f ms by all, wall less own %.3f ms; ticks "
	       "%llu by the kernel's count, between %llu and %llu seen\n",
	       tasks, (double)task_ns / 1e6, (double)all_ns / 1e6, ((double)wall_ns - (double)own_ns) / 1e6,
	       ticks, timers, most_timers);
	fflush(stdout);
	/* which has the time before and after the spinning too */
	ck_assert(within(ended.thieves.total_ns, all_ns, 0.1));
	ck_assert_uint_ge(ended.thieves.total_ns, all_ns);
	/* a thread's clock runs on while an interrupt is on top of it, and stands still while others run */
	ck_assert_uint_le(task_ns, (wall_ns - own_ns) * 103 / 100);
	ck_assert_uint_ge(all_ns, (wall_ns - own_ns) * 97 / 100);
	/* the kernel's count was read between two readings of the slot at either end */
	ck_assert_uint_le(timers, ticks);
	ck_assert_uint_ge(most_timers, ticks * 99 / 100); /* it may have slept on the way to the file */
	fixture_release(&fixture);
}
END_TEST

/* As first on its CPU as the thief: the two never preempt each other, however busy the machine is, so that
 * the thief has its turns only while the bench sleeps, and while it waits after that. */
START_TEST(who_sleeps_loses_nothing)
{
	struct keeper_ended ended;
	struct keeper_thief row;

	hold_with("fifo", true);
	launch_robbed("sleep", &ended);
	row = found(&ended.thieves, thief_name(getpid()));
	if (atoi(fixture.text) == SCHED_FIFO)
		ck_assert_uint_eq(row.count, 0);
	else
		puts("no real-time scheduling for benches: a sleeper beside a thief is not looked at");
	fixture_release(&fixture);
}
END_TEST

static bool is_known(pid_t thief)
{
	char number[16];

	snprintf(number, sizeof number, " %d.", (int)thief);
	return strstr(fixture.text, number) != NULL;
}

/* The bench is second on its CPU, so that it looks before anybody else comes. */
START_TEST(a_new_thief_gets_the_place_of_who_took_longest_ago)
{
	struct keeper_started started;
	struct keeper_launch order;
	struct keeper_ended ended;
	struct crowd *crowd;

	hold_with("fifo", true);
	crowd = crowd_start(bench_cpu());
	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, "crowded");
	fixture_begin(&fixture, &order, &started);
	await_go();
	crowd_go(crowd);
	fixture_end(&fixture, &ended);
	close(started.memory);
	if (atoi(fixture.text) != SCHED_FIFO)
		puts("no real-time scheduling for benches: who else came after a crowd is not known");
	else {
		ck_assert(!is_known(crowd->pids[0]) && !is_known(crowd->pids[1]));
		ck_assert(is_known(crowd->pids[CROWD - 2]) && is_known(crowd->pids[CROWD - 1]));
	}
	munmap(crowd, sizeof *crowd);
	fixture_release(&fixture);
}
END_TEST

START_TEST(the_bench_cannot_write_what_it_reads)
{
	struct keeper_ended ended;

	hold(true);
	fixture_launch(&fixture, "write", &ended);
	ck_assert_str_eq(fixture.text, ".");
	fixture_release(&fixture);
}
END_TEST

START_TEST(who_is_not_watched_has_no_memory_of_thefts)
{
	struct keeper_ended ended;

	hold(false);
	fixture_launch(&fixture, "nothing", &ended);
	ck_assert_str_eq(fixture.text, "0 0");
	ck_assert_uint_eq(ended.thieves.is_known, 0);
	fixture_release(&fixture);
}
END_TEST

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		a_thief_is_found_with_its_count_and_time,
		slots_say_what_the_table_says_and_nothing_twice,
		who_sleeps_loses_nothing,
		a_new_thief_gets_the_place_of_who_took_longest_ago,
		the_bench_cannot_write_what_it_reads,
		who_is_not_watched_has_no_memory_of_thefts,
	};
	return thief_main(argc, argv, benches, sizeof benches / sizeof benches[0], "keeper thief", tests,
			  sizeof tests / sizeof tests[0]);
}
