/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about loop and sampler, on a clock that only the bodies move. */
#include "bench.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "unit.h"

enum { ROOM = 64, TARGET_NS = 1000000 };

static uint64_t now_ns;	      /* the clock */
static uint64_t iteration_ns; /* what bodies move it by */
static uint64_t iterations;   /* that bodies ran */

static uint64_t fake_read(void)
{
	return now_ns;
}

static const struct sb_clock fake_clock = { fake_read, fake_read };

struct run {
	struct sb_wire_sample samples[ROOM];
	struct sb_registration registration;
	struct sb_options options;
	struct sb_case picked;
	struct sb_bench bench;
};

static void run_init(struct run *run, uint32_t mode, void (*body)(sb_bench *b))
{
	*run = (struct run){ .registration = { .name = "b", .file = "a.c", .body = body } };
	run->registration.options = &run->options;
	run->picked.registration = &run->registration;
	run->bench = (struct sb_bench){ .clock = &fake_clock, .picked = &run->picked };
	run->bench.sampler = (struct sb_sampler){ .mode = mode,
						  .batch = 10,
						  .wanted = 20,
						  .sample_ns = TARGET_NS,
						  .ns_per_tick = 1,
						  .samples = run->samples };
	now_ns = iterations = 0;
	iteration_ns = 100;
}

static void spend(sb_bench *b)
{
	SB_LOOP(b) {
		now_ns += iteration_ns;
		iterations++;
	}
}

/* Runs one body; gives what the case came to: the reason, or "" when it is fine. */
static const char *outcome(struct run *run, void (*body)(sb_bench *b))
{
	run_init(run, SB_WIRE_MEASURE, body);
	sb_bench_run(&run->bench);
	ck_assert((run->bench.status == SB_WIRE_OK) == (run->bench.reason[0] == '\0'));
	return run->bench.reason;
}

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

static char course[64];

static void set_up(sb_bench *b)
{
	strcat(course, "setup ");
	sb_state_set(b, course);
}

static void set_up_nothing(sb_bench *b)
{
	sb_skip(b, "nothing to do");
}

static void use(sb_bench *b)
{
	strcat(sb_state(b), "body ");
	sb_fail(b, "wrong answer");
}

static void tear_down(sb_bench *b)
{
	strcat(sb_state(b), "teardown");
}

START_TEST(teardown_follows_the_body_also_where_it_failed)
{
	struct run run;

	run_init(&run, SB_WIRE_MEASURE, use);
	run.options.setup = set_up;
	run.options.teardown = tear_down;
	sb_bench_run(&run.bench);
	ck_assert_str_eq(course, "setup body teardown");
	ck_assert_str_eq(run.bench.reason, "wrong answer");
}
END_TEST

START_TEST(a_setup_that_skips_leaves_nothing_to_tear_down)
{
	struct run run;

	run_init(&run, SB_WIRE_MEASURE, use);
	run.options.setup = set_up_nothing;
	run.options.teardown = tear_down;
	sb_bench_run(&run.bench);
	ck_assert_str_eq(course, "");
	ck_assert_int_eq(run.bench.status, SB_WIRE_SKIPPED);
}
END_TEST

static void ask_unknown(sb_bench *b)
{
	ck_assert_int_eq(sb_arg(b, "length"), 0);
}

static void ask_number_of_text(sb_bench *b)
{
	ck_assert_int_eq(sb_arg(b, "kind"), 0);
}

static void ask_text_of_number(sb_bench *b)
{
	ck_assert_str_eq(sb_arg_text(b, "size"), "");
}

static void ask_well(sb_bench *b)
{
	ck_assert_int_eq(sb_arg(b, "size"), 20);
	ck_assert_str_eq(sb_arg_text(b, "kind"), "first");
	spend(b);
}

START_TEST(values_are_asked_for_by_axis_and_kind)
{
	static const struct sb_options options = { .args = { SB_AXIS(size, 10, 20),
							     SB_AXIS(kind, "first") } };
	static const struct {
		void (*body)(sb_bench *b);
		const char *sentence;
	} rows[] = {
		{ ask_well, "" },
		{ ask_unknown, "the benchmark has no axis 'length'" },
		{ ask_number_of_text, "axis 'kind' holds text; ask for it with sb_arg_text" },
		{ ask_text_of_number, "axis 'size' holds integers; ask for it with sb_arg" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct run run;
		run_init(&run, SB_WIRE_MEASURE, rows[i].body);
		run.options = options;
		run.picked.picks[0] = 1;
		sb_bench_run(&run.bench);
		ck_assert_str_eq(run.bench.reason, rows[i].sentence);
	}
}
END_TEST

static void wrong_throughput(sb_bench *b)
{
	sb_elements(b, 3);
	sb_bytes(b, INFINITY);
	spend(b);
}

START_TEST(throughput_is_a_finite_amount)
{
	struct run run;

	ck_assert_str_eq(outcome(&run, wrong_throughput),
			 "sb_bytes was given inf; it takes a finite number of at least 0");
	ck_assert_double_eq(run.bench.elements, 3);
}
END_TEST

static char *pages;

static void touch_and_sleep(sb_bench *b)
{
	const long page = sysconf(_SC_PAGESIZE);

	SB_LOOP(b) {
		pages[iterations++ * (uint64_t)page] = 1;
		usleep(200); /* long enough that the timer cannot fire before the sleep */
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
		ck_assert_uint_ge(run.samples[i].voluntary_switches, 10);
	}
	ck_assert_str_eq(outcome(&run, spend), "");
	for (int i = 5; i < 20; i++) /* the first ones may touch code for the first time */
		ck_assert_uint_eq(run.samples[i].minor_faults + run.samples[i].voluntary_switches, 0);
}
END_TEST

UNIT_MAIN("lib/loop", a_measurement_takes_what_was_asked_for, warm_up_samples_are_not_kept,
	  the_batch_grows_until_a_sample_is_long_enough, one_preemption_does_not_shorten_the_batch,
	  a_sample_has_a_thousand_ticks, max_batch_bounds_a_sample, a_batch_beyond_max_batch_is_refused,
	  a_long_iteration_means_batch_one_and_few_samples, an_iteration_a_little_too_long_costs_no_samples,
	  a_body_that_takes_no_time_is_named, each_way_of_leaving_the_loop_has_its_sentence,
	  continue_ends_an_iteration, recorded_time_replaces_the_clock,
	  recorded_time_is_given_once_in_every_iteration, setup_makes_each_batch_untimed,
	  a_failure_stops_the_loop_and_the_first_reason_stays, teardown_follows_the_body_also_where_it_failed,
	  a_setup_that_skips_leaves_nothing_to_tear_down, values_are_asked_for_by_axis_and_kind,
	  throughput_is_a_finite_amount, witnesses_count_what_happened_in_the_sample)
