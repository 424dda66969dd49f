/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unit.h - what every unit test program has in common. A test is a claim in its name; UNIT_MAIN lists the
 * claims:
 *
 *	UNIT_MAIN("units", durations_have_units, junk_is_refused)
 */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Where some of the kernel's answers are valgrind's own, and time is not what it was. */
static inline bool unit_is_under_valgrind(void)
{
	const char *preloaded = getenv("LD_PRELOAD");

	return preloaded && strstr(preloaded, "vgpreload");
}

static inline int unit_run(const char *module, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(module);
	SRunner *runner;
	int failed;

	for (size_t i = 0; i < count; i++) { /* a case of its own, so that CK_RUN_CASE finds it */
		TCase *claim = tcase_create(tests[i]->name);

		tcase_add_test(claim, tests[i]);
		tcase_set_timeout(claim, 300); /* no claim: it ends what hangs */
		suite_add_tcase(suite, claim);
	}
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define UNIT_MAIN(module, ...)                                                                               \
	int main(void)                                                                                       \
	{                                                                                                    \
		const TTest *const tests[] = { __VA_ARGS__ };                                                \
		return unit_run(module, tests, sizeof tests / sizeof tests[0]);                              \
	}

#endif
