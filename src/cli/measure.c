/* SPDX-License-Identifier: GPL-2.0-or-later */
/* measure.c - see measure.h. */
#include "cli/measure.h"

#include <errno.h>
#include <stdio.h>

#include "base/monotonic.h"
#include "host/facts.h"
#include "run/schedule.h"

static void add_text_fact(void *context, const char *key, const char *value)
{
	record_add_fact(context, key, value);
}

static void add_number_fact(void *context, const char *key, double value)
{
	record_add_fact_number(context, key, value);
}

static void add_facts(struct record *record)
{
	const struct facts_sink sink = { .text = add_text_fact,
					 .number = add_number_fact,
					 .context = record };
	struct path_root root;

	if (path_root_init(&root, "/", NULL))
		return;
	facts_collect(&root, &sink);
	path_root_release(&root);
}

static void tell_recovered(const struct keeper_restored *recovered)
{
	if (recovered->restored || recovered->conflicts || recovered->failed)
		fprintf(stderr,
			"stablebench: a killed session had left the host changed: %u settings put back, %u "
			"changed by "
			"somebody else and left alone, %u failed%s%s\n",
			recovered->restored, recovered->conflicts, recovered->failed,
			recovered->detail[0] ? ": " : "", recovered->detail);
}

/* What the user made a condition of measuring at all. */
static enum exit_code require(const struct settings *settings, const struct condition *conditions,
			      size_t count, struct sb_err *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct condition *condition = &conditions[i];

		if (!(settings->require & knob_bit(knob_find(condition->knob))) ||
		    condition_is_met(condition))
			continue;
		err_set(err, -ENOTSUP, "the required knob '%s' is %s: %s%s%s", condition->knob,
			condition_outcome_name(condition->outcome), condition->reason,
			condition->mend[0] ? "; try: " : "", condition->mend);
		return EXIT_CODE_CONDITIONS;
	}
	return EXIT_CODE_OK;
}

static enum exit_code hold(const struct measure *measure, struct record *record, struct sb_err *err)
{
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	struct keeper_restored recovered = { 0 };
	struct keeper_hold request = {
		.recovered = &recovered,
		.choice = measure->settings->choice,
		.topology = *measure->topology,
		.wait = measure->settings->wait,
	};
	size_t count = 0;
	int code;

	snprintf(request.purpose, sizeof request.purpose, "run of %zu cases",
		 measure->session->plan.case_count);
	code = keeper_hold(&measure->session->keeper, &request, measure->session->cancel.count, conditions,
			   &count, err);
	tell_recovered(&recovered);
	for (size_t i = 0; i < count; i++)
		record_add_condition(record, &conditions[i]);
	if (!code)
		return require(measure->settings, conditions, count, err);
	return code == -EINTR ? EXIT_CODE_INTERRUPTED : EXIT_CODE_ERROR;
}

static enum exit_code run_schedule(const struct measure *measure, struct record *record, struct sb_err *err)
{
	const struct plan *plan = &measure->session->plan;
	const struct schedule schedule = {
		.keeper = &measure->session->keeper,
		.settings = measure->settings,
		.plan = plan,
		.binaries = measure->session->binaries,
		.clock = measure->clock,
		.cpus = settings_pins(measure->settings) ? &measure->topology->bench : NULL,
		.started_ns = measure->session->started_ns,
		.cancel = &measure->session->cancel,
		.record = record,
		.progress = progress_show,
		.context = measure->progress,
	};
	int code;

	for (size_t i = 0; i < plan->case_count; i++)
		record_add_case(record, plan->cases[i].name, plan->cases[i].tags);
	run_clock_finish(measure->clock);
	record->ns_per_tick = measure->clock->ns_per_tick;
	code = schedule_run(&schedule, err);
	progress_clear(measure->progress);
	if (!code)
		return EXIT_CODE_OK;
	record->status = RECORD_INTERRUPTED;
	return code == -EINTR ? EXIT_CODE_INTERRUPTED : EXIT_CODE_ERROR;
}

static bool has_changed_host(const struct record *record)
{
	for (size_t i = 0; i < record->condition_count; i++) {
		const struct knob *knob = knob_find(record->conditions[i].knob);

		if (record->conditions[i].outcome == CONDITION_APPLIED && knob &&
		    knob->scope == KNOB_SCOPE_HOST)
			return true;
	}
	return false;
}

static enum exit_code release(const struct measure *measure, const struct record *record, struct sb_err *err)
{
	struct keeper_restored restored;
	int code = keeper_release(&measure->session->keeper, &restored, err);

	measure->session->has_keeper = false;
	if (code && !has_changed_host(record))
		return EXIT_CODE_ERROR;
	if (code)
		return EXIT_CODE_NOT_RESTORED;
	if (restored.conflicts) {
		err_set(err, -EBUSY,
			"%u settings of the host were changed by somebody else meanwhile and left alone: %s",
			restored.conflicts, restored.detail);
		return EXIT_CODE_NOT_RESTORED;
	}
	return EXIT_CODE_OK;
}

enum exit_code measure_session(const struct measure *measure, struct record *record)
{
	struct sb_err err = { 0 };
	enum exit_code code, restored;

	add_facts(record);
	code = hold(measure, record, &err);
	if (code == EXIT_CODE_OK)
		code = run_schedule(measure, record, &err);
	if (code != EXIT_CODE_OK)
		session_complain(err.text);
	restored = release(measure, record, &err);
	if (restored != EXIT_CODE_OK)
		session_complain(err.text);
	record->duration_s = (double)(monotonic_now_ns() - measure->session->started_ns) * 1e-9;
	return exit_code_worse(code, restored);
}
