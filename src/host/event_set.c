/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_set.c - the sets, and the events that their words stand for on each kind of core.
 *
 * A word means the same on every processor as far as its events allow, which is why comparisons can name it;
 * the record has the spelling beside it. A cell lists spellings in order of preference: names of libpfm4, of
 * the kernel, or terms of the core's own PMU ("core/event=0x2e,umask=0x41/") where libpfm4 may be too old to
 * know the processor. "*slots" behind a spelling: each of the count stands for as many operations as a cycle
 * can issue. An empty cell: the processor has no such event; none at all: the word has no meaning there, and
 * a set goes without it.
 *
 * Names: libpfm4 4.13's tables and, for processors that came later, the vendors' event files in Linux
 * tools/perf/pmu-events/arch. Top-down: Yasin, A Top-Down Method for Performance Analysis and Counters
 * Architecture, ISPASS 2014; AMD's PPR for family 19h, "pipeline utilization"; Arm Neoverse:
 * its telemetry specifications (neoverse-v1, -v2, -n2 and -n2-r0p3.json), as in perf's metrics for them.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/event_list.h"
#include "host/event_way.h"

struct word {
	const char *name, *text;
	const char *on[MICROARCHITECTURE_KINDS];
};

#define HSW	     [MICROARCHITECTURE_HSW]
#define SKL	     [MICROARCHITECTURE_SKL]
#define ICL	     [MICROARCHITECTURE_ICL]
#define SPR	     [MICROARCHITECTURE_SPR]
#define GRT	     [MICROARCHITECTURE_GRT]
#define ZEN1	     [MICROARCHITECTURE_ZEN1]
#define ZEN2	     [MICROARCHITECTURE_ZEN2]
#define ZEN3	     [MICROARCHITECTURE_ZEN3]
#define ZEN4	     [MICROARCHITECTURE_ZEN4]
#define ZEN5	     [MICROARCHITECTURE_ZEN5]
#define ARM	     [MICROARCHITECTURE_ARM]
#define NEOVERSE     [MICROARCHITECTURE_NEOVERSE]
#define NEOVERSE_N2  [MICROARCHITECTURE_NEOVERSE_N2]
#define NEOVERSE_V1  [MICROARCHITECTURE_NEOVERSE_V1]
#define NEOVERSE_V2  [MICROARCHITECTURE_NEOVERSE_V2]
#define GENERIC	     [MICROARCHITECTURE_GENERIC]

#define ZEN_CYCLES   "CYCLES_NOT_IN_HALT|cycles"
#define ZEN_RETIRED  "RETIRED_INSTRUCTIONS|instructions"
#define ZEN_BRANCHES "RETIRED_BRANCH_INSTRUCTIONS|branches"
#define ZEN_MISSES   "RETIRED_BRANCH_INSTRUCTIONS_MISPREDICTED|branch-misses"
#define ZEN_DTLB     "L1_DTLB_MISS:TLB_RELOAD_4K_L2_MISS:TLB_RELOAD_2M_L2_MISS:TLB_RELOAD_1G_L2_MISS"
#define ZEN_L2	     "CORE_TO_L2_CACHEABLE_REQUEST_ACCESS_STATUS:LS_RD_BLK_C|core/event=0x64,umask=0x8/"

/* clang-format off */
static const struct word words[] = {
	{ "cycles", "cycles of the core while it was not halted", {
		HSW = "UNHALTED_CORE_CYCLES|cycles", SKL = "CPU_CLK_UNHALTED:THREAD_P|cycles", ICL = "CPU_CLK_UNHALTED:THREAD_P|cycles",
		SPR = "CPU_CLK_UNHALTED:THREAD_P|cycles", GRT = "cycles", ZEN1 = ZEN_CYCLES, ZEN2 = ZEN_CYCLES, ZEN3 = ZEN_CYCLES,
		ZEN4 = ZEN_CYCLES, ZEN5 = "cycles", ARM = "CPU_CYCLES|cycles", NEOVERSE = "CPU_CYCLES|cycles", GENERIC = "cycles" } },
	{ "instructions", "retired instructions", {
		HSW = "INSTRUCTION_RETIRED|instructions", SKL = "INSTRUCTION_RETIRED|instructions", ICL = "INSTRUCTION_RETIRED|instructions",
		SPR = "INSTRUCTION_RETIRED|instructions", GRT = "instructions", ZEN1 = ZEN_RETIRED, ZEN2 = ZEN_RETIRED, ZEN3 = ZEN_RETIRED,
		ZEN4 = ZEN_RETIRED, ZEN5 = "instructions", ARM = "INST_RETIRED|instructions", NEOVERSE = "INST_RETIRED|instructions", GENERIC = "instructions" } },
	{ "branches", "retired branch instructions", {
		HSW = "BR_INST_RETIRED:ALL_BRANCHES|branches", SKL = "BR_INST_RETIRED:ALL_BRANCHES|branches", ICL = "BR_INST_RETIRED:ALL_BRANCHES|branches",
		SPR = "BR_INST_RETIRED:ALL_BRANCHES|branches", GRT = "branches", ZEN1 = ZEN_BRANCHES, ZEN2 = ZEN_BRANCHES, ZEN3 = ZEN_BRANCHES,
		ZEN4 = ZEN_BRANCHES, ZEN5 = "branches", ARM = "BR_RETIRED|branches", NEOVERSE = "BR_RETIRED|branches", GENERIC = "branches" } },
	{ "branch-misses", "mispredicted branches", {
		HSW = "BR_MISP_RETIRED:ALL_BRANCHES|branch-misses", SKL = "BR_MISP_RETIRED:ALL_BRANCHES|branch-misses", ICL = "BR_MISP_RETIRED:ALL_BRANCHES|branch-misses",
		SPR = "BR_MISP_RETIRED:ALL_BRANCHES|branch-misses", GRT = "branch-misses", ZEN1 = ZEN_MISSES, ZEN2 = ZEN_MISSES, ZEN3 = ZEN_MISSES,
		ZEN4 = ZEN_MISSES, ZEN5 = "branch-misses", ARM = "BR_MIS_PRED_RETIRED|BR_MIS_PRED|branch-misses",
		NEOVERSE = "BR_MIS_PRED_RETIRED|BR_MIS_PRED|branch-misses", GENERIC = "branch-misses" } },
	{ "l1d-misses", "lines that the level 1 data cache had to get", {
		HSW = "L1D:REPLACEMENT", SKL = "L1D:REPLACEMENT", ICL = "L1D:REPLACEMENT", SPR = "L1D:REPLACEMENT|core/event=0x51,umask=0x1/", GRT = "",
		ZEN1 = "L1-dcache-load-misses", ZEN2 = "DATA_CACHE_REFILLS_FROM_SYSTEM:MABRESP_LCL_L2:LS_MABRESP_LCL_CACHE:LS_MABRESP_LCL_DRAM:LS_MABRESP_RMT_CACHE:LS_MABRESP_RMT_DRAM",
		ZEN3 = "ANY_DATA_CACHE_FILLS_FROM_SYSTEM:LCL_L2:INT_CACHE:EXT_CACHE_LCL:MEM_IO_LCL:EXT_CACHE_RMT:MEM_IO_RMT",
		ZEN4 = "ANY_DATA_CACHE_FILLS_FROM_SYSTEM:LCL_L2:LOCAL_CCX:NEAR_CACHE_NEAR_FAR:DRAM_IO_NEAR:FAR_CACHE_NEAR_FAR:DRAM_IO_FAR:ALT_MEM_NEAR_FAR",
		ZEN5 = "core/event=0x44,umask=0xff/", ARM = "L1D_CACHE_REFILL|L1-dcache-load-misses", NEOVERSE = "L1D_CACHE_REFILL|L1-dcache-load-misses",
		GENERIC = "L1-dcache-load-misses" } },
	{ "l2-misses", "data reads that level 2 did not have", {
		HSW = "L2_RQSTS:DEMAND_DATA_RD_MISS", SKL = "L2_RQSTS:DEMAND_DATA_RD_MISS", ICL = "L2_RQSTS:DEMAND_DATA_RD_MISS",
		SPR = "L2_RQSTS:DEMAND_DATA_RD_MISS|core/event=0x24,umask=0x21/", GRT = "", ZEN1 = ZEN_L2, ZEN2 = ZEN_L2, ZEN3 = ZEN_L2, ZEN4 = ZEN_L2, ZEN5 = "core/event=0x64,umask=0x8/",
		ARM = "L2D_CACHE_REFILL", NEOVERSE = "L2D_CACHE_REFILL", GENERIC = "" } },
	{ "llc-misses", "what no cache had, and memory gave", {
		HSW = "LONGEST_LAT_CACHE:MISS|cache-misses", SKL = "LONGEST_LAT_CACHE:MISS|cache-misses", ICL = "LONGEST_LAT_CACHE:MISS|cache-misses",
		SPR = "LONGEST_LAT_CACHE:MISS|cache-misses", GRT = "cache-misses", ZEN1 = "",
		ZEN2 = "DATA_CACHE_REFILLS_FROM_SYSTEM:LS_MABRESP_LCL_DRAM:LS_MABRESP_RMT_DRAM",
		ZEN3 = "ANY_DATA_CACHE_FILLS_FROM_SYSTEM:MEM_IO_LCL:MEM_IO_RMT", ZEN4 = "ANY_DATA_CACHE_FILLS_FROM_SYSTEM:DRAM_IO_NEAR:DRAM_IO_FAR",
		ZEN5 = "core/event=0x44,umask=0x48/", ARM = "LL_CACHE_MISS_RD|L3D_CACHE_REFILL|L2D_CACHE_REFILL|LLC-load-misses",
		NEOVERSE = "LL_CACHE_MISS_RD|L3D_CACHE_REFILL|LLC-load-misses", GENERIC = "LLC-load-misses|cache-misses" } },
	{ "dtlb-misses", "loads whose address had to be looked up in page tables", {
		HSW = "DTLB_LOAD_MISSES:WALK_COMPLETED", SKL = "DTLB_LOAD_MISSES:WALK_COMPLETED", ICL = "DTLB_LOAD_MISSES:WALK_COMPLETED",
		SPR = "DTLB_LOAD_MISSES:WALK_COMPLETED|core/event=0x12,umask=0xe/", GRT = "core/event=0x8,umask=0xe/",
		ZEN1 = ZEN_DTLB ":TLB_RELOAD_COALESCED_PAGE_MISS", ZEN2 = ZEN_DTLB ":TLB_RELOAD_COALESCED_PAGE_MISS", ZEN3 = ZEN_DTLB ":TLB_RELOAD_COALESCED_PAGE_MISS",
		ZEN4 = ZEN_DTLB ":TLB_RELOAD_COALESCED_PAGE_MISS", ZEN5 = "core/event=0x45,umask=0xf0/",
		ARM = "DTLB_WALK|L1D_TLB_REFILL|dTLB-load-misses", NEOVERSE = "DTLB_WALK|dTLB-load-misses", GENERIC = "dTLB-load-misses" } },
	{ "dtlb-store-misses", "the same of stores, where they are told apart", {
		HSW = "DTLB_STORE_MISSES:WALK_COMPLETED", SKL = "DTLB_STORE_MISSES:WALK_COMPLETED", ICL = "DTLB_STORE_MISSES:WALK_COMPLETED",
		SPR = "DTLB_STORE_MISSES:WALK_COMPLETED|core/event=0x13,umask=0xe/", GRT = "core/event=0x49,umask=0xe/" } },
	{ "itlb-misses", "instructions whose address had to be looked up in page tables", {
		HSW = "ITLB_MISSES:WALK_COMPLETED", SKL = "ITLB_MISSES:WALK_COMPLETED", ICL = "ITLB_MISSES:WALK_COMPLETED",
		SPR = "ITLB_MISSES:WALK_COMPLETED|core/event=0x11,umask=0xe/", GRT = "core/event=0x85,umask=0xe/",
		ZEN1 = "L1_ITLB_MISS_L2_ITLB_MISS:IF4K:IF2M:IF1G", ZEN2 = "L1_ITLB_MISS_L2_ITLB_MISS:IF4K:IF2M:IF1G",
		ZEN3 = "L1_ITLB_MISS_L2_ITLB_MISS:COALESCED4K:IF4K:IF2M:IF1G", ZEN4 = "L1_ITLB_MISS_L2_ITLB_MISS:COALESCED4K:IF4K:IF2M:IF1G",
		ZEN5 = "core/event=0x85,umask=0xf/", ARM = "ITLB_WALK|L1I_TLB_REFILL|iTLB-load-misses", NEOVERSE = "ITLB_WALK|iTLB-load-misses", GENERIC = "iTLB-load-misses" } },
	{ "topdown-slots", "places for an operation that the issue stage had", {
		HSW = "UNHALTED_CORE_CYCLES*slots", SKL = "CPU_CLK_UNHALTED:THREAD_P*slots", ICL = "core/event=0xa4,umask=0x1/", SPR = "core/event=0xa4,umask=0x1/",
		GRT = "cycles*slots", ZEN4 = "CYCLES_NOT_IN_HALT*slots", ZEN5 = "cycles*slots", NEOVERSE = "CPU_CYCLES*slots" } },
	{ "topdown-retiring", "places whose operation was of use", {
		HSW = "UOPS_RETIRED:RETIRE_SLOTS", SKL = "UOPS_RETIRED:RETIRE_SLOTS", ICL = "core/event=0xc2,umask=0x2/", SPR = "core/event=0xc2,umask=0x2/",
		GRT = "core/event=0xc2,umask=0x0/", ZEN4 = "RETIRED_OPS", ZEN5 = "core/event=0xc1/", NEOVERSE = "OP_RETIRED" } },
	{ "topdown-issued", "operations issued, of use or not", {
		HSW = "UOPS_ISSUED:ANY", SKL = "UOPS_ISSUED:ANY", ZEN4 = "core/event=0xaa,umask=0x7/", ZEN5 = "core/event=0xaa,umask=0x7/", NEOVERSE = "OP_SPEC" } },
	{ "topdown-recovery", "places lost while the processor went back from a wrong way", {
		HSW = "INT_MISC:RECOVERY_CYCLES*slots", SKL = "INT_MISC:RECOVERY_CYCLES*slots" } },
	{ "topdown-flushes", "places of the cycles in which it turned back; three times as many stay empty at the back", {
		NEOVERSE_N2 = "BR_MIS_PRED*slots", NEOVERSE_V2 = "BR_MIS_PRED*slots" } },
	{ "topdown-front-flushes", "the same where they empty the front alone, four cycles of it", { NEOVERSE_V1 = "BR_MIS_PRED*slots" } },
	{ "topdown-overcount", "places that it counts as empty at the front and does not have", { NEOVERSE_N2 = "CPU_CYCLES" } },
	{ "topdown-bad-speculation", "places whose operation was thrown away, or that waited for that", {
		SPR = "core/event=0xa4,umask=0x4/", GRT = "core/event=0x73,umask=0x0/" } },
	{ "topdown-frontend", "places left empty for want of instructions", {
		HSW = "IDQ_UOPS_NOT_DELIVERED:CORE", SKL = "IDQ_UOPS_NOT_DELIVERED:CORE", ICL = "IDQ_UOPS_NOT_DELIVERED:CORE",
		GRT = "core/event=0x71,umask=0x0/", ZEN4 = "DISPATCH_STALLS_1:FE_NO_OPS", ZEN5 = "core/event=0x1a0,umask=0x1/", NEOVERSE = "STALL_SLOT_FRONTEND" } },
	{ "topdown-backend", "places left empty for want of resources", {
		ICL = "core/event=0xa4,umask=0x2/", SPR = "core/event=0xa4,umask=0x2/", GRT = "core/event=0x74,umask=0x0/",
		ZEN4 = "DISPATCH_STALLS_1:BE_STALLS", ZEN5 = "core/event=0x1a0,umask=0x1e/", NEOVERSE = "STALL_SLOT_BACKEND" } },
	{ "energy-package", "energy of the processor's package", { GENERIC = "power/energy-pkg/" } },
	{ "energy-cores", "energy of its cores", { GENERIC = "power/energy-cores/" } },
	{ "energy-memory", "energy of its memory", { GENERIC = "power/energy-ram/" } },
};
/* clang-format on */

#define WORDS (sizeof words / sizeof words[0])

static const struct {
	const char *name, *text;
	const char *members[EVENT_SET_MAX];
} sets[] = {
	{ "@default",
	  "what every report begins with",
	  { "cycles", "instructions", "branch-misses", "llc-misses" } },
	{ "@cache", "misses of each level", { "instructions", "l1d-misses", "l2-misses", "llc-misses" } },
	{ "@branch", "branches and those mispredicted", { "instructions", "branches", "branch-misses" } },
	{ "@tlb",
	  "addresses looked up in page tables",
	  { "instructions", "dtlb-misses", "dtlb-store-misses", "itlb-misses" } },
	{ "@topdown",
	  "where the places of the issue stage went",
	  { "topdown-slots", "topdown-retiring", "topdown-issued", "topdown-recovery", "topdown-flushes",
	    "topdown-front-flushes", "topdown-overcount", "topdown-bad-speculation", "topdown-frontend",
	    "topdown-backend" } },
	{ "@energy", "energy, of the whole package", { "energy-package", "energy-cores", "energy-memory" } },
};

#define SETS (sizeof sets / sizeof sets[0])

const char *const *event_set_members(const char *name)
{
	for (size_t i = 0; i < SETS; i++)
		if (strcmp(sets[i].name, name) == 0)
			return sets[i].members;
	return NULL;
}

static const struct word *find_word(const char *name)
{
	for (size_t i = 0; i < WORDS; i++)
		if (strcmp(words[i].name, name) == 0)
			return &words[i];
	return NULL;
}

/* Whose cells a kind has where it has none of its own. */
static const enum microarchitecture_kind likes[MICROARCHITECTURE_KINDS] = {
	NEOVERSE_N2 = MICROARCHITECTURE_NEOVERSE,
	NEOVERSE_V1 = MICROARCHITECTURE_NEOVERSE,
	NEOVERSE_V2 = MICROARCHITECTURE_NEOVERSE,
};

static const char *find_cell(const struct word *word, enum microarchitecture_kind kind)
{
	while (!word->on[kind] && kind != MICROARCHITECTURE_GENERIC)
		kind = likes[kind];
	return word->on[kind];
}

const char *event_word_cell(const char *name, enum microarchitecture_kind kind)
{
	const struct word *word = find_word(name);

	return word ? find_cell(word, kind) : NULL;
}

/* The first spelling that this host knows and its processor does not deny; else the first that is known. */
static int take_spelling(const struct event_host *host, const char *cell, event_walk *resolve,
			 struct event *event)
{
	const struct event asked = *event;
	struct event denied;
	char copy[512], *rest = NULL;
	bool is_denied = false;

	snprintf(copy, sizeof copy, "%s", cell);
	for (char *one = strtok_r(copy, EVENT_SPELLINGS, &rest); one;
	     one = strtok_r(NULL, EVENT_SPELLINGS, &rest)) {
		char *star = strchr(one, '*');

		if (star)
			*star = '\0';
		*event = asked;
		if (resolve(host, one, event, NULL))
			continue;
		event->scale *= star ? host->core->slots : 1;
		if (!event_is_unlisted(host, event))
			return 0;
		if (!is_denied)
			denied = *event;
		is_denied = true;
	}
	*event = is_denied ? denied : asked;
	return is_denied ? 0 : -ENOENT;
}

/* What tests/machines/record did not take at first. */
static bool lacks_format(const struct event_host *host)
{
	char path[160];

	snprintf(path, sizeof path, EVENT_SOURCE_ROOT "/%s/format", host->sources.core->name);
	return !host->root->is_real && !path_exists(host->root, path);
}

/* Without a PMU of the core none of its terms is known, and that is the reason. */
static void explain(const struct event_host *host, const char *cell, struct event *event)
{
	const struct event generic = { .type = PERF_TYPE_HARDWARE };

	if (!host->sources.core && strncmp(cell, "core/", 5) == 0)
		event_refusal(host, &generic, -ENOENT, event->reason, sizeof event->reason);
	else if (strncmp(cell, "core/", 5) == 0 && lacks_format(host))
		snprintf(event->reason, sizeof event->reason,
			 "this machine was recorded without the format of its PMU '%s'",
			 host->sources.core->name);
	else
		snprintf(event->reason, sizeof event->reason, "this host does not have %.160s", cell);
}

int event_from_word(const struct event_host *host, const char *name, event_walk *resolve, struct event *event)
{
	const char *cell = event_word_cell(name, host->core->kind);

	if (!find_word(name))
		return -ENOENT;
	if (!cell || !cell[0])
		snprintf(event->reason, sizeof event->reason, "no event for it is known on %s",
			 host->core->text);
	else if (take_spelling(host, cell, resolve, event) < 0)
		explain(host, cell, event);
	return cell ? 0 : -ENODATA;
}

int event_list_sets(const struct event_host *host, event_list_take *take, void *context)
{
	int code = 0;

	(void)host;
	for (size_t i = 0; i < SETS && code == 0; i++)
		code = take(context, &(struct event_entry){
					     .name = sets[i].name, .source = "set", .text = sets[i].text });
	for (size_t i = 0; i < WORDS && code == 0; i++)
		code = take(context, &(struct event_entry){
					     .name = words[i].name, .source = "set", .text = words[i].text });
	return code;
}
