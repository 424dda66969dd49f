/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - an immutable plan: which cases, in which seeded order, with which layout for each launch. Pure:
 * the same seed and the same cases give the same plan, whatever the clock says.
 *
 * Launches are spread over the session in blocks: a block holds one launch of every case that still wants
 * one, in random order across all cases of all binaries, so that a slow drift of the host falls on all alike.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stddef.h>
#include <stdint.h>
#include "plan/settings.h"
#include "stats/stopping.h"

struct plan_case {
	unsigned binary; /* index among the binaries of the command line */
	char *name;	 /* full: "suite/group/benchmark/axis=value" */
	char *local;	 /* without the suite, as the bench knows it */
	char *tags;
	uint32_t threads; /* that run its body */
};

struct plan {
	uint64_t seed;
	size_t case_count;
	struct plan_case *cases;
};

void plan_init(struct plan *plan, uint64_t seed);
void plan_release(struct plan *plan);
void plan_add_case(struct plan *plan, unsigned binary, const char *suite, const char *local, const char *tags,
		   uint32_t threads);

/* A case whose full name another has already, as an index into cases; -1 when there is none. */
long plan_find_duplicate(const struct plan *plan);

/* Shuffles `count` case indices for block `block`, in place. */
void plan_shuffle(const struct plan *plan, uint64_t block, size_t *indices, size_t count);

/* Seed of one launch's layout, and the environment padding that follows from it: 0..4080 bytes in steps
 * of 16. */
uint64_t plan_launch_seed(const struct plan *plan, size_t case_index, uint64_t launch);
uint32_t plan_launch_padding(uint64_t launch_seed);

/* Samples per launch for a sample of this length: as asked, else 20, fewer (not under 5) where that would
 * take longer than half a second. */
uint64_t plan_samples(const struct settings *settings, double sample_s);

/* How many of them a launch may take again: as asked, else all; fewer where the launch would then come near
 * its time limit. `taken`: samples that it takes anyway, warm-up among them. */
uint64_t plan_retakes(const struct settings *settings, uint64_t samples, uint64_t taken, double sample_s);

struct stats_stop_rule plan_stop_rule(const struct settings *settings);

#endif
