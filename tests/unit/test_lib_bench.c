/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about bench: the course of a case, and what a body may ask for. */
#include "bench.h"

#include <math.h>
#include <string.h>
#include "lib_fixture.h"

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

UNIT_MAIN("lib/bench", teardown_follows_the_body_also_where_it_failed,
	  a_setup_that_skips_leaves_nothing_to_tear_down, values_are_asked_for_by_axis_and_kind,
	  throughput_is_a_finite_amount)
