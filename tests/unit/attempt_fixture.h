/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attempt_fixture.h - a launch that has ended, its shared memory written by hand. */
#ifndef ATTEMPT_FIXTURE_H
#define ATTEMPT_FIXTURE_H

#include <stdlib.h>
#include <string.h>
#include "keeper/launch.h"
#include "run/attempt.h"
#include "stablebench.h"
#include "unit.h"
#include "wire.h"

#define FIXTURE_SAMPLES 4
#define FIXTURE_BATCH	1000

struct fixture {
	struct attempt attempt;
	struct keeper_launch request;
	struct sb_wire_hello *hello; /* these three point into the copy */
	struct sb_wire_result *result;
	struct sb_wire_sample *samples;
};

/* A launch after which nothing is to be complained about: four samples, or in mode LIST an empty list. */
static inline void fixture_init(struct fixture *fixture, enum sb_wire_mode mode)
{
	const size_t size = wire_size(mode, FIXTURE_SAMPLES);
	char *copy = calloc(1, size);

	ck_assert_ptr_nonnull(copy);
	memset(fixture, 0, sizeof *fixture);
	fixture->request = (struct keeper_launch){ .mode = mode,
						   .clock = SB_WIRE_CLOCK_RAW,
						   .ns_per_tick = 1,
						   .batch = FIXTURE_BATCH,
						   .samples = FIXTURE_SAMPLES,
						   .timeout_ms = 2500 };
	fixture->attempt = (struct attempt){ .status = RECORD_CASE_OK, .copy = copy };
	fixture->attempt.started.size = size;
	launch_request(&fixture->request, size, &fixture->attempt.started.asked);
	fixture->hello = (void *)(copy + SB_WIRE_HELLO_OFFSET);
	fixture->result = (void *)(copy + SB_WIRE_RESULT_OFFSET);
	fixture->samples = (void *)(copy + SB_WIRE_PAYLOAD_OFFSET);
	*fixture->hello = (struct sb_wire_hello){ .magic = SB_WIRE_MAGIC_HELLO, .abi = SB_ABI_VERSION };
	*fixture->result = (struct sb_wire_result){ .state = SB_WIRE_DONE, .batch = FIXTURE_BATCH };
	if (mode == SB_WIRE_LIST)
		return;
	fixture->result->count = FIXTURE_SAMPLES;
	for (unsigned i = 0; i < FIXTURE_SAMPLES; i++)
		fixture->samples[i] =
			(struct sb_wire_sample){ .ticks = 1000000 * (i + 1), .iterations = FIXTURE_BATCH };
}

static inline void fixture_release(struct fixture *fixture)
{
	attempt_release(&fixture->attempt);
}

#endif
