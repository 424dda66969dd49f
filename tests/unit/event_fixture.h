/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_fixture.h - machines whose PMUs are known: /proc/cpuinfo and /sys/bus/event_source/devices as their
 * kernels show them, cut to what events need.
 */
#ifndef EVENT_FIXTURE_H
#define EVENT_FIXTURE_H

#include "host/event.h"
#include "machine_fixture.h"

#define DEVICES EVENT_SOURCE_ROOT "/"

#define X86_FORMAT(pmu)                                                                                      \
	{ DEVICES pmu "/format/event", "config:0-7" }, { DEVICES pmu "/format/umask", "config:8-15" },       \
		{ DEVICES pmu "/format/edge", "config:18" }, { DEVICES pmu "/format/inv", "config:23" },     \
		{ DEVICES pmu "/format/cmask", "config:24-31" },                                             \
	{                                                                                                    \
		DEVICES pmu "/format/offcore_rsp", "config1:0-63"                                            \
	}

/* Linux 6.1 on a Xeon E-2288G. */
static const char *const skylake_files[][2] = {
	{ "proc/cpuinfo", "vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 158\nstepping\t: 13\n" },
	{ DEVICES "cpu/type", "4" },
	X86_FORMAT("cpu"),
	{ DEVICES "cpu/events/cpu-cycles", "event=0x3c" },
	{ DEVICES "cpu/events/mem-loads", "event=0xcd,umask=0x1,ldlat=3" },
	{ DEVICES "cpu/events/topdown-total-slots", "event=0x3c,umask=0x0,any=1" },
	{ DEVICES "power/type", "21" },
	{ DEVICES "power/cpumask", "0" },
	{ DEVICES "power/format/event", "config:0-7" },
	{ DEVICES "power/events/energy-pkg", "event=0x02" },
	{ DEVICES "power/events/energy-pkg.scale", "2.3283064365386962890625e-10" },
	{ DEVICES "power/events/energy-pkg.unit", "Joules" },
	{ DEVICES "msr/type", "13" },
	{ DEVICES "msr/format/event", "config:0-63" },
	{ DEVICES "msr/events/tsc", "event=0x00" },
	{ DEVICES "uncore_cbox_0/type", "12" },
	{ DEVICES "uncore_cbox_0/cpumask", "0" },
	{ DEVICES "uncore_cbox_0/format/event", "config:0-7" },
	{ DEVICES "uncore_cbox_0/format/umask", "config:8-15" },
	{ DEVICES "uncore_cbox_0/events/unc_cbo_cache_lookup.any_i", "event=0x34,umask=0x88" },
	{ DEVICES "software/type", "1" },
	{ DEVICES "tracepoint/type", "2" },
};

/* Linux 6.5 on a Core i7-1260P: CPUs 0-3 are Golden Cove, 4-11 Gracemont. */
static const char *const hybrid_files[][2] = {
	{ "proc/cpuinfo", "vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 154\nstepping\t: 3\n" },
	{ DEVICES "cpu_core/type", "4" },
	{ DEVICES "cpu_core/cpus", "0-3" },
	X86_FORMAT("cpu_core"),
	{ DEVICES "cpu_core/events/slots", "event=0x00,umask=0x4" },
	{ DEVICES "cpu_atom/type", "10" },
	{ DEVICES "cpu_atom/cpus", "4-11" },
	X86_FORMAT("cpu_atom"),
};

/* Linux 6.1 on an EPYC 9354. */
static const char *const zen4_files[][2] = {
	{ "proc/cpuinfo", "vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n" },
	{ DEVICES "cpu/type", "4" },
	{ DEVICES "cpu/format/event", "config:0-7,32-35" },
	{ DEVICES "cpu/format/umask", "config:8-15" },
	{ DEVICES "amd_l3/type", "12" },
	{ DEVICES "amd_l3/cpumask", "0" },
};

/* Linux 6.1 on an Ampere Altra (Neoverse N1); an N1 has no level 3 refills of its own to list. */
static const char *const neoverse_files[][2] = {
	{ "sys/devices/system/cpu/cpu2/regs/identification/midr_el1", "0x00000000413fd0c1" },
	{ DEVICES "armv8_pmuv3_0/type", "8" },
	{ DEVICES "armv8_pmuv3_0/cpus", "0-7" },
	{ DEVICES "armv8_pmuv3_0/format/event", "config:0-15" },
	{ DEVICES "armv8_pmuv3_0/format/long", "config1:0" },
	{ DEVICES "armv8_pmuv3_0/format/rdpmc", "config1:1" },
	{ DEVICES "armv8_pmuv3_0/events/cpu_cycles", "event=0x0011" },
	{ DEVICES "armv8_pmuv3_0/events/inst_retired", "event=0x0008" },
	{ DEVICES "armv8_pmuv3_0/events/l1d_cache_refill", "event=0x0003" },
	{ DEVICES "armv8_pmuv3_0/events/ll_cache_miss_rd", "event=0x0037" },
	{ DEVICES "armv8_pmuv3_0/events/br_mis_pred", "event=0x0010" },
};

/* What a kernel shows of those of Neoverse that count slots (the PMU lists what PMCEID says it has). */
#define SLOTS_OF(midr)                                                                                       \
	{ "sys/devices/system/cpu/cpu2/regs/identification/midr_el1", midr },                                \
		{ DEVICES "armv8_pmuv3_0/type", "8" }, { DEVICES "armv8_pmuv3_0/cpus", "0-7" },              \
		{ DEVICES "armv8_pmuv3_0/format/event", "config:0-15" },                                     \
		{ DEVICES "armv8_pmuv3_0/events/cpu_cycles", "event=0x0011" },                               \
		{ DEVICES "armv8_pmuv3_0/events/br_mis_pred", "event=0x0010" },                              \
		{ DEVICES "armv8_pmuv3_0/events/op_retired", "event=0x003a" },                               \
		{ DEVICES "armv8_pmuv3_0/events/op_spec", "event=0x003b" },                                  \
		{ DEVICES "armv8_pmuv3_0/events/stall_slot_backend", "event=0x003d" },                       \
	{                                                                                                    \
		DEVICES "armv8_pmuv3_0/events/stall_slot_frontend", "event=0x003e"                           \
	}

static const char *const n2_files[][2] = { SLOTS_OF("0x00000000410fd490") };
static const char *const n2_r0p3_files[][2] = { SLOTS_OF("0x00000000410fd493") };
static const char *const v1_files[][2] = { SLOTS_OF("0x00000000411fd401") };
static const char *const v2_files[][2] = { SLOTS_OF("0x00000000410fd4f1") };

/* Linux 6.6 on an RK3399: CPUs 0-3 are Cortex-A53, 4-5 Cortex-A72. */
static const char *const big_little_files[][2] = {
	{ "sys/devices/system/cpu/cpu0/regs/identification/midr_el1", "0x00000000410fd034" },
	{ "sys/devices/system/cpu/cpu4/regs/identification/midr_el1", "0x00000000410fd082" },
	{ DEVICES "armv8_cortex_a53/type", "8" },
	{ DEVICES "armv8_cortex_a53/cpus", "0-3" },
	{ DEVICES "armv8_cortex_a53/format/event", "config:0-15" },
	{ DEVICES "armv8_cortex_a53/events/cpu_cycles", "event=0x0011" },
	{ DEVICES "armv8_cortex_a72/type", "9" },
	{ DEVICES "armv8_cortex_a72/cpus", "4-5" },
	{ DEVICES "armv8_cortex_a72/format/event", "config:0-15" },
	{ DEVICES "armv8_cortex_a72/events/cpu_cycles", "event=0x0011" },
	{ DEVICES "armv8_cortex_a72/events/inst_retired", "event=0x0008" },
	{ DEVICES "armv8_cortex_a72/events/l2d_cache_refill", "event=0x0017" },
	{ DEVICES "armv8_cortex_a72/events/br_mis_pred", "event=0x0010" },
};

/* A virtual machine: the processor is known, and has no PMU. */
static const char *const virtual_files[][2] = {
	{ "proc/cpuinfo", "vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n" },
	{ DEVICES "software/type", "1" },
};

/* An x86 processor that no table knows. */
static const char *const unknown_files[][2] = {
	{ "proc/cpuinfo", "vendor_id\t: GenuineIntel\ncpu family\t: 19\nmodel\t\t: 250\n" },
	{ DEVICES "cpu/type", "4" },
	X86_FORMAT("cpu"),
};

struct event_machine {
	const char *name;
	const char *const (*files)[2];
	size_t count;
	unsigned cpu;
};

#define EVENT_MACHINE(name, files, cpu)                                                                      \
	{                                                                                                    \
		name, files, sizeof files / sizeof files[0], cpu                                             \
	}

static const struct event_machine event_machines[] = {
	EVENT_MACHINE("skylake", skylake_files, 2),
	EVENT_MACHINE("big core", hybrid_files, 1),
	EVENT_MACHINE("small core", hybrid_files, 5),
	EVENT_MACHINE("zen4", zen4_files, 2),
	EVENT_MACHINE("neoverse", neoverse_files, 2),
	EVENT_MACHINE("cortex-a72", big_little_files, 4),
	EVENT_MACHINE("n2", n2_files, 2),
	EVENT_MACHINE("n2 r0p3", n2_r0p3_files, 2),
	EVENT_MACHINE("v1", v1_files, 2),
	EVENT_MACHINE("v2", v2_files, 2),
	EVENT_MACHINE("virtual", virtual_files, 1),
	EVENT_MACHINE("unknown", unknown_files, 0),
};

struct event_bench {
	struct machine machine;
	struct event_host host;
};

static inline void event_bench_init(struct event_bench *bench, const char *name)
{
	const struct event_machine *machine = NULL;
	struct sb_err err;

	for (size_t i = 0; i < sizeof event_machines / sizeof event_machines[0]; i++)
		if (strcmp(event_machines[i].name, name) == 0)
			machine = &event_machines[i];
	ck_assert_msg(machine != NULL, "no machine '%s'", name);
	machine_init(&bench->machine);
	for (size_t i = 0; i < machine->count; i++)
		machine_put(&bench->machine, machine->files[i][0], machine->files[i][1]);
	ck_assert_msg(event_host_init(&bench->host, &bench->machine.root, machine->cpu, &err) == 0, "%s",
		      err.text);
}

static inline void event_bench_release(struct event_bench *bench)
{
	event_host_release(&bench->host);
	machine_release(&bench->machine);
}

#endif
