/* SPDX-License-Identifier: GPL-2.0-or-later */
/* microarchitecture.h - which kind of core a CPU is, as far as it decides the names of its events. */
#ifndef HOST_MICROARCHITECTURE_H
#define HOST_MICROARCHITECTURE_H

#include "base/path.h"

/* Kinds whose events have the same names and codes; columns of the table of event sets. */
enum microarchitecture_kind {
	MICROARCHITECTURE_GENERIC,
	MICROARCHITECTURE_HSW, /* Haswell, Broadwell */
	MICROARCHITECTURE_SKL, /* Skylake to Cascade Lake and Comet Lake */
	MICROARCHITECTURE_ICL, /* Ice Lake, Tiger Lake, Rocket Lake */
	MICROARCHITECTURE_SPR, /* Golden Cove and later big cores */
	MICROARCHITECTURE_GRT, /* Gracemont and later small cores */
	MICROARCHITECTURE_ZEN1,
	MICROARCHITECTURE_ZEN2,
	MICROARCHITECTURE_ZEN3,
	MICROARCHITECTURE_ZEN4,
	MICROARCHITECTURE_ZEN5,
	MICROARCHITECTURE_ARM,	       /* the architecture's common events */
	MICROARCHITECTURE_NEOVERSE,    /* what these have in common: events for slots */
	MICROARCHITECTURE_NEOVERSE_N2, /* before r0p3 */
	MICROARCHITECTURE_NEOVERSE_V1,
	MICROARCHITECTURE_NEOVERSE_V2, /* and N2 from r0p3 on */
	MICROARCHITECTURE_KINDS
};

#define MICROARCHITECTURE_TABLES 3

struct microarchitecture {
	enum microarchitecture_kind kind;
	const char *text;			      /* "Intel Skylake" */
	const char *tables[MICROARCHITECTURE_TABLES]; /* of libpfm4, the best first; NULL: no more */
	unsigned slots; /* that a cycle can issue, for the top-down method; 0: not known */
};

/* Of one CPU: by /proc/cpuinfo, on Arm by the CPU's own midr_el1 where sysfs has it (the CPUs of one machine
 * differ); `pmu` is the name of the PMU of its core, which tells the cores of a hybrid x86 processor apart.
 * Never NULL. */
const struct microarchitecture *microarchitecture_find(const struct path_root *root, unsigned cpu,
						       const char *pmu);

/* Those that have rows in the table, by number from 0; NULL behind the last. */
const struct microarchitecture *microarchitecture_get(size_t i);

#endif
