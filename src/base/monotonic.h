/* SPDX-License-Identifier: GPL-2.0-or-later */
/* monotonic.h - the kernel's monotonic clocks as one number. */
#ifndef BASE_MONOTONIC_H
#define BASE_MONOTONIC_H

#include <stdint.h>

/* CLOCK_MONOTONIC in nanoseconds: deadlines and book-keeping; processes may compare it. */
uint64_t monotonic_now_ns(void);

/* CLOCK_MONOTONIC_RAW in nanoseconds: not slewed by NTP, for calibration. */
uint64_t monotonic_raw_ns(void);

#endif
