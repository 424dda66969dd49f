/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clock.c - see clock.h. */
#include "run/clock.h"

#include <errno.h>
#include <time.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

#include "base/monotonic.h"

#define BASELINE_NS 1000000000u
#define TRIES	    16
#ifdef __aarch64__
#define COUNTER "cntvct"
#else
#define COUNTER "tsc"
#endif

static uint64_t read_ticks(void)
{
#if defined(__x86_64__)
	return __rdtsc();
#elif defined(__aarch64__)
	uint64_t ticks;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
#else
	return 0;
#endif
}

/* Both clocks at one moment: of several tries the one whose two raw readings lie closest together. */
static void read_pair(uint64_t *ticks, uint64_t *ns)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		uint64_t before = monotonic_raw_ns();
		uint64_t between = read_ticks();
		uint64_t after = monotonic_raw_ns();

		if (after - before >= best)
			continue;
		best = after - before;
		*ticks = between;
		*ns = before + best / 2;
	}
}

void run_clock_start(struct run_clock *clock, bool counter_is_trusted)
{
	*clock = (struct run_clock){ .kind = counter_is_trusted ? SB_WIRE_CLOCK_COUNTER : SB_WIRE_CLOCK_RAW };
	read_pair(&clock->start_ticks, &clock->start_ns);
}

void run_clock_finish(struct run_clock *clock)
{
	uint64_t ticks = 0, ns = 0, passed = monotonic_raw_ns() - clock->start_ns;

	if (clock->kind == SB_WIRE_CLOCK_RAW) {
		clock->ns_per_tick = 1;
		return;
	}
	if (passed < BASELINE_NS) {
		struct timespec rest = { .tv_nsec = (long)(BASELINE_NS - passed) % 1000000000 };

		while (nanosleep(&rest, &rest) && errno == EINTR)
			;
	}
	read_pair(&ticks, &ns);
	clock->ns_per_tick = (double)(ns - clock->start_ns) / (double)(ticks - clock->start_ticks);
}

const char *run_clock_name(const struct run_clock *clock)
{
	return clock->kind == SB_WIRE_CLOCK_COUNTER ? COUNTER : "monotonic-raw";
}
