/* SPDX-License-Identifier: GPL-2.0-or-later */
/* monotonic.c - see monotonic.h. */
#include "base/monotonic.h"

#include <time.h>

static uint64_t read_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t monotonic_now_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

uint64_t monotonic_raw_ns(void)
{
	return read_ns(CLOCK_MONOTONIC_RAW);
}
