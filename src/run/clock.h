/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.h - the session's clock: its kind and its frequency, measured once for all launches. A calibration
 * per launch would be an effect of the launch.
 *
 * The processor's own counter is used where the kernel itself trusts it, on x86 the TSC where it is
 * invariant, on arm64 CNTVCT_EL0; its frequency is measured against CLOCK_MONOTONIC_RAW over at least a
 * second.
 */
#ifndef RUN_CLOCK_H
#define RUN_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include "wire.h"

struct run_clock {
	enum sb_wire_clock kind;
	double ns_per_tick; /* 0 until run_clock_finish */
	uint64_t start_ticks, start_ns;
};

/* Takes the first of the two readings. */
void run_clock_start(struct run_clock *clock, bool counter_is_trusted);

/* Takes the second one, sleeping until a second has passed since the first. */
void run_clock_finish(struct run_clock *clock);

/* "tsc", "cntvct", "monotonic-raw". */
const char *run_clock_name(const struct run_clock *clock);

#endif
