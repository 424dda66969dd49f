/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.h - one row per thing that is observed: which fact, what is sound, what it costs, what mends it.
 *
 * Most rows are judged by one of the ways below, which read the row; a row with a rule of its own has a
 * function of its own in rule.c. A way is pure over the facts, which are collected once.
 */
#ifndef HOST_CHECK_H
#define HOST_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"
#include "host/checkup.h"
#include "host/condition.h"
#include "host/topology.h"

struct check_facts; /* the facts of a host by their names (facts.h) */

struct check;
typedef void check_look(const struct check *check, const struct check_facts *facts,
			struct checkup_finding *finding);

struct check {
	const char *name;
	check_look *look;
	const char *fact;
	const char *costs;
	bool is_of_root;    /* others cannot read the fact */
	const char *absent; /* why a host does not tell; NULL: "this host does not tell" */
	/* of a fault */
	const char *reason, *mend;
	/* for check_word: the sound words, between bars, and the grade of all others */
	const char *sound;
	enum checkup_grade grade;
	/* for check_number: the grades beyond these limits; 0: no such grade */
	double note_below, note_above, bad_above;
	bool is_ratio; /* shown times 100 */
	const char *unit;
};

/* Ways of judging: shows the value and never finds fault; knows the sound words; knows the limits. */
check_look check_value, check_word, check_number;

/* For rows with a rule of their own. check_is_told shows the fact, and concludes the finding where there is
 * none; check_fault concludes it with the mend of the row unless that is NULL. */
const char *check_get(const struct check_facts *facts, const char *key); /* "": not told */
bool check_get_number(const struct check_facts *facts, const char *key, double *number);
const struct topology *check_topology(const struct check_facts *facts);
bool check_is_told(const struct check *check, const struct check_facts *facts,
		   struct checkup_finding *finding);
void check_show(struct checkup_finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void check_fault(const struct check *check, enum checkup_grade grade, struct checkup_finding *finding,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

struct check_facts *check_facts_new(const struct path_root *root, const struct topology *topology);
void check_facts_free(struct check_facts *facts);

#endif
