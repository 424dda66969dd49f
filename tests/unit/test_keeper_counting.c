/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about counting: what may be asked for, what is told of each event, and what a launch takes along.
 * Only software events are sure to be on every machine. */
#include <dirent.h>
#include <errno.h>
#include <linux/perf_event.h>
#include "base/cpulist.h"
#include "host/tracing.h"
#include "counted_fixture.h"
#include "keeper/counting.h"
#include "keeper_fixture.h"
#include "machine_fixture.h"
#include "team_fixture.h"

#define KPROBE_TYPE 6 /* whatever has it: the kernel's fixed types end with PERF_TYPE_BREAKPOINT, 5 */

/* --- the bench ---------------------------------------------------------------------------------------- */

static int bench_descriptors(struct sb_wire_request *request)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;

	(void)request;
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(folder))
			printf("%s ", entry->d_name);
	closedir(folder);
	return 0;
}

static const struct fixture_bench benches[] = {
	{ "descriptors", bench_descriptors },
	{ "read", bench_read },
	{ "sum", bench_sum },
	{ "time", bench_time },
	{ "team", bench_team },
	{ "summed_team", bench_summed_team },
	{ "short", bench_short },
	{ "silent", bench_silent },
};

/* --- asking ------------------------------------------------------------------------------------------- */

static struct keeper_event software(uint64_t config)
{
	return (struct keeper_event){ .type = PERF_TYPE_SOFTWARE,
				      .scope = KEEPER_SCOPE_USER,
				      .config = config };
}

static void count(struct fixture *fixture, const struct keeper_event *events, size_t event_count,
		  struct keeper_probe *probes, unsigned *passes, uint32_t *witnesses)
{
	struct sb_err err = { 0 };
	int code = keeper_count(&fixture->keeper, events, event_count, probes, passes, witnesses, &err);

	ck_assert_msg(code == 0, "%s", err.text);
}

static bool may_count(void)
{
	const struct counting_event event = { .attr = { .size = sizeof event.attr,
							.type = PERF_TYPE_SOFTWARE,
							.config = PERF_COUNT_SW_PAGE_FAULTS_MIN,
							.exclude_kernel = 1,
							.exclude_hv = 1 } };
	const struct counting_event *const only = &event;
	const struct counting_group group = { .events = &only, .count = 1 };
	int fd, code = counting_open_group(&group, &fd);

	counting_close_group(&fd, 1);
	if (code)
		printf("skipped: no event can be opened here: %s\n", err_reason(code));
	return !code;
}

START_TEST(events_are_told_apart_by_what_opening_says)
{
	struct keeper_event events[6] = {
		software(PERF_COUNT_SW_PAGE_FAULTS_MIN),
		software(PERF_COUNT_SW_EMULATION_FAULTS),
		{ .type = KPROBE_TYPE, .scope = KEEPER_SCOPE_USER },
		{ .type = PERF_TYPE_BREAKPOINT, .scope = KEEPER_SCOPE_USER },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = KEEPER_SCOPE_KERNEL, .tracepoint = "no:such" },
		{ .type = PERF_TYPE_HARDWARE,
		  .scope = KEEPER_SCOPE_USER,
		  .config = (uint64_t)PERF_TYPE_BREAKPOINT << 32 },
	};
	struct keeper_probe probes[6];
	struct fixture fixture;
	unsigned passes;
	uint32_t witnesses;

	if (!may_count())
		return;
	fixture_init(&fixture);
	count(&fixture, events, 6, probes, &passes, &witnesses);
	ck_assert_int_eq(probes[0].code, 0);
	ck_assert_uint_eq(probes[0].state, KEEPER_PROBE_COUNTS);
	ck_assert_uint_gt(probes[0].value, 0);
	ck_assert_uint_eq(probes[0].pass, 1);
	ck_assert_int_eq(probes[1].code, 0);
	ck_assert_uint_eq(probes[1].state, KEEPER_PROBE_NEVER_COUNTS);
	ck_assert_uint_eq(probes[1].pass, 1);
	for (int i = 2; i < 6; i++) {
		ck_assert_int_lt(probes[i].code, 0);
		ck_assert_uint_eq(probes[i].pass, 0);
	}
	ck_assert_int_eq(probes[2].code, -EPERM);
	ck_assert_int_eq(probes[3].code, -EPERM);
	ck_assert_int_eq(probes[5].code, -EPERM);
	ck_assert_uint_eq(passes, 1);
	fixture_release(&fixture);
}
END_TEST

START_TEST(what_a_launch_has_no_room_for_goes_into_further_passes)
{
	enum { EVENTS = 2 * SB_WIRE_COUNTERS_MAX + 1 };
	struct keeper_event events[EVENTS];
	struct keeper_probe probes[EVENTS];
	struct fixture fixture;
	unsigned passes;
	uint32_t witnesses;

	if (!may_count())
		return;
	for (int i = 0; i < EVENTS; i++)
		events[i] = software(PERF_COUNT_SW_PAGE_FAULTS);
	fixture_init(&fixture);
	count(&fixture, events, EVENTS, probes, &passes, &witnesses);
	ck_assert_uint_eq(passes, 3);
	for (unsigned i = 0; i < EVENTS; i++)
		ck_assert_uint_eq(probes[i].pass, 1 + i / SB_WIRE_COUNTERS_MAX);
	count(&fixture, events, 1, probes, &passes, &witnesses); /* others replace them */
	ck_assert_uint_eq(passes, 1);
	count(&fixture, events, 0, probes, &passes, &witnesses);
	ck_assert_uint_eq(passes, 0);
	fixture_release(&fixture);
}
END_TEST

/* --- launches ----------------------------------------------------------------------------------------- */

struct launched {
	struct fixture fixture;
	struct sb_wire_request asked;
	struct keeper_ended ended;
};

static void launch_team(struct launched *launched, const char *path, const char *name, unsigned pass,
			bool is_summed, uint32_t threads)
{
	const struct keeper_event events[] = { software(PERF_COUNT_SW_PAGE_FAULTS_MIN),
					       software(PERF_COUNT_SW_CPU_MIGRATIONS) };
	struct fixture *fixture = &launched->fixture;
	struct keeper_probe probes[2];
	struct keeper_started started;
	struct keeper_launch order;
	unsigned passes;
	uint32_t witnesses;

	fixture_init(fixture);
	count(fixture, events, 2, probes, &passes, &witnesses);
	ck_assert_uint_eq(passes, 1);
	fixture_add(fixture, path);
	order = fixture_order(fixture, name);
	order.pass = pass;
	order.witnesses = pass != 0;
	order.is_summed = is_summed;
	order.threads = threads;
	fixture_begin(fixture, &order, &started);
	fixture_end(fixture, &launched->ended);
	launched->asked = started.asked;
	close(started.memory);
}

static void launch(struct launched *launched, const char *path, const char *name, unsigned pass,
		   bool is_summed)
{
	launch_team(launched, path, name, pass, is_summed, 0);
}

START_TEST(a_launch_holds_its_events_and_no_other_descriptor)
{
	struct launched launched;
	char expected[256] = "0 1 2 3 4 5 ";
	size_t used = strlen(expected);

	if (!may_count())
		return;
	launch(&launched, NULL, "descriptors", 1, false);
	for (uint32_t i = 0; i < launched.asked.witnesses; i++)
		used += (size_t)snprintf(expected + used, sizeof expected - used, "%d ",
					 i == 0 ? SB_WIRE_WITNESS_FD : SB_WIRE_MEMBER_FD + (int)i - 1);
	ck_assert_str_eq(launched.fixture.text, expected);
	ck_assert_uint_eq(launched.asked.counters, 2);
	fixture_release(&launched.fixture);
	launch(&launched, NULL, "descriptors", 0, false);
	ck_assert_str_eq(launched.fixture.text, "0 1 2 3 ");
	ck_assert_uint_eq(launched.asked.counters, 0);
	fixture_release(&launched.fixture);
}
END_TEST

START_TEST(events_count_from_the_exec_on)
{
	struct launched launched;
	char expected[32];

	if (!may_count())
		return;
	launch(&launched, NULL, "read", 1, false);
	if (launched.asked.witnesses == 0) {
		puts("events_count: skipped: no witness can be opened without root here");
	} else {
		snprintf(expected, sizeof expected, "2 %u 1 1 1 1", launched.asked.witnesses);
		ck_assert_str_eq(launched.fixture.text, expected);
	}
	fixture_release(&launched.fixture);
}
END_TEST

START_TEST(threads_of_a_launch_get_counters_of_their_own_and_nobody_else_does)
{
	struct launched launched;
	char expected[64];

	if (!may_count())
		return;
	launch_team(&launched, NULL, "team", 1, false, 5);
	snprintf(expected, sizeof expected, "3 %d %d %d 0 1 1 1 1 -1", ENOENT, EINVAL, EINVAL);
	ck_assert_str_eq(launched.fixture.text, expected);
	fixture_release(&launched.fixture);
}
END_TEST

START_TEST(threads_of_a_launch_get_witnesses_where_counters_are_sums)
{
	struct launched launched;

	if (!may_count())
		return;
	launch_team(&launched, NULL, "summed_team", 1, true, 2);
	ck_assert_str_eq(launched.fixture.text, "2 0 1");
	fixture_release(&launched.fixture);
}
END_TEST

START_TEST(who_asks_for_counters_wrongly_is_not_heard_or_waited_for)
{
	struct launched launched;

	if (!may_count())
		return;
	launch_team(&launched, NULL, "short", 1, false, 2);
	ck_assert_str_eq(launched.fixture.text, "1 0");
	fixture_release(&launched.fixture);
	launch_team(&launched, NULL, "silent", 1, false, 200);
	ck_assert_str_eq(launched.fixture.text, "asked");
	fixture_release(&launched.fixture);
}
END_TEST

START_TEST(a_sum_holds_what_children_did)
{
	struct launched launched;

	if (!may_count())
		return;
	launch(&launched, NULL, "sum", 1, true);
	ck_assert_str_eq(launched.fixture.text, "1 1");
	fixture_release(&launched.fixture);
}
END_TEST

/* The kernel takes the events from a program that its user may run and not read: they are there, and stand.
 */
START_TEST(events_of_an_unreadable_program_stand_still)
{
	static const char copy[] = "/tmp/stablebench-unreadable";
	struct launched launched;
	char command[128];

	if (!may_count())
		return;
	if (unit_is_under_valgrind()) {
		puts("events_of_an_unreadable_program: skipped: valgrind has to read what it runs");
		return;
	}
	if (geteuid() != 0) {
		puts("events_of_an_unreadable_program: skipped: its owner is the one who runs it, without "
		     "root");
		return;
	}
	snprintf(command, sizeof command, "cp /proc/%d/exe %s && chmod 0111 %s", (int)getpid(), copy, copy);
	ck_assert_int_eq(system(command), 0);
	launch(&launched, copy, "time", 1, false);
	unlink(copy);
	ck_assert_int_eq(launched.ended.exec_errno, 0);
	ck_assert_str_eq(launched.fixture.text, "0");
	fixture_release(&launched.fixture);
	launch(&launched, NULL, "time", 1, false);
	ck_assert_str_eq(launched.fixture.text, "1");
	fixture_release(&launched.fixture);
}
END_TEST

START_TEST(a_pass_that_was_not_counted_is_refused)
{
	struct fixture fixture;
	struct keeper_started started;
	struct keeper_launch order;
	struct sb_err err;

	fixture_init(&fixture);
	fixture_add(&fixture, NULL);
	order = fixture_order(&fixture, "read");
	order.pass = 1;
	ck_assert_int_eq(keeper_launch_begin(&fixture.keeper, &order, 2, &started, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "pass 1"));
	fixture_release(&fixture);
}
END_TEST

/* --- the check ---------------------------------------------------------------------------------------- */

START_TEST(an_event_is_checked_in_every_field)
{
	static const struct keeper_event wrong[] = {
		{ .type = PERF_TYPE_HARDWARE },
		{ .type = PERF_TYPE_HARDWARE, .scope = 8 },
		{ .type = PERF_TYPE_HARDWARE, .scope = 1, .tracepoint = "a:b" },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = 1 },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = 1, .tracepoint = "irq" },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = 1, .tracepoint = ":b" },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = 1, .tracepoint = "a:" },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = 1, .tracepoint = "a:b:c" },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = 1, .tracepoint = "../a:b" },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = 1, .tracepoint = "a:b/c" },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = 1, .tracepoint = "a:b", .config = 1 },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = 1, .tracepoint = "a:b", .config2 = 1 },
		{ .type = PERF_TYPE_SOFTWARE, .scope = 1, .config = PERF_COUNT_SW_MAX },
		{ .type = PERF_TYPE_SOFTWARE, .scope = 1, .config = PERF_COUNT_SW_BPF_OUTPUT },
		{ .type = PERF_TYPE_SOFTWARE, .scope = 1, .config1 = 1 },
	};
	struct keeper_event event = { .type = PERF_TYPE_TRACEPOINT,
				      .scope = 7,
				      .tracepoint = "irq:softirq_entry" };
	struct sb_err err;

	ck_assert_int_eq(counting_check(&event, &err), 0);
	memset(event.tracepoint, 'x', sizeof event.tracepoint);
	ck_assert_int_eq(counting_check(&event, &err), -EINVAL);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		err.text[0] = '\0';
		ck_assert_msg(counting_check(&wrong[i], &err) == -EINVAL, "row %zu", i);
		ck_assert_str_ne(err.text, "");
	}
}
END_TEST

/* --- for a package ------------------------------------------------------------------------------------- */

#define DEVICES	      "sys/bus/event_source/devices/"
#define TOPOLOGY(cpu) "sys/devices/system/cpu/cpu" cpu "/topology/core_siblings_list"

static const char *const package_files[][2] = {
	{ "sys/devices/system/cpu/online", "0-3" },
	{ TOPOLOGY("1"), "0-1" },
	{ TOPOLOGY("3"), "2-3" },
	{ DEVICES "cpu/type", "4" },
	{ DEVICES "power/type", "21" },
	{ DEVICES "power/cpumask", "0,2" },
	{ DEVICES "uncore/type", "22" },
	{ DEVICES "uncore/cpumask", "0,2" },
	{ DEVICES "uprobe/type", "7" },
	{ DEVICES "msr/type", "10" },
	{ DEVICES "tracepoint/type", "2" },
};

static struct counting_event prepared(const struct machine *machine, const struct keeper_event *asked,
				      const char *bench)
{
	struct counting_event event;
	struct path_root tracing;
	cpu_set_t cpus;

	ck_assert_int_eq(cpulist_parse(bench, &cpus, NULL), 0);
	tracing_open(&machine->root, &tracing);
	counting_prepare_event(&machine->root, &tracing, &cpus, asked, &event);
	path_root_release(&tracing);
	return event;
}

static void package_init(struct machine *machine)
{
	machine_init(machine);
	for (size_t i = 0; i < sizeof package_files / sizeof package_files[0]; i++)
		machine_put(machine, package_files[i][0], package_files[i][1]);
}

START_TEST(an_event_of_a_package_is_opened_on_the_cpu_that_its_pmu_names)
{
	struct keeper_event asked = { .type = 21, .scope = 7, .config = 2, .config1 = 3, .config2 = 4 };
	struct machine machine;
	struct counting_event event;

	if (!machine_is_possible())
		return;
	package_init(&machine);
	event = prepared(&machine, &asked, "3");
	ck_assert_int_eq(event.code, 0);
	ck_assert_int_eq(event.wide.reach, PMU_REACH_PACKAGE);
	ck_assert_uint_eq(event.wide.cpu, 2);
	ck_assert(event.attr.type == 21 && event.attr.config == 2 && event.attr.config1 == 3 &&
		  event.attr.config2 == 4);
	ck_assert(!event.attr.exclude_user && !event.attr.exclude_kernel && !event.attr.exclude_hv);
	ck_assert_uint_eq(event.attr.sample_period, 0);
	ck_assert_uint_eq(event.attr.sample_type, 0);
	ck_assert_int_eq(prepared(&machine, &asked, "1,3").code, -EXDEV);
	machine_release(&machine);
}
END_TEST

START_TEST(registers_of_the_cpu_are_counted_for_the_task)
{
	const struct keeper_event asked = { .type = 10, .scope = 7, .config = 4 };
	struct machine machine;
	struct counting_event event;

	if (!machine_is_possible())
		return;
	package_init(&machine);
	event = prepared(&machine, &asked, "1,3");
	ck_assert_int_eq(event.code, 0);
	ck_assert_int_eq(event.wide.reach, PMU_REACH_TASK);
	ck_assert(event.attr.type == 10 && event.attr.config == 4 && !event.attr.exclude_kernel);
	machine_release(&machine);
}
END_TEST

/* What a front that has been taken over might send. */
START_TEST(nothing_but_a_pmu_for_packages_is_opened_for_everybody)
{
	static const struct keeper_event asked[] = {
		{ .type = 7, .scope = 7 },
		{ .type = 99, .scope = 7 },
		{ .type = UINT32_MAX, .scope = 7 },
		{ .type = PERF_TYPE_BREAKPOINT, .scope = 7 },
		{ .type = PERF_TYPE_HARDWARE, .scope = 7, .config = UINT64_C(21) << 32 },
		{ .type = PERF_TYPE_HW_CACHE, .scope = 7, .config = UINT64_C(22) << 32 },
		{ .type = PERF_TYPE_RAW, .scope = 7, .config = 1 },
		{ .type = PERF_TYPE_SOFTWARE, .scope = 7 },
		{ .type = PERF_TYPE_TRACEPOINT, .scope = 7, .tracepoint = "irq:softirq_entry" },
	};
	struct machine machine;

	if (!machine_is_possible())
		return;
	package_init(&machine);
	machine_put(&machine, DEVICES "tracepoint/cpumask", "0,2");
	machine_put(&machine, "sys/kernel/tracing/events/irq/softirq_entry/id", "77");
	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
		const struct counting_event event = prepared(&machine, &asked[i], "1");

		ck_assert_msg(event.wide.reach == PMU_REACH_TASK, "row %zu", i);
		ck_assert_msg(event.code == (i < 6 ? -EPERM : 0), "row %zu: %d", i, event.code);
	}
	machine_release(&machine);
}
END_TEST

START_TEST(what_counts_for_a_package_shares_a_group_with_its_like_alone)
{
	const struct counting_event task = { .attr.type = PERF_TYPE_HARDWARE },
				    power = { .attr.type = 21, .wide = { 0, PMU_REACH_PACKAGE } },
				    other_cpu = { .attr.type = 21, .wide = { 2, PMU_REACH_PACKAGE } },
				    other_pmu = { .attr.type = 22, .wide = { 0, PMU_REACH_PACKAGE } };

	ck_assert(counting_is_alike(&task, &task));
	ck_assert(counting_is_alike(&power, &power));
	ck_assert(!counting_is_alike(&task, &power));
	ck_assert(!counting_is_alike(&power, &task));
	ck_assert(!counting_is_alike(&power, &other_cpu));
	ck_assert(!counting_is_alike(&power, &other_pmu));
}
END_TEST

/* What it counts is of everybody anyway: its events are one group, whatever threads there are. */
START_TEST(a_launch_with_helpers_reads_a_package_as_a_group)
{
	const struct counting counting = {
		.count = 2,
		.passes = 2,
		.events = { { .code = 0 }, { .wide = { 0, PMU_REACH_PACKAGE } } },
		.pass = { 1, 2 },
	};
	struct keeper_launch order = { .mode = SB_WIRE_MEASURE, .pass = 1, .is_summed = 1 };
	struct sb_wire_request request = { .counters = 0 };

	counting_request(&counting, &order, &request);
	ck_assert_uint_eq(request.counters, 1);
	ck_assert_uint_eq(request.is_summed, 1);
	ck_assert_uint_eq(request.is_wide, 0);
	request = (struct sb_wire_request){ .counters = 0 };
	order.pass = 2;
	counting_request(&counting, &order, &request);
	ck_assert_uint_eq(request.counters, 1);
	ck_assert_uint_eq(request.is_summed, 0);
	ck_assert_uint_eq(request.is_wide, 1);
}
END_TEST

START_TEST(rows_and_witnesses_of_a_launch_agree)
{
	ck_assert_ptr_eq(witness_of(0x5, 0), witness_get(0));
	ck_assert_ptr_eq(witness_of(0x5, 1), witness_get(2));
	ck_assert_ptr_null(witness_of(0x5, 2));
	for (unsigned i = 0; i < WITNESS_COUNT; i++) {
		ck_assert_ptr_eq(witness_of((1u << WITNESS_COUNT) - 1, i), witness_get(i));
		ck_assert_uint_eq(witness_get(i)->cause & ~(unsigned)SB_WIRE_CAUSES, 0);
	}
}
END_TEST

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		events_are_told_apart_by_what_opening_says,
		what_a_launch_has_no_room_for_goes_into_further_passes,
		a_launch_holds_its_events_and_no_other_descriptor,
		events_count_from_the_exec_on,
		a_sum_holds_what_children_did,
		events_of_an_unreadable_program_stand_still,
		a_pass_that_was_not_counted_is_refused,
		an_event_is_checked_in_every_field,
		registers_of_the_cpu_are_counted_for_the_task,
		an_event_of_a_package_is_opened_on_the_cpu_that_its_pmu_names,
		nothing_but_a_pmu_for_packages_is_opened_for_everybody,
		what_counts_for_a_package_shares_a_group_with_its_like_alone,
		a_launch_with_helpers_reads_a_package_as_a_group,
		threads_of_a_launch_get_counters_of_their_own_and_nobody_else_does,
		threads_of_a_launch_get_witnesses_where_counters_are_sums,
		who_asks_for_counters_wrongly_is_not_heard_or_waited_for,
		rows_and_witnesses_of_a_launch_agree,
	};

	if (argc > 1 && !strcmp(argv[1], SB_WIRE_ARGUMENT))
		return fixture_serve(benches, sizeof benches / sizeof benches[0]);
	return unit_run("keeper counting", tests, sizeof tests / sizeof tests[0]);
}
