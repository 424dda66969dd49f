/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about sampler: which batch is believed, which samples are kept, whose time counts. */
#include "bench.h"

#include <math.h>
#include <time.h>
#include "lib_fixture.h"

START_TEST(a_measurement_takes_what_was_asked_for)
{
	struct run run;

	run_init(&run, SB_WIRE_MEASURE, spend);
	run.bench.sampler.warmup = 3;
	sb_bench_run(&run.bench);
	ck_assert_int_eq(run.bench.status, SB_WIRE_OK);
	ck_assert_uint_eq(run.bench.sampler.count, 20);
	ck_assert_uint_eq(iterations, (20 + 3) * 10);
	for (int i = 0; i < 20; i++) {
		ck_assert_uint_eq(run.samples[i].ticks, 10 * 100);
		ck_assert_uint_eq(run.samples[i].iterations, 10);
		ck_assert_uint_eq(run.samples[i].flags, 0);
	}
}
END_TEST

START_TEST(warm_up_samples_are_not_kept)
{
	struct run run;

	run_init(&run, SB_WIRE_MEASURE, spend);
	run.bench.sampler.warmup = 1;
	run.bench.sampler.batch = 1;
	run.bench.sampler.wanted = 1;
	sb_bench_run(&run.bench);
	ck_assert_uint_eq(iterations, 2);
	ck_assert_uint_eq(run.bench.sampler.count, 1);
}
END_TEST

/* Gives up the CPU in every sample. */
static void spend_and_sleep(sb_bench *b)
{
	const struct timespec moment = { .tv_nsec = 1000000 }; /* not over before it has begun */

	SB_LOOP(b) {
		now_ns += iteration_ns;
		if (iterations++ % 10 == 0)
			nanosleep(&moment, NULL);
	}
}

START_TEST(samples_are_set_aside_for_a_cause_and_taken_again)
{
	static const struct {
		uint32_t causes;
		uint64_t retakes, aside;
	} rows[] = {
		{ SB_WIRE_CAUSE_VOLUNTARY_SWITCH, 5, 5 },
		{ SB_WIRE_CAUSE_VOLUNTARY_SWITCH, 0, 0 },
		{ SB_WIRE_CAUSE_MAJOR_FAULT, 5, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct sb_wire_request request = { .set_aside = rows[i].causes };
		struct run run;

		run_init(&run, SB_WIRE_MEASURE, spend_and_sleep);
		run.bench.sampler.request = &request;
		run.bench.sampler.retakes = rows[i].retakes;
		sb_bench_run(&run.bench);
		ck_assert_int_eq(run.bench.status, SB_WIRE_OK);
		ck_assert_uint_eq(run.bench.sampler.aside, rows[i].aside);
		ck_assert_uint_eq(run.bench.sampler.count, 20 + rows[i].aside);
		for (uint64_t k = 0; k < run.bench.sampler.count; k++) {
			ck_assert(run.samples[k].causes & SB_WIRE_CAUSE_VOLUNTARY_SWITCH);
			ck_assert_uint_eq(run.samples[k].flags,
					  k < rows[i].aside ? SB_WIRE_SAMPLE_SET_ASIDE : 0);
		}
	}
}
END_TEST

START_TEST(the_batch_grows_until_a_sample_is_long_enough)
{
	static const uint64_t costs[] = { 1, 7, 100, 33333, 900000 };
	struct run run;

	for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
		run_init(&run, SB_WIRE_CALIBRATE, spend);
		iteration_ns = costs[i];
		sb_bench_run(&run.bench);
		const uint64_t sample_ns = run.bench.sampler.batch * costs[i];
		ck_assert_uint_ge(sample_ns, TARGET_NS);
		ck_assert_uint_le(sample_ns, 2 * TARGET_NS);
		ck_assert_uint_eq(run.bench.sampler.count, 20);
		ck_assert_uint_eq(run.samples[19].ticks, sample_ns);
		ck_assert_uint_lt(now_ns, 30 * 2 * TARGET_NS); /* calibration is a small part of the whole */
	}
}
END_TEST

static uint64_t preempted_at; /* iteration that takes 5 ms more */

static void spend_preempted(sb_bench *b)
{
	SB_LOOP(b) {
		now_ns += iteration_ns + (iterations == preempted_at ? 5 * TARGET_NS : 0);
		iterations++;
	}
}

START_TEST(one_preemption_does_not_shorten_the_batch)
{
	struct run run;

	for (preempted_at = 0; preempted_at < 40000; preempted_at += 1 + preempted_at / 3) {
		run_init(&run, SB_WIRE_CALIBRATE, spend_preempted);
		sb_bench_run(&run.bench);
		ck_assert_uint_ge(run.bench.sampler.batch * iteration_ns, TARGET_NS);
	}
}
END_TEST

START_TEST(a_sample_has_a_thousand_ticks)
{
	struct run run;

	run_init(&run, SB_WIRE_CALIBRATE, spend);
	run.bench.sampler.sample_ns = 1;
	run.bench.sampler.ns_per_tick = 50;
	sb_bench_run(&run.bench);
	ck_assert_uint_ge(run.samples[0].ticks, 1000);
}
END_TEST

START_TEST(max_batch_bounds_a_sample)
{
	struct run run;

	run_init(&run, SB_WIRE_CALIBRATE, spend);
	run.options.max_batch = 64;
	run.bench.sampler.max_batch = 64;
	sb_bench_run(&run.bench);
	ck_assert_uint_eq(run.bench.sampler.batch, 64);
	ck_assert_uint_eq(run.bench.sampler.count, 20);
}
END_TEST

START_TEST(a_batch_beyond_max_batch_is_refused)
{
	struct run run;

	run_init(&run, SB_WIRE_MEASURE, spend);
	run.bench.sampler.max_batch = 9;
	sb_bench_run(&run.bench);
	ck_assert_str_eq(run.bench.reason,
			 "10 iterations per sample were asked for, and the benchmark allows only 9");
	ck_assert_uint_eq(iterations, 0);
}
END_TEST

START_TEST(a_long_iteration_means_batch_one_and_few_samples)
{
	struct run run;

	run_init(&run, SB_WIRE_CALIBRATE, spend);
	iteration_ns = 3000000000;
	sb_bench_run(&run.bench);
	ck_assert_uint_eq(run.bench.sampler.batch, 1);
	ck_assert_uint_eq(run.bench.sampler.count, 2);
	ck_assert_uint_eq(iterations, 4);
}
END_TEST

START_TEST(an_iteration_a_little_too_long_costs_no_samples)
{
	struct run run;

	run_init(&run, SB_WIRE_CALIBRATE, spend);
	iteration_ns = 3 * TARGET_NS;
	sb_bench_run(&run.bench);
	ck_assert_uint_eq(run.bench.sampler.count, 20);
}
END_TEST

START_TEST(a_body_that_takes_no_time_is_named)
{
	struct run run;

	run_init(&run, SB_WIRE_CALIBRATE, spend);
	iteration_ns = 0;
	sb_bench_run(&run.bench);
	ck_assert_str_eq(run.bench.reason,
			 "an iteration takes no time: the compiler has removed the loop body; "
			 "keep its result with sb_keep");
}
END_TEST

static void record_well(sb_bench *b)
{
	SB_LOOP(b) {
		now_ns += 7;
		sb_record_ns(b, 1000.25);
	}
}

static void record_twice(sb_bench *b)
{
	SB_LOOP(b) {
		sb_record_ns(b, 1);
		sb_record_ns(b, 1);
	}
}

static void record_sometimes(sb_bench *b)
{
	SB_LOOP(b) {
		if (iterations++ % 10 < 9)
			sb_record_ns(b, 1);
	}
}

static void record_later(sb_bench *b)
{
	SB_LOOP(b) {
		if (iterations++ >= 50)
			sb_record_ns(b, 1);
	}
}

static void record_outside(sb_bench *b)
{
	sb_record_ns(b, 1);
	spend(b);
}

static void record_nan(sb_bench *b)
{
	SB_LOOP(b)
		sb_record_ns(b, NAN);
}

static void record_negative(sb_bench *b)
{
	SB_LOOP(b)
		sb_record_ns(b, -1);
}

static void record_nothing(sb_bench *b)
{
	SB_LOOP(b)
		sb_record_ns(b, 0);
}

static void record_ages(sb_bench *b)
{
	SB_LOOP(b)
		sb_record_ns(b, 1e300);
}

START_TEST(recorded_time_replaces_the_clock)
{
	struct run run;

	ck_assert_str_eq(outcome(&run, record_well), "");
	for (int i = 0; i < 20; i++) {
		ck_assert_uint_eq(run.samples[i].ticks, 10003); /* 10002.5, to whole nanoseconds */
		ck_assert_uint_eq(run.samples[i].flags, SB_WIRE_SAMPLE_IN_NS);
	}
}
END_TEST

START_TEST(recorded_time_is_given_once_in_every_iteration)
{
	static const struct {
		void (*body)(sb_bench *b);
		const char *sentence;
	} rows[] = {
		{ record_twice,
		  "sb_record_ns was called 20 times in a sample of 10 iterations; call it once in every "
		  "iteration" },
		{ record_sometimes,
		  "sb_record_ns was called 9 times in a sample of 10 iterations; call it once in "
		  "every iteration" },
		{ record_later,
		  "sb_record_ns was called in some samples and not in others; call it once in every "
		  "iteration" },
		{ record_outside, "sb_record_ns was called outside SB_LOOP" },
		{ record_nan, "sb_record_ns was given nan; it takes a finite number of at least 0" },
		{ record_negative, "sb_record_ns was given -1; it takes a finite number of at least 0" },
		{ record_nothing, "sb_record_ns added up to 0 ns in a sample, which is no time" },
		{ record_ages, "sb_record_ns added up to 1e+301 ns in a sample, which is no time" },
	};
	struct run run;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert_str_eq(outcome(&run, rows[i].body), rows[i].sentence);
}
END_TEST

UNIT_MAIN("lib/sampler", a_measurement_takes_what_was_asked_for,
	  samples_are_set_aside_for_a_cause_and_taken_again, warm_up_samples_are_not_kept,
	  the_batch_grows_until_a_sample_is_long_enough, one_preemption_does_not_shorten_the_batch,
	  a_sample_has_a_thousand_ticks, max_batch_bounds_a_sample, a_batch_beyond_max_batch_is_refused,
	  a_long_iteration_means_batch_one_and_few_samples, an_iteration_a_little_too_long_costs_no_samples,
	  a_body_that_takes_no_time_is_named, recorded_time_replaces_the_clock,
	  recorded_time_is_given_once_in_every_iteration)
