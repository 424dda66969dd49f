/* SPDX-License-Identifier: GPL-2.0-or-later */
/* derived.c - see derived.h. */
#include "stats/derived.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SCOPE 8 /* ":ukh" and no more */

struct rule {
	const char *name, *above,
		*below; /* below NULL: nothing; "": the time, with all that happened in it counted */
	double factor;
	enum derived_unit unit;
};

static const struct rule rules[] = {
	{ "ipc", "instructions", "cycles", 1, DERIVED_PER_CYCLE },
	{ "effective-frequency", "cycles", "", 1, DERIVED_HERTZ },
	{ "branch-miss-ratio", "branch-misses", "branches", 1, DERIVED_RATIO },
	{ "branch-mpki", "branch-misses", "instructions", 1000, DERIVED_PER_THOUSAND_INSTRUCTIONS },
	{ "l1d-mpki", "l1d-misses", "instructions", 1000, DERIVED_PER_THOUSAND_INSTRUCTIONS },
	{ "l2-mpki", "l2-misses", "instructions", 1000, DERIVED_PER_THOUSAND_INSTRUCTIONS },
	{ "llc-mpki", "llc-misses", "instructions", 1000, DERIVED_PER_THOUSAND_INSTRUCTIONS },
	{ "cache-miss-ratio", "cache-misses", "cache-references", 1, DERIVED_RATIO },
	{ "cache-mpki", "cache-misses", "instructions", 1000, DERIVED_PER_THOUSAND_INSTRUCTIONS },
	{ "dtlb-mpki", "dtlb-misses", "instructions", 1000, DERIVED_PER_THOUSAND_INSTRUCTIONS },
	{ "dtlb-store-mpki", "dtlb-store-misses", "instructions", 1000, DERIVED_PER_THOUSAND_INSTRUCTIONS },
	{ "itlb-mpki", "itlb-misses", "instructions", 1000, DERIVED_PER_THOUSAND_INSTRUCTIONS },
	{ "energy", "energy-package", NULL, 1, DERIVED_JOULES },
};

static const char *const units[DERIVED_UNITS] = {
	[DERIVED_PER_CYCLE] = "instructions per cycle",
	[DERIVED_PER_THOUSAND_INSTRUCTIONS] = "per 1000 instructions",
	[DERIVED_RATIO] = "ratio",
	[DERIVED_HERTZ] = "Hz",
	[DERIVED_JOULES] = "J",
};

const char *derived_unit_name(enum derived_unit unit)
{
	return units[unit];
}

struct input {
	const struct derived_count *counts;
	size_t count;
	double seconds;
	char scope[SCOPE]; /* ":k", "" the usual */
};

struct output {
	struct derived *derived;
	size_t room, count;
};

/* NULL where nobody asked for it. An event may have been asked for by two names: what was counted, if any. */
static const struct derived_count *find_word(const struct input *input, const char *word)
{
	const struct derived_count *found = NULL;
	char name[DERIVED_NAME + SCOPE];

	snprintf(name, sizeof name, "%s%s", word, input->scope);
	for (size_t i = 0; i < input->count; i++)
		if (strcmp(input->counts[i].name, name) == 0 && (!found || isnan(found->per_iteration)))
			found = &input->counts[i];
	return found;
}

/* NaN where nobody counted it. */
static double find(const struct input *input, const char *word)
{
	const struct derived_count *count = find_word(input, word);

	return count ? count->per_iteration : NAN;
}

static void put(const struct input *input, struct output *output, const char *name, enum derived_unit unit,
		double value)
{
	struct derived *derived = &output->derived[output->count];

	if (!isfinite(value) || output->count == output->room)
		return;
	output->count++;
	snprintf(derived->name, sizeof derived->name, "%s%s", name, input->scope);
	derived->unit = unit;
	derived->value = value;
}

static double divisor_of(const struct input *input, const struct rule *rule)
{
	if (!rule->below)
		return 1;
	if (rule->below[0])
		return find(input, rule->below);
	return strchr(input->scope, 'u') && strchr(input->scope, 'k') ? input->seconds : NAN;
}

static void apply(const struct input *input, const struct rule *rule, struct output *output)
{
	const double divisor = divisor_of(input, rule);

	if (divisor > 0)
		put(input, output, rule->name, rule->unit, find(input, rule->above) * rule->factor / divisor);
}

/* --- top-down --------------------------------------------------------------------------------------------
 */

struct topdown {
	double retiring, bad, frontend, backend; /* shares; NaN: to be had from the others */
};

static double bounded(double share)
{
	return isnan(share) ? NAN : fmin(fmax(share, 0), 1);
}

static double counted_or_none(const struct input *input, const char *word)
{
	const double count = find(input, word);

	return isnan(count) ? 0 : count;
}

/* Where slots are not attributed to thrown-away operations, what was issued beyond what retired is (Skylake
 * and before also lose those of the recovery); Zen has the same of what was dispatched. */
static double bad_speculation(const struct input *input, double slots)
{
	const double counted = find(input, "topdown-bad-speculation");

	if (!isnan(counted))
		return counted / slots;
	return (find(input, "topdown-issued") - find(input, "topdown-retiring") +
		counted_or_none(input, "topdown-recovery")) /
	       slots;
}

/* Arm's words alone, lost or not. What Zen dispatches are slots, and what its four shares leave over went to
 * the core's other thread. */
static bool counts_flushes(const struct input *input)
{
	return find_word(input, "topdown-flushes") || find_word(input, "topdown-front-flushes");
}

/* Where both ends of the pipeline are known, operations tell how the slots between them divide: those of Arm
 * are not slots themselves. There each flush also emptied slots of four cycles, which are the wrong way's:
 * one at the front and three at the back, or all of them at the front. */
static bool divide(const struct input *input, struct topdown *shares)
{
	const double slots = find(input, "topdown-slots"), issued = find(input, "topdown-issued");
	const double both = counted_or_none(input, "topdown-flushes") / slots;
	const double front = counted_or_none(input, "topdown-front-flushes") / slots;

	shares->retiring = bounded(1 - shares->frontend - shares->backend) *
			   bounded(find(input, "topdown-retiring") / issued);
	shares->frontend = bounded(shares->frontend - both - 4 * front);
	shares->backend = bounded(shares->backend - 3 * both);
	shares->bad = bounded(1 - shares->retiring - shares->frontend - shares->backend);
	return !isnan(shares->retiring);
}

/* One of the four may be missing. */
static bool complete(const struct input *input, struct topdown *shares)
{
	double *const parts[] = { &shares->retiring, &shares->bad, &shares->frontend, &shares->backend };
	double rest = 1;
	double *missing = NULL;

	if (counts_flushes(input) && !isnan(shares->frontend) && !isnan(shares->backend) &&
	    find(input, "topdown-issued") > 0)
		return divide(input, shares);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (isnan(*parts[i]) && missing)
			return false;
		if (isnan(*parts[i]))
			missing = parts[i];
		else
			rest -= *parts[i];
	}
	if (missing)
		*missing = bounded(rest);
	return true;
}

static void derive_topdown(const struct input *input, struct output *output)
{
	const double slots = find(input, "topdown-slots");
	struct topdown shares;

	if (!(slots > 0))
		return;
	shares.retiring = bounded(find(input, "topdown-retiring") / slots);
	shares.bad = bounded(bad_speculation(input, slots));
	shares.frontend = bounded(
		(find(input, "topdown-frontend") - counted_or_none(input, "topdown-overcount")) / slots);
	shares.backend = bounded(find(input, "topdown-backend") / slots);
	if (!complete(input, &shares))
		return;
	put(input, output, "retiring", DERIVED_RATIO, shares.retiring);
	put(input, output, "bad-speculation", DERIVED_RATIO, shares.bad);
	put(input, output, "frontend-bound", DERIVED_RATIO, shares.frontend);
	put(input, output, "backend-bound", DERIVED_RATIO, shares.backend);
}

/* --- scopes ----------------------------------------------------------------------------------------------
 */

static const char *scope_of(const struct derived_count *count)
{
	const char *colon = strchr(count->name, ':');

	return colon ? colon : "";
}

static bool is_first(const struct derived_count *counts, size_t i)
{
	for (size_t before = 0; before < i; before++)
		if (strcmp(scope_of(&counts[before]), scope_of(&counts[i])) == 0)
			return false;
	return strlen(scope_of(&counts[i])) == strspn(scope_of(&counts[i]), ":ukh") &&
	       strlen(scope_of(&counts[i])) < SCOPE;
}

size_t derived_compute(const struct derived_count *counts, size_t count, double seconds,
		       struct derived *derived, size_t room)
{
	struct output output = { .derived = derived, .room = room };

	for (size_t i = 0; i < count; i++) {
		struct input input = { .counts = counts, .count = count, .seconds = seconds };

		if (!is_first(counts, i))
			continue;
		snprintf(input.scope, sizeof input.scope, "%s", scope_of(&counts[i]));
		for (size_t rule = 0; rule < sizeof rules / sizeof rules[0]; rule++)
			apply(&input, &rules[rule], &output);
		derive_topdown(&input, &output);
	}
	return output.count;
}
