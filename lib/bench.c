/* SPDX-License-Identifier: MIT */
/* What a body may ask of its benchmark, and the course of one case. */
#include "bench.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void conclude(sb_bench *b, enum sb_wire_status status, const char *reason)
{
	if (b->status != SB_WIRE_OK)
		return;
	b->status = status;
	wire_text_copy(b->reason, sizeof b->reason,
		       reason == NULL || *reason == '\0' ? "no reason given" : reason);
}

void sb_bench_fail(sb_bench *b, const char *format, ...)
{
	char text[2 * SB_WIRE_REASON];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	conclude(b, SB_WIRE_FAILED, text);
}

/* The value of an axis, when it is there and of the kind asked for. */
static const struct sb_value *find_value(sb_bench *b, const char *axis, bool text)
{
	const struct sb_options *options = b->picked->registration->options;

	for (unsigned i = 0; i < sb_axis_count(options); i++) {
		const struct sb_axis *found = sb_axis_get(options, i);
		const struct sb_value *value = &found->values[b->picked->picks[i]];
		if (strcmp(found->name, axis) != 0)
			continue;
		if ((value->text != NULL) == text)
			return value;
		sb_bench_fail(b, "axis '%s' holds %s; ask for it with %s", axis, text ? "integers" : "text",
			      text ? "sb_arg" : "sb_arg_text");
		return NULL;
	}
	sb_bench_fail(b, "the benchmark has no axis '%s'", axis);
	return NULL;
}

static void check_loop(sb_bench *b)
{
	switch (b->loop) {
	case SB_LOOP_NOT_BEGUN:
		sb_fail(b, "the benchmark ran no SB_LOOP, so nothing was timed");
		break;
	case SB_LOOP_IN_SAMPLE:
		sb_bench_fail(
			b, "the benchmark left SB_LOOP by return or goto inside a sample of %llu iterations",
			(unsigned long long)b->batch);
		break;
	case SB_LOOP_BETWEEN:
		sb_fail(b, "the benchmark left SB_LOOP from the setup between two samples");
		break;
	case SB_LOOP_ENDED:
		break;
	}
}

long long sb_arg(sb_bench *b, const char *axis)
{
	const struct sb_value *value = find_value(b, axis, false);

	return value == NULL ? 0 : value->number;
}

const char *sb_arg_text(sb_bench *b, const char *axis)
{
	const struct sb_value *value = find_value(b, axis, true);

	return value == NULL ? "" : value->text;
}

static double checked_amount(sb_bench *b, const char *function, double per_iteration)
{
	if (isfinite(per_iteration) && per_iteration >= 0)
		return per_iteration;
	sb_bench_fail(b, "%s was given %g; it takes a finite number of at least 0", function, per_iteration);
	return 0;
}

void sb_elements(sb_bench *b, double per_iteration)
{
	b->elements = checked_amount(b, "sb_elements", per_iteration);
}

void sb_bytes(sb_bench *b, double per_iteration)
{
	b->bytes = checked_amount(b, "sb_bytes", per_iteration);
}

void sb_skip(sb_bench *b, const char *reason)
{
	conclude(b, SB_WIRE_SKIPPED, reason);
}

void sb_fail(sb_bench *b, const char *reason)
{
	conclude(b, SB_WIRE_FAILED, reason);
}

void sb_state_set(sb_bench *b, void *state)
{
	b->state = state;
}

void *sb_state(sb_bench *b)
{
	return b->state;
}

void sb_record_ns(sb_bench *b, double ns)
{
	if (b->loop != SB_LOOP_IN_SAMPLE)
		sb_fail(b, "sb_record_ns was called outside SB_LOOP");
	b->recorded_ns += checked_amount(b, "sb_record_ns", ns);
	b->recorded++;
}

unsigned sb_thread(const sb_bench *b)
{
	return b->member;
}

unsigned sb_thread_count(const sb_bench *b)
{
	return b->picked->threads;
}

uint64_t sb_batch(const sb_bench *b)
{
	return b->batch;
}

void sb_bench_body(sb_bench *b)
{
	b->picked->registration->body(b);
	if (b->status == SB_WIRE_OK)
		check_loop(b);
	if (b->team != NULL)
		sb_team_leave(b->team);
}

void sb_bench_run(sb_bench *b)
{
	const struct sb_options *options = b->picked->registration->options;

	if (options->setup != NULL)
		options->setup(b);
	if (b->status != SB_WIRE_OK)
		return;
	if (b->picked->threads > 1)
		sb_team_run(b, b->threads, b->totals);
	else
		sb_bench_body(b);
	if (options->teardown != NULL)
		options->teardown(b);
}
