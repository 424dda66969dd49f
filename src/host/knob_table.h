/* SPDX-License-Identifier: GPL-2.0-or-later */
/* knob_table.h - the descriptors, each defined at the end of its file; internal to host/. */
#ifndef HOST_KNOB_TABLE_H
#define HOST_KNOB_TABLE_H

#include "host/knob.h"

extern const struct knob knob_cpus, knob_affinity;
extern const struct knob knob_cgroup, knob_partition, knob_swap, knob_sibling_idle;
extern const struct knob knob_governor, knob_boost, knob_dma_latency;
extern const struct knob knob_clock;

#endif
