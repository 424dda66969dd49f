/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about run/events: what of an event the keeper gets to know, and what is made of its word. */
#include "run/events.h"

#include <errno.h>
#include <linux/perf_event.h>
#include "event_fixture.h"

struct fixture {
	struct event_bench bench;
	struct events events;
	struct counted *counted;
};

static void fixture_init(struct fixture *fixture, const char *machine, const char *list)
{
	char prefix[96];
	struct sb_err err;
	unsigned cpu = 0;

	for (size_t i = 0; i < sizeof event_machines / sizeof event_machines[0]; i++)
		if (strcmp(event_machines[i].name, machine) == 0)
			cpu = event_machines[i].cpu;
	event_bench_init(&fixture->bench, machine);
	snprintf(prefix, sizeof prefix, "%s/root", fixture->bench.machine.base);
	ck_assert_int_eq(events_init(&fixture->events, prefix, cpu, &err), 0);
	ck_assert_msg(events_resolve(&fixture->events, list, &err) == 0, "%s", err.text);
	fixture->counted = calloc(1, sizeof *fixture->counted);
	events_ask(&fixture->events, fixture->counted);
}

static void fixture_release(struct fixture *fixture)
{
	free(fixture->counted);
	events_release(&fixture->events);
	event_bench_release(&fixture->bench);
}

static const char *reason(struct fixture *fixture, size_t i, struct keeper_probe probe,
			  enum record_counter_status *status)
{
	fixture->counted->probes[i] = probe;
	events_explain(&fixture->events, fixture->counted);
	return counted_reason(fixture->counted, i, status);
}

START_TEST(none_stands_alone)
{
	static const char *const lists[] = { "none,page-faults", "page-faults,none", "cycles,none,branches" };
	struct fixture fixture;
	struct sb_err err;

	fixture_init(&fixture, "skylake", "none");
	ck_assert_uint_eq(fixture.events.count, 0);
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		ck_assert_int_eq(events_resolve(&fixture.events, lists[i], &err), -EINVAL);
		ck_assert_msg(strstr(err.text, "'none' stands alone") != NULL, "%s", err.text);
	}
	fixture_release(&fixture);
}
END_TEST

START_TEST(an_event_is_told_by_the_word_that_it_is)
{
	static const struct {
		const char *machine, *name, *word;
	} cases[] = {
		{ "skylake", "cpu-cycles", "cycles" },
		{ "skylake", "branch-instructions:uk", "branches:uk" },
		{ "skylake", "cycles:u", "cycles" },
		{ "skylake", "cycles:k:u", "cycles:uk" },
		{ "skylake", "r3c:k", "cycles:k" },
		{ "skylake", "cpu/event=0xc0/", "instructions" },
		{ "skylake", "skl::L1D:REPLACEMENT", "l1d-misses" },
		{ "skylake", "L1-dcache-load-misses", "" }, /* of loads alone */
		{ "skylake", "L1D:REPLACEMENT:c=1", "" },
		{ "skylake", "cache-misses", "cache-misses" },
		{ "skylake", "topdown-slots", "topdown-slots" }, /* four times the code's count */
		{ "skylake", "page-faults", "" },
		{ "skylake", "energy-package", "energy-package" }, /* has no scope to tell */
		{ "neoverse", "r11", "cycles" },
		{ "neoverse", "r08", "instructions" },
		{ "neoverse", "r08:k", "instructions:k" },
		{ "neoverse", "armv8_pmuv3_0/event=0x11/", "cycles" },
		{ "neoverse", "r12", "" },
		/* a word keeps its meaning where another has the same code */
		{ "small core", "llc-misses", "llc-misses" },
		{ "small core", "topdown-slots", "topdown-slots" },
		{ "small core", "cache-misses", "cache-misses" },
		{ "cortex-a72", "llc-misses", "llc-misses" },
		{ "cortex-a72", "r17", "l2-misses" },
		{ "unknown", "r3c", "" }, /* what it counts there nobody says */
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct fixture fixture;

		fixture_init(&fixture, cases[i].machine, cases[i].name);
		ck_assert_msg(strcmp(fixture.counted->events[0].word, cases[i].word) == 0, "%s %s: '%s'",
			      cases[i].machine, cases[i].name, fixture.counted->events[0].word);
		fixture_release(&fixture);
	}
}
END_TEST

START_TEST(the_keeper_is_asked_for_what_was_resolved)
{
	struct fixture fixture;
	const struct keeper_event *asked;

	fixture_init(&fixture, "skylake",
		     "L1D:REPLACEMENT:uk,irq:softirq_entry,topdown-slots,energy-package");
	asked = fixture.counted->asked;
	ck_assert_uint_eq(fixture.counted->count, 4);
	ck_assert(asked[0].type == PERF_TYPE_RAW && asked[0].config == 0x151);
	ck_assert_uint_eq(asked[0].scope, KEEPER_SCOPE_USER | KEEPER_SCOPE_KERNEL);
	ck_assert_str_eq(fixture.counted->events[0].name, "L1D:REPLACEMENT:uk");
	ck_assert_str_eq(fixture.counted->events[0].event, "skl::L1D:REPLACEMENT:uk");
	ck_assert_str_eq(asked[1].tracepoint, "irq:softirq_entry");
	ck_assert(asked[1].type == PERF_TYPE_TRACEPOINT && asked[1].config == 0);
	ck_assert(fixture.counted->events[2].scale == 4);
	ck_assert_str_eq(fixture.counted->events[3].unit, "J");
	ck_assert(events_need_counters(&fixture.events));
	fixture_release(&fixture);
}
END_TEST

START_TEST(none_is_an_empty_list)
{
	struct fixture fixture;

	fixture_init(&fixture, "skylake", "none");
	ck_assert_uint_eq(fixture.counted->count, 0);
	ck_assert(!events_need_counters(&fixture.events));
	fixture_release(&fixture);
}
END_TEST

START_TEST(what_is_not_counted_says_why_on_this_host)
{
	enum record_counter_status status;
	struct fixture fixture;

	fixture_init(&fixture, "neoverse", "cycles,armv8_pmuv3_0/event=0x1d/,@topdown");
	ck_assert_str_eq(reason(&fixture, 0, (struct keeper_probe){ .code = -ENOENT }, &status),
			 "the PMU 'armv8_pmuv3_0' has no such event");
	ck_assert_int_eq(status, RECORD_COUNTER_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(
		reason(&fixture, 1, (struct keeper_probe){ .state = KEEPER_PROBE_NEVER_COUNTS }, &status),
		"does not list it"));
	ck_assert_int_eq(status, RECORD_COUNTER_SILENT);
	ck_assert_ptr_nonnull(strstr(reason(&fixture, 2, (struct keeper_probe){ .code = -ENOENT }, &status),
				     "Neoverse N1"));
	fixture_release(&fixture);
}
END_TEST

START_TEST(what_the_kernel_counts_may_stand_still)
{
	enum record_counter_status status;
	struct fixture fixture;

	fixture_init(&fixture, "skylake", "major-faults,cycles");
	ck_assert_ptr_null(reason(&fixture, 0,
				  (struct keeper_probe){ .state = KEEPER_PROBE_NEVER_COUNTS, .pass = 1 },
				  &status));
	ck_assert_int_eq(status, RECORD_COUNTER_COUNTED);
	ck_assert_ptr_nonnull(reason(&fixture, 1,
				     (struct keeper_probe){ .state = KEEPER_PROBE_NEVER_COUNTS, .pass = 1 },
				     &status));
	ck_assert_int_eq(status, RECORD_COUNTER_SILENT);
	fixture_release(&fixture);
}
END_TEST

MACHINE_MAIN("run/events", none_stands_alone, an_event_is_told_by_the_word_that_it_is,
	     the_keeper_is_asked_for_what_was_resolved, none_is_an_empty_list,
	     what_is_not_counted_says_why_on_this_host, what_the_kernel_counts_may_stand_still)
