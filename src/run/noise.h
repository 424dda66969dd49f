/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * noise.h - how quiet the CPUs of a host are: each spins for a while and finds the gaps, and whoever made
 * them is named as far as the host tells.
 */
#ifndef RUN_NOISE_H
#define RUN_NOISE_H

#include <stdbool.h>
#include "base/path.h"
#include "keeper/keeper.h"
#include "run/cancel.h"
#include "run/gap.h"

/* What the thieves of a core are known by. */
enum noise_source {
	NOISE_TIMED,   /* the kernel's tracepoints: names, numbers, times */
	NOISE_COUNTED, /* /proc: numbers of interrupts and softirqs, tasks without a name */
};

struct noise_core {
	int cpu;
	struct gap_profile gaps;
	struct keeper_thieves thieves; /* NOISE_COUNTED: without times */
	uint64_t kind_ns[SB_WIRE_THEFT_KINDS], kind_count[SB_WIRE_THEFT_KINDS];
	uint64_t hypervisor_ns; /* steal time by the host's own count, whole ticks */
};

struct noise_order {
	struct keeper *keeper;
	const struct path_root *root;
	const struct run_cancel *cancel;
	enum noise_source source;
	uint64_t duration_ns; /* of each core */
};

/* Measures one core; the calling thread ends on the CPUs where it was. 0, or a negative errno with the
 * sentence. An interrupt leaves a shorter profile. */
int noise_measure(const struct noise_order *order, int cpu, struct noise_core *core, struct sb_err *err);

/* Share of the time that was lost in gaps, 0 to 1. */
double noise_lost(const struct noise_core *core);

/* Index of the core that lost least, -1 for none that spun. */
int noise_quietest(const struct noise_core *cores, size_t count);

#endif
