/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_run.c - `stablebench run`: the main job. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cpulist.h"
#include "cli/command.h"
#include "cli/measure.h"
#include "cli/terminal.h"
#include "host/facts.h"
#include "report/report.h"
#include "store/store.h"

#define COV_LIMIT 0.10

static void add_option(void *context, const char *name, const char *value)
{
	record_add_option(context, name, value);
}

/* Where nobody is pinned, both may have been anywhere. */
static void describe_cpus(struct record *record, const struct settings *settings,
			  const struct topology *topology)
{
	bool is_pinned = settings_pins(settings);
	const cpu_set_t *bench = is_pinned ? &topology->bench : &topology->allowed;
	const cpu_set_t *rest = is_pinned ? &topology->housekeeping : &topology->allowed;
	char list[512];

	record->bench_cpus = alloc_text(cpulist_format(bench, list, sizeof list));
	record->housekeeping_cpus = alloc_text(cpulist_format(rest, list, sizeof list));
}

static void describe_session(struct record *record, const struct session *session,
			     const struct settings *settings, const struct topology *topology,
			     const struct run_clock *clock)
{
	char started[32];
	time_t now = time(NULL);
	struct tm utc;

	strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	record->started = alloc_text(started);
	record->seed = session->plan.seed;
	record->session_id =
		alloc_format("%016" PRIx64, session->plan.seed ^ ((uint64_t)now << 20) ^ (uint64_t)getpid());
	record->version = alloc_text(PACKAGE_VERSION);
	record->profile = alloc_text(knob_profile_name(settings->choice.profile));
	record->clock = alloc_text(run_clock_name(clock));
	describe_cpus(record, settings, topology);
	record_add_fact(record, "bench_user", session->identity.bench_user);
	options_describe(OPTION_OF_RUN, settings, add_option, record);
}

static enum exit_code judge_record(const struct record *record)
{
	enum exit_code code = EXIT_CODE_OK;
	size_t measured = 0;

	for (size_t i = 0; i < record->case_count; i++) {
		const struct record_case *c = &record->cases[i];

		measured += c->launch_count > 0;
		if (c->status == RECORD_CASE_UNMEASURED && c->stop == RECORD_STOP_BUDGET)
			code = exit_code_worse(code, EXIT_CODE_TIME_LIMIT);
		else if (c->status != RECORD_CASE_OK && c->status != RECORD_CASE_SKIPPED)
			code = exit_code_worse(code, EXIT_CODE_ERROR);
		else if (c->cov_between > COV_LIMIT)
			code = exit_code_worse(code, EXIT_CODE_UNSTABLE);
	}
	return measured ? code : exit_code_worse(code, EXIT_CODE_NOTHING);
}

/* What is lost while it counts is not had either. */
static enum exit_code judge_counters(const struct record *record)
{
	char text[EVENT_NAME + 400];

	for (size_t i = 0; i < record->case_count; i++) {
		const struct record_case *c = &record->cases[i];

		for (size_t k = 0; c->status == RECORD_CASE_OK && k < c->counter_count; k++) {
			if (c->counters[k].status == RECORD_COUNTER_COUNTED)
				continue;
			snprintf(text, sizeof text, "required counters were not had: '%s' of %s: %s",
				 c->counters[k].name, c->name, c->counters[k].reason);
			session_complain(text);
			return EXIT_CODE_CONDITIONS;
		}
	}
	return EXIT_CODE_OK;
}

/* Keeps the record, writes it where it was asked for, prints the table. Every output is tried. */
static enum exit_code put_out(const struct record *record, const struct settings *settings, const char *home)
{
	const struct report_style style = { .columns = terminal_columns(STDOUT_FILENO) };
	bool json_on_stdout = settings->json && store_is_stdout(settings->json);
	enum exit_code code = EXIT_CODE_OK;
	struct sb_err err;

	if (store_save_last(record, home, &err)) /* 'show' will miss it, the result is whole */
		session_complain(err.text);
	if (settings->json && store_write_file(record, settings->json, &err)) {
		session_complain(err.text);
		code = EXIT_CODE_ERROR;
	}
	if (!json_on_stdout && report_text.write(record, &style, stdout, &err)) {
		session_complain(err.text);
		code = EXIT_CODE_ERROR;
	}
	return code;
}

/* A record that cannot be written is better known before the session than after it. */
static enum exit_code check_output(const struct settings *settings)
{
	struct sb_err err;

	if (!settings->json || !store_check_file(settings->json, &err))
		return EXIT_CODE_OK;
	session_complain(err.text);
	return EXIT_CODE_ERROR;
}

/* What is to be counted, by names that are resolved for the core of the benches. */
static enum exit_code choose_events(const struct settings *settings, const struct topology *topology,
				    struct events *events)
{
	const cpu_set_t *cpus = settings_pins(settings) ? &topology->bench : &topology->allowed;
	const int cpu = cpulist_first(cpus);
	enum exit_code code = EXIT_CODE_OK;
	struct sb_err err;

	if (events_init(events, "/", cpu < 0 ? 0 : (unsigned)cpu, &err))
		code = EXIT_CODE_ERROR;
	else if (events_resolve(events, settings->counters, &err))
		code = EXIT_CODE_USAGE;
	if (code != EXIT_CODE_OK)
		session_complain(err.text);
	return code;
}

static enum exit_code measure_and_report(const struct measure *measure, struct record *record)
{
	struct session *session = measure->session;
	const struct settings *settings = measure->settings;
	enum exit_code code;

	progress_init(measure->progress, settings->quiet);
	describe_session(record, session, settings, measure->topology, measure->clock);
	measure->counted->is_unwitnessed = !settings_wants_witnesses(settings);
	events_ask(measure->events, measure->counted);
	code = measure_session(measure, record);
	if (*session->cancel.count >= 2) {
		session_complain("interrupted twice: no record written");
		return exit_code_worse(code, EXIT_CODE_INTERRUPTED);
	}
	if (!record->case_count)
		return code;
	for (size_t i = 0; i < record->case_count; i++)
		record_case_summarise(&record->cases[i], settings->precision);
	code = exit_code_worse(code, put_out(record, settings, session->identity.front_home));
	code = exit_code_worse(code, judge_record(record));
	if (settings->require_counters)
		code = exit_code_worse(code, judge_counters(record));
	return exit_code_worse(code, session->refused ? EXIT_CODE_ERROR : EXIT_CODE_OK);
}

static void start_clock(struct run_clock *clock)
{
	struct path_root root;
	bool trusted = false;

	if (!path_root_init(&root, "/", NULL)) {
		trusted = facts_counter_is_trusted(&root);
		path_root_release(&root);
	}
	run_clock_start(clock, trusted);
}

static enum exit_code measure_record(struct measure *measure)
{
	struct progress progress;
	struct record record;
	enum exit_code code;

	measure->progress = &progress;
	measure->counted = alloc_zero(1, sizeof *measure->counted);
	record_init(&record);
	record.command = alloc_text(measure->settings->command_line);
	code = measure_and_report(measure, &record);
	record_release(&record);
	free(measure->counted);
	return code;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	struct run_clock clock;
	struct topology topology;
	struct session session;
	struct events events = { .count = 0 };
	struct measure measure = { &session, settings, &topology, &clock, NULL, NULL, &events };
	struct sb_err err;
	enum exit_code code = session_start(&session, settings, session_keep_facts);

	if (code == EXIT_CODE_OK)
		code = check_output(settings);
	if (code == EXIT_CODE_OK) {
		code = session_choose_cpus(&session, settings, &topology, &err);
		if (code != EXIT_CODE_OK)
			session_complain(err.text);
	}
	if (code == EXIT_CODE_OK)
		code = choose_events(settings, &topology, &events);
	if (code == EXIT_CODE_OK) {
		start_clock(&clock);
		code = session_list(&session, settings, count, arguments);
	}
	if (code == EXIT_CODE_OK)
		code = measure_record(&measure);
	events_release(&events);
	session_close(&session);
	return code;
}

const struct command command_run = {
	.name = "run",
	.bit = OPTION_OF_RUN,
	.arguments = "BINARY...",
	.summary = "measure the cases of benchmarks on a controlled host",
	.arguments_min = 1,
	.arguments_max = -1,
	.run = run,
};
