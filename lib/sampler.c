/* SPDX-License-Identifier: MIT */
/* How many iterations a sample has, and which samples are kept. */
#include "bench.h"

#define TICKS_LEAST 1000 /* so that the grain of the clock stays below 0.1 % of a sample */

/* Each step aims a fifth above the target, so that a processor that gets faster does not fall short of it
 * again, and grows tenfold at most, since short samples are mostly the clock's own cost. */
#define GROWTH_MARGIN 1.2
#define GROWTH_MOST   10.0

/* No loop runs an iteration in a tenth of a clock cycle: the compiler has taken the body away. */
#define ITERATION_LEAST_NS  0.02
#define ITERATIONS_TO_JUDGE 1000000

#define RECORDED_MOST_NS    1e18 /* 31 years */

/* A calibration may last this many times what its samples should. */
#define PATIENCE 4

static double target_ns(const struct sb_sampler *sampler)
{
	const double grain_ns = TICKS_LEAST * sampler->ns_per_tick;
	const double sample_ns = (double)sampler->sample_ns;

	return sample_ns > grain_ns ? sample_ns : grain_ns;
}

static uint64_t grown(const struct sb_sampler *sampler, double ns)
{
	double factor = ns > 0 ? GROWTH_MARGIN * target_ns(sampler) / ns : GROWTH_MOST;

	if (factor > GROWTH_MOST)
		factor = GROWTH_MOST;
	const uint64_t batch = (uint64_t)((double)sampler->batch * factor) + 1;
	return sampler->max_batch != 0 && batch > sampler->max_batch ? sampler->max_batch : batch;
}

/* A count is believed after two long enough samples of it: one preemption, or a first iteration that has to
 * warm up, would otherwise make every batch too short (nanobench, docs/tutorial.rst). */
static void calibrate(sb_bench *b, double ns)
{
	struct sb_sampler *sampler = &b->sampler;
	const bool at_bound = sampler->max_batch != 0 && sampler->batch >= sampler->max_batch;

	if (ns >= target_ns(sampler) || at_bound) {
		sampler->frozen = sampler->long_enough_once || at_bound;
		sampler->long_enough_once = true;
		return;
	}
	sampler->long_enough_once = false;
	if (sampler->batch >= ITERATIONS_TO_JUDGE && ns < ITERATION_LEAST_NS * (double)sampler->batch) {
		sb_fail(b, "an iteration takes no time: the compiler has removed the loop body; keep its "
			   "result with sb_keep");
		return;
	}
	sampler->batch = grown(sampler, ns);
}

static void check_recorded(sb_bench *b, const struct sb_wire_sample *sample)
{
	const struct sb_sampler *sampler = &b->sampler;
	const unsigned long long calls = b->recorded, iterations = sample->iterations;

	if (calls != 0 && calls != iterations)
		sb_bench_fail(b,
			      "sb_record_ns was called %llu times in a sample of %llu iterations; "
			      "call it once in every iteration",
			      calls, iterations);
	else if (sampler->count > 0 && ((sample->flags ^ sampler->samples[0].flags) & SB_WIRE_SAMPLE_IN_NS))
		sb_fail(b, "sb_record_ns was called in some samples and not in others; "
			   "call it once in every iteration");
	else if (calls != 0 && (sample->ticks == 0 || b->recorded_ns > RECORDED_MOST_NS))
		sb_bench_fail(b, "sb_record_ns added up to %g ns in a sample, which is no time",
			      b->recorded_ns);
}

/* The benchmark's own time replaces the clock's. A sample below the grain of the clock, which a bound of
 * max_batch can make, counts as one tick: no sample takes no time. */
static void use_recorded(sb_bench *b, struct sb_wire_sample *sample)
{
	if (b->recorded != 0) {
		sample->ticks = b->recorded_ns > RECORDED_MOST_NS ? 0 : (uint64_t)(b->recorded_ns + 0.5);
		sample->flags |= SB_WIRE_SAMPLE_IN_NS;
	} else if (sample->ticks == 0) {
		sample->ticks = 1;
	}
	check_recorded(b, sample);
}

/* For a cause and nothing else: what the sample's length is has no say in it. */
static void set_aside(struct sb_sampler *sampler, struct sb_wire_sample *sample)
{
	if (sampler->retakes == 0 || (sample->causes & sampler->request->set_aside) == 0)
		return;
	sample->flags |= SB_WIRE_SAMPLE_SET_ASIDE;
	sampler->retakes--;
	sampler->aside++;
}

static void keep(struct sb_sampler *sampler, struct sb_wire_sample *sample, double ns)
{
	set_aside(sampler, sample);
	sampler->samples[sampler->count++] = *sample;
	sampler->spent_ns += ns;
}

static void find_causes(struct sb_sampler *sampler, struct sb_wire_sample *sample)
{
	const uint32_t previous_cpu = sampler->has_cpu ? sampler->cpu : sample->cpu;

	if (sampler->request != NULL)
		sample->causes = wire_sample_causes(sampler->request, sample, previous_cpu);
	sampler->cpu = sample->cpu;
	sampler->has_cpu = true;
}

static bool is_done(const struct sb_sampler *sampler)
{
	if (sampler->count - sampler->aside >= sampler->wanted)
		return true;
	return sampler->mode == SB_WIRE_CALIBRATE && sampler->count >= 2 &&
	       sampler->spent_ns > PATIENCE * (double)sampler->wanted * target_ns(sampler);
}

uint64_t sb_sampler_begin(sb_bench *b)
{
	struct sb_sampler *sampler = &b->sampler;

	sampler->frozen = sampler->mode == SB_WIRE_MEASURE;
	if (!sampler->frozen)
		sampler->batch = 1;
	if (sampler->max_batch != 0 && sampler->batch > sampler->max_batch) {
		sb_bench_fail(b,
			      "%llu iterations per sample were asked for, and the benchmark allows only %llu",
			      (unsigned long long)sampler->batch, (unsigned long long)sampler->max_batch);
		return 0;
	}
	return sampler->batch;
}

uint64_t sb_sampler_next(sb_bench *b, struct sb_wire_sample sample)
{
	struct sb_sampler *sampler = &b->sampler;
	const double ns = (double)sample.ticks * sampler->ns_per_tick;

	use_recorded(b, &sample);
	find_causes(sampler, &sample);
	if (b->status != SB_WIRE_OK)
		return 0;
	if (!sampler->frozen)
		calibrate(b, ns);
	else if (sampler->warmup > 0)
		sampler->warmup--;
	else
		keep(sampler, &sample, ns);
	return b->status != SB_WIRE_OK || is_done(sampler) ? 0 : sampler->batch;
}
