/* SPDX-License-Identifier: GPL-2.0-or-later */
/* measure.c - see measure.h. */
#include "cli/measure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/monotonic.h"
#include "cli/hold.h"
#include "host/facts.h"
#include "host/field.h"
#include "run/schedule.h"

static void add_text_fact(void *context, const char *key, const char *value)
{
	record_add_fact(context, key, value);
}

static void add_number_fact(void *context, const char *key, double value)
{
	record_add_fact_number(context, key, value);
}

static void add_facts(const struct facts_kept *kept, struct record *record)
{
	const struct facts_sink sink = { .text = add_text_fact,
					 .number = add_number_fact,
					 .context = record };
	struct path_root root;

	if (path_root_init(&root, "/", NULL))
		return;
	facts_collect(&root, kept, &sink);
	path_root_release(&root);
}

static enum exit_code hold(const struct measure *measure, struct hold *held, struct record *record,
			   struct sb_err *err)
{
	struct hold_wish wish = { .topology = measure->topology,
				  .wants_counters = events_need_counters(measure->events),
				  .wants_thieves = settings_wants_witnesses(measure->settings) };
	enum exit_code code;

	snprintf(wish.purpose, sizeof wish.purpose, "run of %zu cases", measure->session->plan.case_count);
	code = hold_host(measure->session, measure->settings, &wish, held, err);
	for (size_t i = 0; i < held->count; i++)
		record_add_condition(record, &held->conditions[i]);
	return code;
}

/* Who takes the CPU is a condition too, since seeing it needs something of the kernel. */
static void describe_thieves(const struct hold *held, struct record *record)
{
	for (size_t i = 0; i < held->count; i++)
		if (!strcmp(held->conditions[i].knob, "thieves"))
			record_add_witness(
				record, "thieves",
				condition_is_met(&held->conditions[i]) ? NULL : held->conditions[i].reason);
}

static void add_cases(const struct counted *counted, const struct plan *plan, struct record *record)
{
	for (size_t i = 0; i < plan->case_count; i++) {
		const struct plan_case *planned = &plan->cases[i];
		struct record_case *c = record_add_case(record, planned->name, planned->tags);

		c->threads = planned->threads > 1 ? planned->threads : 0;
		counted_describe_case(counted, c);
	}
}

static enum exit_code run_schedule(const struct measure *measure, const struct hold *held,
				   const struct path_root *root, struct record *record, struct sb_err *err)
{
	const struct topology *topology = measure->topology;
	const bool is_pinned = settings_pins(measure->settings);
	const cpu_set_t *cpus = is_pinned ? &topology->bench : &topology->allowed;
	const struct plan *plan = &measure->session->plan;
	struct condition cooled;
	struct cooling cooling;
	struct around around;
	const struct schedule schedule = {
		.keeper = &measure->session->keeper,
		.settings = measure->settings,
		.plan = plan,
		.binaries = measure->session->binaries,
		.clock = measure->clock,
		.cpus = is_pinned ? &topology->bench : NULL,
		.is_padded = hold_wants(held, "layout") && !hold_has(held, "fixed-layout"),
		.started_ns = measure->session->started_ns,
		.cancel = &measure->session->cancel,
		.counted = measure->counted,
		.around = &around,
		.cooling = &cooling,
		.record = record,
		.progress = progress_show,
		.context = measure->progress,
	};
	int code;

	add_cases(measure->counted, plan, record);
	around_init(&around, measure->counted->is_unwitnessed ? NULL : root, cpus, &topology->siblings);
	cooling_init(&cooling, root, cpus, measure->settings->cool_down_s, &measure->session->cancel);
	run_clock_finish(measure->clock);
	record->ns_per_tick = measure->clock->ns_per_tick;
	code = schedule_run(&schedule, err);
	progress_clear(measure->progress);
	counted_describe(measure->counted, root, record);
	around_describe(&around, record);
	describe_thieves(held, record);
	cooling_describe(&cooling, &cooled);
	record_add_condition(record, &cooled);
	if (!code)
		return EXIT_CODE_OK;
	record->status = RECORD_INTERRUPTED;
	return code == -EINTR ? EXIT_CODE_INTERRUPTED : EXIT_CODE_ERROR;
}

/* "'cycles', 'instructions': this virtual machine ...; 'x': ..." Gives how many there are. */
static size_t tell_missing(const struct counted *counted, char *text, size_t size)
{
	const char *last = NULL;
	size_t missing = 0;

	text[0] = '\0';
	for (size_t i = 0; i < counted->count; i++) {
		enum record_counter_status status;
		const char *reason = counted_reason(counted, i, &status);
		const bool is_same = reason && last && strcmp(reason, last) == 0;

		if (!reason)
			continue;
		if (last && !is_same)
			field_append(text, size, ": ", last);
		field_append(text, size, is_same ? ", " : "; ", counted->events[i].name);
		last = reason;
		missing++;
	}
	if (last)
		field_append(text, size, ": ", last);
	return missing;
}

/* With the host held, so that no watchdog keeps a counter that the benches could have. */
static enum exit_code try_events(const struct measure *measure, struct sb_err *err)
{
	char names[sizeof err->text];

	if (counted_try(measure->counted, &measure->session->keeper, err))
		return EXIT_CODE_ERROR;
	events_explain(measure->events, measure->counted);
	if (!measure->settings->require_counters || !tell_missing(measure->counted, names, sizeof names))
		return EXIT_CODE_OK;
	err_set(err, -ENOTSUP, "required counters are not to be had: %s", names);
	return EXIT_CODE_CONDITIONS;
}

/* What the host does is read on the real one. */
static enum exit_code look_and_run(const struct measure *measure, const struct hold *held,
				   struct record *record, struct sb_err *err)
{
	struct path_root root;
	enum exit_code code;

	if (path_root_init(&root, "/", err))
		return EXIT_CODE_ERROR;
	code = run_schedule(measure, held, &root, record, err);
	path_root_release(&root);
	return code;
}

enum exit_code measure_session(const struct measure *measure, struct record *record)
{
	struct hold held = { .count = 0 };
	struct sb_err err = { 0 };
	enum exit_code code, restored;

	add_facts(&measure->session->kept, record);
	code = hold(measure, &held, record, &err);
	if (code == EXIT_CODE_OK)
		code = try_events(measure, &err);
	if (code == EXIT_CODE_OK)
		code = look_and_run(measure, &held, record, &err);
	if (code != EXIT_CODE_OK)
		session_complain(err.text);
	restored = hold_release(measure->session, &held, &err);
	if (restored != EXIT_CODE_OK)
		session_complain(err.text);
	record->duration_s = (double)(monotonic_now_ns() - measure->session->started_ns) * 1e-9;
	return exit_code_worse(code, restored);
}
