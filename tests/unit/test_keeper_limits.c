/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about resource limits: small ones are raised as far as may be, and what was found comes back. Each
 * in a process of its own (Check forks), since a hard limit cannot always be raised again. */
#include "keeper/limits.h"
#include "unit.h"

static void lower(__rlimit_resource_t resource, rlim_t soft)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(resource, &limit), 0);
	limit.rlim_cur = soft;
	ck_assert_int_eq(setrlimit(resource, &limit), 0);
}

static struct rlimit now(__rlimit_resource_t resource)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(resource, &limit), 0);
	return limit;
}

START_TEST(small_limits_are_raised_to_the_hard_ones_at_least)
{
	struct limits limits;

	lower(RLIMIT_FSIZE, 1 << 20);
	lower(RLIMIT_NOFILE, 16);
	limits_raise(&limits);
	ck_assert(now(RLIMIT_FSIZE).rlim_cur == now(RLIMIT_FSIZE).rlim_max);
	ck_assert(now(RLIMIT_NOFILE).rlim_cur >= 4096 ||
		  now(RLIMIT_NOFILE).rlim_cur == now(RLIMIT_NOFILE).rlim_max);
}
END_TEST

START_TEST(a_limit_that_is_large_enough_stays)
{
	const struct rlimit before = now(RLIMIT_NOFILE);
	struct limits limits;

	lower(RLIMIT_NOFILE, before.rlim_max);
	limits_raise(&limits);
	ck_assert(now(RLIMIT_NOFILE).rlim_cur >= before.rlim_max);
	ck_assert(now(RLIMIT_NOFILE).rlim_max >= before.rlim_max);
}
END_TEST

START_TEST(what_was_found_comes_back)
{
	struct rlimit before;
	struct limits limits;

	lower(RLIMIT_FSIZE, 4096);
	before = now(RLIMIT_FSIZE);
	limits_raise(&limits);
	ck_assert(now(RLIMIT_FSIZE).rlim_cur != before.rlim_cur);
	ck_assert_int_eq(limits_put_back(&limits), 0);
	ck_assert(now(RLIMIT_FSIZE).rlim_cur == before.rlim_cur);
	ck_assert(now(RLIMIT_FSIZE).rlim_max == before.rlim_max);
}
END_TEST

START_TEST(without_the_right_to_raise_a_hard_limit_nothing_is_lost)
{
	const struct rlimit small = { 1 << 20, 1 << 20 };
	struct limits limits;

	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	limits_raise(&limits);
	ck_assert_int_eq(limits_put_back(&limits), 0);
	ck_assert(now(RLIMIT_FSIZE).rlim_cur == small.rlim_cur &&
		  now(RLIMIT_FSIZE).rlim_max == small.rlim_max);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		small_limits_are_raised_to_the_hard_ones_at_least,
		a_limit_that_is_large_enough_stays,
		what_was_found_comes_back,
		without_the_right_to_raise_a_hard_limit_nothing_is_lost,
	};

	return unit_run("keeper limits", tests, sizeof tests / sizeof tests[0]);
}
