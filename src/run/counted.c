/* SPDX-License-Identifier: GPL-2.0-or-later */
/* counted.c - see counted.h. */
#include "run/counted.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "host/pmu_wide.h"
#include "host/witness.h"

bool counted_add(struct counted *counted, const struct counted_event *event, const struct keeper_event *asked)
{
	if (counted->count == KEEPER_EVENTS_MAX)
		return false;
	counted->events[counted->count] = *event;
	counted->asked[counted->count++] = *asked;
	return true;
}

/* Those with a reason are not tried; what the keeper gives is of the others. */
int counted_try(struct counted *counted, struct keeper *keeper, struct sb_err *err)
{
	struct keeper_event tried[KEEPER_EVENTS_MAX];
	struct keeper_probe probes[KEEPER_EVENTS_MAX];
	size_t count = 0;
	int code;

	for (size_t i = 0; i < counted->count; i++)
		if (!counted->events[i].reason[0])
			tried[count++] = counted->asked[i];
	code = keeper_count(keeper, tried, count, probes, &counted->passes, &counted->witness_rows, err);
	if (code)
		return code;
	for (size_t i = counted->count; i-- > 0;)
		counted->probes[i] = counted->events[i].reason[0] ? (struct keeper_probe){ .code = -ENOENT }
								  : probes[--count];
	return 0;
}

/* --- what became of an event -------------------------------------------------------------------------- */

static const struct {
	int code;
	enum record_counter_status status;
	const char *reason;
} refusals[] = {
	{ -ENOENT, RECORD_COUNTER_UNSUPPORTED, "this host has no such event" },
	{ -ENODEV, RECORD_COUNTER_UNSUPPORTED, "this host has no such event" },
	{ -EOPNOTSUPP, RECORD_COUNTER_UNSUPPORTED, "the processor cannot count it that way" },
	{ -EINVAL, RECORD_COUNTER_UNSUPPORTED, "the kernel takes it for no event of this processor" },
	{ -EPERM, RECORD_COUNTER_DENIED, "events of its kind are never counted for others" },
	{ -EACCES, RECORD_COUNTER_DENIED, "kernel.perf_event_paranoid keeps it from users; run with sudo" },
	{ -EBUSY, RECORD_COUNTER_LOST, "somebody else has its counter" },
	{ -EXDEV, RECORD_COUNTER_UNSUPPORTED, "one count is not for all CPUs of the benchmark" },
};

static const struct {
	enum record_counter_status status;
	const char *reason;
} states[KEEPER_PROBE_STATES] = {
	[KEEPER_PROBE_COUNTS] = { RECORD_COUNTER_COUNTED, NULL },
	[KEEPER_PROBE_NEVER_COUNTS] = { RECORD_COUNTER_SILENT, "it stood still whatever ran: this processor "
							       "may not have it at all" },
	[KEEPER_PROBE_LOST] = { RECORD_COUNTER_LOST,
				"somebody else has its counter, a watchdog or a profiler" },
	[KEEPER_PROBE_NO_TIME] = { RECORD_COUNTER_UNSUPPORTED, "it does not run on the benchmark's CPU" },
};

static const char *judge_code(int code, enum record_counter_status *status)
{
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (refusals[i].code == code) {
			*status = refusals[i].status;
			return refusals[i].reason;
		}
	*status = RECORD_COUNTER_UNSUPPORTED;
	return err_reason(-code);
}

static const char *judge(const struct keeper_probe *probe, enum record_counter_status *status)
{
	if (probe->code)
		return judge_code(probe->code, status);
	*status = states[probe->state].status;
	if (*status != RECORD_COUNTER_COUNTED || probe->pass)
		return states[probe->state].reason;
	*status = RECORD_COUNTER_UNSUPPORTED;
	return "the processor has no counter left for it";
}

const char *counted_reason(const struct counted *counted, size_t i, enum record_counter_status *status)
{
	const char *reason = judge(&counted->probes[i], status);

	return reason && counted->events[i].reason[0] ? counted->events[i].reason : reason;
}

/* --- the record --------------------------------------------------------------------------------------- */

/* A program that its user may run and not read is its own affair: the kernel ends events of others on it with
 * the exec, and the library falls back on what a thread may know of itself. */
struct launches {
	size_t all, detached, partly;
};

static struct launches count_launches(const struct record *record)
{
	struct launches launches = { 0 };

	for (size_t i = 0; i < record->case_count; i++)
		for (size_t k = 0; k < record->cases[i].launch_count; k++) {
			launches.all++;
			launches.detached += record->cases[i].launches[k].is_detached;
			launches.partly += record->cases[i].launches[k].is_partly_witnessed;
		}
	return launches;
}

static const char *witness_reason(const struct counted *counted, unsigned row, struct launches launches)
{
	if (counted->is_unwitnessed)
		return "left out by --witnesses none";
	if (!(counted->witness_rows >> row & 1u))
		return "needs root and tracefs, or this kernel does not tell of it";
	if (!launches.detached)
		return launches.partly ? "not of each thread in launches that are partly witnessed" : NULL;
	return launches.detached == launches.all
		       ? "the kernel ended it with the exec: the benches' user may not read the program"
		       : "not in launches that are detached: the benches' user may not read their program";
}

/* Without CONFIG_SCHED_INFO there is no such file, and without statistics it is all zero. */
static bool kernel_keeps_waits(const struct path_root *root)
{
	unsigned long long run = 0;
	char text[80];

	return path_read(root, "proc/self/schedstat", text, sizeof text, NULL) > 0 &&
	       sscanf(text, "%llu", &run) == 1 && run > 0;
}

static const char *schedule_reason(const struct counted *counted, const struct path_root *root,
				   struct launches launches)
{
	if (counted->is_unwitnessed)
		return "left out by --witnesses none";
	if (counted->witness_rows && !launches.detached)
		return "the kernel's events tell more";
	if (!kernel_keeps_waits(root))
		return "this kernel keeps no waits (CONFIG_SCHED_INFO)";
	return counted->witness_rows && launches.detached < launches.all
		       ? "only in launches that are detached: of others the kernel's events tell more"
		       : NULL;
}

void counted_describe(const struct counted *counted, const struct path_root *root, struct record *record)
{
	const struct launches launches = count_launches(record);

	record_add_witness(record, "rusage", counted->is_unwitnessed ? "left out by --witnesses none" : NULL);
	record_add_witness(record, "schedule", schedule_reason(counted, root, launches));
	for (unsigned row = 0; row < WITNESS_COUNT; row++)
		record_add_witness(record, witness_get(row)->name, witness_reason(counted, row, launches));
}

static char *text_or_null(const char *text)
{
	return *text ? alloc_text(text) : NULL;
}

void counted_describe_case(const struct counted *counted, struct record_case *c)
{
	for (size_t i = 0; i < counted->count; i++) {
		const struct counted_event *event = &counted->events[i];
		struct record_counter *counter = record_case_add_counter(c, event->name);

		counter->event = text_or_null(event->event);
		if (strcmp(event->word, event->name) != 0)
			counter->word = text_or_null(event->word);
		counter->unit = text_or_null(event->unit);
		counter->scale = event->scale == 1 ? 0 : event->scale;
		counter->reach = (enum pmu_reach)counted->probes[i].reach;
		counter->reason = alloc_text(counted_reason(counted, i, &counter->status));
	}
}

static unsigned pass_of(const struct counted *counted, uint64_t number)
{
	return counted->passes ? (unsigned)(number % counted->passes) + 1 : 0;
}

void counted_describe_launch(const struct counted *counted, uint64_t number, struct record_launch *launch)
{
	const unsigned pass = pass_of(counted, number);

	for (size_t i = 0; pass && i < counted->count; i++)
		if (counted->probes[i].pass == pass && launch->counter_count < SB_WIRE_COUNTERS_MAX)
			launch->counters[launch->counter_count++].index = i;
}

void counted_order(const struct counted *counted, uint64_t number, struct keeper_launch *order)
{
	order->pass = pass_of(counted, number);
	order->unwitnessed = counted->is_unwitnessed;
	order->witnesses = counted->witness_rows && !counted->is_unwitnessed;
}
