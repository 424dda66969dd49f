/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan.c - see plan.h. Random numbers are splitmix64 (Steele, Lea & Flood 2014): tiny, seedable, no state to
 * share. */
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define LAUNCH_SECONDS 0.5
#define SAMPLES	       20
#define SAMPLES_MIN    5
#define TIMEOUT_SHARE  0.5 /* of a launch's time limit, that samples may be taken again in */

static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

void plan_init(struct plan *plan, uint64_t seed)
{
	*plan = (struct plan){ .seed = seed };
}

void plan_release(struct plan *plan)
{
	for (size_t i = 0; i < plan->case_count; i++) {
		free(plan->cases[i].name);
		free(plan->cases[i].local);
		free(plan->cases[i].tags);
	}
	free(plan->cases);
	*plan = (struct plan){ 0 };
}

void plan_add_case(struct plan *plan, unsigned binary, const char *suite, const char *local, const char *tags,
		   uint32_t threads)
{
	plan->cases = alloc_grow(plan->cases, plan->case_count + 1, sizeof *plan->cases);
	plan->cases[plan->case_count++] = (struct plan_case){
		.binary = binary,
		.name = alloc_format("%s/%s", suite, local),
		.local = alloc_text(local),
		.tags = alloc_text(tags),
		.threads = threads,
	};
}

long plan_find_duplicate(const struct plan *plan)
{
	for (size_t i = 1; i < plan->case_count; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(plan->cases[i].name, plan->cases[j].name))
				return (long)i;
	return -1;
}

void plan_shuffle(const struct plan *plan, uint64_t block, size_t *indices, size_t count)
{
	uint64_t state = mix(plan->seed ^ mix(block));

	for (size_t i = count; i > 1; i--) {
		size_t other = (size_t)((state = mix(state)) % i);
		size_t kept = indices[i - 1];

		indices[i - 1] = indices[other];
		indices[other] = kept;
	}
}

uint64_t plan_launch_seed(const struct plan *plan, size_t case_index, uint64_t launch)
{
	return mix(mix(plan->seed + 1) ^ mix(((uint64_t)case_index << 32) + launch));
}

uint32_t plan_launch_padding(uint64_t launch_seed)
{
	return (uint32_t)(launch_seed % 256) * 16;
}

uint64_t plan_samples(const struct settings *settings, double sample_s)
{
	double fit = LAUNCH_SECONDS / sample_s;

	if (settings->samples)
		return settings->samples;
	if (!(fit < SAMPLES))
		return SAMPLES;
	return fit > SAMPLES_MIN ? (uint64_t)fit : SAMPLES_MIN;
}

uint64_t plan_retakes(const struct settings *settings, uint64_t samples, uint64_t taken, double sample_s)
{
	const double room = TIMEOUT_SHARE * settings->timeout_s / sample_s - (double)taken;
	const uint64_t wanted =
		settings->retakes == SETTINGS_RETAKES_AS_SAMPLES ? samples : settings->retakes;

	if (!(room < (double)wanted))
		return wanted;
	return room > 0 ? (uint64_t)room : 0;
}

struct stats_stop_rule plan_stop_rule(const struct settings *settings)
{
	return (struct stats_stop_rule){
		.precision = settings->precision,
		.launches_min = settings->launches.low,
		.launches_max = settings->launches.high,
		.seconds_max = settings->max_time_s,
	};
}
