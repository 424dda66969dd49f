/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schedule.c - see schedule.h. */
#include "run/schedule.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/monotonic.h"
#include "run/collect.h"
#include "run/forecast.h"
#include "run/attempt.h"
#include "stats/warmup.h"

#define CALIBRATION_SAMPLES 40
#define WARMUP_LEAST	    3
#define LAUNCHES_OF_PASS    2

struct state {
	const struct schedule *schedule;
	struct forecast_case *cases;
	uint64_t order;	 /* launches of the session so far */
	double cooled_s; /* waited before this one */
};

static double seconds_since(uint64_t ns)
{
	return (double)(monotonic_now_ns() - ns) * 1e-9;
}

/* Infinite where there is no budget. */
static double budget_left(const struct state *state)
{
	double budget = state->schedule->settings->time_budget_s;

	return budget > 0 ? budget - seconds_since(state->schedule->started_ns) : INFINITY;
}

static uint32_t launch_timeout_ms(const struct state *state)
{
	double seconds = fmin(state->schedule->settings->timeout_s, budget_left(state));

	return (uint32_t)fmin(fmax(seconds * 1e3, 1), UINT32_MAX - 1.0);
}

static void stop_case(struct state *state, size_t i, enum record_stop stop)
{
	state->cases[i].is_active = false;
	state->schedule->record->cases[i].stop = stop;
}

static struct schedule_progress progress_of(const struct state *state, size_t i)
{
	const struct schedule *schedule = state->schedule;
	const struct record_case *c = &schedule->record->cases[i];
	struct schedule_progress progress = {
		.case_name = c->name,
		.launches = c->launch_count,
		.case_done = !state->cases[i].is_active,
		.cases = schedule->plan->case_count,
		.estimate_s = state->cases[i].estimate.value,
		.rciw = state->cases[i].estimate.rciw,
		.cov_between = state->cases[i].cov_between,
	};

	for (size_t k = 0; k < progress.cases; k++)
		progress.cases_done += !state->cases[k].is_active;
	progress.seconds_left = forecast_seconds(schedule->settings, state->cases, progress.cases,
						 seconds_since(schedule->started_ns));
	return progress;
}

static void report(const struct state *state, size_t i, bool calibrating, const char *trouble)
{
	struct schedule_progress progress = progress_of(state, i);

	progress.calibrating = calibrating;
	progress.trouble = trouble;
	state->schedule->progress(state->schedule->context, &progress);
}

struct waiting {
	const struct state *state;
	size_t i;
};

static void report_heat(void *context, double now_c, double until_c)
{
	const struct waiting *waiting = context;
	const struct schedule *schedule = waiting->state->schedule;
	struct schedule_progress progress = progress_of(waiting->state, waiting->i);

	progress.is_cooling = true;
	progress.now_c = now_c;
	progress.until_c = until_c;
	schedule->progress(schedule->context, &progress);
}

/* Before a launch of that case. */
static void cool_down(struct state *state, size_t i)
{
	struct waiting waiting = { state, i };
	const struct cooling_show show = { report_heat, &waiting };

	state->cooled_s = cooling_wait(state->schedule->cooling, budget_left(state), &show);
}

static struct keeper_launch launch_request(const struct state *state, size_t i, uint64_t number)
{
	const struct schedule *schedule = state->schedule;
	const struct plan_case *planned = &schedule->plan->cases[i];
	struct keeper_launch request = {
		.binary = planned->binary,
		.mode = SB_WIRE_MEASURE,
		.clock = schedule->clock->kind,
		.ns_per_tick = schedule->clock->ns_per_tick,
		.batch = state->cases[i].batch,
		.warmup = state->cases[i].warmup,
		.samples = state->cases[i].samples,
		.sample_ns = (uint64_t)(schedule->settings->sample_time_s * 1e9),
		.retakes = state->cases[i].retakes,
		.set_aside = RECORD_CAUSES_SET_ASIDE,
		.threads = planned->threads,
		.padding = schedule->is_padded
				   ? plan_launch_padding(plan_launch_seed(schedule->plan, i, number))
				   : 0,
		.timeout_ms = launch_timeout_ms(state),
	};

	snprintf(request.name, sizeof request.name, "%s", planned->local);
	counted_order(schedule->counted, number, &request);
	request.is_summed = state->cases[i].is_summed;
	return request;
}

/* Runs one launch and deals with everything but success: 1 when *attempt is good and the caller's to use and
 * release. */
static int run_launch(struct state *state, size_t i, const struct keeper_launch *request,
		      struct attempt *attempt, struct sb_err *err)
{
	const struct schedule *schedule = state->schedule;
	struct record_case *c = &schedule->record->cases[i];
	const struct binary *binary = &schedule->binaries[request->binary];
	uint64_t before = monotonic_now_ns();
	int code;

	if (!binary_is_unchanged(binary)) {
		record_case_fail(c, RECORD_CASE_FAILED, "its file was rewritten during the session", NULL);
		stop_case(state, i, RECORD_STOP_ERROR);
		report(state, i, request->mode == SB_WIRE_CALIBRATE, c->reason);
		return 0;
	}
	around_begin(schedule->around);
	code = attempt_run(schedule->keeper, request, binary->path, schedule->cancel, attempt, err);
	if (code)
		return code;
	state->cases[i].seconds_used += seconds_since(before);
	state->order++;
	collect_change(attempt, schedule->record);
	if (attempt->is_cancelled) {
		code = err_set(err, -EINTR, "interrupted");
	} else if (attempt->status == RECORD_CASE_TIMEOUT && budget_left(state) <= 0) {
		code = 0; /* cut off by the budget, which the next look at it ends */
	} else if (attempt->status != RECORD_CASE_OK) {
		collect_case(attempt, schedule->clock, c);
		record_case_fail(c, attempt->status, attempt->reason, attempt->output);
		stop_case(state, i, RECORD_STOP_ERROR);
		report(state, i, request->mode == SB_WIRE_CALIBRATE, attempt->reason);
	} else {
		return 1;
	}
	attempt_release(attempt);
	return code;
}

static void take_calibration(struct state *state, size_t i, const struct attempt *attempt)
{
	const struct schedule *schedule = state->schedule;
	const struct settings *settings = schedule->settings;
	struct forecast_case *fresh = &state->cases[i];
	size_t count = attempt->result->count;
	double *times = alloc_zero(count, sizeof *times);

	collect_times(attempt, schedule->clock, times);
	fresh->batch = attempt->result->batch;
	fresh->warmup = settings->warmup;
	if (fresh->warmup == SETTINGS_WARMUP_CALIBRATED)
		fresh->warmup = stats_warmup_count(times, count, count < WARMUP_LEAST ? count : WARMUP_LEAST);
	fresh->sample_s = times[count - 1] * (double)fresh->batch;
	fresh->samples = plan_samples(settings, fresh->sample_s);
	fresh->retakes =
		plan_retakes(settings, fresh->samples, fresh->samples + fresh->warmup, fresh->sample_s);
	fresh->is_summed = collect_has_helpers(attempt, schedule->clock);
	if (fresh->is_summed && schedule->counted->passes)
		record_case_flag(&schedule->record->cases[i], "sum");
	schedule->record->cases[i].batch = fresh->batch;
	schedule->record->cases[i].warmup = fresh->warmup;
	free(times);
}

static int calibrate(struct state *state, size_t i, struct sb_err *err)
{
	struct keeper_launch request = launch_request(state, i, UINT32_MAX);
	struct attempt attempt;
	int code;

	request.mode = SB_WIRE_CALIBRATE;
	request.batch = 1;
	request.warmup = 0;
	request.retakes = 0;
	request.pass = 0;
	request.samples = CALIBRATION_SAMPLES;
	report(state, i, true, NULL);
	code = run_launch(state, i, &request, &attempt, err);
	if (code < 1)
		return code;
	take_calibration(state, i, &attempt);
	attempt_release(&attempt);
	return 0;
}

static void take_measurement(struct state *state, size_t i, const struct keeper_launch *request,
			     const struct attempt *attempt)
{
	const struct schedule *schedule = state->schedule;
	struct record_case *c = &schedule->record->cases[i];
	uint64_t number = c->launch_count;
	struct record_launch *into = record_case_add_launch(c, attempt->result->count);
	struct collect_setting setting = { .clock = schedule->clock,
					   .cpus = schedule->cpus,
					   .witness_rows = schedule->counted->witness_rows };

	into->seed = plan_launch_seed(schedule->plan, i, number);
	into->padding = request->padding;
	into->order = state->order - 1;
	into->started_s = ((double)attempt->started.started_ns - (double)schedule->started_ns) * 1e-9;
	into->cooled_s = state->cooled_s;
	counted_describe_launch(schedule->counted, number, into);
	setting.causes = around_end(schedule->around, &attempt->ended, into->host);
	collect_launch(attempt, &setting, into);
	for (size_t k = 0; k < into->sample_count; k++)
		if (into->samples[k].causes & RECORD_CAUSE_OFF_CPUS)
			record_case_flag(c, "off its CPUs");
	if (into->is_detached)
		record_case_flag(c, "detached");
	if (collect_uncounted_threads(attempt, schedule->record)) {
		state->cases[i].is_summed = true;
		record_case_flag(c, "sum");
	}
	if (into->is_partly_witnessed) {
		collect_unwitnessed_threads(attempt, schedule->record);
		record_case_flag(c, "partly witnessed");
	}
	if (collect_is_serialised(into))
		record_case_flag(c, "serialised");
	collect_case(attempt, schedule->clock, c);
	collect_thieves(attempt, schedule->clock, c);
}

/* Each pass of the counters needs launches for an interval of its own. */
static struct stats_stop_rule stop_rule(const struct schedule *schedule)
{
	struct stats_stop_rule rule = plan_stop_rule(schedule->settings);
	const size_t least = LAUNCHES_OF_PASS * (size_t)schedule->counted->passes;

	if (rule.launches_min < least)
		rule.launches_min = least < rule.launches_max ? least : rule.launches_max;
	return rule;
}

static int measure(struct state *state, size_t i, struct sb_err *err)
{
	struct keeper_launch request =
		launch_request(state, i, state->schedule->record->cases[i].launch_count);
	struct stats_stop_rule rule = stop_rule(state->schedule);
	enum stats_stop stop;
	struct attempt attempt;
	int code = run_launch(state, i, &request, &attempt, err);

	if (code < 1)
		return code;
	take_measurement(state, i, &request, &attempt);
	attempt_release(&attempt);
	stop = forecast_update(&state->cases[i], &state->schedule->record->cases[i], &rule);
	if (stop == STATS_STOP_PRECISION)
		stop_case(state, i, RECORD_STOP_PRECISION);
	else if (stop == STATS_STOP_LAUNCHES)
		stop_case(state, i, RECORD_STOP_LAUNCHES);
	else if (stop == STATS_STOP_TIME)
		stop_case(state, i, RECORD_STOP_TIME);
	report(state, i, false, NULL);
	return 0;
}

/* One launch of each active case in random order; `indices` has room for all. The number of launches, or an
 * errno. */
static int run_block(struct state *state, uint64_t block, size_t *indices, struct sb_err *err)
{
	const struct schedule *schedule = state->schedule;
	size_t count = 0;

	for (size_t i = 0; i < schedule->plan->case_count; i++)
		if (state->cases[i].is_active)
			indices[count++] = i;
	plan_shuffle(schedule->plan, block, indices, count);
	for (size_t k = 0; k < count; k++) {
		int code;

		cool_down(state, indices[k]);
		if (*schedule->cancel->count)
			return err_set(err, -EINTR, "interrupted");
		if (budget_left(state) <= 0)
			return 0;
		code = block ? measure(state, indices[k], err) : calibrate(state, indices[k], err);
		if (code)
			return code;
	}
	return (int)count;
}

static void stop_rest(struct state *state, enum record_stop stop)
{
	const struct record *record = state->schedule->record;

	for (size_t i = 0; i < record->case_count; i++) {
		if (!state->cases[i].is_active)
			continue;
		stop_case(state, i, stop);
		if (!record->cases[i].launch_count)
			record_case_fail(&record->cases[i], RECORD_CASE_UNMEASURED,
					 stop == RECORD_STOP_BUDGET
						 ? "the time budget ended before its first launch"
						 : "the session ended before its first launch",
					 NULL);
	}
}

int schedule_run(const struct schedule *schedule, struct sb_err *err)
{
	size_t count = schedule->plan->case_count, *indices = alloc_zero(count, sizeof *indices);
	struct state state = {
		.schedule = schedule,
		.cases = alloc_zero(count, sizeof *state.cases),
	};
	uint64_t block = 0;
	int code;

	for (size_t i = 0; i < count; i++)
		forecast_init(&state.cases[i]);
	do
		code = run_block(&state, block++, indices, err);
	while (code > 0);
	stop_rest(&state, code ? RECORD_STOP_INTERRUPTED : RECORD_STOP_BUDGET);
	for (size_t i = 0; i < count; i++)
		forecast_release(&state.cases[i]);
	free(state.cases);
	free(indices);
	return code;
}
