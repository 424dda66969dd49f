/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_schema.c - the tables of the document's fields; see record_schema.h and stablebench-record(5). */
#include "record/record_schema.h"

#include "record/record.h"

static const char *status_name(unsigned value)
{
	return value <= RECORD_INTERRUPTED ? record_status_name((enum record_status)value) : NULL;
}

static const char *case_status_name(unsigned value)
{
	return value < RECORD_CASE_STATUSES ? record_case_status_name((enum record_case_status)value) : NULL;
}

static const char *stop_name(unsigned value)
{
	return value < RECORD_STOPS ? record_stop_name((enum record_stop)value) : NULL;
}

static const char *outcome_name(unsigned value)
{
	return value < CONDITION_OUTCOMES ? condition_outcome_name((enum condition_outcome)value) : NULL;
}

static const char *counter_status_name(unsigned value)
{
	return value < RECORD_COUNTER_STATUSES ? record_counter_status_name((enum record_counter_status)value)
					       : NULL;
}

static const char *reach_name(unsigned value)
{
	return value < PMU_REACHES ? pmu_reach_name((enum pmu_reach)value) : NULL;
}

static const char *reading_way_name(unsigned value)
{
	return value < RECORD_READING_WAYS ? record_reading_way_name((enum record_reading_way)value) : NULL;
}

static const char *thief_kind_name(unsigned value)
{
	return value < RECORD_THIEF_KINDS ? record_thief_kind_name((enum record_thief_kind)value) : NULL;
}

static const char *unit_name(unsigned value)
{
	static const char *const names[RECORD_UNITS] = {
		[RECORD_ELEMENTS] = "elements",
		[RECORD_BYTES] = "bytes",
	};

	return value < RECORD_UNITS ? names[value] : NULL;
}

#define AT(type, member) .offset = offsetof(struct type, member)
#define BUFFER(type, member, length)                                                                         \
	{                                                                                                    \
#member, RECORD_BUFFER, AT(type, member), .size = (length), .required = true                 \
	}

const struct record_field record_document_fields[] = {
	{ "status", RECORD_WORD, AT(record, status), .required = true, .name = status_name },
	{ "version", RECORD_TEXT, AT(record, version) },
	{ "command", RECORD_TEXT, AT(record, command) },
	{ "profile", RECORD_TEXT, AT(record, profile) },
	{ 0 },
};

const struct record_field record_session_fields[] = {
	{ "id", RECORD_TEXT, AT(record, session_id), .required = true },
	{ "started", RECORD_TEXT, AT(record, started), .required = true },
	{ "duration_s", RECORD_NUMBER, AT(record, duration_s) },
	{ "seed", RECORD_WHOLE, AT(record, seed), .required = true },
	{ 0 },
};

const struct record_field record_clock_fields[] = {
	{ "source", RECORD_TEXT, AT(record, clock) },
	{ "ns_per_tick", RECORD_NUMBER, AT(record, ns_per_tick) },
	{ 0 },
};

const struct record_field record_cpus_fields[] = {
	{ "bench", RECORD_TEXT, AT(record, bench_cpus) },
	{ "housekeeping", RECORD_TEXT, AT(record, housekeeping_cpus) },
	{ 0 },
};

const struct record_field record_condition_fields[] = {
	BUFFER(condition, knob, CONDITION_KNOB),
	{ "outcome", RECORD_WORD, AT(condition, outcome), .required = true, .name = outcome_name },
	BUFFER(condition, before, CONDITION_VALUE),
	BUFFER(condition, value, CONDITION_VALUE),
	BUFFER(condition, reason, CONDITION_REASON),
	BUFFER(condition, mend, CONDITION_REASON),
	{ 0 },
};

const struct record_field record_case_fields[] = {
	{ "name", RECORD_TEXT, AT(record_case, name), .required = true },
	{ "tags", RECORD_WORDS, AT(record_case, tags), .required = true },
	{ "status", RECORD_WORD, AT(record_case, status), .required = true, .name = case_status_name },
	{ "reason", RECORD_TEXT, AT(record_case, reason) },
	{ "output", RECORD_LINES, AT(record_case, output) },
	{ "stop", RECORD_WORD, AT(record_case, stop), .required = true, .name = stop_name },
	{ "estimate_s", RECORD_NUMBER, AT(record_case, estimate_s) },
	{ "ci95_s", RECORD_PAIR, AT(record_case, ci95_s) },
	{ "estimate_all_s", RECORD_NUMBER, AT(record_case, estimate_all_s) },
	{ "median_s", RECORD_NUMBER, AT(record_case, median_s) },
	{ "cov_within", RECORD_NUMBER, AT(record_case, cov_within) },
	{ "cov_between", RECORD_NUMBER, AT(record_case, cov_between) },
	{ "rciw", RECORD_NUMBER, AT(record_case, rciw) },
	{ 0 },
};

const struct record_field record_quantile_fields[] = {
	{ "p50", RECORD_NUMBER, AT(record_case, p50_s) },
	{ "p95", RECORD_NUMBER, AT(record_case, p95_s) },
	{ 0 },
};

const struct record_field record_plan_fields[] = {
	{ "threads", RECORD_WHOLE, AT(record_case, threads), .is_zero_absent = true },
	{ "batch", RECORD_WHOLE, AT(record_case, batch), .required = true },
	{ "warmup", RECORD_WHOLE, AT(record_case, warmup), .required = true },
	{ "retaken", RECORD_WHOLE, AT(record_case, retaken), .is_zero_absent = true },
	{ "outliers", RECORD_WHOLE, AT(record_case, outliers), .is_zero_absent = true },
	{ "unexplained_outliers", RECORD_WHOLE, AT(record_case, unexplained_outliers),
	  .is_zero_absent = true },
	{ "bracket_s", RECORD_NUMBER, AT(record_case, bracket_s) },
	{ "witness_s", RECORD_NUMBER, AT(record_case, witness_s) },
	{ "counter_s", RECORD_NUMBER, AT(record_case, counter_s) },
	{ "counters_by", RECORD_WORD, AT(record_case, counters_by), .is_zero_absent = true,
	  .name = reading_way_name },
	{ 0 },
};

const struct record_field record_throughput_fields[] = {
	{ "unit", RECORD_WORD, AT(record_throughput, unit), .required = true, .name = unit_name },
	{ "per_iteration", RECORD_NUMBER, AT(record_throughput, per_iteration) },
	{ "per_second", RECORD_NUMBER, AT(record_throughput, per_second) },
	{ 0 },
};

const struct record_field record_launch_fields[] = {
	{ "seed", RECORD_WHOLE, AT(record_launch, seed), .required = true },
	{ "order", RECORD_WHOLE, AT(record_launch, order), .required = true },
	{ "padding", RECORD_SMALL, AT(record_launch, padding), .required = true },
	{ "batch", RECORD_WHOLE, AT(record_launch, batch), .required = true },
	{ "started_s", RECORD_NUMBER, AT(record_launch, started_s) },
	{ "cooled_s", RECORD_NUMBER, AT(record_launch, cooled_s), .is_zero_absent = true },
	{ "startup_s", RECORD_NUMBER, AT(record_launch, startup_s) },
	{ "median_s", RECORD_NUMBER, AT(record_launch, median_s) },
	{ "retaken", RECORD_WHOLE, AT(record_launch, retaken), .is_zero_absent = true },
	{ "detached", RECORD_TRUTH, AT(record_launch, is_detached), .is_zero_absent = true },
	{ "partly_counted", RECORD_TRUTH, AT(record_launch, is_partly_counted), .is_zero_absent = true },
	{ "partly_witnessed", RECORD_TRUTH, AT(record_launch, is_partly_witnessed), .is_zero_absent = true },
	{ 0 },
};

#define THEFTS(kind, often, taken)                                                                           \
	{ often, RECORD_WHOLE, AT(record_sample, thefts[kind]), .is_zero_absent = true },                    \
	{                                                                                                    \
		taken, RECORD_NUMBER, AT(record_sample, kind_s[kind]), .is_zero_absent = true                \
	}

const struct record_field record_sample_fields[] = {
	{ "time_s", RECORD_NUMBER, AT(record_sample, time_s), .required = true },
	{ "iterations", RECORD_WHOLE, AT(record_sample, iterations), .required = true },
	{ "causes", RECORD_CAUSES, AT(record_sample, causes), .required = true },
	{ "set_aside", RECORD_TRUTH, AT(record_sample, set_aside), .is_zero_absent = true },
	{ "cpu", RECORD_SMALL, AT(record_sample, cpu), .required = true },
	{ "begin_s", RECORD_NUMBER, AT(record_sample, begin_s), .is_zero_absent = true },
	{ "wait_s", RECORD_NUMBER, AT(record_sample, wait_s), .is_zero_absent = true },
	{ "cpu_s", RECORD_NUMBER, AT(record_sample, cpu_s), .is_zero_absent = true },
	{ "voluntary_switches", RECORD_SMALL, AT(record_sample, voluntary_switches), .is_zero_absent = true },
	{ "involuntary_switches", RECORD_SMALL, AT(record_sample, involuntary_switches),
	  .is_zero_absent = true },
	{ "own_switches", RECORD_SMALL, AT(record_sample, own_switches), .is_zero_absent = true },
	{ "minor_faults", RECORD_SMALL, AT(record_sample, minor_faults), .is_zero_absent = true },
	{ "major_faults", RECORD_SMALL, AT(record_sample, major_faults), .is_zero_absent = true },
	{ "stolen_s", RECORD_NUMBER, AT(record_sample, stolen_s), .is_zero_absent = true },
	THEFTS(SB_WIRE_THEFT_TASK, "task_thefts", "task_s"),
	THEFTS(SB_WIRE_THEFT_INTERRUPT, "interrupt_thefts", "interrupt_s"),
	THEFTS(SB_WIRE_THEFT_SOFTIRQ, "softirq_thefts", "softirq_s"),
	THEFTS(SB_WIRE_THEFT_TIMER, "timer_thefts", "timer_s"),
	{ "thief", RECORD_BUFFER, AT(record_sample, thief), .size = sizeof((struct record_sample *)0)->thief,
	  .is_zero_absent = true },
	{ "thief_kind", RECORD_WORD, AT(record_sample, thief_kind), .is_zero_absent = true,
	  .name = thief_kind_name },
	{ "uncounted", RECORD_TRUTH, AT(record_sample, uncounted), .is_zero_absent = true },
	{ 0 },
};

const struct record_field record_thread_fields[] = {
	{ "cpu", RECORD_SMALL, AT(record_thread, cpu), .required = true },
	{ "median_s", RECORD_NUMBER, AT(record_thread, median_s) },
	{ "causes", RECORD_CAUSES, AT(record_thread, causes), .required = true },
	{ "counted", RECORD_WHOLE, AT(record_thread, counted), .is_zero_absent = true },
	{ 0 },
};

#define HOST(reading, text) [reading] = { text, RECORD_NUMBER, AT(record_launch, host[reading]) }

const struct record_field record_host_fields[] = {
	HOST(RECORD_STEAL, "steal_s"),
	HOST(RECORD_QUEUE_WAIT, "queue_wait_s"),
	HOST(RECORD_PRESSURE_CPU, "pressure_cpu_s"),
	HOST(RECORD_PRESSURE_MEMORY, "pressure_memory_s"),
	HOST(RECORD_PRESSURE_IO, "pressure_io_s"),
	HOST(RECORD_QUOTA_STOPS, "quota_stops"),
	HOST(RECORD_THERMAL, "thermal_throttles"),
	HOST(RECORD_SMI, "smi"),
	HOST(RECORD_BUSY_FREQUENCY, "busy_frequency_ratio"),
	HOST(RECORD_FREQUENCY, "frequency_hz"),
	HOST(RECORD_FREQUENCY_BOUND, "frequency_bound_hz"),
	HOST(RECORD_SIBLING_WAKES, "sibling_wakes"),
	HOST(RECORD_TEMPERATURE, "temperature_c"),
	HOST(RECORD_PSWPIN, "pswpin"),
	HOST(RECORD_PSWPOUT, "pswpout"),
	HOST(RECORD_COMPACT_STALL, "compact_stall"),
	HOST(RECORD_COMPACT_DAEMON_WAKE, "compact_daemon_wake"),
	HOST(RECORD_THP_FAULT_ALLOC, "thp_fault_alloc"),
	HOST(RECORD_THP_COLLAPSE_ALLOC, "thp_collapse_alloc"),
	{ 0 },
};

const char *record_reading_name(enum record_reading reading)
{
	return record_host_fields[reading].key;
}

const struct record_field record_counter_fields[] = {
	{ "event", RECORD_TEXT, AT(record_counter, event) },
	{ "word", RECORD_TEXT, AT(record_counter, word) },
	{ "unit", RECORD_TEXT, AT(record_counter, unit) },
	{ "scale", RECORD_NUMBER, AT(record_counter, scale), .is_zero_absent = true },
	{ "status", RECORD_WORD, AT(record_counter, status), .required = true, .name = counter_status_name },
	{ "reason", RECORD_TEXT, AT(record_counter, reason) },
	{ "reach", RECORD_WORD, AT(record_counter, reach), .is_zero_absent = true, .name = reach_name },
	{ "per_iteration", RECORD_NUMBER, AT(record_counter, per_iteration) },
	{ "ci95", RECORD_PAIR, AT(record_counter, ci95) },
	{ "samples", RECORD_WHOLE, AT(record_counter, samples), .is_zero_absent = true },
	{ "counted", RECORD_WHOLE, AT(record_counter, counted), .is_zero_absent = true },
	{ 0 },
};

const struct record_field record_thief_fields[] = {
	{ "kind", RECORD_WORD, AT(record_thief, kind), .required = true, .name = thief_kind_name },
	{ "name", RECORD_TEXT, AT(record_thief, name), .required = true },
	{ "count", RECORD_WHOLE, AT(record_thief, count), .required = true },
	{ "stolen_s", RECORD_NUMBER, AT(record_thief, stolen_s) },
	{ "knob", RECORD_TEXT, AT(record_thief, knob) },
	{ "remedy", RECORD_TEXT, AT(record_thief, remedy) },
	{ 0 },
};

const struct record_field record_witness_fields[] = {
	{ "name", RECORD_TEXT, AT(record_witness, name), .required = true },
	{ "reason", RECORD_TEXT, AT(record_witness, reason) },
	{ 0 },
};
