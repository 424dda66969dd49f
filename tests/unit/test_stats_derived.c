/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "stats/derived.h"
#include "unit.h"

#define COUNTS 8

struct wanted {
	struct derived_count counts[COUNTS]; /* a NULL name ends them */
	double seconds;
	struct {
		const char *name;
		double value;
	} wanted[COUNTS];
};

/* Worked out by hand from the definitions. */
static const struct wanted cases[] = {
	{ { { "cycles", 2000 }, { "instructions", 5000 }, { "branch-misses", 10 }, { "llc-misses", 2.5 } },
	  1e-6,
	  { { "ipc", 2.5 }, { "branch-mpki", 2 }, { "llc-mpki", 0.5 } } },
	/* cycles of user space alone say nothing about the clock: part of the time was the kernel's */
	{ { { "cycles:uk", 2000 } }, 1e-6, { { "effective-frequency:uk", 2e9 } } },
	{ { { "cycles:k", 2000 } }, 1e-6, { { NULL, 0 } } },
	{ { { "cycles:uk", 2000 } }, NAN, { { NULL, 0 } } },
	{ { { "branches", 400 }, { "branch-misses", 100 } }, NAN, { { "branch-miss-ratio", 0.25 } } },
	{ { { "cycles", 100 }, { "instructions", 50 }, { "cycles:k", 10 }, { "instructions:k", 30 } },
	  NAN,
	  { { "ipc", 0.5 }, { "ipc:k", 3 } } },
	{ { { "cycles", 0 }, { "instructions", 7 } }, 0, { { NULL, 0 } } },
	{ { { "cycles", NAN }, { "instructions", 7 } }, 1, { { NULL, 0 } } },
	{ { { "cycles", NAN }, { "cycles", 2 }, { "instructions", 7 } }, NAN, { { "ipc", 3.5 } } },
	{ { { "cycles:\n", 2 }, { "instructions:\n", 7 } }, NAN, { { NULL, 0 } } },
	{ { { "cycles:k", 10 }, { "instructions:u", 30 } }, NAN, { { NULL, 0 } } },
	{ { { "energy-package", 0.25 } }, 1, { { "energy", 0.25 } } },
	/* Skylake: 4 slots a cycle; what is left is the backend's */
	{ { { "topdown-slots", 1000 },
	    { "topdown-retiring", 500 },
	    { "topdown-issued", 560 },
	    { "topdown-recovery", 40 },
	    { "topdown-frontend", 150 } },
	  NAN,
	  { { "retiring", 0.5 },
	    { "bad-speculation", 0.1 },
	    { "frontend-bound", 0.15 },
	    { "backend-bound", 0.25 } } },
	/* Golden Cove: the frontend is what is left */
	{ { { "topdown-slots", 1000 },
	    { "topdown-retiring", 500 },
	    { "topdown-bad-speculation", 50 },
	    { "topdown-backend", 300 } },
	  NAN,
	  { { "retiring", 0.5 },
	    { "bad-speculation", 0.05 },
	    { "frontend-bound", 0.15 },
	    { "backend-bound", 0.3 } } },
	/* Zen 4, whose operations are slots; the core's other thread had 300 */
	{ { { "topdown-slots", 1000 },
	    { "topdown-retiring", 300 },
	    { "topdown-issued", 350 },
	    { "topdown-frontend", 150 },
	    { "topdown-backend", 200 } },
	  NAN,
	  { { "retiring", 0.3 },
	    { "bad-speculation", 0.05 },
	    { "frontend-bound", 0.15 },
	    { "backend-bound", 0.2 } } },
	/* Neoverse, its flushes lost: three quarters of the operations retired, in half of the slots */
	{ { { "topdown-slots", 1000 },
	    { "topdown-retiring", 300 },
	    { "topdown-issued", 400 },
	    { "topdown-flushes", NAN },
	    { "topdown-frontend", 200 },
	    { "topdown-backend", 300 } },
	  NAN,
	  { { "retiring", 0.375 },
	    { "bad-speculation", 0.125 },
	    { "frontend-bound", 0.2 },
	    { "backend-bound", 0.3 } } },
	/* ... and 10 flushes in its 125 cycles of 8 slots */
	{ { { "topdown-slots", 1000 },
	    { "topdown-retiring", 300 },
	    { "topdown-issued", 400 },
	    { "topdown-flushes", 10 * 8 },
	    { "topdown-frontend", 200 },
	    { "topdown-backend", 300 } },
	  NAN,
	  { { "retiring", 0.375 },
	    { "bad-speculation", 0.125 + 0.08 + 0.24 },
	    { "frontend-bound", 0.2 - 0.08 },
	    { "backend-bound", 0.3 - 0.24 } } },
	/* ... all of which are the front's: V1 */
	{ { { "topdown-slots", 1000 },
	    { "topdown-retiring", 300 },
	    { "topdown-issued", 400 },
	    { "topdown-front-flushes", 5 * 8 },
	    { "topdown-frontend", 200 },
	    { "topdown-backend", 300 } },
	  NAN,
	  { { "retiring", 0.375 },
	    { "bad-speculation", 0.125 + 0.16 },
	    { "frontend-bound", 0.2 - 0.16 },
	    { "backend-bound", 0.3 } } },
	/* ... one place too many in each of 200 cycles of 5: N2, whose front may be more than the whole */
	{ { { "topdown-slots", 1000 },
	    { "topdown-retiring", 30 },
	    { "topdown-issued", 40 },
	    { "topdown-flushes", 2 * 5 },
	    { "topdown-overcount", 200 },
	    { "topdown-frontend", 1100 },
	    { "topdown-backend", 60 } },
	  NAN,
	  { { "retiring", 0.03 },
	    { "bad-speculation", 0.01 + 0.01 + 0.03 },
	    { "frontend-bound", 0.9 - 0.01 },
	    { "backend-bound", 0.06 - 0.03 } } },
	/* two unknown: nothing can be said */
	{ { { "topdown-slots", 1000 }, { "topdown-retiring", 500 }, { "topdown-frontend", 100 } },
	  NAN,
	  { { NULL, 0 } } },
	/* more than all of it, by a count of another pass: never beyond the whole */
	{ { { "topdown-slots", 1000 },
	    { "topdown-retiring", 1010 },
	    { "topdown-bad-speculation", 5 },
	    { "topdown-backend", 0 } },
	  NAN,
	  { { "retiring", 1 },
	    { "bad-speculation", 0.005 },
	    { "frontend-bound", 0 },
	    { "backend-bound", 0 } } },
};

static void check(const struct wanted *want)
{
	struct derived derived[DERIVED_MAX];
	size_t count = 0, wanted = 0, got;

	while (count < COUNTS && want->counts[count].name)
		count++;
	while (wanted < COUNTS && want->wanted[wanted].name)
		wanted++;
	got = derived_compute(want->counts, count, want->seconds, derived, DERIVED_MAX);
	for (size_t i = 0; i < got && i < wanted; i++) {
		ck_assert_str_eq(derived[i].name, want->wanted[i].name);
		ck_assert_msg(fabs(derived[i].value - want->wanted[i].value) <=
				      1e-12 * fabs(derived[i].value),
			      "%s is %g", derived[i].name, derived[i].value);
	}
	ck_assert_uint_eq(got, wanted);
}

START_TEST(numbers_follow_their_definitions)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		check(&cases[i]);
}
END_TEST

START_TEST(no_more_are_given_than_there_is_room_for)
{
	struct derived derived[1];

	ck_assert_uint_eq(derived_compute(cases[0].counts, 4, 1e-6, derived, 1), 1);
	ck_assert_str_eq(derived[0].name, "ipc");
}
END_TEST

START_TEST(every_unit_has_a_name)
{
	for (int unit = 0; unit < DERIVED_UNITS; unit++)
		ck_assert_ptr_nonnull(derived_unit_name((enum derived_unit)unit));
}
END_TEST

UNIT_MAIN("stats/derived", numbers_follow_their_definitions, no_more_are_given_than_there_is_room_for,
	  every_unit_has_a_name)
