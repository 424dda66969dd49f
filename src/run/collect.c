/* SPDX-License-Identifier: GPL-2.0-or-later */
/* collect.c - see collect.h. */
#include "run/collect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/printable.h"
#include "host/thief_knob.h"
#include "stats/describe.h"

static double sample_seconds(const struct sb_wire_sample *sample, const struct run_clock *clock)
{
	double ns_per_tick = sample->flags & SB_WIRE_SAMPLE_IN_NS ? 1 : clock->ns_per_tick;

	return (double)sample->ticks * ns_per_tick * 1e-9;
}

/* Where it ended, or where one of its threads did. */
static bool is_off(const struct attempt *attempt, uint64_t i, const cpu_set_t *cpus)
{
	const struct sb_wire_thread *threads = wire_threads(attempt->copy, &attempt->asked);

	for (uint64_t k = 0; threads && k < attempt->asked.threads; k++)
		if (!CPU_ISSET(threads[i * attempt->asked.threads + k].cpu, cpus))
			return true;
	return !CPU_ISSET(wire_samples(attempt->copy)[i].cpu, cpus);
}

/* The readings decide, not the word of the bench; but where the last warm-up sample ended, only it can tell.
 */
static uint32_t sample_causes(const struct attempt *attempt, uint64_t i, const cpu_set_t *cpus)
{
	const struct sb_wire_sample *sample = &wire_samples(attempt->copy)[i];
	const uint32_t previous_cpu = i ? sample[-1].cpu : sample->cpu;

	return wire_sample_causes(&attempt->asked, sample, previous_cpu) |
	       (i ? 0u : sample->causes & SB_WIRE_CAUSE_MIGRATION) |
	       (cpus && is_off(attempt, i, cpus) ? RECORD_CAUSE_OFF_CPUS : 0u);
}

static bool is_aside(const struct sb_wire_sample *sample)
{
	return (sample->flags & SB_WIRE_SAMPLE_SET_ASIDE) != 0;
}

static double to_seconds(uint64_t ns)
{
	return (double)ns * 1e-9;
}

void collect_times(const struct attempt *attempt, const struct run_clock *clock, double *times)
{
	const struct sb_wire_sample *samples = wire_samples(attempt->copy);

	for (uint64_t i = 0; i < attempt->result->count; i++)
		times[i] = sample_seconds(&samples[i], clock) / (double)samples[i].iterations;
}

/* Witness i of a launch is the row of the i-th bit. */
static void collect_witnesses(const struct sb_wire_sample *sample, uint32_t rows, struct record_sample *into)
{
	for (unsigned row = 0, i = 0; row < SB_WIRE_WITNESSES_MAX; row++)
		if (rows >> row & 1u)
			into->witnesses[row] = sample->witnesses[i++];
}

static void collect_theft(const struct sb_wire_theft *theft, struct record_sample *into)
{
	const struct sb_wire_thief *reason = wire_theft_reason(theft, into->causes);
	uint64_t ns = 0;

	for (size_t i = 0; i < SB_WIRE_THEFT_KINDS; i++) {
		ns += theft->ns[i];
		into->kind_s[i] = to_seconds(theft->ns[i]);
		into->thefts[i] = theft->count[i];
	}
	into->stolen_s = to_seconds(ns);
	memcpy(into->thief, reason->name, sizeof into->thief);
	if (into->thief[0])
		into->thief_kind = (enum record_thief_kind)(reason->kind + 1);
}

static void collect_sample(const struct attempt *attempt, const struct sb_wire_sample *sample,
			   double started_s, struct record_sample *into)
{
	into->uncounted = attempt->asked.counters && (attempt->result->counters_by == SB_WIRE_READ_NONE ||
						      sample->flags & SB_WIRE_SAMPLE_UNCOUNTED);
	memcpy(into->counters, sample->counters, sizeof into->counters);
	collect_theft(&sample->theft, into);
	into->iterations = sample->iterations;
	into->set_aside = is_aside(sample);
	into->voluntary_switches = sample->voluntary_switches;
	into->involuntary_switches = sample->involuntary_switches;
	into->own_switches = sample->own_switches;
	into->minor_faults = sample->minor_faults;
	into->major_faults = sample->major_faults;
	into->cpu = sample->cpu;
	into->wait_s = to_seconds(sample->wait_ns);
	into->cpu_s = to_seconds(sample->cpu_ns);
	if (sample->begin_ns > attempt->started.started_ns)
		into->begin_s = started_s + to_seconds(sample->begin_ns - attempt->started.started_ns);
}

/* Median time per iteration of the samples that count. */
static double median_time(const struct record_launch *launch)
{
	double *times = alloc_zero(launch->sample_count, 2 * sizeof *times), median;
	size_t count = 0;

	for (size_t i = 0; i < launch->sample_count; i++)
		if (!launch->samples[i].set_aside)
			times[count++] = launch->samples[i].time_s / (double)launch->samples[i].iterations;
	median = stats_median(times, count, times + launch->sample_count);
	free(times);
	return median;
}

static void collect_totals(const struct attempt *attempt, uint32_t number, struct record_thread *into)
{
	const struct sb_wire_thread_total *total = wire_thread_totals(attempt->copy, &attempt->asked);

	if (!total)
		return;
	into->counted = total[number].samples;
	memcpy(into->counters, total[number].counters, sizeof into->counters);
}

/* Over the samples that count; NaN where there are none. */
static struct record_thread collect_thread(const struct attempt *attempt, const struct run_clock *clock,
					   uint32_t number, double *times, double *scratch)
{
	const struct sb_wire_thread *parts = wire_threads(attempt->copy, &attempt->asked) + number;
	const struct sb_wire_sample *samples = wire_samples(attempt->copy);
	struct record_thread thread = { .cpu = 0 };
	size_t count = 0;

	for (uint64_t i = 0; i < attempt->result->count; i++, parts += attempt->asked.threads) {
		if (is_aside(&samples[i]))
			continue;
		thread.cpu = parts->cpu;
		thread.causes |= parts->causes;
		times[count++] =
			(double)parts->ticks * clock->ns_per_tick * 1e-9 / (double)samples[i].iterations;
	}
	thread.median_s = stats_median(times, count, scratch);
	collect_totals(attempt, number, &thread);
	return thread;
}

static void collect_threads(const struct attempt *attempt, const struct run_clock *clock,
			    struct record_launch *into)
{
	const size_t count = attempt->result->count;
	double *work = alloc_zero(2 * count, sizeof *work);

	for (uint32_t i = 0; attempt->asked.threads > 1 && i < attempt->asked.threads; i++) {
		const struct record_thread thread = collect_thread(attempt, clock, i, work, work + count);

		record_launch_add_thread(into, &thread);
	}
	free(work);
}

void collect_launch(const struct attempt *attempt, const struct collect_setting *setting,
		    struct record_launch *into)
{
	const struct sb_wire_sample *samples = wire_samples(attempt->copy);
	const uint32_t common =
		setting->causes | (attempt->ended.change.knob[0] ? RECORD_CAUSE_HOST_CHANGED : 0u);
	const uint64_t brackets =
		attempt->asked.by_thread & SB_WIRE_BY_THREAD_COUNTERS ? attempt->asked.threads : 1;

	into->is_detached = attempt->asked.witnesses && attempt->result->witnesses_by == SB_WIRE_READ_NONE;
	into->is_partly_counted = attempt->result->threads_code != 0;
	into->is_partly_witnessed = !into->is_detached && attempt->result->threads_witnesses_code;
	for (size_t i = 0; i < into->sample_count; i++) {
		into->samples[i] = (struct record_sample){
			.time_s = sample_seconds(&samples[i], setting->clock),
			.causes = common | sample_causes(attempt, i, setting->cpus),
		};
		collect_sample(attempt, &samples[i], into->started_s, &into->samples[i]);
		if (!into->is_detached)
			collect_witnesses(&samples[i], setting->witness_rows, &into->samples[i]);
	}
	for (size_t i = 0; i < into->counter_count; i++)
		into->counters[i].overhead = attempt->result->counter_overhead[i] * brackets;
	collect_threads(attempt, setting->clock, into);
	into->retaken = attempt->result->set_aside;
	into->median_s = median_time(into);
	into->batch = attempt->result->batch;
	into->startup_s =
		(double)(int64_t)(attempt->result->loop_begin_ns - attempt->started.started_ns) * 1e-9;
}

bool collect_is_serialised(const struct record_launch *launch)
{
	for (size_t i = 1; i < launch->thread_count; i++)
		for (size_t k = 0; k < i; k++)
			if (launch->threads[i].cpu == launch->threads[k].cpu)
				return true;
	return false;
}

/* The machine's own events, suspend and hotplug, have no knob and get a condition of their own. */
void collect_change(const struct attempt *attempt, struct record *record)
{
	const struct keeper_change *change = &attempt->ended.change;
	struct condition fresh = { .outcome = CONDITION_FAILED };
	struct condition *condition = NULL;

	if (!change->knob[0])
		return;
	for (size_t i = 0; i < record->condition_count && !condition; i++)
		if (!strcmp(record->conditions[i].knob, change->knob))
			condition = &record->conditions[i];
	if (!condition) {
		snprintf(fresh.knob, sizeof fresh.knob, "%s", change->knob);
		record_add_condition(record, &fresh);
		condition = &record->conditions[record->condition_count - 1];
	}
	condition->outcome = CONDITION_FAILED;
	snprintf(condition->reason, sizeof condition->reason, "%s", change->reason);
}

/* Of several errors that threads got the first is told. */
static void add_once(struct record *record, const char *name, const char *what, uint32_t code,
		     const char *then)
{
	struct condition fresh = { .outcome = CONDITION_FAILED };

	for (size_t i = 0; i < record->condition_count; i++)
		if (!strcmp(record->conditions[i].knob, name))
			return;
	snprintf(fresh.knob, sizeof fresh.knob, "%s", name);
	snprintf(fresh.reason, sizeof fresh.reason, "a thread got no %s of its own: %s%s", what,
		 strerrorname_np((int)code) ? err_reason((int)code)
					    : "the benchmark gives a reason that is none",
		 then);
	record_add_condition(record, &fresh);
}

bool collect_uncounted_threads(const struct attempt *attempt, struct record *record)
{
	if (!attempt->result || !attempt->result->threads_code)
		return false;
	add_once(record, "thread-counters", "counters", attempt->result->threads_code,
		 "; from then on they are sums");
	return true;
}

void collect_unwitnessed_threads(const struct attempt *attempt, struct record *record)
{
	add_once(record, "thread-witnesses", "witnesses", attempt->result->threads_witnesses_code, "");
}

/* The wire's kinds without nobody. Any task may have any name. */
static void add_thief(const struct keeper_thief *row, bool is_timed, struct record_case *into)
{
	const struct thief_remedy *remedy = thief_remedy(row->kind, row->name);
	struct record_thief thief = { .kind = (enum record_thief_kind)(row->kind + 1),
				      .name = printable_dup_line(row->name),
				      .count = row->count,
				      .stolen_s = is_timed ? to_seconds(row->ns) : NAN,
				      .knob = alloc_text(remedy ? remedy->knob : NULL),
				      .remedy = alloc_text(remedy ? remedy->instead : NULL) };

	record_case_add_thief(into, &thief);
	free(thief.name);
	free(thief.knob);
	free(thief.remedy);
}

/* One in a hundred, so that a thread that merely waits changes nothing. */
bool collect_has_helpers(const struct attempt *attempt, const struct run_clock *clock)
{
	const struct sb_wire_sample *samples = wire_samples(attempt->copy);
	double seconds = 0;

	for (uint64_t i = 0; i < attempt->result->count; i++)
		seconds += sample_seconds(&samples[i], clock);
	return to_seconds(attempt->result->others_ns) > seconds / 100;
}

void collect_thieves(const struct attempt *attempt, const struct run_clock *clock, struct record_case *into)
{
	const struct keeper_thieves *thieves = &attempt->ended.thieves;
	const bool is_timed = thieves->is_known == KEEPER_THIEVES_TIMED,
		   is_alone = attempt->asked.threads < 2 && !collect_has_helpers(attempt, clock);

	for (uint32_t i = 0; thieves->is_known && i < thieves->count && i < KEEPER_THIEVES_MAX; i++) {
		const struct keeper_thief *row = &thieves->rows[i];

		if (row->kind < SB_WIRE_THEFT_KINDS &&
		    (is_timed || is_alone || row->kind != SB_WIRE_THEFT_TASK))
			add_thief(row, is_timed, into);
	}
}

static void set_throughput(struct record_case *into, enum record_unit unit, double per_iteration)
{
	size_t i = 0;

	if (!(per_iteration > 0))
		return;
	while (i < into->throughput_count && into->throughput[i].unit != unit)
		i++;
	if (i == into->throughput_count)
		into->throughput_count++;
	into->throughput[i].unit = unit;
	into->throughput[i].per_iteration = per_iteration;
}

void collect_case(const struct attempt *attempt, const struct run_clock *clock, struct record_case *into)
{
	if (attempt->ended.leftover)
		record_case_flag(into, "left processes");
	if (attempt->ended.change.knob[0])
		record_case_flag(into, "host changed");
	if (!attempt->result)
		return;
	set_throughput(into, RECORD_ELEMENTS, attempt->result->elements);
	set_throughput(into, RECORD_BYTES, attempt->result->bytes);
	into->bracket_s = (double)attempt->result->bracket_ticks * clock->ns_per_tick * 1e-9;
	into->witness_s = (double)attempt->result->witness_ns * 1e-9;
	if (attempt->result->counters_by == SB_WIRE_READ_NONE)
		return;
	into->counters_by = (enum record_reading_way)attempt->result->counters_by;
	into->counter_s = (double)attempt->result->counter_ns * 1e-9;
}
