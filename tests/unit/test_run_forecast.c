/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about run/forecast: what is known of a case after each launch, and how long a session still takes.
 */
#include "run/forecast.h"

#include <math.h>

#include "unit.h"

static const struct stats_stop_rule rule = {
	.precision = 0.01, .launches_min = 5, .launches_max = 8, .seconds_max = 10
};

static void settings_of_rule(struct settings *settings)
{
	settings_init(settings);
	settings->precision = 0.01;
	settings->launches = (struct settings_range){ 5, 30 };
	settings->max_time_s = 10;
}

/* Adds launches with these medians one by one; gives what was said after the last. */
static enum stats_stop add_launches(struct forecast_case *c, struct record_case *into, const double *medians,
				    size_t count)
{
	enum stats_stop stop = STATS_GO_ON;

	for (size_t i = 0; i < count; i++) {
		record_case_add_launch(into, 1)->median_s = medians[i];
		stop = forecast_update(c, into, &rule);
	}
	return stop;
}

START_TEST(before_the_first_launch_nothing_is_known)
{
	struct forecast_case c;

	forecast_init(&c);
	ck_assert(c.is_active);
	ck_assert_double_nan(c.estimate.value);
	ck_assert_double_nan(c.estimate.rciw);
	ck_assert_double_nan(c.cov_between);
	forecast_release(&c);
	forecast_release(&c);
}
END_TEST

START_TEST(each_launch_sharpens_the_estimate_until_it_is_precise)
{
	static const double medians[] = { 1e-6, 1.001e-6, 0.999e-6, 1e-6, 1.0005e-6 };
	struct forecast_case c;
	struct record record;
	struct record_case *into;

	record_init(&record);
	into = record_add_case(&record, "s/c", "");
	forecast_init(&c);
	ck_assert_int_eq(add_launches(&c, into, medians, 1), STATS_GO_ON);
	ck_assert_double_eq_tol(c.estimate.value, 1e-6, 1e-18);
	ck_assert_double_nan(c.estimate.rciw);
	ck_assert_int_eq(add_launches(&c, into, medians + 1, 3), STATS_GO_ON);
	ck_assert_uint_eq(c.launches, 4);
	ck_assert_double_lt(c.estimate.rciw, 0.01); /* precise, but below the least number of launches */
	ck_assert_int_eq(add_launches(&c, into, medians + 4, 1), STATS_STOP_PRECISION);
	ck_assert_double_eq_tol(c.cov_between, 7.416e-4, 1e-6);
	forecast_release(&c);
	record_release(&record);
}
END_TEST

START_TEST(caps_end_a_case_that_never_gets_precise)
{
	static const double medians[] = { 1, 2, 1, 2, 1, 2, 1, 2 };
	struct forecast_case c;
	struct record record;
	struct record_case *into;

	record_init(&record);
	into = record_add_case(&record, "s/c", "");
	forecast_init(&c);
	ck_assert_int_eq(add_launches(&c, into, medians, 7), STATS_GO_ON);
	c.seconds_used = 10;
	ck_assert_int_eq(forecast_update(&c, into, &rule), STATS_STOP_TIME);
	ck_assert_int_eq(add_launches(&c, into, medians + 7, 1), STATS_STOP_LAUNCHES);
	forecast_release(&c);
	record_release(&record);
}
END_TEST

START_TEST(before_any_launch_there_is_no_forecast)
{
	struct forecast_case cases[2];
	struct settings settings;

	settings_of_rule(&settings);
	forecast_init(&cases[0]);
	forecast_init(&cases[1]);
	ck_assert_double_nan(forecast_seconds(&settings, cases, 2, 1));
	settings_release(&settings);
}
END_TEST

START_TEST(a_case_that_has_not_begun_is_taken_for_an_average_one)
{
	struct forecast_case cases[2];
	struct settings settings;

	settings_of_rule(&settings);
	forecast_init(&cases[0]);
	forecast_init(&cases[1]);
	cases[0].batch = 1;
	cases[0].launches = 1;
	cases[0].seconds_used = 1; /* calibration and a launch: half a second each */
	ck_assert_double_eq_tol(forecast_seconds(&settings, cases, 2, 1), 4 * 0.5 + 5 * 0.5, 1e-12);
	settings_release(&settings);
}
END_TEST

START_TEST(the_interval_says_how_many_launches_are_wanted)
{
	struct forecast_case c;
	struct settings settings;

	settings_of_rule(&settings);
	forecast_init(&c);
	c.batch = 1;
	c.launches = 5;
	c.seconds_used = 0.6;
	c.estimate.rciw = 0.02; /* twice too wide: four times as many */
	ck_assert_double_eq_tol(forecast_seconds(&settings, &c, 1, 1), 0.1 * 15, 1e-12);
	c.estimate.rciw = 0.5;
	ck_assert_double_eq_tol(forecast_seconds(&settings, &c, 1, 1), 0.1 * 25, 1e-12);
	c.estimate.rciw = 0.001; /* precise: at least the launch that shows it */
	ck_assert_double_eq_tol(forecast_seconds(&settings, &c, 1, 1), 0.1, 1e-12);
	c.is_active = false;
	ck_assert_double_eq(forecast_seconds(&settings, &c, 1, 1), 0);
	settings_release(&settings);
}
END_TEST

START_TEST(no_case_is_forecast_beyond_its_time_or_the_budget)
{
	struct forecast_case c;
	struct settings settings;

	settings_of_rule(&settings);
	forecast_init(&c);
	c.batch = 1;
	c.launches = 5;
	c.seconds_used = 9;
	c.estimate.rciw = 0.5;
	ck_assert_double_eq_tol(forecast_seconds(&settings, &c, 1, 9), 1.5, 1e-12); /* one launch is begun */
	c.seconds_used = 6;
	ck_assert_double_eq_tol(forecast_seconds(&settings, &c, 1, 6), 4, 1e-12);
	settings.time_budget_s = 8;
	ck_assert_double_eq_tol(forecast_seconds(&settings, &c, 1, 6), 2, 1e-12);
	ck_assert_double_eq(forecast_seconds(&settings, &c, 1, 9), 0);
	settings_release(&settings);
}
END_TEST

UNIT_MAIN("run/forecast", before_the_first_launch_nothing_is_known,
	  each_launch_sharpens_the_estimate_until_it_is_precise, caps_end_a_case_that_never_gets_precise,
	  before_any_launch_there_is_no_forecast, a_case_that_has_not_begun_is_taken_for_an_average_one,
	  the_interval_says_how_many_launches_are_wanted, no_case_is_forecast_beyond_its_time_or_the_budget)
