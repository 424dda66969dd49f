/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about counter: what the kernel counts around a sample is what a sample gets, and what was not
 * counted all the time is no count. Software events stand in for a PMU's; they are read by system call. */
#include "bench.h"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "unit.h"

enum { PAGES = 53, SAMPLES = 8 };

static struct perf_event_attr software(uint64_t config)
{
	return (struct perf_event_attr){ .size = sizeof(struct perf_event_attr),
					 .type = PERF_TYPE_SOFTWARE,
					 .config = config,
					 .exclude_kernel = 1,
					 .exclude_hv = 1,
					 .read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
							PERF_FORMAT_TOTAL_TIME_RUNNING };
}

static bool open_at(const struct perf_event_attr *attr, int leader, int place)
{
	const int fd = (int)syscall(SYS_perf_event_open, attr, 0, -1, leader, 0);

	if (fd < 0) {
		puts("skipped: the kernel allows no events");
		return false;
	}
	if (fd != place) {
		ck_assert_int_eq(dup2(fd, place), place);
		close(fd);
	}
	return true;
}

/* Page faults and CPU time at the places of a launch's two counters, begun as the runner's begin: when all of
 * the group are there. */
static bool open_two(bool is_enabled)
{
	struct perf_event_attr faults = software(PERF_COUNT_SW_PAGE_FAULTS_MIN),
			       clock = software(PERF_COUNT_SW_TASK_CLOCK);

	faults.disabled = 1;
	faults.pinned = 1;
	if (!open_at(&faults, -1, SB_WIRE_COUNTER_FD) ||
	    !open_at(&clock, SB_WIRE_COUNTER_FD, SB_WIRE_COUNTER_FD + 1))
		return false;
	return !is_enabled || ioctl(SB_WIRE_COUNTER_FD, PERF_EVENT_IOC_ENABLE, 0) == 0;
}

static void fault(void)
{
	char *fresh = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(fresh, PAGES * 4096, MADV_NOHUGEPAGE);
	for (int i = 0; i < PAGES; i++)
		*(volatile char *)(fresh + (ptrdiff_t)i * 4096) = 1;
	munmap(fresh, PAGES * 4096);
}

static const struct sb_wire_request two = { .counters = 2, .mode = SB_WIRE_MEASURE };

/* What a loop over `fault` makes of its counters. */
static void measure(struct sb_counters *counters, uint64_t batch, struct sb_wire_sample *samples)
{
	struct sb_bench bench = { .clock = sb_clock_get(SB_WIRE_CLOCK_RAW), .counters = counters };

	bench.sampler = (struct sb_sampler){ .mode = SB_WIRE_MEASURE,
					     .batch = batch,
					     .warmup = 1,
					     .wanted = SAMPLES,
					     .ns_per_tick = 1,
					     .samples = samples };
	SB_LOOP(&bench)
		fault();
}

START_TEST(a_sample_has_what_was_counted_in_it)
{
	struct sb_wire_sample samples[SAMPLES] = { 0 };
	struct sb_counters counters;

	if (!open_two(true))
		return;
	sb_counters_open(&counters, &two);
	ck_assert_uint_eq(counters.by, SB_WIRE_READ_CALL);
	ck_assert_uint_eq(counters.count, 2);
	for (uint64_t batch = 1; batch <= 3; batch++) {
		measure(&counters, batch, samples);
		for (int i = 0; i < SAMPLES; i++) {
			ck_assert_uint_eq(samples[i].flags & SB_WIRE_SAMPLE_UNCOUNTED, 0);
			ck_assert_uint_eq(samples[i].counters[0], batch * PAGES);
			ck_assert_uint_gt(samples[i].counters[1], 0);
			ck_assert_uint_eq(samples[i].counters[2], 0);
		}
	}
}
END_TEST

START_TEST(an_empty_bracket_costs_what_is_told)
{
	struct sb_counters counters;
	struct sb_cost cost;

	if (!open_two(true))
		return;
	sb_counters_open(&counters, &two);
	cost = sb_cost_measure(sb_clock_get(SB_WIRE_CLOCK_RAW), NULL, &counters);
	printf("reading two counters by system call: %llu ns\n", (unsigned long long)cost.counter_ns);
	ck_assert_uint_gt(cost.counter_ns, 0);
	ck_assert_uint_eq(cost.counter_overhead[0], 0);
	ck_assert_uint_gt(cost.counter_overhead[1], 0);
}
END_TEST

START_TEST(another_descriptor_at_the_place_of_an_event_is_noticed)
{
	uint64_t events;

	if (!open_two(true))
		return;
	events = sb_events_at_places(&two);
	ck_assert_uint_ne(events, 0);
	ck_assert_uint_eq(sb_events_at_places(&two), events);
	ck_assert_int_eq(dup2(STDERR_FILENO, SB_WIRE_COUNTER_FD + 1), SB_WIRE_COUNTER_FD + 1);
	ck_assert_uint_ne(sb_events_at_places(&two), events);
	close(SB_WIRE_COUNTER_FD + 1);
	ck_assert_uint_ne(sb_events_at_places(&two), events);
	close(SB_WIRE_COUNTER_FD);
	ck_assert_uint_eq(sb_events_at_places(&two), 0);
	ck_assert_uint_eq(sb_events_at_places(&(struct sb_wire_request){ .counters = 0 }), 0);
}
END_TEST

START_TEST(events_that_stand_still_are_none)
{
	struct sb_counters counters;

	if (!open_two(false))
		return;
	sb_counters_open(&counters, &two);
	ck_assert_uint_eq(counters.by, SB_WIRE_READ_NONE);
	close(SB_WIRE_COUNTER_FD + 1);
	close(SB_WIRE_COUNTER_FD);
	sb_counters_open(&counters, &two);
	ck_assert_uint_eq(counters.by, SB_WIRE_READ_NONE);
	sb_counters_open(&counters, &(struct sb_wire_request){ .counters = 0 });
	ck_assert_uint_eq(counters.by, SB_WIRE_READ_NONE);
}
END_TEST

START_TEST(what_did_not_count_all_the_time_is_no_count)
{
	static const struct {
		struct sb_count before, after;
		bool is_counted;
	} rows[] = {
		{ { .enabled = 10, .running = 10 }, { .values = { 7 }, .enabled = 30, .running = 30 }, true },
		{ { .enabled = 10, .running = 4 }, { .values = { 7 }, .enabled = 30, .running = 24 }, true },
		{ { .enabled = 10, .running = 10 },
		  { .values = { 7 }, .enabled = 30, .running = 29 },
		  false },
		{ { .enabled = 10, .running = 10 },
		  { .values = { 7 }, .enabled = 10, .running = 10 },
		  false },
		{ { .values = { 8 }, .enabled = 10, .running = 10 },
		  { .values = { 7 }, .enabled = 30, .running = 30 },
		  false },
		{ { .is_lost = true }, { .values = { 7 }, .enabled = 30, .running = 30 }, false },
		{ { .enabled = 10, .running = 10 }, { .values = { 7 }, .is_lost = true }, false },
	};
	const struct sb_counters counters = { .by = SB_WIRE_READ_CALL, .count = 1 };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sb_wire_sample sample = { 0 };

		sb_counters_compare(&counters, &rows[i].before, &rows[i].after, &sample);
		ck_assert_msg(sample.counters[0] == (rows[i].is_counted ? 7 : 0), "row %zu", i);
		ck_assert_msg((sample.flags == 0) == rows[i].is_counted, "row %zu", i);
	}
}
END_TEST

/* A child's share, which one read of a group would not tell before Linux 6.13. */
START_TEST(events_that_follow_children_are_read_one_by_one)
{
	struct perf_event_attr attr = software(PERF_COUNT_SW_PAGE_FAULTS_MIN);
	struct sb_wire_sample sample = { 0 };
	struct sb_count before, after;
	struct sb_counters counters;

	attr.inherit = 1;
	attr.read_format &= ~(uint64_t)PERF_FORMAT_GROUP;
	if (!open_at(&attr, -1, SB_WIRE_COUNTER_FD))
		return;
	sb_counters_open(&counters, &(struct sb_wire_request){ .counters = 1, .is_summed = 1 });
	ck_assert_uint_eq(counters.by, SB_WIRE_READ_CALL);
	counters.read(&counters, &before);
	const pid_t child = fork();
	if (child == 0) {
		fault();
		_exit(0);
	}
	waitpid(child, NULL, 0);
	counters.read(&counters, &after);
	sb_counters_compare(&counters, &before, &after, &sample);
	ck_assert_uint_eq(sample.flags, 0);
	ck_assert_uint_ge(sample.counters[0], PAGES);
}
END_TEST

START_TEST(a_later_exec_does_not_get_them)
{
	struct sb_counters counters;

	if (!open_two(true))
		return;
	sb_counters_open(&counters, &two);
	ck_assert_int_eq(fcntl(SB_WIRE_COUNTER_FD, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(SB_WIRE_COUNTER_FD + 1, F_GETFD), FD_CLOEXEC);
}
END_TEST

UNIT_MAIN("lib/counter", a_sample_has_what_was_counted_in_it, an_empty_bracket_costs_what_is_told,
	  another_descriptor_at_the_place_of_an_event_is_noticed, events_that_stand_still_are_none,
	  what_did_not_count_all_the_time_is_no_count, events_that_follow_children_are_read_one_by_one,
	  a_later_exec_does_not_get_them)
