/* SPDX-License-Identifier: MIT */
/*
 * The hot path. From the clock read at the end of sb_loop_start to the one at the beginning of sb_loop_next
 * run the iterations and nothing else; counters, and around them witnesses, are read on the outer side of
 * both.
 */
#include "bench.h"

static const char *second_loop(enum sb_loop_state state)
{
	return state == SB_LOOP_ENDED
		       ? "the benchmark ran a second SB_LOOP; one loop takes all samples of a launch"
		       : "the benchmark entered SB_LOOP inside a sample: it left the loop by goto, or nested "
			 "two";
}

/* A read of what is there instead would take the benchmark's own data, or wait for some. */
static void check_places(sb_bench *b)
{
	if (b->events != 0 && sb_events_at_places(b->sampler.request) != b->events)
		sb_bench_fail(b,
			      "the benchmark closed descriptors that are not its own: between %d and %d the "
			      "library holds events; it holds none with --counters none --witnesses none",
			      SB_WIRE_COUNTER_FD, SB_WIRE_FD_END - 1);
}

__attribute__((noinline)) static uint64_t begin(sb_bench *b)
{
	if (b->loop != SB_LOOP_NOT_BEGUN)
		sb_fail(b, second_loop(b->loop));
	check_places(b);
	if (b->status != SB_WIRE_OK)
		return 0;
	b->loop = SB_LOOP_BETWEEN;
	sb_witness_open(&b->witness, b->sampler.request, b->witnesses);
	b->loop_begin_ns = sb_clock_monotonic_ns();
	b->batch = b->team != NULL ? sb_team_begin(b) : sb_sampler_begin(b);
	/* what other threads do until all are at the line is no help */
	b->others_ns = sb_witness_others_ns(0);
	b->own_ns = sb_witness_own_ns(0);
	if (b->batch == 0)
		b->loop = SB_LOOP_ENDED;
	return b->batch;
}

/* Somebody of the team has gone; the reason is his. */
static uint64_t leave(sb_bench *b)
{
	b->batch = 0;
	b->loop = SB_LOOP_ENDED;
	return 0;
}

/* What counts for everybody is to see each thread of the team begin, and the slowest out. */
static bool is_for_all(const sb_bench *b)
{
	return b->team != NULL && b->sampler.request != NULL && b->sampler.request->is_wide;
}

/* All of them are at the line when it opens; behind it they wait until that has been read. */
static bool read_between(sb_bench *b, struct sb_count *count)
{
	if (b->counters != NULL)
		b->counters->read(b->counters, count);
	return sb_team_line_up(b->team);
}

uint64_t sb_loop_start(sb_bench *b, uint64_t left)
{
	if (b->status != SB_WIRE_OK)
		return 0;
	b->loop = SB_LOOP_IN_SAMPLE;
	b->recorded = 0;
	b->recorded_ns = 0;
	/* waiting for the others is no part of what is counted and witnessed */
	if (b->team != NULL && !sb_team_line_up(b->team))
		return leave(b);
	if (is_for_all(b) && !read_between(b, &b->counted))
		return leave(b);
	sb_witness_before(&b->witness, &b->before);
	/* however often: the way from the last reading to the clock is counted, and is to be the same */
	for (int tries = 2; b->counters != NULL && !is_for_all(b) && tries > 0; tries--)
		if (!b->counters->read(b->counters, &b->counted))
			break;
	b->start_ticks = b->clock->start();
	return left;
}

static uint64_t take(sb_bench *b, uint64_t ticks, const struct sb_count *counted,
		     const struct sb_reading *after)
{
	struct sb_wire_sample sample = { .ticks = ticks, .iterations = b->batch };

	sb_witness_compare(&b->before, after, &sample);
	if (b->counters != NULL)
		sb_counters_compare(b->counters, &b->counted, counted, &sample);
	return b->team != NULL ? sb_team_next(b, &sample) : sb_sampler_next(b, sample);
}

/* Neither this nor begin is inlined, so that sb_loop_next saves few registers before it reads the clock. */
__attribute__((noinline)) static uint64_t end_sample(sb_bench *b, uint64_t left, uint64_t end_ticks)
{
	struct sb_reading after;
	struct sb_count counted;

	if (b->counters != NULL && !is_for_all(b))
		b->counters->read(b->counters, &counted);
	after = (struct sb_reading){ 0 };
	sb_witness_after(&b->witness, &after);
	if (is_for_all(b)) {
		sb_team_line_up(b->team); /* one that has gone is seen when samples are handed in */
		read_between(b, &counted);
	}
	if (left != 0)
		sb_bench_fail(b, "the benchmark left SB_LOOP by break after %llu of %llu iterations",
			      (unsigned long long)(b->batch - left), (unsigned long long)b->batch);
	b->batch = b->status == SB_WIRE_OK ? take(b, end_ticks - b->start_ticks, &counted, &after) : 0;
	b->loop = b->batch == 0 ? SB_LOOP_ENDED : SB_LOOP_BETWEEN;
	if (b->batch == 0) {
		b->others_ns = sb_witness_others_ns(b->others_ns);
		b->own_ns = sb_witness_own_ns(b->own_ns);
		sb_witness_close(&b->witness);
		check_places(b);
	}
	return b->batch;
}

uint64_t sb_loop_next(sb_bench *b, uint64_t left)
{
	const uint64_t end_ticks = b->clock->end();

	return left == SB_LOOP_ENTERED_ ? begin(b) : end_sample(b, left, end_ticks);
}
