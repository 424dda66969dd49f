/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record.c - building and releasing the facts of a session; see record.h. */
#include "record/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"

/* Room for one more: arrays grow at powers of two, so that no capacity needs to be kept beside the count. */
static void *room_for_one(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array;
	return alloc_grow(array, count ? 2 * count : 1, size);
}

void record_init(struct record *record)
{
	*record = (struct record){ .duration_s = NAN, .ns_per_tick = NAN };
}

static void release_launches(struct record_case *c)
{
	for (size_t i = 0; i < c->launch_count; i++) {
		free(c->launches[i].samples);
		free(c->launches[i].threads);
	}
	free(c->launches);
}

static void release_counters(struct record_case *c)
{
	for (size_t i = 0; i < c->counter_count; i++) {
		free(c->counters[i].name);
		free(c->counters[i].event);
		free(c->counters[i].word);
		free(c->counters[i].unit);
		free(c->counters[i].reason);
	}
	for (size_t i = 0; i < c->thief_count; i++) {
		free(c->thieves[i].name);
		free(c->thieves[i].knob);
		free(c->thieves[i].remedy);
	}
	free(c->counters);
	free(c->thieves);
}

static void release_case(struct record_case *c)
{
	release_launches(c);
	for (size_t i = 0; i < c->flag_count; i++)
		free(c->flags[i]);
	free(c->flags);
	release_counters(c);
	free(c->name);
	free(c->tags);
	free(c->reason);
	free(c->output);
}

static void release_facts(struct record *record)
{
	for (size_t i = 0; i < record->fact_count; i++) {
		free(record->facts[i].key);
		free(record->facts[i].text);
	}
	for (size_t i = 0; i < record->option_count; i++) {
		free(record->options[i].key);
		free(record->options[i].text);
	}
	for (size_t i = 0; i < record->witness_count; i++) {
		free(record->witnesses[i].name);
		free(record->witnesses[i].reason);
	}
	free(record->facts);
	free(record->options);
	free(record->witnesses);
}

void record_release(struct record *record)
{
	for (size_t i = 0; i < record->case_count; i++)
		release_case(&record->cases[i]);
	release_facts(record);
	free(record->cases);
	free(record->conditions);
	free(record->session_id);
	free(record->started);
	free(record->command);
	free(record->version);
	free(record->profile);
	free(record->clock);
	free(record->bench_cpus);
	free(record->housekeeping_cpus);
	record_init(record);
}

static void add_fact(struct record *record, const char *key, const char *text, double number)
{
	record->facts = room_for_one(record->facts, record->fact_count, sizeof *record->facts);
	record->facts[record->fact_count++] =
		(struct record_fact){ alloc_text(key), alloc_text(text), number };
}

void record_add_fact(struct record *record, const char *key, const char *text)
{
	add_fact(record, key, text, NAN);
}

void record_add_fact_number(struct record *record, const char *key, double number)
{
	add_fact(record, key, NULL, number);
}

void record_add_option(struct record *record, const char *key, const char *text)
{
	record->options = room_for_one(record->options, record->option_count, sizeof *record->options);
	record->options[record->option_count++] = (struct record_option){ alloc_text(key), alloc_text(text) };
}

void record_add_condition(struct record *record, const struct condition *condition)
{
	record->conditions =
		room_for_one(record->conditions, record->condition_count, sizeof *record->conditions);
	record->conditions[record->condition_count++] = *condition;
}

struct record_case *record_add_case(struct record *record, const char *name, const char *tags)
{
	struct record_case *c;

	record->cases = room_for_one(record->cases, record->case_count, sizeof *record->cases);
	c = &record->cases[record->case_count++];
	*c = (struct record_case){
		.name = alloc_text(name),
		.tags = alloc_text(tags ? tags : ""),
		.estimate_s = NAN,
		.estimate_all_s = NAN,
		.ci95_s = { NAN, NAN },
		.median_s = NAN,
		.cov_within = NAN,
		.cov_between = NAN,
		.rciw = NAN,
		.p50_s = NAN,
		.p95_s = NAN,
		.bracket_s = NAN,
		.witness_s = NAN,
		.counter_s = NAN,
	};
	return c;
}

struct record_launch *record_case_add_launch(struct record_case *c, size_t sample_count)
{
	struct record_launch *launch;

	c->launches = room_for_one(c->launches, c->launch_count, sizeof *c->launches);
	launch = &c->launches[c->launch_count++];
	*launch = (struct record_launch){
		.started_s = NAN,
		.startup_s = NAN,
		.median_s = NAN,
		.sample_count = sample_count,
		.samples = alloc_zero(sample_count, sizeof *launch->samples),
	};
	for (size_t i = 0; i < RECORD_READINGS; i++)
		launch->host[i] = NAN;
	return launch;
}

void record_launch_add_thread(struct record_launch *launch, const struct record_thread *thread)
{
	launch->threads = room_for_one(launch->threads, launch->thread_count, sizeof *launch->threads);
	launch->threads[launch->thread_count++] = *thread;
}

struct record_counter *record_case_add_counter(struct record_case *c, const char *name)
{
	struct record_counter *counter;

	c->counters = room_for_one(c->counters, c->counter_count, sizeof *c->counters);
	counter = &c->counters[c->counter_count++];
	*counter = (struct record_counter){ .name = alloc_text(name),
					    .per_iteration = NAN,
					    .ci95 = { NAN, NAN } };
	return counter;
}

static struct record_thief *find_thief(struct record_case *c, const struct record_thief *thief)
{
	for (size_t i = 0; i < c->thief_count; i++)
		if (c->thieves[i].kind == thief->kind && !strcmp(c->thieves[i].name, thief->name))
			return &c->thieves[i];
	return NULL;
}

void record_case_add_thief(struct record_case *c, const struct record_thief *thief)
{
	struct record_thief *known = find_thief(c, thief);

	if (known) {
		known->count += thief->count;
		known->stolen_s += thief->stolen_s;
		return;
	}
	c->thieves = room_for_one(c->thieves, c->thief_count, sizeof *c->thieves);
	known = &c->thieves[c->thief_count++];
	*known = *thief;
	known->name = alloc_text(thief->name);
	known->knob = alloc_text(thief->knob);
	known->remedy = alloc_text(thief->remedy);
}

void record_add_witness(struct record *record, const char *name, const char *reason)
{
	record->witnesses = room_for_one(record->witnesses, record->witness_count, sizeof *record->witnesses);
	record->witnesses[record->witness_count++] =
		(struct record_witness){ alloc_text(name), alloc_text(reason) };
}

void record_case_fail(struct record_case *c, enum record_case_status status, const char *reason,
		      const char *output)
{
	if (c->status != RECORD_CASE_OK && c->status != RECORD_CASE_UNMEASURED)
		return;
	free(c->reason);
	free(c->output);
	c->status = status;
	c->reason = alloc_text(reason);
	c->output = alloc_text(output);
}

void record_case_flag(struct record_case *c, const char *flag)
{
	for (size_t i = 0; i < c->flag_count; i++)
		if (!strcmp(c->flags[i], flag))
			return;
	c->flags = room_for_one(c->flags, c->flag_count, sizeof *c->flags);
	c->flags[c->flag_count++] = alloc_text(flag);
}
