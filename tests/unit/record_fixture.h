/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_fixture.h - a record in which everything has a value, made by hand: record_fill(&record). */
#ifndef RECORD_FIXTURE_H
#define RECORD_FIXTURE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "record/record.h"

static inline void add_launch(struct record_case *c, size_t order, size_t samples)
{
	struct record_launch *launch = record_case_add_launch(c, samples);

	launch->seed = UINT64_C(0xfedcba9876543210) + order;
	launch->padding = (uint32_t)(16 * order);
	launch->batch = 1000;
	launch->order = order;
	launch->started_s = 0.1 * (double)order;
	launch->startup_s = 1.1e-3;
	for (size_t i = 0; i < samples; i++)
		launch->samples[i] = (struct record_sample){
			.time_s = 1e-3 / 3 + 1e-9 * (double)(i + order),
			.iterations = 1000,
			.causes = i ? 0 : RECORD_CAUSE_MIGRATION | RECORD_CAUSE_VOLUNTARY_SWITCH,
			.cpu = 1,
			.voluntary_switches = i ? 0 : 2,
			.minor_faults = (uint32_t)i,
			.set_aside = i == 0,
			.begin_s = 0.5,
			.wait_s = i ? 0 : 1e-6,
			.stolen_s = i ? 0 : 2e-6,
			.kind_s = { [SB_WIRE_THEFT_SOFTIRQ] = i ? 0 : 2e-6 },
			.thefts = { [SB_WIRE_THEFT_SOFTIRQ] = !i },
			.thief = "kworker/1:1",
			.uncounted = i == 2,
			.counters = { 1000 * i, UINT64_MAX - i },
			.witnesses = { [4] = (uint32_t)i, [11] = UINT32_MAX },
		};
	launch->retaken = samples > 0;
	launch->is_detached = samples > 0;
	launch->host[RECORD_STEAL] = 0;
	launch->host[RECORD_FREQUENCY] = 2.5e9;
	launch->host[RECORD_BUSY_FREQUENCY] = 0.9375;
	launch->counter_count = c->counter_count ? 2 : 0;
	launch->counters[0] = (struct record_launch_counter){ .index = 1, .overhead = 40 };
	launch->counters[1] = (struct record_launch_counter){ .index = 0 };
	for (uint32_t i = 0; order && i < 2; i++) {
		const struct record_thread thread = { .cpu = i,
						      .median_s = 1e-6,
						      .counted = c->counter_count ? samples : 0,
						      .counters = { c->counter_count ? 7 + i : 0 } };

		record_launch_add_thread(launch, &thread);
	}
}

static inline void add_counters(struct record_case *c)
{
	const struct record_thief thief = { .kind = RECORD_THIEF_INTERRUPT,
					    .name = (char *)"virtio1-req.0",
					    .count = 3,
					    .stolen_s = NAN,
					    .knob = (char *)"irq-affinity" };
	const struct record_thief tick = { .kind = RECORD_THIEF_TIMER,
					   .name = (char *)"local_timer",
					   .count = 2,
					   .stolen_s = 1e-6,
					   .remedy = (char *)"nohz_full= at boot" };
	struct record_counter *counter;

	record_case_add_counter(c, "cycles")->event = strdup("perf::CYCLES:u");
	counter = record_case_add_counter(c, "r01c2");
	counter->unit = strdup("Joules");
	counter->word = strdup("branches:k");
	counter = record_case_add_counter(c, "odd \"name\"");
	counter->status = RECORD_COUNTER_SILENT;
	counter->reason = strdup("it stands still");
	record_case_add_thief(c, &thief);
	record_case_add_thief(c, &tick);
}

static inline void add_cases(struct record *record)
{
	struct record_case *c = record_add_case(record, "kestrel/event/lookup/size=100", "micro event");

	c->stop = RECORD_STOP_PRECISION;
	c->batch = 1000;
	c->warmup = 3;
	c->bracket_s = 25e-9;
	c->witness_s = NAN;
	c->counter_s = 0.6e-6;
	c->counters_by = RECORD_READ_CALL;
	c->throughput[c->throughput_count++] = (struct record_throughput){ RECORD_ELEMENTS, 2, NAN };
	c->throughput[c->throughput_count++] = (struct record_throughput){ RECORD_BYTES, 64.5, NAN };
	add_counters(c);
	for (size_t i = 0; i < 6; i++)
		add_launch(c, i, 5);
	record_case_flag(c, "odd \"flag\"");
	record_case_summarise(c, 0.005);
	c = record_add_case(record, "selftest/crashing", "");
	record_case_fail(
		c, RECORD_CASE_CRASHED, "ended by signal 11 (segmentation fault)",
		"tab\there\nquote \" backslash \\ bell \a not UTF-8 \xff\xc0\xaf gr\xc3\xbc\xc3\x9f\x65");
	c->stop = RECORD_STOP_ERROR;
}

static inline void record_fill(struct record *record)
{
	struct condition denied = { .knob = "governor", .outcome = CONDITION_DENIED };

	strcpy(denied.before, "powersave");
	strcpy(denied.reason, "needs root");
	record_init(record);
	record->status = RECORD_INTERRUPTED;
	record->session_id = strdup("0123456789abcdef");
	record->started = strdup("2024-05-01T12:00:00Z");
	record->duration_s = 12.5;
	record->seed = 42;
	record->command = strdup("stablebench run ./bench_kestrel");
	record->version = strdup("0.1.0");
	record->profile = strdup("gentle");
	record->clock = strdup("tsc");
	record->ns_per_tick = 1 / 2.9;
	record->bench_cpus = strdup("1");
	record_add_fact(record, "hostname", "bench-1");
	record_add_fact_number(record, "memory_bytes", 8589934592.0);
	record_add_fact_number(record, "unknown", NAN);
	record_add_option(record, "precision", "0.005");
	record_add_condition(record, &denied);
	record_add_witness(record, "timer", NULL);
	record_add_witness(record, "nmi", "no such tracepoint");
	add_cases(record);
}

#endif
