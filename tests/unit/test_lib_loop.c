/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about loop: it is left in one way only, and what stands around a sample is not in it. */
#include "bench.h"

#include <sys/mman.h>
#include <unistd.h>
#include "lib_fixture.h"

static void leave_by_break(sb_bench *b)
{
	SB_LOOP(b) {
		if (++iterations == 17)
			break;
	}
}

static void leave_by_return(sb_bench *b)
{
	SB_LOOP(b)
		return;
}

static void leave_by_goto(sb_bench *b)
{
	SB_LOOP(b)
		goto out;
out:
	iterations = 1;
}

static void leave_and_loop(sb_bench *b)
{
	SB_LOOP(b)
		goto out;
out:
	spend(b);
}

static void loop_twice(sb_bench *b)
{
	spend(b);
	spend(b);
}

static void nest(sb_bench *b)
{
	SB_LOOP(b)
		spend(b);
}

static void loop_never(sb_bench *b)
{
	(void)b;
}

START_TEST(each_way_of_leaving_the_loop_has_its_sentence)
{
	static const struct {
		void (*body)(sb_bench *b);
		const char *sentence;
	} rows[] = {
		{ spend, "" },
		{ leave_by_break, "the benchmark left SB_LOOP by break after 6 of 10 iterations" },
		{ leave_by_return,
		  "the benchmark left SB_LOOP by return or goto inside a sample of 10 iterations" },
		{ leave_by_goto,
		  "the benchmark left SB_LOOP by return or goto inside a sample of 10 iterations" },
		{ leave_and_loop,
		  "the benchmark entered SB_LOOP inside a sample: it left the loop by goto, or "
		  "nested two" },
		{ loop_twice, "the benchmark ran a second SB_LOOP; one loop takes all samples of a launch" },
		{ nest,
		  "the benchmark entered SB_LOOP inside a sample: it left the loop by goto, or nested two" },
		{ loop_never, "the benchmark ran no SB_LOOP, so nothing was timed" },
	};
	struct run run;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert_str_eq(outcome(&run, rows[i].body), rows[i].sentence);
}
END_TEST

static void continue_loop(sb_bench *b)
{
	SB_LOOP(b) {
		iterations++;
		now_ns++;
		if (iterations % 2)
			continue;
	}
}

START_TEST(continue_ends_an_iteration)
{
	struct run run;

	ck_assert_str_eq(outcome(&run, continue_loop), "");
	ck_assert_uint_eq(iterations, 200);
}
END_TEST

static uint64_t prepared, setups;

static void prepare(uint64_t count)
{
	ck_assert_uint_eq(prepared, 0);
	prepared = count;
	setups++;
	now_ns += 1000000; /* must not be seen in any sample */
}

static void consume(sb_bench *b)
{
	SB_LOOP_SETUP(b, prepare(sb_batch(b))) {
		prepared--;
		now_ns += 100;
	}
}

START_TEST(setup_makes_each_batch_untimed)
{
	struct run run;

	prepared = setups = 0;
	ck_assert_str_eq(outcome(&run, consume), "");
	ck_assert_uint_eq(setups, 20);
	ck_assert_uint_eq(prepared, 0);
	for (int i = 0; i < 20; i++)
		ck_assert_uint_eq(run.samples[i].ticks, 1000);
}
END_TEST

static void fail_in_setup(sb_bench *b)
{
	SB_LOOP_SETUP(b, sb_fail(b, "no input"))
		iterations++;
}

static void fail_before(sb_bench *b)
{
	sb_skip(b, "not here");
	sb_fail(b, "a later reason");
	spend(b);
}

static void fail_inside(sb_bench *b)
{
	SB_LOOP(b) {
		if (iterations++ == 25)
			sb_fail(b, "wrong answer");
	}
}

static void fail_and_return(sb_bench *b)
{
	SB_LOOP(b) {
		sb_fail(b, "wrong answer");
		return;
	}
}

START_TEST(a_failure_stops_the_loop_and_the_first_reason_stays)
{
	struct run run;

	ck_assert_str_eq(outcome(&run, fail_in_setup), "no input");
	ck_assert_uint_eq(iterations, 0);
	ck_assert_str_eq(outcome(&run, fail_before), "not here");
	ck_assert_int_eq(run.bench.status, SB_WIRE_SKIPPED);
	ck_assert_uint_eq(iterations, 0);
	ck_assert_str_eq(outcome(&run, fail_inside), "wrong answer");
	ck_assert_uint_eq(iterations, 30);
	ck_assert_str_eq(outcome(&run, fail_and_return), "wrong answer");
}
END_TEST

static char *pages;

static void touch_and_sleep(sb_bench *b)
{
	const long page = sysconf(_SC_PAGESIZE);

	SB_LOOP(b) {
		pages[iterations++ * (uint64_t)page] = 1;
		usleep(200);
	}
}

START_TEST(witnesses_count_what_happened_in_the_sample)
{
	const size_t size = 200 * (size_t)sysconf(_SC_PAGESIZE);
	struct run run;

	pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(pages, size, MADV_NOHUGEPAGE);
	ck_assert_str_eq(outcome(&run, touch_and_sleep), "");
	for (int i = 0; i < 20; i++) {
		ck_assert_uint_ge(run.samples[i].minor_faults, 10);
		/* where the CPU is stolen a timer can fire before the sleep begins */
		ck_assert_uint_ge(run.samples[i].voluntary_switches, 5);
	}
	ck_assert_str_eq(outcome(&run, spend), "");
	for (int i = 5; i < 20; i++) /* the first ones may touch code for the first time */
		ck_assert_uint_eq(run.samples[i].minor_faults + run.samples[i].voluntary_switches, 0);
}
END_TEST

UNIT_MAIN("lib/loop", each_way_of_leaving_the_loop_has_its_sentence, continue_ends_an_iteration,
	  setup_makes_each_batch_untimed, a_failure_stops_the_loop_and_the_first_reason_stays,
	  witnesses_count_what_happened_in_the_sample)
