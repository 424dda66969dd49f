/* SPDX-License-Identifier: MIT */
/* The clocks are chosen by the runner, which knows whether the kernel trusts the TSC. */
#include "clock.h"

#include <stddef.h>
#include <time.h>
#include "wire.h"

static uint64_t read_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t raw_read(void)
{
	return read_ns(CLOCK_MONOTONIC_RAW);
}

static const struct sb_clock raw = { raw_read, raw_read };

#if defined(__x86_64__)
static uint64_t counter_start(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* rdtscp waits for the loads and the arithmetic before it, the fence keeps what follows out of the sample. */
static uint64_t counter_end(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtscp\n\tlfence" : "=a"(low), "=d"(high) : : "rcx", "memory");
	return (uint64_t)high << 32 | low;
}
#elif defined(__aarch64__)
static uint64_t counter_start(void)
{
	uint64_t ticks;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}

/* The barrier waits for the loads before it, as rdtscp does; the last isb keeps what follows out of the
 * sample. */
static uint64_t counter_end(void)
{
	uint64_t ticks;

	__asm__ volatile("dsb ishld\n\tisb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(ticks) : : "memory");
	return ticks;
}
#endif

#if defined(__x86_64__) || defined(__aarch64__)
#define HAS_COUNTER 1

static const struct sb_clock counter = { counter_start, counter_end };
#endif

const struct sb_clock *sb_clock_get(uint32_t id)
{
	switch (id) {
	case SB_WIRE_CLOCK_RAW:
		return &raw;
#ifdef HAS_COUNTER
	case SB_WIRE_CLOCK_COUNTER:
		return &counter;
#endif
	default:
		return NULL;
	}
}

uint64_t sb_clock_monotonic_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}
