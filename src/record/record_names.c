/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_names.c - the words of the document: enum values as they stand in JSON, and what a flag means. */
#include "record/record.h"

#include <string.h>
#include "host/witness.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const char *const statuses[] = {
	[RECORD_COMPLETE] = "complete",
	[RECORD_INTERRUPTED] = "interrupted",
};

static const char *const case_statuses[RECORD_CASE_STATUSES] = {
	[RECORD_CASE_OK] = "ok",	   [RECORD_CASE_SKIPPED] = "skipped",
	[RECORD_CASE_FAILED] = "failed",   [RECORD_CASE_CRASHED] = "crashed",
	[RECORD_CASE_TIMEOUT] = "timeout", [RECORD_CASE_UNMEASURED] = "unmeasured",
};

static const char *const stops[RECORD_STOPS] = {
	[RECORD_STOP_NONE] = "none",	     [RECORD_STOP_PRECISION] = "precision",
	[RECORD_STOP_LAUNCHES] = "launches", [RECORD_STOP_TIME] = "time",
	[RECORD_STOP_BUDGET] = "budget",     [RECORD_STOP_INTERRUPTED] = "interrupted",
	[RECORD_STOP_ERROR] = "error",
};

static const char *const causes[] = {
	"voluntary-switch",
	"involuntary-switch",
	"major-fault",
	"migration",
	"off-cpus",
	"host-changed",
	"interrupt",
	"softirq",
	"ipi",
	"nmi",
	"stolen",
	"waited",
	"steal",
	"throttled",
	"smi",
	"frequency",
	"own-switch",
};

static const char *const counter_statuses[RECORD_COUNTER_STATUSES] = {
	[RECORD_COUNTER_COUNTED] = "counted", [RECORD_COUNTER_UNSUPPORTED] = "unsupported",
	[RECORD_COUNTER_DENIED] = "denied",   [RECORD_COUNTER_SILENT] = "silent",
	[RECORD_COUNTER_LOST] = "lost",
};

static const char *const reading_ways[RECORD_READING_WAYS] = {
	[RECORD_READ_NONE] = "none",
	[RECORD_READ_USER] = "user",
	[RECORD_READ_CALL] = "call",
};

static const char *const thief_kinds[RECORD_THIEF_KINDS] = {
	[RECORD_THIEF_NOBODY] = "nobody",	[RECORD_THIEF_TASK] = "task",
	[RECORD_THIEF_INTERRUPT] = "interrupt", [RECORD_THIEF_SOFTIRQ] = "softirq",
	[RECORD_THIEF_TIMER] = "timer",
};

static const struct {
	const char *flag, *text;
} flags[] = {
	{ "unstable",
	  "launches differ by more than 10 % (CoV between launches); compare nothing with this number" },
	{ "precision not reached", "the interval was still wider than --precision when launches or time ran "
				   "out; allow more of what ran out" },
	{ "tainted",
	  "more than one in ten of the samples that count was disturbed: --retakes were used up, or a "
	  "whole launch was; see what disturbed them, and the conditions" },
	{ "unexplained outliers", "more than one in a hundred of the samples lies far from the others, and "
				  "nobody was seen to disturb it: something "
				  "that is not watched does" },
	{ "short samples",
	  "samples are shorter than a millisecond, so clock and interrupts weigh more in them" },
	{ "few launches", "fewer than 5 launches: the interval is a rough one" },
	{ "bracket", "reading the clock costs more than 1 % of a sample; lengthen it with --sample-time" },
	{ "drifting",
	  "launch times rise or fall over the session (Spearman, p < 0.01): the machine changed meanwhile" },
	{ "frequency varied",
	  "launches ran at frequencies that differ by more than 1 %: turbo, heat, a limit of power, or a "
	  "governor that follows the load; the conditions boost and governor hold it" },
	{ "off its CPUs",
	  "samples ended on a CPU that was not the benchmark's: it moved itself, and what the conditions "
	  "say of its CPUs does not hold" },
	{ "host changed",
	  "somebody changed the host's state while launches ran, or the machine slept: their samples carry "
	  "the cause host-changed, and the conditions tell what it was" },
	{ "sum",
	  "the benchmark has threads or children that work, or its threads got no counters of their own: its "
	  "counters are sums over all of them" },
	{ "serialised",
	  "its threads shared CPUs, so that some waited for others; give it as many with --cpus" },
	{ "detached", "the benches' user may run its program and not read it, so the kernel ended counters "
		      "and events with "
		      "the exec: rusage and schedule tell its causes alone; chmod a+r mends it" },
	{ "partly witnessed", "a thread of it got no witnesses of its own, as the condition thread-witnesses "
			      "tells: rusage and schedule alone say what disturbed it" },
	{ "left processes", "the benchmark left processes behind; they were killed" },
};

const char *record_status_name(enum record_status status)
{
	return statuses[status];
}

const char *record_case_status_name(enum record_case_status status)
{
	return case_statuses[status];
}

const char *record_stop_name(enum record_stop stop)
{
	return stops[stop];
}

/* Index of a name, or -1. */
static int find(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return (int)i;
	return -1;
}

bool record_case_status_parse(const char *name, enum record_case_status *status)
{
	int found = find(name, case_statuses, LENGTH(case_statuses));

	if (found >= 0)
		*status = (enum record_case_status)found;
	return found >= 0;
}

bool record_stop_parse(const char *name, enum record_stop *stop)
{
	int found = find(name, stops, LENGTH(stops));

	if (found >= 0)
		*stop = (enum record_stop)found;
	return found >= 0;
}

const char *record_cause_name(unsigned bit)
{
	for (size_t i = 0; i < LENGTH(causes); i++)
		if (bit == 1u << i)
			return causes[i];
	return NULL;
}

const char *record_counter_status_name(enum record_counter_status status)
{
	return counter_statuses[status];
}

const char *record_sample_witness_name(unsigned row)
{
	return witness_get(row)->name;
}

const char *record_reading_way_name(enum record_reading_way way)
{
	return reading_ways[way];
}

const char *record_thief_kind_name(enum record_thief_kind kind)
{
	return thief_kinds[kind];
}

const char *record_flag_text(const char *flag)
{
	for (size_t i = 0; i < LENGTH(flags); i++)
		if (!strcmp(flags[i].flag, flag))
			return flags[i].text;
	return NULL;
}

const char *record_flag_name(size_t index)
{
	return index < LENGTH(flags) ? flags[index].flag : NULL;
}
