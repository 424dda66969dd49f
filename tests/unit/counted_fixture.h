/* SPDX-License-Identifier: GPL-2.0-or-later */
/* counted_fixture.h - benches that read the events of their launch. */
#ifndef COUNTED_FIXTURE_H
#define COUNTED_FIXTURE_H

#include "keeper_fixture.h"

static volatile char pages[64 * 4096];

static void touch_pages(void)
{
	for (size_t at = 0; at < sizeof pages; at += 4096)
		pages[at] = 1;
}

/* "COUNT ENABLED VALUE" of the counters' group after some page faults; the witnesses' beside it. */
static int bench_read(struct sb_wire_request *request)
{
	uint64_t counters[3 + SB_WIRE_COUNTERS_MAX] = { 0 }, witnesses[3 + SB_WIRE_WITNESSES_MAX] = { 0 };

	touch_pages();
	printf("%u %u ", request->counters, request->witnesses);
	if (read(SB_WIRE_COUNTER_FD, counters, sizeof counters) <= 0 ||
	    read(SB_WIRE_WITNESS_FD, witnesses, sizeof witnesses) <= 0)
		return 1;
	printf("%d %d %d %d", counters[0] == request->counters && witnesses[0] == request->witnesses,
	       counters[1] > 0 && counters[1] == counters[2], counters[3] >= 64, witnesses[1] > 0);
	return 0;
}

/* Whether a child's page faults are in the counter. */
static int bench_sum(struct sb_wire_request *request)
{
	struct {
		uint64_t value, enabled, running;
	} before, after;

	if (read(SB_WIRE_COUNTER_FD, &before, sizeof before) != sizeof before)
		return 1;
	const pid_t child = fork();
	if (child == 0) {
		touch_pages();
		_exit(0);
	}
	waitpid(child, NULL, 0);
	if (read(SB_WIRE_COUNTER_FD, &after, sizeof after) != sizeof after)
		return 1;
	printf("%u %d", request->is_summed, after.value - before.value >= 64);
	return 0;
}

/* Whether the time of the events goes on. */
static int bench_time(struct sb_wire_request *request)
{
	uint64_t first[5] = { 0 }, second[5] = { 0 };

	(void)request;
	if (read(SB_WIRE_COUNTER_FD, first, sizeof first) <= 0)
		return 1;
	touch_pages();
	if (read(SB_WIRE_COUNTER_FD, second, sizeof second) <= 0)
		return 1;
	printf("%d", second[1] > first[1]);
	return 0;
}

#endif
