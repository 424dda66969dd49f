/* SPDX-License-Identifier: MIT */
/*
 * clock.h - the two clock reads around a sample.
 *
 * A table of two functions instead of a branch, so that nothing is decided between the reads. `start` waits
 * for what came before it, `end` for what it is to measure (Intel, "How to benchmark code execution times",
 * 324264-001).
 */
#ifndef SB_CLOCK_H
#define SB_CLOCK_H

#include <stdint.h>

struct sb_clock {
	uint64_t (*start)(void); /* ticks */
	uint64_t (*end)(void);
};

/* The clock of an enum sb_wire_clock; NULL where this processor has none such. */
const struct sb_clock *sb_clock_get(uint32_t id);

/* CLOCK_MONOTONIC, which the runner's other times are in, nanoseconds. */
uint64_t sb_clock_monotonic_ns(void);

#endif
