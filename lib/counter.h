/* SPDX-License-Identifier: MIT */
/*
 * counter.h - the events that the runner has opened for a launch, read around each sample.
 *
 * Outside the two clock reads and nearer to them than anything else. Where the kernel lets a thread read its
 * counters itself (x86 by rdpmc, arm64 by kernel.perf_user_access) that takes no system call; else all are
 * read by one. A group is never multiplexed: a sample during which it was not counting all the time is
 * marked.
 */
#ifndef SB_COUNTER_H
#define SB_COUNTER_H

#include <stdbool.h>
#include <stdint.h>
#include "wire.h"

/* A group of events as read(2) gives it (perf_event_open(2), PERF_FORMAT_GROUP). */
struct sb_group {
	uint64_t count, enabled, running; /* the latter two in nanoseconds */
	uint64_t values[SB_WIRE_WITNESSES_MAX];
};

/* False where the group has lost its place on the PMU, or is none. */
bool sb_group_read(int leader, struct sb_group *group);

/* Whether the time of an event goes on: after the exec of a program that its user may not read its descriptor
 * is there and reads, and stands still for ever. */
bool sb_group_is_alive(int leader);

struct sb_count {
	uint64_t values[SB_WIRE_COUNTERS_MAX];
	uint64_t enabled, running;
	uint32_t locks[SB_WIRE_COUNTERS_MAX]; /* which state of the pages the values are of */
	bool is_lost;
};

struct perf_event_mmap_page;

struct sb_counters {
	uint32_t by; /* enum sb_wire_reading, NONE: there are none */
	uint32_t count;
	int fds[SB_WIRE_COUNTERS_MAX]; /* borrowed */
	/* True when the kernel had to be asked about what was read: before a sample it is to be read again.
	 */
	bool (*read)(struct sb_counters *counters, struct sb_count *count);
	const volatile struct perf_event_mmap_page *pages[SB_WIRE_COUNTERS_MAX];
	uint32_t locks[SB_WIRE_COUNTERS_MAX];  /* the state for which the shift is known; odd: none is */
	uint64_t shifts[SB_WIRE_COUNTERS_MAX]; /* from what a page says to what was counted */
};

/* Which events stand at the places of a request, by the kernel's numbers for them, which no two events share:
 * another value means that somebody has closed one, and what is there now is his. */
uint64_t sb_events_at_places(const struct sb_wire_request *request);

/* Finds those of a request at their descriptors, and the best way to read them. No descriptor of the
 * request's events survives a later exec. */
void sb_counters_open(struct sb_counters *counters, const struct sb_wire_request *request);

/* The same at descriptors of one's own, for the thread that calls. */
void sb_counters_use(struct sb_counters *counters, const struct sb_wire_request *request, const int *fds);

/* Puts the differences, or that there are none, into a sample. */
void sb_counters_compare(const struct sb_counters *counters, const struct sb_count *before,
			 const struct sb_count *after, struct sb_wire_sample *sample);

#endif
