/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/clock_rate: some rate is found on every machine, and none where the CPU is not for us. */
#include "host/clock_rate.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include "base/cpulist.h"
#include "unit.h"

static struct path_root real_root(void)
{
	struct path_root root;

	ck_assert_int_eq(path_root_init(&root, "/", NULL), 0);
	return root;
}

/* How high it is depends on the machine, and under valgrind on valgrind. */
START_TEST(a_cpu_of_ours_has_a_rate)
{
	struct path_root root = real_root();
	struct clock_rates rates;
	struct sb_err err;
	cpu_set_t allowed, after;

	ck_assert_int_eq(sched_getaffinity(0, sizeof allowed, &allowed), 0);
	ck_assert_msg(!clock_rate_measure(&root, cpulist_first(&allowed), -1, &rates, &err), "%s", err.text);
#if defined(__x86_64__) || defined(__aarch64__)
	ck_assert_double_gt(rates.hertz[CLOCK_BY_LOOP], 0);
#endif
	for (int i = 0; i < CLOCK_METHODS; i++)
		ck_assert(rates.hertz[i] >= 0);
	ck_assert_int_eq(sched_getaffinity(0, sizeof after, &after), 0);
	ck_assert(CPU_EQUAL(&allowed, &after));
	path_root_release(&root);
}
END_TEST

START_TEST(a_cpu_that_is_not_there_is_an_error_and_leaves_no_child)
{
	struct path_root root = real_root();
	struct clock_rates rates;
	struct sb_err err;

	ck_assert_int_eq(clock_rate_measure(&root, CPU_SETSIZE - 1, -1, &rates, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot measure the clock of CPU 1023"));
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	path_root_release(&root);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { a_cpu_of_ours_has_a_rate,
				       a_cpu_that_is_not_there_is_an_error_and_leaves_no_child };

	return unit_run("host/clock_rate", tests, sizeof tests / sizeof tests[0]);
}
