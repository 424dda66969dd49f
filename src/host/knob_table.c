/* SPDX-License-Identifier: GPL-2.0-or-later */
/* knob_table.c - all knobs, in the order of applying: what would be undone by a later one stands after it. */
#include "host/knob_table.h"

#include "host/knob.h"

const struct knob *const knob_table[] = {
	&knob_cpus,	&knob_affinity, &knob_cgroup,	   &knob_partition, &knob_swap, &knob_sibling_idle,
	&knob_governor, &knob_boost,	&knob_dma_latency, &knob_clock,	    NULL,
};

_Static_assert(sizeof knob_table / sizeof *knob_table <= KNOB_MAX + 1, "KNOB_MAX is too small");
