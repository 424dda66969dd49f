/* SPDX-License-Identifier: GPL-2.0-or-later */
/* engine.c - moves partial matches along the steps of their rules; see engine.h. */
#include "kestrel/engine.h"

#include <errno.h>
#include <stdlib.h>

#include "kestrel/partial.h"
#include "kestrel/route.h"

struct engine {
	struct partials *partials;
	struct routes *routes;
	struct rule *rules;
	uint32_t rule_count;
	alert_handler *handler;
	void *context;
	struct engine_counts counts;
};

struct engine *engine_new(uint32_t capacity, alert_handler *handler, void *context)
{
	struct engine *engine = calloc(1, sizeof *engine);

	if (!engine)
		return NULL;
	engine->partials = partials_new(capacity);
	engine->routes = routes_new();
	engine->handler = handler;
	engine->context = context;
	if (engine->partials && engine->routes)
		return engine;
	engine_free(engine);
	return NULL;
}

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	partials_free(engine->partials);
	routes_free(engine->routes);
	free(engine->rules);
	free(engine);
}

static int add_routes(struct engine *engine, const struct rule *rule, uint32_t number)
{
	uint32_t step;
	int rc = 0;

	if (rule->until.event_type != 0)
		rc = routes_add(engine->routes, rule->until.event_type,
				(struct transition){ number, ROUTE_UNTIL });
	for (step = rule->step_count; rc == 0 && step-- > 0;)
		rc = routes_add(engine->routes, rule->steps[step].event_type,
				(struct transition){ number, step });
	return rc;
}

int engine_add_rule(struct engine *engine, const struct rule *rule)
{
	struct rule *rules;
	int rc = rule_check(rule);

	if (rc < 0)
		return rc;
	rules = realloc(engine->rules, (engine->rule_count + (size_t)1) * sizeof *rules);
	if (!rules)
		return -ENOMEM;
	engine->rules = rules;
	rc = partials_add_rule(engine->partials);
	if (rc < 0)
		return rc;
	rules[engine->rule_count] = *rule;
	return add_routes(engine, rule, engine->rule_count++);
}

static bool holds(struct engine *engine, const struct step *step, const struct event *event)
{
	int rc;

	if (!step->condition)
		return true;
	rc = step->condition(step->context, event);
	engine->counts.errors += rc < 0;
	return rc > 0;
}

static uint32_t raise_alert(struct engine *engine, const struct rule *rule, const struct event_head *head,
			    uint64_t start_ns)
{
	struct alert alert = { rule->name, head->entity, start_ns, head->mono_ns };

	engine->counts.alerts++;
	if (engine->handler)
		engine->handler(engine->context, &alert);
	return 1;
}

/* The first step: begins a sequence, or begins the waiting one anew. */
static uint32_t begin(struct engine *engine, uint32_t number, struct partial *partial,
		      const struct event *event)
{
	const struct rule *rule = &engine->rules[number];
	const struct event_head *head = event_head(event);
	bool evicted = false;

	if (partial && (partial->live & 1) && head->mono_ns < partial->progress[0].last_ns) {
		engine->counts.late++;
		return 0;
	}
	if (!holds(engine, &rule->steps[0], event))
		return 0;
	engine->counts.advanced++;
	if (rule->step_count == 1)
		return raise_alert(engine, rule, head, head->mono_ns);
	if (!partial)
		partial = partials_add(engine->partials, number, &head->entity, &evicted);
	engine->counts.evicted += evicted;
	partial->live |= 1;
	partial->progress[0] = (struct progress){ head->mono_ns, head->mono_ns };
	if (head->mono_ns >= partial->begun_ns)
		partials_renew(engine->partials, partial, head->mono_ns);
	return 0;
}

/* Whether the sequence in the state before `step` is there, in order, and young enough to be moved on. */
static bool can_advance(struct engine *engine, const struct rule *rule, struct partial *partial,
			uint32_t step, uint64_t now_ns)
{
	const struct progress *progress;

	if (!partial || !(partial->live & 1u << (step - 1)))
		return false;
	progress = &partial->progress[step - 1];
	if (now_ns < progress->last_ns) {
		engine->counts.late++;
		return false;
	}
	return rule->maxspan_ns == 0 || now_ns - progress->start_ns <= rule->maxspan_ns;
}

static uint32_t advance(struct engine *engine, uint32_t number, struct partial *partial, uint32_t step,
			const struct event *event)
{
	const struct rule *rule = &engine->rules[number];
	const struct event_head *head = event_head(event);
	uint64_t start_ns;

	if (!can_advance(engine, rule, partial, step, head->mono_ns) ||
	    !holds(engine, &rule->steps[step], event))
		return 0;
	engine->counts.advanced++;
	start_ns = partial->progress[step - 1].start_ns;
	partial->live &= ~(1u << (step - 1));
	if (step + 1 < rule->step_count) {
		partial->live |= 1u << step;
		partial->progress[step] = (struct progress){ start_ns, head->mono_ns };
		return 0;
	}
	if (partial->live == 0)
		partials_remove(engine->partials, partial);
	return raise_alert(engine, rule, head, start_ns);
}

static void end_sequences(struct engine *engine, const struct rule *rule, struct partial *partial,
			  const struct event *event)
{
	if (!partial || !holds(engine, &rule->until, event))
		return;
	partials_remove(engine->partials, partial);
	engine->counts.ended++;
}

static uint32_t take_transition(struct engine *engine, struct transition transition,
				const struct event *event)
{
	const struct rule *rule = &engine->rules[transition.rule];
	const struct event_head *head = event_head(event);
	struct partial *partial;

	if (rule->maxspan_ns > 0)
		engine->counts.expired +=
			partials_expire(engine->partials, transition.rule, rule->maxspan_ns, head->mono_ns);
	partial = partials_find(engine->partials, transition.rule, &head->entity);
	if (transition.step == 0)
		return begin(engine, transition.rule, partial, event);
	if (transition.step != ROUTE_UNTIL)
		return advance(engine, transition.rule, partial, transition.step, event);
	end_sequences(engine, rule, partial, event);
	return 0;
}

uint32_t engine_process(struct engine *engine, const struct event *event)
{
	uint32_t count, i, alerts = 0;
	const struct transition *transitions = routes_get(engine->routes, event_head(event)->type, &count);

	engine->counts.events++;
	for (i = 0; i < count; i++)
		alerts += take_transition(engine, transitions[i], event);
	return alerts;
}

uint32_t engine_expire(struct engine *engine, uint64_t now_ns)
{
	uint32_t rule, dropped = 0;

	for (rule = 0; rule < engine->rule_count; rule++) {
		if (engine->rules[rule].maxspan_ns > 0)
			dropped += partials_expire(engine->partials, rule, engine->rules[rule].maxspan_ns,
						   now_ns);
	}
	engine->counts.expired += dropped;
	return dropped;
}

uint32_t engine_partials(const struct engine *engine)
{
	return partials_count(engine->partials);
}

const struct engine_counts *engine_counts(const struct engine *engine)
{
	return &engine->counts;
}
