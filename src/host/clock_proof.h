/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock_proof.h - whether a CPU runs at the rate that its cpufreq settings promise: a governor that is set
 * and not followed is found out here.
 *
 * With the governor `performance` and turbo off the clock is to be the policy's limit. With turbo on it may
 * be anything from the base frequency up, where there is one. Any other governor promises nothing. A guest's
 * own counters run at a rate that its kernel does not set, so there only the driver's view of the hardware is
 * judged.
 */
#ifndef HOST_CLOCK_PROOF_H
#define HOST_CLOCK_PROOF_H

#include <stdbool.h>
#include "base/path.h"
#include "host/clock_rate.h"

#define CLOCK_PROOF_TOLERANCE 0.05

/* From good to bad. Unproven: nothing says what the clock should be, or nothing that is measured can show it.
 */
enum clock_verdict { CLOCK_FOLLOWS, CLOCK_UNPROVEN, CLOCK_STRAYS };

struct clock_proof {
	enum clock_verdict verdict;
	enum clock_method method; /* by which it was judged, or is told */
	double hertz;		  /* by that method, 0: none */
	char reason[192];	  /* a sentence */
};

/* Pure over the files of the machine and what was measured on the CPU. */
void clock_proof_judge(const struct path_root *root, int cpu, const struct clock_rates *rates,
		       struct clock_proof *proof);

#endif
