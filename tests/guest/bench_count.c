/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bodies of which it is known what a counter must say. */
#include <pthread.h>
#include <sched.h>
#include <stablebench.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHORT = 1000, LONG = 3 * SHORT, BILLION = 10000000, TWENTY_MILLION = 200000, PAGES = 16 };

/* Two instructions for each turn, and one before the first. */
static inline void turn(uint64_t turns)
{
#if defined(__aarch64__)
	__asm__ volatile("1:\n\tsubs %0, %0, #1\n\tb.ne 1b" : "+r"(turns) : : "cc");
#elif defined(__x86_64__)
	__asm__ volatile("1:\n\tdec %0\n\tjnz 1b" : "+r"(turns) : : "cc");
#else
	while (turns-- != 0)
		__asm__ volatile("");
#endif
}

/* A hundred for each turn, which an emulator runs ten times as fast. */
static inline void turn_hundreds(uint64_t turns)
{
#if defined(__aarch64__)
	__asm__ volatile("1:\n\t.rept 98\n\tnop\n\t.endr\n\tsubs %0, %0, #1\n\tb.ne 1b"
			 : "+r"(turns)
			 :
			 : "cc");
#elif defined(__x86_64__)
	__asm__ volatile("1:\n\t.rept 98\n\tnop\n\t.endr\n\tdec %0\n\tjnz 1b" : "+r"(turns) : : "cc");
#else
	turn(50 * turns);
#endif
}

SB_BENCH(short_loop, .group = "count")
{
	SB_LOOP(b)
		turn(SHORT);
}

SB_BENCH(long_loop, .group = "count")
{
	SB_LOOP(b)
		turn(LONG);
}

/* The first thread the short one, the second the long one. */
SB_BENCH(team, .group = "count", .threads = SB_THREADS(2))
{
	const uint64_t turns = sb_thread(b) == 0 ? SHORT : LONG;

	SB_LOOP(b)
		turn(turns);
}

SB_BENCH(billion, .group = "count")
{
	SB_LOOP(b)
		turn_hundreds(BILLION);
}

SB_BENCH(twenty_million, .group = "count")
{
	SB_LOOP(b)
		turn_hundreds(TWENTY_MILLION);
}

static void fault(void)
{
	volatile char *fresh =
		mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < PAGES; i++)
		fresh[i * 4096] = 1;
	munmap((void *)(uintptr_t)fresh, PAGES * 4096);
}

SB_BENCH(faults, .group = "count")
{
	SB_LOOP(b)
		fault();
}

/* The second thread and no other. */
SB_BENCH(team_faults, .group = "count", .threads = SB_THREADS(2, 12), .max_batch = 10)
{
	SB_LOOP(b)
		if (sb_thread(b) == 1)
			fault();
}

/* One descriptor more, which sanitizers open a file by, and not two. */
static void want_for_files(sb_bench *b)
{
	struct rlimit limit;
	const int lowest = dup(0);

	close(lowest);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || lowest < 0)
		sb_fail(b, "the limit of files is not to be had");
	limit.rlim_cur = (rlim_t)lowest + 1;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		sb_fail(b, "the limit of files cannot be set");
}

static void have_files(sb_bench *b)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		sb_fail(b, "the limit of files is not to be had");
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

SB_BENCH(team_wants, .group = "count", .threads = SB_THREADS(2), .setup = want_for_files,
	 .teardown = have_files)
{
	SB_LOOP(b)
		turn(SHORT);
}

/* For longer than the thread could be kept from leaving its CPU: a sleep that is over before is no switch. */
SB_BENCH(team_sleeps, .group = "count", .threads = SB_THREADS(2), .max_batch = 3)
{
	SB_LOOP(b)
		if (sb_thread(b) == 1)
			usleep(20000);
}

/* All of them the loop of twenty million. */
SB_BENCH(team_works, .group = "count", .threads = SB_THREADS(2))
{
	SB_LOOP(b)
		turn_hundreds(TWENTY_MILLION);
}

SB_BENCH(sleeps, .group = "count")
{
	SB_LOOP(b)
		usleep(1000);
}

static void *turn_in_thread(void *none)
{
	turn_hundreds(TWENTY_MILLION);
	return none;
}

static void *turn_on_the_first_cpu(void *none)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof first, &first);
	return turn_in_thread(none);
}

/* The loop of twenty million in a thread on another CPU. */
SB_BENCH(elsewhere, .group = "count")
{
	SB_LOOP(b) {
		pthread_t thread;

		pthread_create(&thread, NULL, turn_on_the_first_cpu, NULL);
		pthread_join(thread, NULL);
	}
}

/* The loop of twenty million in a thread, and once more in a child. */
SB_BENCH(family, .group = "count")
{
	SB_LOOP(b) {
		pthread_t thread;

		pthread_create(&thread, NULL, turn_in_thread, NULL);
		pthread_join(thread, NULL);
		const pid_t child = fork();
		if (child == 0) {
			turn_hundreds(TWENTY_MILLION);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
}
