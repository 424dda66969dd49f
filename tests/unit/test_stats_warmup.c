/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about stats/warmup on series whose warm-up is known. */
#include "stats/warmup.h"

#include <math.h>
#include "random.h"
#include "unit.h"

#define ROOM 60

START_TEST(a_constant_series_has_no_warmup)
{
	double x[ROOM];

	for (size_t i = 0; i < ROOM; i++)
		x[i] = 5e-9;
	ck_assert_uint_eq(stats_warmup_count(x, ROOM, 0), 0);
}
END_TEST

START_TEST(a_step_down_ends_the_warmup_where_it_is)
{
	uint64_t seed = 1;
	double x[ROOM];

	for (size_t step = 1; step <= 30; step++) {
		size_t found;

		for (size_t i = 0; i < ROOM; i++)
			x[i] = (i < step ? 1.5 : 1) * (1 + 0.002 * random_normal(&seed));
		found = stats_warmup_count(x, ROOM, 0);
		ck_assert_msg(found >= step && found <= step + 3, "step at %zu, found %zu", step, found);
	}
}
END_TEST

/* Time constant 4 samples, from twice the steady time: after 16 samples less than 2 % are left. */
START_TEST(a_decay_is_warmup_until_little_is_left)
{
	uint64_t seed = 2;
	double x[ROOM];

	for (int repeat = 0; repeat < 100; repeat++) {
		size_t found;

		for (size_t i = 0; i < ROOM; i++)
			x[i] = (1 + exp(-(double)i / 4)) * (1 + 0.002 * random_normal(&seed));
		found = stats_warmup_count(x, ROOM, 0);
		ck_assert_msg(found >= 10 && found <= 30, "found %zu", found);
	}
}
END_TEST

START_TEST(pure_noise_has_little_warmup)
{
	size_t total = 0, most = 0;
	uint64_t seed = 3;
	double x[ROOM];

	for (int repeat = 0; repeat < 1000; repeat++) {
		size_t found;

		for (size_t i = 0; i < ROOM; i++)
			x[i] = 1 + 0.02 * random_normal(&seed);
		found = stats_warmup_count(x, ROOM, 0);
		total += found;
		most = found > most ? found : most;
	}
	ck_assert_msg(total < 200, "%g samples on average", (double)total / 1000);
	ck_assert_uint_le(most, 20);
}
END_TEST

START_TEST(one_slow_first_sample_is_the_warmup)
{
	double x[ROOM];

	for (size_t i = 0; i < ROOM; i++)
		x[i] = 1 + 0.001 * (double)(i % 3);
	x[0] = 3;
	ck_assert_uint_eq(stats_warmup_count(x, ROOM, 0), 1);
}
END_TEST

START_TEST(a_fast_first_sample_is_no_warmup)
{
	double x[ROOM];

	for (size_t i = 0; i < ROOM; i++)
		x[i] = 1 + 0.001 * (double)(i % 3);
	x[0] = 0.9;
	ck_assert_uint_eq(stats_warmup_count(x, ROOM, 0), 0);
}
END_TEST

START_TEST(a_series_that_never_settles_is_searched_over_two_thirds)
{
	double x[ROOM];

	for (size_t i = 0; i < ROOM; i++)
		x[i] = pow(0.5, (double)i);
	ck_assert_uint_eq(stats_warmup_count(x, ROOM, 0), ROOM * 2 / 3);
}
END_TEST

START_TEST(the_answer_lies_between_least_and_the_length)
{
	double x[ROOM];

	for (size_t i = 0; i < ROOM; i++)
		x[i] = 1;
	ck_assert_uint_eq(stats_warmup_count(NULL, 0, 0), 0);
	ck_assert_uint_eq(stats_warmup_count(NULL, 0, 3), 0);
	ck_assert_uint_eq(stats_warmup_count(x, 1, 0), 0);
	ck_assert_uint_eq(stats_warmup_count(x, 2, 0), 0);
	ck_assert_uint_eq(stats_warmup_count(x, ROOM, 3), 3);
	ck_assert_uint_eq(stats_warmup_count(x, ROOM, 50), 50);
	ck_assert_uint_eq(stats_warmup_count(x, ROOM, 100), ROOM);
}
END_TEST

START_TEST(a_long_series_is_searched_in_coarser_steps)
{
	static double x[10000];
	size_t found;

	for (size_t i = 0; i < 10000; i++)
		x[i] = i < 2000 ? 2 : 1;
	found = stats_warmup_count(x, 10000, 0);
	ck_assert_msg(found >= 2000 && found <= 2051, "found %zu", found);
}
END_TEST

UNIT_MAIN("stats/warmup", a_constant_series_has_no_warmup, a_step_down_ends_the_warmup_where_it_is,
	  a_decay_is_warmup_until_little_is_left, pure_noise_has_little_warmup,
	  one_slow_first_sample_is_the_warmup, a_fast_first_sample_is_no_warmup,
	  a_series_that_never_settles_is_searched_over_two_thirds,
	  the_answer_lies_between_least_and_the_length, a_long_series_is_searched_in_coarser_steps)
