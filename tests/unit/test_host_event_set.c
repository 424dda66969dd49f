/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The events that the words of the sets stand for, on machines that we do not have. */
#include <perfmon/pfmlib.h>
#include "event_fixture.h"
#include "host/event_list.h"
#include "host/event_way.h"

struct member {
	const char *name;
	uint64_t config;
	double scale;
};

struct set {
	const char *machine, *text;
	struct member members[9];
};

/* A member with the code MISSING has a reason instead. */
#define MISSING UINT64_MAX

static const struct set sets[] = {
	{ "skylake",
	  "@default",
	  { { "cycles", 0x3c, 1 },
	    { "instructions", 0xc0, 1 },
	    { "branch-misses", 0xc5, 1 },
	    { "llc-misses", 0x412e, 1 } } },
	{ "skylake",
	  "@topdown",
	  { { "topdown-slots", 0x3c, 4 },
	    { "topdown-retiring", 0x2c2, 1 },
	    { "topdown-issued", 0x10e, 1 },
	    { "topdown-recovery", 0x10d, 4 },
	    { "topdown-frontend", 0x19c, 1 } } },
	{ "skylake",
	  "@tlb",
	  { { "instructions", 0xc0, 1 },
	    { "dtlb-misses", 0xe08, 1 },
	    { "dtlb-store-misses", 0xe49, 1 },
	    { "itlb-misses", 0xe85, 1 } } },
	{ "skylake",
	  "@energy",
	  { { "energy-package", 2, 2.3283064365386962890625e-10 },
	    { "energy-cores", MISSING, 1 },
	    { "energy-memory", MISSING, 1 } } },
	{ "skylake",
	  "cycles,@default:k",
	  { { "cycles", 0x3c, 1 },
	    { "cycles:k", 0x3c, 1 },
	    { "instructions:k", 0xc0, 1 },
	    { "branch-misses:k", 0xc5, 1 },
	    { "llc-misses:k", 0x412e, 1 } } },
	{ "zen4",
	  "@branch:k:u",
	  { { "instructions:k:u", 0xc0, 1 },
	    { "branches:k:u", 0xc2, 1 },
	    { "branch-misses:k:u", 0xc3, 1 } } },
	{ "big core",
	  "@default",
	  { { "cycles", 0x3c, 1 },
	    { "instructions", 0xc0, 1 },
	    { "branch-misses", 0xc5, 1 },
	    { "llc-misses", 0x412e, 1 } } },
	{ "big core",
	  "@topdown",
	  { { "topdown-slots", 0x1a4, 1 },
	    { "topdown-retiring", 0x2c2, 1 },
	    { "topdown-bad-speculation", 0x4a4, 1 },
	    { "topdown-backend", 0x2a4, 1 } } },
	{ "small core",
	  "@topdown",
	  { { "topdown-slots", 0xa00000000, 5 },
	    { "topdown-retiring", 0xc2, 1 },
	    { "topdown-bad-speculation", 0x73, 1 },
	    { "topdown-frontend", 0x71, 1 },
	    { "topdown-backend", 0x74, 1 } } },
	{ "small core",
	  "@cache",
	  { { "instructions", 0xa00000001, 1 },
	    { "l1d-misses", MISSING, 1 },
	    { "l2-misses", MISSING, 1 },
	    { "llc-misses", 0xa00000003, 1 } } },
	{ "zen4",
	  "@default",
	  { { "cycles", 0x76, 1 },
	    { "instructions", 0xc0, 1 },
	    { "branch-misses", 0xc3, 1 },
	    { "llc-misses", 0x4844, 1 } } },
	{ "zen4",
	  "@cache",
	  { { "instructions", 0xc0, 1 },
	    { "l1d-misses", 0xdf44, 1 },
	    { "l2-misses", 0x864, 1 },
	    { "llc-misses", 0x4844, 1 } } },
	{ "zen4",
	  "@topdown",
	  { { "topdown-slots", 0x76, 6 },
	    { "topdown-retiring", 0xc1, 1 },
	    { "topdown-issued", 0x7aa, 1 },
	    { "topdown-frontend", 0x1000001a0, 1 },
	    { "topdown-backend", 0x100001ea0, 1 } } },
	{ "zen4",
	  "@tlb",
	  { { "instructions", 0xc0, 1 }, { "dtlb-misses", 0xf045, 1 }, { "itlb-misses", 0xf85, 1 } } },
	{ "neoverse",
	  "@default",
	  { { "cycles", 0x11, 1 },
	    { "instructions", 0x8, 1 },
	    { "branch-misses", 0x10, 1 },
	    { "llc-misses", 0x37, 1 } } },
	{ "neoverse", "@topdown", { { "@topdown", MISSING, 1 } } },
	{ "n2",
	  "@topdown",
	  { { "topdown-slots", 0x11, 5 },
	    { "topdown-retiring", 0x3a, 1 },
	    { "topdown-issued", 0x3b, 1 },
	    { "topdown-flushes", 0x10, 5 },
	    { "topdown-overcount", 0x11, 1 },
	    { "topdown-frontend", 0x3e, 1 },
	    { "topdown-backend", 0x3d, 1 } } },
	{ "n2 r0p3",
	  "@topdown",
	  { { "topdown-slots", 0x11, 5 },
	    { "topdown-retiring", 0x3a, 1 },
	    { "topdown-issued", 0x3b, 1 },
	    { "topdown-flushes", 0x10, 5 },
	    { "topdown-frontend", 0x3e, 1 },
	    { "topdown-backend", 0x3d, 1 } } },
	{ "v1",
	  "@topdown",
	  { { "topdown-slots", 0x11, 8 },
	    { "topdown-retiring", 0x3a, 1 },
	    { "topdown-issued", 0x3b, 1 },
	    { "topdown-front-flushes", 0x10, 8 },
	    { "topdown-frontend", 0x3e, 1 },
	    { "topdown-backend", 0x3d, 1 } } },
	{ "v2",
	  "@topdown",
	  { { "topdown-slots", 0x11, 8 },
	    { "topdown-retiring", 0x3a, 1 },
	    { "topdown-issued", 0x3b, 1 },
	    { "topdown-flushes", 0x10, 8 },
	    { "topdown-frontend", 0x3e, 1 },
	    { "topdown-backend", 0x3d, 1 } } },
	{ "v2", "cycles,branch-misses", { { "cycles", 0x11, 1 }, { "branch-misses", 0x10, 1 } } },
	{ "cortex-a72",
	  "@default",
	  { { "cycles", 0x11, 1 },
	    { "instructions", 0x8, 1 },
	    { "branch-misses", 0x10, 1 },
	    { "llc-misses", 0x17, 1 } } },
	{ "virtual",
	  "@default",
	  { { "cycles", 0x76, 1 },
	    { "instructions", 0xc0, 1 },
	    { "branch-misses", 0xc3, 1 },
	    { "llc-misses", 0x4844, 1 } } },
	{ "unknown",
	  "@default",
	  { { "cycles", 0, 1 },
	    { "instructions", 1, 1 },
	    { "branch-misses", 5, 1 },
	    { "llc-misses", 0x10002, 1 } } },
};

static void resolve_set(const struct set *want)
{
	struct event_bench bench;
	struct event events[EVENT_MAX];
	struct sb_err err = { .text = "" };
	size_t count = 0, members = 0;

	event_bench_init(&bench, want->machine);
	ck_assert_msg(event_resolve(&bench.host, want->text, events, EVENT_MAX, &count, &err) == 0, "%s",
		      err.text);
	for (; want->members[members].name; members++) {
		const struct member *member = &want->members[members];
		const struct event *event = &events[members];

		ck_assert_msg(members < count && strcmp(event->name, member->name) == 0,
			      "%s %s: %s is missing", want->machine, want->text, member->name);
		ck_assert_msg((member->config == MISSING) == (event->reason[0] != '\0'), "%s: %s",
			      event->name, event->reason);
		ck_assert_msg(event->config == (member->config == MISSING ? 0 : member->config),
			      "%s %s: %#llx", want->machine, event->name, (unsigned long long)event->config);
		ck_assert(event->scale == member->scale);
	}
	ck_assert_uint_eq(count, members);
	event_bench_release(&bench);
}

START_TEST(sets_are_spelled_out_for_the_core_of_the_bench)
{
	for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
		resolve_set(&sets[i]);
}
END_TEST

/* Arm's cells name common events of which no table has all. */
static bool is_known_to_pfm(const struct microarchitecture *core)
{
	for (pfm_pmu_t i = PFM_PMU_NONE; i < PFM_PMU_MAX; i++) {
		pfm_pmu_info_t pmu = { .size = sizeof pmu };

		for (int k = 0; k < MICROARCHITECTURE_TABLES && core->tables[k]; k++)
			if (pfm_get_pmu_info(i, &pmu) == PFM_SUCCESS && !strcmp(pmu.name, core->tables[k]))
				return core->kind < MICROARCHITECTURE_ARM;
	}
	return false;
}

static void is_whole(const struct event_host *host, const char *text, const char *spelling)
{
	struct event event;
	struct sb_err err = { .text = "" };
	size_t count;
	char copy[EVENT_NAME], *rest = NULL;

	ck_assert_msg(event_resolve(host, text, &event, 1, &count, &err) == 0 && count == 1, "%s: %s: %s",
		      host->core->text, text, err.text);
	ck_assert_msg(!event.reason[0], "%s: %s: %s", host->core->text, text, event.reason);
	ck_assert_msg(event.spelled[strlen(event.spelled) - 1] == 'u', "%s: %s: '%s'", host->core->text, text,
		      event.spelled);
	snprintf(copy, sizeof copy, "%s", spelling);
	strtok_r(copy, ":", &rest); /* an event may be known to libpfm4 by another name */
	for (char *part = strtok_r(NULL, ":", &rest); part; part = strtok_r(NULL, ":", &rest))
		ck_assert_msg(strstr(event.spelled, part), "%s: %s: '%s' has no '%s'", host->core->text, text,
			      event.spelled, part);
}

struct tables {
	struct event_host *host;
	size_t cells;
};

/* The PMU of energy is not there. */
static int check_word(void *context, const struct event_entry *entry)
{
	struct tables *tables = context;
	const struct event_host *host = tables->host;
	const char *cell = event_word_cell(entry->name, host->core->kind);
	char copy[512], *rest = NULL;
	struct event event;

	if (!cell || !cell[0] || strncmp(cell, "power/", 6) == 0)
		return 0;
	ck_assert_uint_lt(strlen(cell), sizeof copy);
	strcpy(copy, cell);
	is_whole(host, entry->name, entry->name);
	for (char *one = strtok_r(copy, EVENT_SPELLINGS, &rest); one;
	     one = strtok_r(NULL, EVENT_SPELLINGS, &rest), tables->cells++) {
		one[strcspn(one, "*")] = '\0';
		is_whole(host, one, one);
		event = (struct event){ .scale = 1 };
		ck_assert_msg(strchr(one, '/') || event_from_pfm(host, one, &event, NULL) == 0,
			      "libpfm4 does not know '%s' on %s", one, host->core->text);
	}
	return 0;
}

START_TEST(libpfm4_encodes_every_spelling_of_the_table_whole)
{
	struct event_bench bench;
	struct tables tables = { &bench.host, 0 };
	unsigned kinds = 0;

	event_bench_init(&bench, "zen4");
	for (size_t i = 0; microarchitecture_get(i); i++) {
		bench.host.core = microarchitecture_get(i);
		if (!is_known_to_pfm(bench.host.core))
			continue;
		kinds |= 1u << bench.host.core->kind;
		event_list_sets(&bench.host, check_word, &tables);
	}
#if defined(__x86_64__)
	for (int kind = MICROARCHITECTURE_HSW; kind < MICROARCHITECTURE_ZEN5; kind++)
		/* of small cores the table has the kernel's names and codes alone */
		ck_assert_msg(kind == MICROARCHITECTURE_GRT || kinds >> kind & 1,
			      "libpfm4 has no table for any core of kind %d", kind);
	ck_assert_uint_gt(tables.cells, 200);
#endif
	event_bench_release(&bench);
}
END_TEST

MACHINE_MAIN("host/event_set", sets_are_spelled_out_for_the_core_of_the_bench,
	     libpfm4_encodes_every_spelling_of_the_table_whole)
