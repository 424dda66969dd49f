/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about record/record_summary: what a case's launches say, and which flags they raise. */
#include "record/record.h"

#include <math.h>
#include <string.h>
#include "unit.h"

#define SAMPLES 4

/* A case of one record, with launches whose samples all take `launch_s` per iteration but for a spread of
 * `within`. */
struct fixture {
	struct record record;
	struct record_case *c;
};

static void fixture_init(struct fixture *fixture)
{
	record_init(&fixture->record);
	fixture->c = record_add_case(&fixture->record, "suite/group/case", "micro");
	fixture->c->stop = RECORD_STOP_PRECISION;
}

static void fixture_release(struct fixture *fixture)
{
	record_release(&fixture->record);
}

static struct record_launch *add_launch(struct fixture *fixture, double seconds, double within)
{
	struct record_launch *launch = record_case_add_launch(fixture->c, SAMPLES);

	for (size_t i = 0; i < SAMPLES; i++) {
		launch->samples[i].iterations = 1000;
		launch->samples[i].time_s = 1000 * seconds * (1 + (i % 2 ? within : -within));
	}
	return launch;
}

/* n launches around 2 us per iteration, every second one off by `between`. */
static void add_launches(struct fixture *fixture, size_t n, double between, double within)
{
	for (size_t i = 0; i < n; i++)
		add_launch(fixture, 2e-6 * (1 + (i % 2 ? between : -between)), within);
}

static bool has_flag(const struct record_case *c, const char *flag)
{
	for (size_t i = 0; i < c->flag_count; i++)
		if (!strcmp(c->flags[i], flag))
			return true;
	return false;
}

START_TEST(statistics_follow_from_launch_medians)
{
	struct fixture fixture;

	fixture_init(&fixture);
	for (int i = 0; i < 5; i++)
		add_launch(&fixture, 1e-6 * (i + 1), 0.1);
	record_case_summarise(fixture.c, 0.005);
	ck_assert_double_eq_tol(fixture.c->launches[2].median_s, 3e-6, 1e-18);
	ck_assert_double_eq_tol(fixture.c->median_s, 3e-6, 1e-18);
	ck_assert_double_eq_tol(fixture.c->estimate_s, 1e-6 * pow(120, 0.2), 1e-18);
	ck_assert_double_lt(fixture.c->ci95_s[0], fixture.c->estimate_s);
	ck_assert_double_gt(fixture.c->ci95_s[1], fixture.c->estimate_s);
	ck_assert_double_eq_tol(log(fixture.c->ci95_s[1] / fixture.c->ci95_s[0]) / 2, fixture.c->rciw, 1e-12);
	ck_assert_double_eq_tol(fixture.c->cov_between, sqrt(2.5) / 3, 1e-12);
	ck_assert_double_eq_tol(fixture.c->cov_within, 0.1 * sqrt(4. / 3), 1e-12);
	fixture_release(&fixture);
}
END_TEST

START_TEST(quantiles_are_taken_over_all_samples)
{
	struct fixture fixture;

	fixture_init(&fixture);
	add_launch(&fixture, 1e-6, 0);
	add_launch(&fixture, 3e-6, 0.1);
	record_case_summarise(fixture.c, 0.005);
	/* 1 1 1 1 2.7 2.7 3.3 3.3: the median lies between the fourth and the fifth */
	ck_assert_double_eq_tol(fixture.c->p50_s, 1.85e-6, 1e-18);
	ck_assert_double_eq_tol(fixture.c->p95_s, 3.3e-6, 1e-18);
	fixture.c->launches[1].samples[3].time_s = 5.3e-3;
	record_case_summarise(fixture.c, 0.005);
	ck_assert_double_eq_tol(fixture.c->p95_s, (3.3 + 0.65 * 2) * 1e-6, 1e-18);
	fixture_release(&fixture);
}
END_TEST

START_TEST(throughput_is_that_of_the_estimate)
{
	struct fixture fixture;

	fixture_init(&fixture);
	fixture.c->throughput_count = 1;
	fixture.c->throughput[0] = (struct record_throughput){ RECORD_BYTES, 64, NAN };
	add_launches(&fixture, 5, 0, 0.01);
	record_case_summarise(fixture.c, 0.005);
	ck_assert_double_eq_tol(fixture.c->throughput[0].per_second / 32e6, 1, 1e-12);
	fixture_release(&fixture);
}
END_TEST

START_TEST(one_launch_has_an_estimate_and_nothing_between)
{
	struct fixture fixture;

	fixture_init(&fixture);
	add_launch(&fixture, 1e-6, 0.01);
	record_case_summarise(fixture.c, 0.005);
	ck_assert_double_eq_tol(fixture.c->estimate_s, 1e-6, 1e-18);
	ck_assert_double_nan(fixture.c->cov_between);
	ck_assert_double_nan(fixture.c->rciw);
	ck_assert(has_flag(fixture.c, "few launches"));
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_case_without_samples_has_no_numbers_and_no_flags)
{
	struct fixture fixture;

	fixture_init(&fixture);
	record_case_summarise(fixture.c, 0.005);
	ck_assert_double_nan(fixture.c->estimate_s);
	ck_assert_double_nan(fixture.c->cov_within);
	ck_assert_double_nan(fixture.c->p95_s);
	record_case_add_launch(fixture.c, 0);
	record_case_summarise(fixture.c, 0.005);
	ck_assert_double_nan(fixture.c->estimate_s);
	ck_assert_uint_eq(fixture.c->flag_count, 0);
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_quiet_case_has_no_flag)
{
	struct fixture fixture;

	fixture_init(&fixture);
	fixture.c->bracket_s = 40e-9;
	add_launches(&fixture, 10, 0.001, 0.001);
	record_case_summarise(fixture.c, 0.005);
	ck_assert_uint_eq(fixture.c->flag_count, 0);
	fixture_release(&fixture);
}
END_TEST

/* Each row makes a case that deserves its flag alone. */
START_TEST(every_flag_is_raised_by_what_it_names)
{
	static const struct {
		const char *flag;
		size_t launches, tainted; /* disturbed samples in each launch */
		double between, within, bracket_s, drift;
		enum record_stop stop;
	} rows[] = {
		{ "unstable", 10, 0, 0.11, 0.001, 0, 0, RECORD_STOP_PRECISION },
		{ "precision not reached", 10, 0, 0.02, 0.001, 0, 0, RECORD_STOP_LAUNCHES },
		{ "precision not reached", 10, 0, 0.02, 0.001, 0, 0, RECORD_STOP_TIME },
		{ "precision not reached", 10, 0, 0.02, 0.001, 0, 0, RECORD_STOP_BUDGET },
		{ "tainted", 10, 1, 0.001, 0.001, 0, 0, RECORD_STOP_PRECISION },
		{ "few launches", 4, 0, 0.001, 0.001, 0, 0, RECORD_STOP_PRECISION },
		{ "bracket", 10, 0, 0.001, 0.001, 25e-6, 0, RECORD_STOP_PRECISION },
		{ "drifting", 10, 0, 0.001, 0.001, 0, 0.004, RECORD_STOP_PRECISION },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fixture fixture;

		fixture_init(&fixture);
		fixture.c->stop = rows[i].stop;
		fixture.c->bracket_s = rows[i].bracket_s;
		for (size_t j = 0; j < rows[i].launches; j++) {
			double wave = 1 + (j % 2 ? rows[i].between : -rows[i].between);
			struct record_launch *launch = add_launch(
				&fixture, 2e-6 * wave * (1 + rows[i].drift * (double)j), rows[i].within);

			for (size_t k = 0; k < rows[i].tainted; k++)
				launch->samples[k].causes = RECORD_CAUSE_INVOLUNTARY_SWITCH;
		}
		record_case_summarise(fixture.c, 0.005);
		ck_assert_msg(fixture.c->flag_count == 1 && has_flag(fixture.c, rows[i].flag),
			      "%s, row %zu: %zu flags", rows[i].flag, i, fixture.c->flag_count);
		ck_assert_ptr_nonnull(record_flag_text(rows[i].flag));
		fixture_release(&fixture);
	}
}
END_TEST

START_TEST(launches_at_different_frequencies_are_flagged)
{
	static const struct {
		double ratios[3]; /* of launches, among others that do not tell */
		double least, most;
		bool is_known, has_varied;
	} rows[] = {
		{ { NAN, NAN, NAN }, 0, 0, false, false },
		{ { 0, -1, NAN },
		  0,
		  0,
		  false,
		  false }, /* no frequency; a document from elsewhere may say so */
		{ { NAN, 1.3, NAN }, 1.3, 1.3, true, false },
		{ { 1.0, 0.991, 1.0 }, 0.991, 1.0, true, false },
		{ { 1.0, 0.989, 1.0 }, 0.989, 1.0, true, true },
		{ { -7, 2.5, 2.6 }, 2.5, 2.6, true, true },
		{ { 2.6, 2.5, 2.59 }, 2.5, 2.6, true, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fixture fixture;
		double least = 0, most = 0;

		fixture_init(&fixture);
		add_launches(&fixture, 5, 0.001, 0.001);
		for (size_t k = 0; k < 3; k++)
			fixture.c->launches[k + 1].host[RECORD_BUSY_FREQUENCY] = rows[i].ratios[k];
		record_case_summarise(fixture.c, 0.005);
		ck_assert_msg(record_case_busy_frequency(fixture.c, &least, &most) == rows[i].is_known,
			      "row %zu", i);
		ck_assert_double_eq(least, rows[i].least);
		ck_assert_double_eq(most, rows[i].most);
		ck_assert_msg(has_flag(fixture.c, "frequency varied") == rows[i].has_varied, "row %zu", i);
		ck_assert_uint_eq(fixture.c->flag_count, rows[i].has_varied);
		fixture_release(&fixture);
	}
	ck_assert_ptr_nonnull(record_flag_text("frequency varied"));
}
END_TEST

START_TEST(samples_set_aside_are_counted_and_count_for_nothing)
{
	struct fixture plain, aside;

	fixture_init(&plain);
	fixture_init(&aside);
	add_launches(&plain, 5, 0.01, 0.02);
	for (size_t i = 0; i < 5; i++) {
		struct record_launch *launch = record_case_add_launch(aside.c, SAMPLES + 2);

		for (size_t k = 0; k < SAMPLES + 2; k++)
			launch->samples[k] = (struct record_sample){ .iterations = 1000,
								     .time_s = 1,
								     .set_aside = true,
								     .causes = RECORD_CAUSE_STOLEN };
		for (size_t k = 0; k < SAMPLES; k++)
			launch->samples[k + k / 2] = plain.c->launches[i].samples[k];
	}
	record_case_summarise(plain.c, 0.005);
	record_case_summarise(aside.c, 0.005);
	ck_assert_uint_eq(plain.c->retaken, 0);
	ck_assert_uint_eq(aside.c->retaken, 10);
	ck_assert_uint_eq(aside.c->launches[3].retaken, 2);
	ck_assert_double_eq(aside.c->launches[3].median_s, plain.c->launches[3].median_s);
	ck_assert_double_eq(aside.c->estimate_s, plain.c->estimate_s);
	ck_assert_double_eq(aside.c->cov_within, plain.c->cov_within);
	ck_assert_double_eq(aside.c->p95_s, plain.c->p95_s);
	ck_assert_uint_eq(aside.c->flag_count, plain.c->flag_count);
	record_case_summarise(aside.c, 0.005);
	ck_assert_uint_eq(aside.c->retaken, 10);
	fixture_release(&plain);
	fixture_release(&aside);
}
END_TEST

START_TEST(samples_well_below_a_millisecond_are_short)
{
	struct fixture fixture;

	fixture_init(&fixture);
	for (int i = 0; i < 5; i++)
		add_launch(&fixture, 0.9e-6, 0);
	record_case_summarise(fixture.c, 0.005);
	ck_assert(!has_flag(fixture.c, "short samples"));
	for (int i = 0; i < 6; i++)
		add_launch(&fixture, 0.5e-6, 0);
	record_case_summarise(fixture.c, 0.005);
	ck_assert(has_flag(fixture.c, "short samples"));
	ck_assert_ptr_nonnull(record_flag_text("short samples"));
	fixture_release(&fixture);
}
END_TEST

START_TEST(flags_are_made_anew_and_those_of_others_stay)
{
	struct fixture fixture;

	fixture_init(&fixture);
	record_case_flag(fixture.c, "somebody else's");
	add_launches(&fixture, 4, 0.001, 0.001);
	record_case_summarise(fixture.c, 0.005);
	ck_assert(has_flag(fixture.c, "few launches"));
	add_launches(&fixture, 1, 0.001, 0.001);
	record_case_summarise(fixture.c, 0.005);
	ck_assert(!has_flag(fixture.c, "few launches"));
	ck_assert(has_flag(fixture.c, "somebody else's"));
	ck_assert_uint_eq(fixture.c->flag_count, 1);
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_flag_stands_once_and_an_unknown_one_has_no_text)
{
	struct fixture fixture;

	fixture_init(&fixture);
	for (int i = 0; i < 3; i++)
		record_case_flag(fixture.c, "twice");
	ck_assert_uint_eq(fixture.c->flag_count, 1);
	ck_assert_ptr_null(record_flag_text("twice"));
	fixture_release(&fixture);
}
END_TEST

START_TEST(the_first_failure_of_a_case_stays)
{
	struct fixture fixture;

	fixture_init(&fixture);
	record_case_fail(fixture.c, RECORD_CASE_CRASHED, "ended by signal 11", "last words");
	record_case_fail(fixture.c, RECORD_CASE_TIMEOUT, "killed after 60 s", NULL);
	ck_assert_int_eq(fixture.c->status, RECORD_CASE_CRASHED);
	ck_assert_str_eq(fixture.c->reason, "ended by signal 11");
	ck_assert_str_eq(fixture.c->output, "last words");
	fixture_release(&fixture);
}
END_TEST

START_TEST(names_parse_back_and_others_are_refused)
{
	for (int i = 0; i < RECORD_CASE_STATUSES; i++) {
		enum record_case_status status = RECORD_CASE_STATUSES;

		ck_assert(record_case_status_parse(record_case_status_name((enum record_case_status)i),
						   &status));
		ck_assert_int_eq(status, i);
	}
	for (int i = 0; i < RECORD_STOPS; i++) {
		enum record_stop stop = RECORD_STOPS;

		ck_assert(record_stop_parse(record_stop_name((enum record_stop)i), &stop));
		ck_assert_int_eq(stop, i);
	}
	ck_assert(!record_case_status_parse("great", &(enum record_case_status){ 0 }));
	ck_assert(!record_stop_parse("", &(enum record_stop){ 0 }));
	ck_assert_str_eq(record_cause_name(RECORD_CAUSE_MIGRATION), "migration");
	ck_assert_str_eq(record_cause_name(RECORD_CAUSE_OWN_SWITCH), "own-switch");
	ck_assert_ptr_null(record_cause_name(1u << 31));
	ck_assert_ptr_null(record_cause_name(3));
}
END_TEST

enum { MANY = 40 };

/* A third of its samples each takes 1.999, 2 and 2.001 us: a median absolute deviation of 1 ns. */
static struct record_launch *add_long_launch(struct fixture *fixture)
{
	struct record_launch *launch = record_case_add_launch(fixture->c, MANY);

	for (size_t i = 0; i < MANY; i++)
		launch->samples[i] = (struct record_sample){ .iterations = 1000,
							     .time_s = 1.999e-3 + 1e-6 * (double)(i % 3) };
	return launch;
}

START_TEST(what_setting_aside_has_done_is_known)
{
	struct record_launch *launch;
	struct fixture fixture;

	fixture_init(&fixture);
	launch = add_long_launch(&fixture);
	record_case_summarise(fixture.c, 0.005);
	ck_assert_double_nan(fixture.c->estimate_all_s);
	for (size_t i = 0; i < MANY * 3 / 4; i++) {
		launch->samples[i].set_aside = true;
		launch->samples[i].time_s = 6e-3;
	}
	record_case_summarise(fixture.c, 0.005);
	ck_assert_double_eq_tol(fixture.c->estimate_s, 2e-6, 1e-12);
	ck_assert_double_eq_tol(fixture.c->estimate_all_s, 6e-6, 1e-12);
	fixture_release(&fixture);
}
END_TEST

START_TEST(outliers_are_counted_by_whether_somebody_was_seen)
{
	struct record_launch *launch;
	struct fixture fixture;

	fixture_init(&fixture);
	add_long_launch(&fixture);
	launch = add_long_launch(&fixture);
	launch->samples[0].time_s = 2.014e-3;
	record_case_summarise(fixture.c, 0.005);
	ck_assert_uint_eq(fixture.c->outliers, 0);
	launch->samples[0].time_s = 2.016e-3;
	launch->samples[1].time_s = 1.984e-3;
	launch->samples[1].causes = RECORD_CAUSE_INTERRUPT;
	launch->samples[2].time_s = 1;
	launch->samples[2].set_aside = true;
	record_case_summarise(fixture.c, 0.005);
	ck_assert_uint_eq(fixture.c->outliers, 2);
	ck_assert_uint_eq(fixture.c->unexplained_outliers, 1);
	ck_assert(has_flag(fixture.c, "unexplained outliers")); /* 1 of 79 */
	launch->samples[0].causes = RECORD_CAUSE_OWN_SWITCH;
	record_case_summarise(fixture.c, 0.005);
	ck_assert(!has_flag(fixture.c, "unexplained outliers"));
	fixture_release(&fixture);
}
END_TEST

UNIT_MAIN("record/summary", what_setting_aside_has_done_is_known,
	  outliers_are_counted_by_whether_somebody_was_seen, statistics_follow_from_launch_medians,
	  quantiles_are_taken_over_all_samples, throughput_is_that_of_the_estimate,
	  one_launch_has_an_estimate_and_nothing_between, a_case_without_samples_has_no_numbers_and_no_flags,
	  a_quiet_case_has_no_flag, every_flag_is_raised_by_what_it_names,
	  launches_at_different_frequencies_are_flagged, samples_set_aside_are_counted_and_count_for_nothing,
	  samples_well_below_a_millisecond_are_short, flags_are_made_anew_and_those_of_others_stay,
	  a_flag_stands_once_and_an_unknown_one_has_no_text, the_first_failure_of_a_case_stays,
	  names_parse_back_and_others_are_refused)
