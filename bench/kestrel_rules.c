/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kestrel_rules.c - a security event engine, part two: sequence rules, predicates in Lua, and all of it
 * together.
 *
 * Time stands still or is a parameter here: events carry fixed times, so that an engine goes through the same
 * states in every iteration and its memory does not grow. Each body checks once that the rules say what they
 * should.
 */
#include <stablebench.h>

#include <stdlib.h>

#include "kestrel/engine.h"
#include "kestrel/fixture.h"
#include "kestrel/pool.h"
#include "kestrel/predicate.h"
#include "kestrel/runtime.h"

#define SECOND	  1000000000u
#define MAXSPAN	  (5ull * SECOND)
#define PARTIALS  1024
#define ENTITIES  64
#define LUA_BYTES (64 << 10)
#define RUNTIMES  8

/* Compares a number and, where that holds, a text: what most rules of such an engine come down to. */
static const char predicate_source[] = "local pid = field('process.pid')\n"
				       "local is_named = field_is('process.name', 'process.name')\n"
				       "return function() return pid() == 4711 and is_named() end\n";

struct stage {
	struct fixture *fixture;
	struct engine *engine;
	struct runtime *runtime;
	struct predicate *predicate;
	struct event *events[3 * ENTITIES];
	uint32_t event_count;
};

static void stage_free(struct stage *stage)
{
	if (!stage)
		return;
	while (stage->event_count > 0)
		event_free(stage->events[--stage->event_count]);
	predicate_free(stage->predicate);
	runtime_free(stage->runtime);
	engine_free(stage->engine);
	fixture_free(stage->fixture);
	free(stage);
}

static struct stage *stage_new(int instructions)
{
	struct stage *stage = calloc(1, sizeof *stage);

	if (!stage)
		return NULL;
	stage->fixture = fixture_new();
	stage->engine = engine_new(PARTIALS, NULL, NULL);
	if (stage->fixture)
		stage->runtime = runtime_new(stage->fixture->schema,
					     (struct runtime_limits){ LUA_BYTES, instructions });
	if (stage->runtime)
		predicate_new(stage->runtime, "benchmark", predicate_source, &stage->predicate);
	if (stage->engine && stage->predicate)
		return stage;
	stage_free(stage);
	return NULL;
}

static void hand_over(sb_bench *b, struct stage *stage)
{
	sb_state_set(b, stage);
	if (!stage)
		sb_fail(b, "the engine and its runtime could not be made: no memory");
}

static void set_up(sb_bench *b)
{
	hand_over(b, stage_new(0));
}

static void set_up_limited(sb_bench *b)
{
	hand_over(b, stage_new(100000));
}

static void tear_down(sb_bench *b)
{
	stage_free(sb_state(b));
}

#define CASE(group_, tags_) .group = group_, .tags = tags_
#define SET_UP		    .setup = set_up, .teardown = tear_down

/* Builds an event that lives as long as the stage. */
static struct event *keep_event(struct stage *stage, uint32_t type, uint64_t mono_ns, uint64_t entity)
{
	struct event *event = fixture_event(stage->fixture, type, mono_ns, entity);

	stage->events[stage->event_count++] = event;
	return event;
}

/* The events `first`, `first` + 1 and so on, in this order. */
static struct rule sequence(uint32_t first, uint32_t steps)
{
	struct rule rule = { .name = "benchmark", .step_count = steps, .maxspan_ns = MAXSPAN };
	uint32_t i;

	for (i = 0; i < steps; i++)
		rule.steps[i].event_type = first + i;
	return rule;
}

static void add_sequences(sb_bench *b, uint32_t count, uint32_t type_distance)
{
	struct stage *stage = sb_state(b);
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct rule rule = sequence(1 + i * type_distance, 3);

		if (engine_add_rule(stage->engine, &rule) < 0)
			sb_fail(b, "a rule was refused");
	}
}

/* --- nfa
 * ----------------------------------------------------------------------------------------------------------
 */

/* Times one event that must leave this many partial matches behind, the first time as every time. */
static void time_event(sb_bench *b, uint32_t type, uint32_t partials)
{
	struct stage *stage = sb_state(b);
	struct event *event = keep_event(stage, type, SECOND, 1);
	uint32_t round;
	FIXTURE_STACK();

	for (round = 0; round < 2; round++) {
		if (engine_process(stage->engine, event) != 0 || engine_partials(stage->engine) != partials)
			sb_fail(b, "the event moved other rules than it should");
	}
	sb_elements(b, 1);
	SB_LOOP(b) {
		sb_keep(engine_process(stage->engine, event));
	}
	if (engine_partials(stage->engine) != partials)
		sb_fail(b, "the engine holds more partial matches than before the loop");
}

SB_BENCH(nfa_process_single_event_no_match, CASE("nfa", "micro"), SET_UP)
{
	add_sequences(b, 1, 0);
	time_event(b, 9, 0);
}

SB_BENCH(nfa_process_single_event_match_step1, CASE("nfa", "micro"), SET_UP)
{
	add_sequences(b, 1, 0);
	time_event(b, 1, 1);
}

SB_BENCH(nfa_process_event_100_sequences, CASE("nfa", "micro"), SET_UP)
{
	add_sequences(b, 100, 0);
	time_event(b, 1, 100);
}

/* A hundred rules of which one cares about the event: what the index of event types is for. */
SB_BENCH(nfa_process_event_100_sequences_one_due, CASE("nfa", "micro"), SET_UP)
{
	add_sequences(b, 100, 10);
	time_event(b, 501, 1);
}

static uint32_t build_and_process(struct stage *stage, uint32_t type, uint64_t mono_ns, uint64_t entity)
{
	struct event *event = fixture_event(stage->fixture, type, mono_ns, entity);
	uint32_t alerts = engine_process(stage->engine, event);

	event_free(event);
	return alerts;
}

static uint32_t run_sequence(struct stage *stage)
{
	uint32_t step, alerts = 0;

	for (step = 0; step < 3; step++)
		alerts += build_and_process(stage, 1 + step, SECOND + step * 1000000u, 54321);
	return alerts;
}

/* Three events built, processed and freed, the third of which raises an alert. */
SB_BENCH(process_3_step_sequence, CASE("nfa", "micro"), SET_UP)
{
	struct stage *stage = sb_state(b);
	FIXTURE_STACK();

	add_sequences(b, 1, 0);
	if (run_sequence(stage) != 1 || run_sequence(stage) != 1)
		sb_fail(b, "the sequence did not raise one alert");
	sb_elements(b, 3);
	SB_LOOP(b) {
		sb_keep(run_sequence(stage));
	}
	if (engine_partials(stage->engine) != 0)
		sb_fail(b, "a completed sequence is still there");
}

static uint32_t process_all(struct stage *stage)
{
	uint32_t i, alerts = 0;

	for (i = 0; i < stage->event_count; i++)
		alerts += engine_process(stage->engine, stage->events[i]);
	return alerts;
}

/* All first steps, then all second ones, then all third ones: every partial match waits while the others
 * move. */
SB_BENCH(nfa_interleave_64_entities, CASE("nfa", "micro"), SET_UP)
{
	struct stage *stage = sb_state(b);
	uint32_t i;
	FIXTURE_STACK();

	add_sequences(b, 1, 0);
	for (i = 0; i < 3 * ENTITIES; i++)
		keep_event(stage, 1 + i / ENTITIES, SECOND + i, i % ENTITIES);
	if (process_all(stage) != ENTITIES || process_all(stage) != ENTITIES)
		sb_fail(b, "not every entity raised one alert");
	sb_elements(b, 3 * ENTITIES);
	SB_LOOP(b) {
		sb_keep(process_all(stage));
	}
}

static uint32_t begin_and_expire(struct stage *stage)
{
	process_all(stage);
	return engine_expire(stage->engine, 2 * SECOND + MAXSPAN);
}

SB_BENCH(nfa_expire_64_partials, CASE("nfa", "micro"), SET_UP)
{
	struct stage *stage = sb_state(b);
	uint32_t i;
	FIXTURE_STACK();

	add_sequences(b, 1, 0);
	for (i = 0; i < ENTITIES; i++)
		keep_event(stage, 1, SECOND + i, i);
	if (begin_and_expire(stage) != ENTITIES || begin_and_expire(stage) != ENTITIES)
		sb_fail(b, "not every partial match grew old");
	sb_elements(b, ENTITIES);
	SB_LOOP(b) {
		sb_keep(begin_and_expire(stage));
	}
}

/* --- predicate
 * ---------------------------------------------------------------------------------------------------- */

static int compile_and_free(struct runtime *runtime)
{
	struct predicate *predicate;
	int rc = predicate_new(runtime, "benchmark", predicate_source, &predicate);

	predicate_free(predicate);
	runtime_collect(runtime);
	return rc;
}

static size_t memory_of(struct runtime *const *runtimes)
{
	size_t i, used = 0;

	for (i = 0; i < RUNTIMES; i++)
		used += runtime_memory(runtimes[i]);
	return used;
}

/* Compiles in one runtime after the other, each time with the collection that brings it back to where it was.
 */
static void time_compile(sb_bench *b, struct runtime *const *runtimes)
{
	size_t next = 0, used = memory_of(runtimes);
	FIXTURE_STACK();

	sb_bytes(b, sizeof predicate_source - 1);
	SB_LOOP(b) {
		sb_keep(compile_and_free(runtimes[next++ % RUNTIMES]));
	}
	if (memory_of(runtimes) != used)
		sb_fail(b, "compiling left something behind in a runtime");
}

/*
 * Every Lua state hashes its strings with a seed made of addresses and the time; which of them collide
 * decides about 0.5 % of the instructions of a compilation. An engine has a runtime for each worker, so going
 * round some of them is as real, and every process sees the mean of as many seeds.
 */
SB_BENCH(lua_compile_module, CASE("predicate", "micro"), SET_UP)
{
	struct runtime_limits limits = { .memory = LUA_BYTES };
	struct runtime *runtimes[RUNTIMES];
	struct stage *stage = sb_state(b);
	size_t i;

	for (i = 0; i < RUNTIMES; i++) {
		runtimes[i] = runtime_new(stage->fixture->schema, limits);
		if (!runtimes[i])
			break;
		if (compile_and_free(runtimes[i]) < 0 || compile_and_free(runtimes[i]) < 0)
			sb_fail(b, runtime_error(runtimes[i]));
	}
	if (i == RUNTIMES)
		time_compile(b, runtimes);
	else
		sb_fail(b, "a runtime could not be made: no memory");
	while (i > 0)
		runtime_free(runtimes[--i]);
}

/* An event that the predicate matches, or one of another process that it does not match. */
static struct event *predicate_event(struct stage *stage, bool matching)
{
	stage->fixture->values[FIXTURE_PID] = value_u64(matching ? 4711 : 4712);
	return keep_event(stage, 1, SECOND, 1);
}

static void time_predicate(sb_bench *b, bool matching)
{
	struct stage *stage = sb_state(b);
	struct event *event = predicate_event(stage, matching);
	FIXTURE_STACK();

	if (predicate_match(stage->predicate, event) != matching)
		sb_fail(b, "the predicate gives a wrong answer");
	sb_elements(b, 1);
	SB_LOOP(b) {
		sb_keep(predicate_match(stage->predicate, event));
	}
}

SB_BENCH(lua_eval_predicate_match, CASE("predicate", "micro"), SET_UP)
{
	time_predicate(b, true);
}

SB_BENCH(lua_eval_predicate_no_match, CASE("predicate", "micro"), SET_UP)
{
	time_predicate(b, false);
}

/* The price of a limit on instructions, beside lua_eval_predicate_match. */
SB_BENCH(lua_eval_predicate_match_limited, CASE("predicate", "micro"), .setup = set_up_limited,
	 .teardown = tear_down)
{
	time_predicate(b, true);
}

static uint32_t match_100(const struct stage *stage)
{
	uint32_t i, matches = 0;

	for (i = 0; i < 100; i++)
		matches += predicate_match(stage->predicate, stage->events[i % 2]) == 1;
	return matches;
}

SB_BENCH(eval_100_predicates, CASE("predicate", "micro"), SET_UP)
{
	struct stage *stage = sb_state(b);
	FIXTURE_STACK();

	predicate_event(stage, true);
	predicate_event(stage, false);
	if (match_100(stage) != 50)
		sb_fail(b, "not every second event matches");
	sb_elements(b, 100);
	SB_LOOP(b) {
		sb_keep(match_100(stage));
	}
}

/* --- pipeline
 * ----------------------------------------------------------------------------------------------------- */

/* Build, route, evaluate in Lua, move on: three steps of each of 32 entities, of which every second one
 * matches. */
static uint32_t run_pipeline(struct stage *stage)
{
	uint32_t i, alerts = 0;

	for (i = 0; i < 96; i++) {
		stage->fixture->values[FIXTURE_PID] = value_u64(4711 + i % 2);
		alerts += build_and_process(stage, 1 + i / 32, SECOND + i, i % 32);
	}
	return alerts + engine_expire(stage->engine, 2 * SECOND + MAXSPAN);
}

SB_BENCH(pipeline_96_events, CASE("pipeline", "integration"), SET_UP)
{
	struct stage *stage = sb_state(b);
	struct rule rule = sequence(1, 3);
	FIXTURE_STACK();

	rule.steps[1].condition = predicate_condition;
	rule.steps[1].context = stage->predicate;
	if (engine_add_rule(stage->engine, &rule) < 0 || run_pipeline(stage) != 32 ||
	    engine_counts(stage->engine)->alerts != 16 || engine_counts(stage->engine)->expired != 16)
		sb_fail(b, "not every second entity raised an alert and the others grew old");
	sb_elements(b, 96);
	SB_LOOP(b) {
		sb_keep(run_pipeline(stage));
	}
	if (engine_partials(stage->engine) != 0)
		sb_fail(b, "the engine holds more partial matches than before the loop");
}
