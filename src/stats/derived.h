/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * derived.h - what counts of events say together: instructions per cycle, misses per thousand instructions,
 * where the places of the issue stage went.
 *
 * Counts are per iteration, by the words of the event sets; numbers of different passes may be combined, for
 * each is a mean over launches of the same case. Of counts in another scope, "cycles:k", the same is derived
 * apart from the rest.
 */
#ifndef STATS_DERIVED_H
#define STATS_DERIVED_H

#include <stddef.h>

#define DERIVED_MAX  32
#define DERIVED_NAME 40

enum derived_unit {
	DERIVED_PER_CYCLE, /* "ipc" */
	DERIVED_PER_THOUSAND_INSTRUCTIONS,
	DERIVED_RATIO, /* of a whole: 0 to 1 */
	DERIVED_HERTZ,
	DERIVED_JOULES, /* per iteration */
	DERIVED_UNITS
};

struct derived_count {
	const char *name;
	double per_iteration; /* NaN: not known */
};

struct derived {
	char name[DERIVED_NAME]; /* "branch-mpki", "ipc:k" */
	enum derived_unit unit;
	double value;
};

/* What can be derived, in the order of the table; a number whose parts are missing, or whose divisor is 0, is
 * left out. `seconds` per iteration, NaN: not known. Top-down level 1 (Yasin, ISPASS 2014) comes as four
 * ratios that add up to 1: each is kept within 0 and 1, and what the events of a processor do not tell is the
 * rest. On Zen, which tells all four, they may add up to less: the core's other thread had the rest. Gives
 * how many, at most `room`. */
size_t derived_compute(const struct derived_count *counts, size_t count, double seconds,
		       struct derived *derived, size_t room);

const char *derived_unit_name(enum derived_unit unit); /* "instructions per cycle", "Hz" ... */

#endif
