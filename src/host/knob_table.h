/* SPDX-License-Identifier: GPL-2.0-or-later */
/* knob_table.h - the descriptors, each defined at the end of its file; internal to host/. */
#ifndef HOST_KNOB_TABLE_H
#define HOST_KNOB_TABLE_H

#include "host/knob.h"

extern const struct knob knob_cpus, knob_affinity;
extern const struct knob knob_irqbalance;
extern const struct knob knob_vmstat, knob_watchdog_cpus, knob_nmi_watchdog, knob_soft_watchdog;
extern const struct knob knob_timer_migration, knob_perf_sampling, knob_printk, knob_mce_polling;
extern const struct knob knob_numa_balancing, knob_compaction, knob_khugepaged, knob_ksm;
extern const struct knob knob_workqueue, knob_writeback, knob_irq_default, knob_irq_affinity, knob_rps,
	knob_xps;
extern const struct knob knob_hwp_dynamic_boost, knob_energy_efficiency;
extern const struct knob knob_governor, knob_epp, knob_epb, knob_boost, knob_turbo_msr;
extern const struct knob knob_frequency, knob_uncore, knob_prefetchers;
extern const struct knob knob_platform_profile;
extern const struct knob knob_idle_states, knob_resume_latency, knob_dma_latency;
extern const struct knob knob_smt_offline;
extern const struct knob knob_slices;
extern const struct knob knob_cgroup, knob_partition, knob_swap, knob_cgroup_v1, knob_sibling_idle;
extern const struct knob knob_resctrl;
extern const struct knob knob_clock;
extern const struct knob knob_fifo, knob_memory_binding, knob_small_pages, knob_fixed_layout, knob_layout;
extern const struct knob knob_warm_cache, knob_drop_caches, knob_quiet_disk;

#endif
