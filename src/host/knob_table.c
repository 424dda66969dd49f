/* SPDX-License-Identifier: GPL-2.0-or-later */
/* knob_table.c - all knobs, in the order of applying: what would be undone by a later one stands after it. */
#include "host/knob_table.h"

#include "host/knob.h"

const struct knob *const knob_table[] = {
	&knob_cpus,
	&knob_affinity,
	/* programs that would undo what follows */
	&knob_irqbalance,
	&knob_slices,
	/* timers and workers of the kernel */
	&knob_vmstat,
	&knob_watchdog_cpus,
	&knob_nmi_watchdog,
	&knob_soft_watchdog,
	&knob_timer_migration,
	&knob_perf_sampling,
	&knob_printk,
	&knob_mce_polling,
	&knob_numa_balancing,
	&knob_compaction,
	&knob_khugepaged,
	&knob_ksm,
	&knob_workqueue,
	&knob_writeback,
	&knob_irq_default,
	&knob_irq_affinity,
	&knob_rps,
	&knob_xps,
	/* the core itself */
	&knob_cgroup,
	&knob_partition,
	&knob_swap,
	&knob_cgroup_v1,
	&knob_sibling_idle,
	&knob_resctrl,
	/* a daemon that sets some of what follows as well */
	&knob_platform_profile,
	/* the clock: the governor moves the preference, boost moves the limits */
	&knob_governor,
	&knob_hwp_dynamic_boost,
	&knob_energy_efficiency,
	&knob_epp,
	&knob_epb,
	&knob_boost,
	&knob_turbo_msr,
	&knob_frequency,
	&knob_uncore,
	&knob_prefetchers,
	/* sleep */
	&knob_idle_states,
	&knob_resume_latency,
	&knob_dma_latency,
	/* the bench itself; the layout says what the fixed one leaves of it */
	&knob_fifo,
	&knob_memory_binding,
	&knob_small_pages,
	&knob_fixed_layout,
	&knob_layout,
	&knob_warm_cache,
	/* what the others planned before still had its CPU */
	&knob_smt_offline,
	&knob_drop_caches,
	&knob_quiet_disk,
	/* proof, when all others stand */
	&knob_clock,
	NULL,
};

_Static_assert(sizeof knob_table / sizeof *knob_table <= KNOB_MAX + 1, "KNOB_MAX is too small");
