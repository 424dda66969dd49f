/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock_rate.h - at what rate a CPU runs, measured on it in several ways.
 *
 * A child process pins itself to the CPU and computes for some tens of milliseconds; its time is bounded.
 */
#ifndef HOST_CLOCK_RATE_H
#define HOST_CLOCK_RATE_H

#include "base/err.h"
#include "base/path.h"

enum clock_method {
	CLOCK_BY_APERF,	   /* x86: the register that counts cycles, against the time (Intel SDM 15.2) */
	CLOCK_BY_CYCLES,   /* the PMU's cycles, against the time they were counted in */
	CLOCK_BY_REGISTER, /* what the cpufreq driver reads from the hardware: cpuinfo_cur_freq */
	CLOCK_BY_LOOP,	   /* additions that take one cycle each, against the time: the best of many bursts */
	CLOCK_METHODS
};

struct clock_rates {
	double hertz[CLOCK_METHODS]; /* 0: not to be had */
};

/* `procs_fd`: cgroup.procs of the group in which that CPU may be used, -1 for none. 0 or a negative errno:
 * the CPU is not for us to run on, or gave no answer in time. */
int clock_rate_measure(const struct path_root *root, int cpu, int procs_fd, struct clock_rates *rates,
		       struct sb_err *err);

const char *clock_method_name(enum clock_method method); /* "aperf", "cycles", "register", "loop" */

#endif
