/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thieves.c - see thieves.h. */
#include "report/thieves.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/cpulist.h"
#include "base/units.h"
#include "host/thief_knob.h"
#include "report/wrap.h"

#define INDENT	  4
#define ROWS_MOST 10
#define CONDITION "thieves" /* of who tells */

/* --- what would stop one ----------------------------------------------------------------------------------
 */

/* What somebody who left a knob out, or never heard of it, can still do needs no word. */
static const char *const outcomes[CONDITION_OUTCOMES] = {
	[CONDITION_APPLIED] = " (in effect)",
	[CONDITION_ALREADY] = " (in effect)",
	[CONDITION_UNSUPPORTED] = " (not to be had)",
	[CONDITION_DENIED] = " (denied)",
	[CONDITION_FAILED] = " (failed)",
	[CONDITION_REFUSED] = "",
};

static const struct condition *find_condition(const struct record *record, const char *knob)
{
	for (size_t i = 0; i < record->condition_count; i++)
		if (!strcmp(record->conditions[i].knob, knob))
			return &record->conditions[i];
	return NULL;
}

static bool is_booted_so(const struct record *record, const char *fact)
{
	cpu_set_t bench;

	if (!record->bench_cpus || cpulist_parse(record->bench_cpus, &bench, NULL))
		return false;
	for (size_t i = 0; i < record->fact_count; i++)
		if (!strcmp(record->facts[i].key, fact) && record->facts[i].text)
			return cpulist_has(record->facts[i].text, &bench);
	return false;
}

/* nohz_full= has the CPUs in rcu_nocbs too (Documentation/timers/no_hz.rst). */
static const char *boot_outcome(const struct record *record, const struct record_thief *thief)
{
	const struct thief_remedy *known =
		thief->kind ? thief_remedy((uint32_t)thief->kind - 1, thief->name) : NULL;

	if (!known || !known->fact)
		return "";
	return is_booted_so(record, known->fact) || is_booted_so(record, "nohz_full_cpus")
		       ? outcomes[CONDITION_APPLIED]
		       : "";
}

static void write_remedy(const struct record *record, const struct record_thief *thief, FILE *stream)
{
	const struct condition *condition = thief->knob ? find_condition(record, thief->knob) : NULL;

	if (thief->knob)
		fprintf(stream, "%s%s\n", thief->knob, condition ? outcomes[condition->outcome] : "");
	else if (thief->remedy)
		fprintf(stream, "%s%s\n", thief->remedy, boot_outcome(record, thief));
	else
		fputs("-\n", stream);
}

/* --- the table --------------------------------------------------------------------------------------------
 */

/* Who was only counted comes last. */
static int compare(const void *left, const void *right)
{
	const struct record_thief *a = left, *b = right;
	const double first = isnan(a->stolen_s) ? -1 : a->stolen_s,
		     second = isnan(b->stolen_s) ? -1 : b->stolen_s;

	if (first != second)
		return first < second ? 1 : -1;
	return a->count < b->count ? 1 : a->count > b->count ? -1 : 0;
}

/* As wide as a terminal at its narrowest, with the longest knob that cannot be had. */
static void write_rows(const struct record *record, const struct record_case *sum, FILE *stream)
{
	fprintf(stream,
		"who took the CPU while launches ran, set-up and warm-up included:\n"
		"  %-9s  %-15s  %6s  %8s  %s\n",
		"kind", "name", "times", "time", "what would stop it");
	for (size_t i = 0; i < sum->thief_count && i < ROWS_MOST; i++) {
		const struct record_thief *thief = &sum->thieves[i];
		char time[32];

		fprintf(stream, "  %-9s  %-15s  %6" PRIu64 "  %8s  ", record_thief_kind_name(thief->kind),
			thief->name, thief->count,
			isnan(thief->stolen_s) ? "-" : units_format_time(thief->stolen_s, time, sizeof time));
		write_remedy(record, thief, stream);
	}
	if (sum->thief_count > ROWS_MOST)
		fprintf(stream, "  and %zu more\n", sum->thief_count - ROWS_MOST);
}

/* --- what is below it -------------------------------------------------------------------------------------
 */

struct share {
	uint64_t count;
	double stolen_s;
};

static void add_samples(const struct record_launch *launch, struct share shares[SB_WIRE_THEFT_KINDS])
{
	for (size_t i = 0; i < launch->sample_count; i++)
		for (size_t kind = 0; kind < SB_WIRE_THEFT_KINDS; kind++) {
			shares[kind].count += launch->samples[i].thefts[kind];
			shares[kind].stolen_s += launch->samples[i].kind_s[kind];
		}
}

static bool has_kind(const struct record_case *sum, size_t kind)
{
	for (size_t i = 0; i < sum->thief_count; i++)
		if (sum->thieves[i].kind == kind + 1)
			return true;
	return false;
}

static void list_shares(const struct record *record, const struct record_case *sum, FILE *text)
{
	struct share shares[SB_WIRE_THEFT_KINDS] = { 0 };
	const char *between = "  of these within samples: ";

	for (size_t i = 0; i < record->case_count; i++)
		for (size_t k = 0; k < record->cases[i].launch_count; k++)
			add_samples(&record->cases[i].launches[k], shares);
	for (size_t kind = 0; kind < SB_WIRE_THEFT_KINDS; kind++) {
		const char *name = record_thief_kind_name((enum record_thief_kind)(kind + 1));
		char time[32], item[96];
		int used;

		if (!shares[kind].count && !has_kind(sum, kind))
			continue;
		used = snprintf(item, sizeof item, "%ss %" PRIu64, name, shares[kind].count);
		if (shares[kind].count)
			snprintf(item + used, sizeof item - (size_t)used, " (%s)",
				 units_format_time(shares[kind].stolen_s, time, sizeof time));
		fputs(between, text);
		wrap_put_joined(item, text);
		between = ", ";
	}
}

static void tell_inexact(const struct record *record, const struct record_case *sum, FILE *text)
{
	const struct condition *condition = find_condition(record, CONDITION);

	(void)sum;
	fprintf(text, "  less exact: %s",
		condition ? condition->reason : "it is counted, without times and tasks' names");
}

static void write_note(const struct record *record, const struct record_case *sum,
		       void (*compose)(const struct record *, const struct record_case *, FILE *),
		       int columns, FILE *stream)
{
	char *sentence = NULL;
	size_t size;
	FILE *text = open_memstream(&sentence, &size);

	if (!text)
		return;
	compose(record, sum, text);
	fclose(text);
	wrap_write(sentence, columns, INDENT, stream);
	free(sentence);
}

void thieves_write(const struct record *record, int columns, FILE *stream)
{
	bool is_timed = false, is_counted = false;
	struct record sums;
	struct record_case *sum;

	record_init(&sums);
	sum = record_add_case(&sums, "", "");
	for (size_t i = 0; i < record->case_count; i++)
		for (size_t k = 0; k < record->cases[i].thief_count; k++)
			record_case_add_thief(sum, &record->cases[i].thieves[k]);
	for (size_t i = 0; i < sum->thief_count; i++)
		*(isnan(sum->thieves[i].stolen_s) ? &is_counted : &is_timed) = true;
	if (sum->thief_count) {
		qsort(sum->thieves, sum->thief_count, sizeof *sum->thieves, compare);
		write_rows(record, sum, stream);
	}
	if (is_timed)
		write_note(record, sum, list_shares, columns, stream);
	if (is_counted)
		write_note(record, sum, tell_inexact, columns, stream);
	record_release(&sums);
}
