/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about run/collect: what the record keeps of a launch. */
#include "run/collect.h"
#include <errno.h>

#include <math.h>

#include "attempt_fixture.h"

static const struct run_clock raw = { .kind = SB_WIRE_CLOCK_RAW, .ns_per_tick = 1 };
static const struct collect_setting plain = { .clock = &raw };
static const struct run_clock tsc = { .kind = SB_WIRE_CLOCK_COUNTER, .ns_per_tick = 0.4 };

struct session {
	struct fixture fixture;
	struct record record;
	struct record_case *c;
	struct record_launch *launch;
};

static void session_init(struct session *session)
{
	fixture_init(&session->fixture, SB_WIRE_MEASURE);
	session->fixture.attempt.result = session->fixture.result;
	record_init(&session->record);
	session->c = record_add_case(&session->record, "suite/case", "");
	session->launch = record_case_add_launch(session->c, FIXTURE_SAMPLES);
}

static void session_release(struct session *session)
{
	record_release(&session->record);
	fixture_release(&session->fixture);
}

START_TEST(ticks_become_seconds_by_the_clock_of_the_session)
{
	static const struct {
		const struct run_clock *clock;
		uint32_t flags;
		double tick_s;
	} rows[] = {
		{ &raw, 0, 1e-9 },
		{ &tsc, 0, 0.4e-9 },
		{ &tsc, SB_WIRE_SAMPLE_IN_NS, 1e-9 }, /* a time that the benchmark took itself */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double times[FIXTURE_SAMPLES];
		struct session session;

		session_init(&session);
		for (int k = 0; k < FIXTURE_SAMPLES; k++)
			session.fixture.samples[k].flags = rows[i].flags;
		collect_times(&session.fixture.attempt, rows[i].clock, times);
		collect_launch(&session.fixture.attempt, &(struct collect_setting){ .clock = rows[i].clock },
			       session.launch);
		for (int k = 0; k < FIXTURE_SAMPLES; k++) {
			const double wanted = 1e6 * (k + 1) * rows[i].tick_s;

			ck_assert_double_eq_tol(session.launch->samples[k].time_s, wanted, 1e-15);
			ck_assert_double_eq_tol(times[k], wanted / FIXTURE_BATCH, 1e-18);
		}
		ck_assert_double_eq_tol(session.launch->median_s, 2500 * rows[i].tick_s, 1e-18);
		session_release(&session);
	}
}
END_TEST

START_TEST(every_witness_that_moved_is_a_cause_of_its_sample_alone)
{
	struct session session;
	struct sb_wire_sample *samples;

	session_init(&session);
	samples = session.fixture.samples;
	samples[0].cpu = 3; /* where it began is not known: no migration */
	samples[0].voluntary_switches = 2;
	samples[1].cpu = 3;
	samples[1].involuntary_switches = 5;
	samples[2].cpu = 3;
	samples[2].minor_faults = 7;
	samples[2].involuntary_switches = samples[2].own_switches = 2;
	samples[3].cpu = 1;
	samples[3].major_faults = 1;
	collect_launch(&session.fixture.attempt, &plain, session.launch);
	ck_assert_uint_eq(session.launch->samples[0].causes, RECORD_CAUSE_VOLUNTARY_SWITCH);
	ck_assert_uint_eq(session.launch->samples[1].causes, RECORD_CAUSE_INVOLUNTARY_SWITCH);
	ck_assert_uint_eq(session.launch->samples[2].causes, RECORD_CAUSE_OWN_SWITCH);
	ck_assert_uint_eq(session.launch->samples[2].own_switches, 2);
	ck_assert_uint_eq(session.launch->samples[3].causes,
			  RECORD_CAUSE_MAJOR_FAULT | RECORD_CAUSE_MIGRATION);
	ck_assert_uint_eq(session.launch->samples[0].voluntary_switches, 2);
	ck_assert_uint_eq(session.launch->samples[1].involuntary_switches, 5);
	ck_assert_uint_eq(session.launch->samples[2].minor_faults, 7);
	ck_assert_uint_eq(session.launch->samples[3].major_faults, 1);
	ck_assert_uint_eq(session.launch->samples[3].cpu, 1);
	session_release(&session);
}
END_TEST

START_TEST(samples_set_aside_are_kept_and_left_out_of_the_median)
{
	struct session session;

	session_init(&session);
	session.fixture.attempt.started.started_ns = 2000000000;
	session.fixture.samples[3].flags = SB_WIRE_SAMPLE_SET_ASIDE;
	session.fixture.samples[3].involuntary_switches = 1;
	session.fixture.samples[3].begin_ns = 2500000000;
	session.fixture.samples[3].wait_ns = 3000000;
	session.fixture.samples[3].cpu_ns = 1000000;
	session.fixture.result->set_aside = 1;
	session.launch->started_s = 10;
	collect_launch(&session.fixture.attempt, &plain, session.launch);
	ck_assert_uint_eq(session.launch->retaken, 1);
	ck_assert_double_eq_tol(session.launch->median_s, 2e-6, 1e-18);
	ck_assert(session.launch->samples[3].set_aside && !session.launch->samples[2].set_aside);
	ck_assert_uint_eq(session.launch->samples[3].causes,
			  RECORD_CAUSE_INVOLUNTARY_SWITCH | RECORD_CAUSE_WAITED);
	ck_assert_double_eq_tol(session.launch->samples[3].begin_s, 10.5, 1e-12);
	ck_assert_double_eq_tol(session.launch->samples[3].wait_s, 3e-3, 1e-15);
	ck_assert_double_eq_tol(session.launch->samples[3].cpu_s, 1e-3, 1e-15);
	ck_assert_double_eq(session.launch->samples[2].begin_s, 0);
	session_release(&session);
}
END_TEST

START_TEST(what_was_read_around_a_sample_is_kept_with_it)
{
	const struct collect_setting setting = { .clock = &raw, .witness_rows = 1u << 4 | 1u << 9 };
	struct record_sample *kept;
	struct session session;

	session_init(&session);
	session.fixture.attempt.asked.counters = 2;
	session.fixture.result->counters_by = SB_WIRE_READ_CALL;
	session.fixture.result->counter_overhead[1] = 17;
	session.fixture.samples[1] = (struct sb_wire_sample){
		.ticks = 1,
		.iterations = 1,
		.flags = SB_WIRE_SAMPLE_UNCOUNTED,
		.counters = { 5, 6 },
		.witnesses = { 1, 2 },
		.theft = { .ns = { 100, 20, 3 },
			   .count = { 1, 1, 1 },
			   .most = { { 50, 0, 7, "kworker/1:1" }, { 60, 1, 31, "eth0" } } }
	};
	session.launch->counter_count = 2;
	collect_launch(&session.fixture.attempt, &setting, session.launch);
	kept = session.launch->samples;
	ck_assert_uint_eq(session.launch->counters[1].overhead, 17);
	ck_assert(kept[1].uncounted && !kept[0].uncounted);
	ck_assert_uint_eq(kept[1].counters[1], 6);
	ck_assert_uint_eq(kept[1].witnesses[4], 1);
	ck_assert_uint_eq(kept[1].witnesses[9], 2);
	ck_assert_uint_eq(kept[1].witnesses[0], 0);
	ck_assert_double_eq_tol(kept[1].stolen_s, 123e-9, 1e-18);
	ck_assert_double_eq_tol(kept[1].kind_s[SB_WIRE_THEFT_INTERRUPT], 20e-9, 1e-18);
	ck_assert_uint_eq(kept[1].thefts[SB_WIRE_THEFT_SOFTIRQ], 1);
	ck_assert_uint_eq(kept[1].thefts[SB_WIRE_THEFT_TIMER], 0);
	ck_assert_str_eq(kept[1].thief, "kworker/1:1");
	ck_assert_int_eq(kept[1].thief_kind, RECORD_THIEF_TASK);
	ck_assert_int_eq(kept[0].thief_kind, RECORD_THIEF_NOBODY);
	ck_assert_uint_eq(kept[1].causes, RECORD_CAUSE_STOLEN);
	ck_assert(!session.launch->is_detached);		 /* nobody asked for witnesses */
	session.fixture.result->counters_by = SB_WIRE_READ_NONE; /* they stood still from the start */
	session.fixture.attempt.asked.witnesses = 2;
	session.fixture.result->witnesses_by = SB_WIRE_READ_CALL;
	collect_launch(&session.fixture.attempt, &setting, session.launch);
	ck_assert(kept[0].uncounted && !session.launch->is_detached);
	session.fixture.result->witnesses_by = SB_WIRE_READ_NONE;
	collect_launch(&session.fixture.attempt, &setting, session.launch);
	ck_assert(session.launch->is_detached);
	ck_assert_uint_eq(kept[1].witnesses[4], 0);
	session_release(&session);
}
END_TEST

START_TEST(thieves_come_with_what_would_keep_them_away)
{
	struct keeper_thieves *thieves;
	struct session session;

	session_init(&session);
	thieves = &session.fixture.attempt.ended.thieves;
	thieves->count = 3;
	thieves->rows[0] = (struct keeper_thief){
		.kind = SB_WIRE_THEFT_TASK, .name = "kworker/1:1", .count = 2, .ns = 1500
	};
	thieves->rows[1] =
		(struct keeper_thief){ .kind = SB_WIRE_THEFT_TIMER, .name = "x\ny", .count = 1, .ns = 1 };
	thieves->rows[2].kind = SB_WIRE_THEFT_KINDS;
	collect_thieves(&session.fixture.attempt, &raw, session.c);
	ck_assert_uint_eq(session.c->thief_count, 0); /* nobody watched */
	thieves->is_known = 1;
	collect_thieves(&session.fixture.attempt, &raw, session.c);
	collect_thieves(&session.fixture.attempt, &raw, session.c);
	ck_assert_uint_eq(session.c->thief_count, 2);
	ck_assert_int_eq(session.c->thieves[0].kind, RECORD_THIEF_TASK);
	ck_assert_uint_eq(session.c->thieves[0].count, 4);
	ck_assert_double_eq_tol(session.c->thieves[0].stolen_s, 3e-6, 1e-15);
	ck_assert_str_eq(session.c->thieves[0].knob, "vmstat");
	ck_assert_ptr_null(session.c->thieves[0].remedy);
	ck_assert_ptr_null(session.c->thieves[1].knob);
	ck_assert_str_eq(session.c->thieves[1].remedy, "nohz_full= at boot");
	ck_assert_int_eq(session.c->thieves[1].kind, RECORD_THIEF_TIMER);
	ck_assert_str_eq(session.c->thieves[1].name, "x?y"); /* no line of its own in a report */
	session_release(&session);
}
END_TEST

/* The samples of the fixture last 10 ms in all. */
START_TEST(tasks_without_names_are_left_out_where_they_may_be_the_benchmark_s_own)
{
	static const struct {
		uint32_t known, threads;
		uint64_t others_ns;
		size_t rows;
	} rows[] = {
		{ KEEPER_THIEVES_COUNTED, 1, 100000, 2 }, { KEEPER_THIEVES_COUNTED, 0, 0, 2 },
		{ KEEPER_THIEVES_COUNTED, 2, 0, 1 },	  { KEEPER_THIEVES_COUNTED, 1, 100001, 1 },
		{ KEEPER_THIEVES_TIMED, 2, 100001, 2 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct keeper_thieves *thieves;
		struct session session;

		session_init(&session);
		thieves = &session.fixture.attempt.ended.thieves;
		thieves->is_known = rows[i].known;
		thieves->count = 2;
		thieves->rows[0] =
			(struct keeper_thief){ .kind = SB_WIRE_THEFT_TASK, .name = "unknown tasks" };
		thieves->rows[1] = (struct keeper_thief){ .kind = SB_WIRE_THEFT_INTERRUPT, .name = "disk" };
		session.fixture.attempt.asked.threads = rows[i].threads;
		session.fixture.result->others_ns = rows[i].others_ns;
		collect_thieves(&session.fixture.attempt, &raw, session.c);
		ck_assert_uint_eq(session.c->thief_count, rows[i].rows);
		ck_assert_str_eq(session.c->thieves[rows[i].rows - 1].name, "disk");
		session_release(&session);
	}
}
END_TEST

START_TEST(a_launch_keeps_its_batch_and_how_long_it_took_to_begin)
{
	struct session session;

	session_init(&session);
	session.fixture.attempt.started.started_ns = 5000000000;
	session.fixture.result->loop_begin_ns = 5004000000;
	collect_launch(&session.fixture.attempt, &plain, session.launch);
	ck_assert_uint_eq(session.launch->batch, FIXTURE_BATCH);
	ck_assert_uint_eq(session.launch->samples[0].iterations, FIXTURE_BATCH);
	ck_assert_double_eq_tol(session.launch->startup_s, 0.004, 1e-12);
	session.fixture.result->loop_begin_ns = 0; /* the bench may claim what it likes */
	collect_launch(&session.fixture.attempt, &plain, session.launch);
	ck_assert_double_eq_tol(session.launch->startup_s, -5, 1e-12);
	session_release(&session);
}
END_TEST

START_TEST(throughput_is_taken_once_for_each_unit_that_was_given)
{
	struct session session;

	session_init(&session);
	collect_case(&session.fixture.attempt, &raw, session.c);
	ck_assert_uint_eq(session.c->throughput_count, 0);
	session.fixture.result->bytes = 64;
	collect_case(&session.fixture.attempt, &raw, session.c);
	session.fixture.result->elements = 2;
	session.fixture.result->bytes = 128;
	collect_case(&session.fixture.attempt, &raw, session.c);
	ck_assert_uint_eq(session.c->throughput_count, 2);
	ck_assert_int_eq(session.c->throughput[0].unit, RECORD_BYTES);
	ck_assert_double_eq(session.c->throughput[0].per_iteration, 128);
	ck_assert_int_eq(session.c->throughput[1].unit, RECORD_ELEMENTS);
	ck_assert_double_eq(session.c->throughput[1].per_iteration, 2);
	session_release(&session);
}
END_TEST

START_TEST(costs_are_seconds_by_the_unit_they_were_taken_in)
{
	struct session session;

	session_init(&session);
	session.fixture.result->bracket_ticks = 100;
	session.fixture.result->witness_ns = 500;
	collect_case(&session.fixture.attempt, &tsc, session.c);
	ck_assert_double_eq_tol(session.c->bracket_s, 40e-9, 1e-18);
	ck_assert_double_eq_tol(session.c->witness_s, 500e-9, 1e-18);
	ck_assert_double_nan(session.c->counter_s); /* there are none */
	session.fixture.result->counter_ns = 600;
	session.fixture.result->counters_by = SB_WIRE_READ_USER;
	collect_case(&session.fixture.attempt, &tsc, session.c);
	ck_assert_double_eq_tol(session.c->counter_s, 600e-9, 1e-18);
	ck_assert_int_eq(session.c->counters_by, RECORD_READ_USER);
	session_release(&session);
}
END_TEST

START_TEST(left_processes_are_flagged_also_where_there_is_no_result)
{
	struct session session;

	session_init(&session);
	collect_case(&session.fixture.attempt, &raw, session.c);
	ck_assert_uint_eq(session.c->flag_count, 0);
	session.fixture.attempt.ended.leftover = 3;
	session.fixture.attempt.result = NULL;
	collect_case(&session.fixture.attempt, &raw, session.c);
	collect_case(&session.fixture.attempt, &raw, session.c);
	ck_assert_uint_eq(session.c->flag_count, 1);
	ck_assert_str_eq(session.c->flags[0], "left processes");
	ck_assert_uint_eq(session.c->throughput_count, 0);
	session_release(&session);
}
END_TEST

START_TEST(threads_without_counters_become_a_condition_once)
{
	struct session session;
	struct attempt *attempt;

	session_init(&session);
	attempt = &session.fixture.attempt;
	ck_assert(!collect_uncounted_threads(attempt, &session.record));
	ck_assert_uint_eq(session.record.condition_count, 0);
	session.fixture.result->threads_code = EMFILE;
	ck_assert(collect_uncounted_threads(attempt, &session.record));
	ck_assert(collect_uncounted_threads(attempt, &session.record));
	ck_assert_uint_eq(session.record.condition_count, 1);
	ck_assert_str_eq(session.record.conditions[0].knob, "thread-counters");
	ck_assert_str_eq(session.record.conditions[0].reason,
			 "a thread got no counters of its own: too many open files; from then on they are "
			 "sums");
	session.record.condition_count = 0;
	session.fixture.result->threads_code = 335;
	ck_assert(collect_uncounted_threads(attempt, &session.record));
	ck_assert_ptr_nonnull(strstr(session.record.conditions[0].reason, "gives a reason that is none;"));
	session_release(&session);
}
END_TEST

START_TEST(threads_without_witnesses_mark_the_launch_and_become_a_condition_once)
{
	const struct run_clock clock = { .ns_per_tick = 1 };
	const struct collect_setting setting = { .clock = &clock };
	struct session session;
	struct attempt *attempt;

	session_init(&session);
	attempt = &session.fixture.attempt;
	attempt->asked.witnesses = 1;
	session.fixture.result->witnesses_by = SB_WIRE_READ_CALL;
	collect_launch(attempt, &setting, session.launch);
	ck_assert(!session.launch->is_partly_witnessed && !session.launch->is_partly_counted);
	session.fixture.result->threads_code = EMFILE;
	collect_launch(attempt, &setting, session.launch);
	ck_assert(!session.launch->is_partly_witnessed && session.launch->is_partly_counted);
	session.fixture.result->threads_code = 0;
	session.fixture.result->threads_witnesses_code = EACCES;
	collect_launch(attempt, &setting, session.launch);
	ck_assert(session.launch->is_partly_witnessed && !session.launch->is_partly_counted);
	collect_unwitnessed_threads(attempt, &session.record);
	collect_unwitnessed_threads(attempt, &session.record);
	ck_assert_uint_eq(session.record.condition_count, 1);
	ck_assert_str_eq(session.record.conditions[0].knob, "thread-witnesses");
	ck_assert_str_eq(session.record.conditions[0].reason,
			 "a thread got no witnesses of its own: permission denied");
	session.fixture.result->witnesses_by = SB_WIRE_READ_NONE; /* nobody had any */
	collect_launch(attempt, &setting, session.launch);
	ck_assert(!session.launch->is_partly_witnessed && session.launch->is_detached);
	session_release(&session);
}
END_TEST

START_TEST(a_host_that_changed_marks_the_launch_and_fails_its_condition)
{
	static const char *const knobs[] = { "governor", "suspend", "governor" };
	const struct condition applied = { .knob = "governor", .outcome = CONDITION_APPLIED };
	struct session session;
	struct attempt *attempt;

	session_init(&session);
	attempt = &session.fixture.attempt;
	record_add_condition(&session.record, &applied);
	collect_change(attempt, &session.record);
	ck_assert_int_eq(session.record.conditions[0].outcome, CONDITION_APPLIED);
	for (size_t i = 0; i < 3; i++) {
		strcpy(attempt->ended.change.knob, knobs[i]);
		strcpy(attempt->ended.change.reason, "it became something else");
		collect_change(attempt, &session.record);
	}
	ck_assert_uint_eq(session.record.condition_count, 2);
	for (size_t i = 0; i < 2; i++) {
		ck_assert_str_eq(session.record.conditions[i].knob, knobs[i]);
		ck_assert_int_eq(session.record.conditions[i].outcome, CONDITION_FAILED);
		ck_assert_str_eq(session.record.conditions[i].reason, "it became something else");
	}
	collect_launch(attempt, &plain, session.launch);
	collect_case(attempt, &raw, session.c);
	for (size_t i = 0; i < session.launch->sample_count; i++)
		ck_assert_uint_ne(session.launch->samples[i].causes & RECORD_CAUSE_HOST_CHANGED, 0);
	ck_assert_uint_eq(session.c->flag_count, 1);
	ck_assert_str_eq(session.c->flags[0], "host changed");
	session_release(&session);
}
END_TEST

UNIT_MAIN("run/collect", a_host_that_changed_marks_the_launch_and_fails_its_condition,
	  ticks_become_seconds_by_the_clock_of_the_session,
	  every_witness_that_moved_is_a_cause_of_its_sample_alone,
	  a_launch_keeps_its_batch_and_how_long_it_took_to_begin,
	  what_was_read_around_a_sample_is_kept_with_it, thieves_come_with_what_would_keep_them_away,
	  tasks_without_names_are_left_out_where_they_may_be_the_benchmark_s_own,
	  samples_set_aside_are_kept_and_left_out_of_the_median,
	  throughput_is_taken_once_for_each_unit_that_was_given,
	  costs_are_seconds_by_the_unit_they_were_taken_in,
	  left_processes_are_flagged_also_where_there_is_no_result,
	  threads_without_counters_become_a_condition_once,
	  threads_without_witnesses_mark_the_launch_and_become_a_condition_once)
