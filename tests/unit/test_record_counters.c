/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about record/record_counters: what counters come to per iteration, and from which samples. */
#include "record/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "unit.h"

enum { SAMPLES = 4, ITERATIONS = 100, OVERHEAD = 30 };

struct fixture {
	struct record record;
	struct record_case *c;
};

static void fixture_init(struct fixture *fixture)
{
	record_init(&fixture->record);
	fixture->c = record_add_case(&fixture->record, "suite/group/case", "");
	record_case_add_counter(fixture->c, "cycles");
	record_case_add_counter(fixture->c, "branch-misses");
}

/* A launch that counted one of the two: so many events in an iteration. */
static struct record_launch *add_launch(struct fixture *fixture, size_t counter, uint64_t each)
{
	struct record_launch *launch = record_case_add_launch(fixture->c, SAMPLES);

	launch->counter_count = 1;
	launch->counters[0] = (struct record_launch_counter){ .index = counter, .overhead = OVERHEAD };
	for (size_t i = 0; i < SAMPLES; i++)
		launch->samples[i] = (struct record_sample){ .time_s = 1e-3,
							     .iterations = ITERATIONS,
							     .counters = { ITERATIONS * each + OVERHEAD } };
	return launch;
}

START_TEST(events_of_the_bracket_are_taken_off)
{
	struct fixture fixture;

	fixture_init(&fixture);
	for (int i = 0; i < 5; i++)
		add_launch(&fixture, 0, 200);
	record_case_summarise_counters(fixture.c);
	ck_assert_double_eq_tol(fixture.c->counters[0].per_iteration, 200, 1e-9);
	ck_assert_double_eq_tol(fixture.c->counters[0].ci95[0], 200, 1e-9);
	ck_assert_double_eq_tol(fixture.c->counters[0].ci95[1], 200, 1e-9);
	record_release(&fixture.record);
}
END_TEST

/* What a launch counts depends on its pass. */
START_TEST(each_counter_comes_from_the_launches_that_had_it)
{
	struct fixture fixture;

	fixture_init(&fixture);
	for (uint64_t i = 0; i < 6; i++)
		add_launch(&fixture, i % 2, i % 2 ? 3 : 100 + i);
	record_case_summarise_counters(fixture.c);
	ck_assert_double_eq_tol(fixture.c->counters[0].per_iteration, cbrt(100 * 102 * 104), 1e-9);
	ck_assert_double_lt(fixture.c->counters[0].ci95[0], 100);
	ck_assert_double_gt(fixture.c->counters[0].ci95[1], 104);
	ck_assert_double_eq_tol(fixture.c->counters[1].per_iteration, 3, 1e-9);
	record_release(&fixture.record);
}
END_TEST

START_TEST(samples_set_aside_or_not_counted_in_full_are_left_out)
{
	struct record_launch *launch;
	struct fixture fixture;

	fixture_init(&fixture);
	launch = add_launch(&fixture, 0, 10);
	launch->samples[0].set_aside = true;
	launch->samples[0].counters[0] = 1000000;
	launch->samples[1].uncounted = true;
	launch->samples[1].counters[0] = 0;
	launch->samples[2].causes = RECORD_CAUSE_WAITED; /* disturbed, and counts */
	launch->samples[2].counters[0] += 2 * ITERATIONS;
	record_case_summarise_counters(fixture.c);
	ck_assert_double_eq_tol(fixture.c->counters[0].per_iteration, 11, 1e-9);
	ck_assert_double_nan(fixture.c->counters[0].ci95[0]); /* one launch has no interval */
	record_release(&fixture.record);
}
END_TEST

/* Of each event by itself: what a pass loses the other one has. */
START_TEST(samples_that_count_and_those_of_them_that_were_counted_are_told)
{
	struct record_launch *launch;
	struct fixture fixture;

	fixture_init(&fixture);
	launch = add_launch(&fixture, 0, 10);
	launch->samples[0].set_aside = true;
	launch->samples[1].uncounted = true;
	launch->samples[2].set_aside = launch->samples[2].uncounted = true;
	launch = add_launch(&fixture, 0, 10);
	for (size_t k = 0; k < SAMPLES; k++)
		launch->samples[k].uncounted = true;
	add_launch(&fixture, 1, 10);
	record_case_summarise_counters(fixture.c);
	record_case_summarise_counters(fixture.c);
	ck_assert_int_eq(fixture.c->counters[0].status, RECORD_COUNTER_COUNTED);
	ck_assert_uint_eq(fixture.c->counters[0].samples, 2 + SAMPLES);
	ck_assert_uint_eq(fixture.c->counters[0].counted, 1);
	ck_assert_uint_eq(fixture.c->counters[1].samples, SAMPLES);
	ck_assert_uint_eq(fixture.c->counters[1].counted, SAMPLES);
	record_release(&fixture.record);
}
END_TEST

START_TEST(a_counter_that_the_exec_ended_is_lost_for_that)
{
	struct fixture fixture;

	fixture_init(&fixture);
	for (int i = 0; i < 2; i++) {
		struct record_launch *launch = add_launch(&fixture, 0, 10);

		launch->is_detached = true;
		for (size_t k = 0; k < SAMPLES; k++)
			launch->samples[k].uncounted = true;
	}
	record_case_summarise_counters(fixture.c);
	ck_assert_int_eq(fixture.c->counters[0].status, RECORD_COUNTER_LOST);
	ck_assert_ptr_nonnull(strstr(fixture.c->counters[0].reason, "the benches' user may not read"));
	record_release(&fixture.record);
}
END_TEST

START_TEST(a_counter_that_a_thread_did_not_get_is_lost_for_that)
{
	struct record_launch *launch;
	struct fixture fixture;

	fixture_init(&fixture);
	launch = add_launch(&fixture, 0, 10);
	launch->is_partly_counted = true;
	for (size_t k = 0; k < SAMPLES; k++)
		launch->samples[k].uncounted = true;
	record_case_summarise_counters(fixture.c);
	ck_assert_int_eq(fixture.c->counters[0].status, RECORD_COUNTER_LOST);
	ck_assert_str_eq(fixture.c->counters[0].reason,
			 "a thread of the benchmark got no counters of its own");
	record_release(&fixture.record);
}
END_TEST

START_TEST(a_counter_that_never_ran_in_full_is_lost_and_has_no_number)
{
	struct fixture fixture;

	fixture_init(&fixture);
	for (int i = 0; i < 3; i++)
		for (size_t k = 0; k < SAMPLES; k++)
			add_launch(&fixture, 0, 10)->samples[k].uncounted = true;
	for (size_t i = 0; i < fixture.c->launch_count; i++)
		for (size_t k = 0; k < SAMPLES; k++)
			fixture.c->launches[i].samples[k].uncounted = true;
	record_case_summarise_counters(fixture.c);
	record_case_summarise_counters(fixture.c);
	ck_assert_int_eq(fixture.c->counters[0].status, RECORD_COUNTER_LOST);
	ck_assert_str_eq(fixture.c->counters[0].reason,
			 "it did not run all the time, or was reset, in any sample");
	ck_assert_double_nan(fixture.c->counters[0].per_iteration);
	ck_assert_str_eq(fixture.c->counters[1].reason,
			 "there were fewer launches than passes to count all events in");
	ck_assert_double_nan(fixture.c->counters[1].per_iteration);
	record_release(&fixture.record);
}
END_TEST

START_TEST(what_happens_in_few_samples_is_in_the_mean)
{
	struct fixture fixture;

	fixture_init(&fixture);
	for (uint64_t i = 0; i < 5; i++) {
		struct record_launch *launch = add_launch(&fixture, 0, 0);

		launch->samples[i % SAMPLES].counters[0] += 8;
		launch->samples[0].iterations = 5 * ITERATIONS; /* each iteration weighs the same */
	}
	record_case_summarise_counters(fixture.c);
	ck_assert_double_eq_tol(fixture.c->counters[0].per_iteration, 0.01, 1e-12);
	record_release(&fixture.record);
}
END_TEST

START_TEST(none_at_all_is_a_number_too)
{
	struct fixture fixture;

	fixture_init(&fixture);
	for (uint64_t i = 0; i < 4; i++)
		add_launch(&fixture, 0, i % 2)->samples[0].counters[0] = OVERHEAD - 1;
	record_case_summarise_counters(fixture.c);
	/* 0 and 299 events in 400 iterations, two launches each */
	ck_assert_double_eq_tol(fixture.c->counters[0].per_iteration, 0.7475 / 2, 1e-12);
	ck_assert_double_eq(fixture.c->counters[0].ci95[0], 0);
	/* t of 3 degrees of freedom times the standard error */
	ck_assert_double_eq_tol(fixture.c->counters[0].ci95[1],
				0.7475 * (0.5 + 3.182446305 * sqrt(1. / 3) / 2), 1e-8);
	record_release(&fixture.record);
}
END_TEST

START_TEST(what_cannot_be_is_not_believed)
{
	static const struct {
		uint64_t cycles, instructions;
		bool is_lost;
	} pairs[] = { { 100, 0, true },	    { 0, 100, true },	{ 100, 1601, true },
		      { 100, 1600, false }, { 100, 10, false }, { 0, 0, false } };

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct fixture fixture;

		fixture_init(&fixture);
		record_case_add_counter(fixture.c, "instructions");
		add_launch(&fixture, 0, pairs[i].cycles);
		add_launch(&fixture, 2, pairs[i].instructions);
		add_launch(&fixture, 1, 7);
		record_case_summarise_counters(fixture.c);
		for (size_t k = 0; k <= 2; k += 2) {
			ck_assert_int_eq(fixture.c->counters[k].status == RECORD_COUNTER_LOST,
					 pairs[i].is_lost);
			ck_assert_int_eq(isnan(fixture.c->counters[k].per_iteration) != 0, pairs[i].is_lost);
		}
		ck_assert_int_eq(fixture.c->counters[1].status, RECORD_COUNTER_COUNTED);
		record_release(&fixture.record);
	}
}
END_TEST

START_TEST(a_clock_is_derived_only_from_time_that_is_the_benchmark_s)
{
	struct derived derived[DERIVED_MAX];
	struct record_launch *launch;
	struct fixture fixture;

	fixture_init(&fixture);
	free(fixture.c->counters[0].name);
	fixture.c->counters[0].name = alloc_text("cycles:uk");
	launch = add_launch(&fixture, 0, 2000);
	fixture.c->estimate_s = 1e-6;
	record_case_summarise_counters(fixture.c);
	ck_assert_uint_eq(record_case_derive(fixture.c, derived), 1);
	ck_assert_str_eq(derived[0].name, "effective-frequency:uk");
	launch->samples[1].causes = RECORD_CAUSE_VOLUNTARY_SWITCH; /* it slept */
	ck_assert_uint_eq(record_case_derive(fixture.c, derived), 0);
	launch->samples[1].causes = 0;
	record_case_flag(fixture.c, "sum");
	ck_assert_uint_eq(record_case_derive(fixture.c, derived), 0);
	record_release(&fixture.record);
}
END_TEST

START_TEST(a_clock_of_several_threads_is_of_the_time_of_all_of_them)
{
	struct derived derived[DERIVED_MAX];
	struct record_thread part = { .median_s = 0.5e-6 };
	struct record_launch *launch;
	struct fixture fixture;

	fixture_init(&fixture);
	free(fixture.c->counters[0].name);
	fixture.c->counters[0].name = alloc_text("cycles:uk");
	launch = add_launch(&fixture, 0, 2000);
	fixture.c->estimate_s = 1.5e-6;
	fixture.c->threads = 2;
	record_case_summarise_counters(fixture.c);
	ck_assert_uint_eq(record_case_derive(fixture.c, derived), 0); /* nobody tells how long each took */
	record_launch_add_thread(launch, &part);
	part.median_s = 1.5e-6;
	record_launch_add_thread(launch, &part);
	ck_assert_uint_eq(record_case_derive(fixture.c, derived), 1);
	ck_assert_double_eq_tol(derived[0].value, fixture.c->counters[0].per_iteration / 2e-6, 1e-3);
	record_case_flag(fixture.c, "serialised");
	ck_assert_uint_eq(record_case_derive(fixture.c, derived), 0);
	record_release(&fixture.record);
}
END_TEST

START_TEST(thieves_add_up_by_kind_and_name)
{
	const struct record_thief thieves[] = {
		{ RECORD_THIEF_TASK, (char *)"kworker/1:1", 1, 1e-3, NULL, NULL },
		{ RECORD_THIEF_INTERRUPT, (char *)"timer", 1, 1e-6, (char *)"irq-affinity", NULL },
		{ RECORD_THIEF_TASK, (char *)"kworker/1:1", 2, 2e-3, NULL, NULL },
	};
	struct fixture fixture;

	fixture_init(&fixture);
	for (size_t i = 0; i < 3; i++)
		record_case_add_thief(fixture.c, &thieves[i]);
	ck_assert_uint_eq(fixture.c->thief_count, 2);
	ck_assert_uint_eq(fixture.c->thieves[0].count, 3);
	ck_assert_double_eq_tol(fixture.c->thieves[0].stolen_s, 3e-3, 1e-12);
	ck_assert_str_eq(fixture.c->thieves[1].knob, "irq-affinity");
	record_release(&fixture.record);
}
END_TEST

UNIT_MAIN("record/counters", events_of_the_bracket_are_taken_off,
	  each_counter_comes_from_the_launches_that_had_it,
	  samples_set_aside_or_not_counted_in_full_are_left_out,
	  samples_that_count_and_those_of_them_that_were_counted_are_told,
	  a_counter_that_the_exec_ended_is_lost_for_that,
	  a_counter_that_a_thread_did_not_get_is_lost_for_that,
	  a_counter_that_never_ran_in_full_is_lost_and_has_no_number, none_at_all_is_a_number_too,
	  what_happens_in_few_samples_is_in_the_mean, what_cannot_be_is_not_believed,
	  a_clock_is_derived_only_from_time_that_is_the_benchmark_s,
	  a_clock_of_several_threads_is_of_the_time_of_all_of_them, thieves_add_up_by_kind_and_name)
