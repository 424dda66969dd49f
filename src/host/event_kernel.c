/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_kernel.c - the names that the kernel's own perf gives its generic events, and raw codes. */
#include <ctype.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/event_list.h"
#include "host/event_way.h"

struct row {
	const char *name;
	uint32_t type;
	uint64_t config;
	const char *text;
};

#define HARDWARE PERF_TYPE_HARDWARE
#define SOFTWARE PERF_TYPE_SOFTWARE

static const struct row rows[] = {
	{ "cycles", HARDWARE, PERF_COUNT_HW_CPU_CYCLES, "cycles of the core while it was not halted" },
	{ "cpu-cycles", HARDWARE, PERF_COUNT_HW_CPU_CYCLES, "the same as cycles" },
	{ "instructions", HARDWARE, PERF_COUNT_HW_INSTRUCTIONS, "retired instructions" },
	{ "cache-references", HARDWARE, PERF_COUNT_HW_CACHE_REFERENCES,
	  "accesses to a cache, on most processors the last level" },
	{ "cache-misses", HARDWARE, PERF_COUNT_HW_CACHE_MISSES,
	  "misses of a cache: Intel the last level, AMD level 2, Arm level 1" },
	{ "branches", HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS, "retired branch instructions" },
	{ "branch-instructions", HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS, "the same as branches" },
	{ "branch-misses", HARDWARE, PERF_COUNT_HW_BRANCH_MISSES, "mispredicted branches" },
	{ "bus-cycles", HARDWARE, PERF_COUNT_HW_BUS_CYCLES, "cycles of the bus" },
	{ "stalled-cycles-frontend", HARDWARE, PERF_COUNT_HW_STALLED_CYCLES_FRONTEND,
	  "cycles in which nothing was issued for want of instructions" },
	{ "stalled-cycles-backend", HARDWARE, PERF_COUNT_HW_STALLED_CYCLES_BACKEND,
	  "cycles in which nothing was issued for want of resources" },
	{ "ref-cycles", HARDWARE, PERF_COUNT_HW_REF_CPU_CYCLES,
	  "cycles at the nominal frequency while the core was not halted" },
	{ "cpu-clock", SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, "nanoseconds of the CPU's clock" },
	{ "task-clock", SOFTWARE, PERF_COUNT_SW_TASK_CLOCK, "nanoseconds that the task ran" },
	{ "page-faults", SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, "faults, minor and major" },
	{ "faults", SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, "the same as page-faults" },
	{ "minor-faults", SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS_MIN, "faults served from memory" },
	{ "major-faults", SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS_MAJ, "faults that waited for a device" },
	{ "alignment-faults", SOFTWARE, PERF_COUNT_SW_ALIGNMENT_FAULTS,
	  "unaligned accesses that the kernel "
	  "mended" },
	{ "emulation-faults", SOFTWARE, PERF_COUNT_SW_EMULATION_FAULTS,
	  "instructions that the kernel "
	  "emulated" },
	{ "context-switches", SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES, "times that the task left the CPU" },
	{ "cs", SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES, "the same as context-switches" },
	{ "cpu-migrations", SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS, "times that it came back on another" },
	{ "migrations", SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS, "the same as cpu-migrations" },
};

#define ROWS (sizeof rows / sizeof rows[0])

/* PERF_TYPE_HW_CACHE: cache | operation << 8 | result << 16, with perf's names. */
static const struct {
	const char *name, *text;
	uint64_t cache;
} caches[] = {
	{ "L1-dcache", "level 1 data cache", PERF_COUNT_HW_CACHE_L1D },
	{ "L1-icache", "level 1 instruction cache", PERF_COUNT_HW_CACHE_L1I },
	{ "LLC", "last level cache", PERF_COUNT_HW_CACHE_LL },
	{ "dTLB", "data TLB", PERF_COUNT_HW_CACHE_DTLB },
	{ "iTLB", "instruction TLB", PERF_COUNT_HW_CACHE_ITLB },
	{ "branch", "branch predictor", PERF_COUNT_HW_CACHE_BPU },
	{ "node", "memory of this node", PERF_COUNT_HW_CACHE_NODE },
};

#define CACHES (sizeof caches / sizeof caches[0])

static const struct {
	const char *name, *text;
	uint64_t operation, result;
} accesses[] = {
	{ "loads", "loads from", PERF_COUNT_HW_CACHE_OP_READ, PERF_COUNT_HW_CACHE_RESULT_ACCESS },
	{ "load-misses", "loads that missed", PERF_COUNT_HW_CACHE_OP_READ, PERF_COUNT_HW_CACHE_RESULT_MISS },
	{ "stores", "stores to", PERF_COUNT_HW_CACHE_OP_WRITE, PERF_COUNT_HW_CACHE_RESULT_ACCESS },
	{ "store-misses", "stores that missed", PERF_COUNT_HW_CACHE_OP_WRITE,
	  PERF_COUNT_HW_CACHE_RESULT_MISS },
	{ "prefetches", "prefetches into", PERF_COUNT_HW_CACHE_OP_PREFETCH,
	  PERF_COUNT_HW_CACHE_RESULT_ACCESS },
	{ "prefetch-misses", "prefetches that missed", PERF_COUNT_HW_CACHE_OP_PREFETCH,
	  PERF_COUNT_HW_CACHE_RESULT_MISS },
};

#define ACCESSES (sizeof accesses / sizeof accesses[0])

static void finish(const struct event_host *host, const char *name, struct event *event)
{
	snprintf(event->spelled, sizeof event->spelled, "%s", name);
	if (event->type == PERF_TYPE_SOFTWARE)
		snprintf(event->pmu, sizeof event->pmu, "software");
	else
		event_choose_core(host, event);
}

static int find_plain(const char *name, struct event *event)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		event->type = rows[i].type;
		event->config = rows[i].config;
		return 0;
	}
	return -ENOENT;
}

static int find_cache(const char *name, struct event *event)
{
	for (size_t i = 0; i < CACHES * ACCESSES; i++) {
		const size_t cache = i / ACCESSES, access = i % ACCESSES;
		char spelled[64];

		snprintf(spelled, sizeof spelled, "%s-%s", caches[cache].name, accesses[access].name);
		if (strcasecmp(spelled, name) != 0)
			continue;
		event->type = PERF_TYPE_HW_CACHE;
		event->config =
			caches[cache].cache | accesses[access].operation << 8 | accesses[access].result << 16;
		return 0;
	}
	return -ENOENT;
}

static int find_raw(const char *name, struct event *event)
{
	char *end;

	if (name[0] != 'r' || !isxdigit((unsigned char)name[1]))
		return -ENOENT;
	errno = 0;
	event->config = strtoull(name + 1, &end, 16);
	event->type = PERF_TYPE_RAW;
	return *end || errno ? -ENOENT : 0;
}

int event_from_kernel(const struct event_host *host, const char *name, struct event *event,
		      struct sb_err *err)
{
	(void)err;
	if (find_plain(name, event) && find_cache(name, event) && find_raw(name, event))
		return -ENOENT;
	finish(host, name, event);
	return 0;
}

const char *event_kernel_name(const struct event *event)
{
	for (size_t i = 0; i < ROWS; i++)
		if (event->type == HARDWARE && rows[i].type == HARDWARE &&
		    rows[i].config == (event->config & UINT32_MAX))
			return rows[i].name;
	return NULL;
}

int event_list_kernel(const struct event_host *host, event_list_take *take, void *context)
{
	int code = 0;

	(void)host;
	for (size_t i = 0; i < ROWS && code == 0; i++)
		code = take(context, &(struct event_entry){ .name = rows[i].name,
							    .source = "kernel",
							    .text = rows[i].text });
	for (size_t i = 0; i < CACHES * ACCESSES && code == 0; i++) {
		const size_t cache = i / ACCESSES, access = i % ACCESSES;
		char name[64], text[96];

		snprintf(name, sizeof name, "%s-%s", caches[cache].name, accesses[access].name);
		snprintf(text, sizeof text, "%s the %s", accesses[access].text, caches[cache].text);
		code = take(context, &(struct event_entry){ .name = name, .source = "kernel", .text = text });
	}
	return code;
}
