/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Benchmarks with known truth: what the runner says about them can be checked. The dishonest ones are in
 * selftest/hostile.c.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "stablebench.h"

enum { COPY_BYTES = 4096, POOL = 64, POOL_WORK = 200 };

/* A loop of so many rounds that no compiler shortens: time proportional to `rounds`, the same on every call.
 */
static void work(long long rounds)
{
	for (long long left = rounds; left > 0; left--)
		__asm__ volatile("" : "+r"(left));
}

SB_BENCH(constant, .group = "truth", .tags = "truth quick")
{
	SB_LOOP(b)
		work(1000);
}

/* Ten times the size takes ten times as long, and the throughput stays. */
SB_BENCH(sized, .group = "truth", .tags = "truth axes", .args = { SB_AXIS(size, 1000, 10000, 100000) })
{
	const long long size = sb_arg(b, "size");

	sb_elements(b, (double)size);
	SB_LOOP(b)
		work(size);
}

/* Text axes, one value with letters that a shell would not like; "twice" takes twice as long as "once". */
SB_BENCH(named, .group = "truth", .tags = "truth axes",
	 .args = { SB_AXIS(amount, "once", "twice", "a few; 3/4 & more"), SB_AXIS(step, 1, 1 << 1) })
{
	const char *amount = sb_arg_text(b, "amount");
	const long long rounds = strcmp(amount, "once") == 0 ? 1000 : 2000;

	SB_LOOP(b)
		work(rounds * sb_arg(b, "step"));
}

SB_BENCH(throughput, .group = "truth", .tags = "truth")
{
	static char from[COPY_BYTES], to[COPY_BYTES];

	sb_elements(b, 1);
	sb_bytes(b, COPY_BYTES);
	SB_LOOP(b) {
		memcpy(to, from, sizeof to);
		sb_keep(to);
	}
}

/* The threads share nothing: as many times the throughput of one, where each has a CPU. */
SB_BENCH(threads, .group = "truth", .tags = "truth threads", .threads = SB_THREADS(1, 2))
{
	sb_elements(b, 1);
	SB_LOOP(b)
		work(100);
}

/* One iteration takes 1000 ns, whatever the clock says. */
SB_BENCH(recorded, .group = "truth", .tags = "truth")
{
	SB_LOOP(b)
		sb_record_ns(b, 1000);
}

/* Each sample is a twentieth of the first longer than the one before. */
SB_BENCH(drifting, .group = "truth", .tags = "unstable", .max_batch = 1000)
{
	long long rounds = 2000;

	SB_LOOP_SETUP(b, rounds += 100)
		work(rounds);
}

/* Half of the launches take twice as long: the stack's random place tosses the coin. */
SB_BENCH(bimodal, .group = "truth", .tags = "unstable")
{
	const int here = 0;
	const long long rounds = (uintptr_t)&here >> 8 & 1 ? 2000 : 1000;

	SB_LOOP(b)
		work(rounds);
}

/* One system call for each iteration. */
SB_BENCH(calls, .group = "truth", .tags = "truth")
{
	SB_LOOP(b)
		sb_keep(syscall(SYS_getppid));
}

static void pool_make(sb_bench *b)
{
	long long *pool = calloc(POOL, sizeof *pool);

	if (pool == NULL)
		sb_fail(b, "out of memory");
	sb_state_set(b, pool);
}

static void pool_free(sb_bench *b)
{
	free(sb_state(b));
}

static void pool_fill(long long *pool, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		pool[i] = POOL_WORK;
}

/* Input that is used up: an iteration that finds none would be much faster, and fails the case. */
SB_BENCH(consumed, .group = "truth", .tags = "truth", .setup = pool_make, .teardown = pool_free,
	 .max_batch = POOL)
{
	long long *pool = sb_state(b);
	uint64_t next = 0;

	SB_LOOP_SETUP(b, (pool_fill(pool, sb_batch(b)), next = 0)) {
		if (pool[next] == 0)
			sb_fail(b, "the setup of a batch made too little input");
		work(pool[next]);
		pool[next++] = 0;
	}
}

SB_BENCH(skip, .group = "outcome", .tags = "outcome")
{
	sb_skip(b, "this case always skips");
}

SB_BENCH(fail, .group = "outcome", .tags = "outcome")
{
	sb_fail(b, "this case always fails");
	SB_LOOP(b)
		work(1);
}
