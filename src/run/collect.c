/* SPDX-License-Identifier: GPL-2.0-or-later */
/* collect.c - see collect.h. */
#include "run/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "stats/describe.h"

static double sample_seconds(const struct sb_wire_sample *sample, const struct run_clock *clock)
{
	double ns_per_tick = sample->flags & SB_WIRE_SAMPLE_IN_NS ? 1 : clock->ns_per_tick;

	return (double)sample->ticks * ns_per_tick * 1e-9;
}

/* The readings decide, not the word of the bench. */
static uint32_t sample_causes(const struct attempt *attempt, uint64_t i, const cpu_set_t *cpus)
{
	const struct sb_wire_sample *sample = &wire_samples(attempt->copy)[i];
	const uint32_t previous_cpu = i ? sample[-1].cpu : sample->cpu;

	return wire_sample_causes(&attempt->asked, sample, previous_cpu) |
	       (cpus && !CPU_ISSET(sample->cpu, cpus) ? RECORD_CAUSE_OFF_CPUS : 0u);
}

void collect_times(const struct attempt *attempt, const struct run_clock *clock, double *times)
{
	const struct sb_wire_sample *samples = wire_samples(attempt->copy);

	for (uint64_t i = 0; i < attempt->result->count; i++)
		times[i] = sample_seconds(&samples[i], clock) / (double)samples[i].iterations;
}

void collect_launch(const struct attempt *attempt, const struct run_clock *clock, const cpu_set_t *cpus,
		    struct record_launch *into)
{
	const struct sb_wire_sample *samples = wire_samples(attempt->copy);
	size_t count = attempt->result->count;
	double *times = alloc_zero(count, 2 * sizeof *times);
	const uint32_t common = attempt->ended.change.knob[0] ? RECORD_CAUSE_HOST_CHANGED : 0;

	for (size_t i = 0; i < count; i++)
		into->samples[i] = (struct record_sample){
			.time_s = sample_seconds(&samples[i], clock),
			.iterations = samples[i].iterations,
			.causes = common | sample_causes(attempt, i, cpus),
			.voluntary_switches = samples[i].voluntary_switches,
			.involuntary_switches = samples[i].involuntary_switches,
			.minor_faults = samples[i].minor_faults,
			.major_faults = samples[i].major_faults,
			.cpu = samples[i].cpu,
		};
	collect_times(attempt, clock, times);
	into->median_s = stats_median(times, count, times + count);
	into->batch = attempt->result->batch;
	into->startup_s =
		(double)(int64_t)(attempt->result->loop_begin_ns - attempt->started.started_ns) * 1e-9;
	free(times);
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
}
