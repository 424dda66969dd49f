/* SPDX-License-Identifier: MIT */
/* witness.c - see witness.h. */
#include "witness.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "clock.h"

void sb_witness_open(struct sb_witness *witness, const struct sb_wire_request *request, int leader)
{
	*witness = (struct sb_witness){ .schedstat = -1, .leader = leader };
	if (request == NULL)
		return;
	witness->is_off = request->unwitnessed != 0;
	if (request->witnesses != 0 && sb_group_is_alive(leader))
		witness->events = request->witnesses;
	sb_thefts_open(&witness->thefts, request);
	witness->has_schedule = !witness->is_off && witness->events == 0;
	if (witness->has_schedule)
		witness->schedstat = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
}

void sb_witness_close(struct sb_witness *witness)
{
	if (witness->has_schedule && witness->schedstat >= 0)
		close(witness->schedstat);
	sb_thefts_close(&witness->thefts);
	*witness = (struct sb_witness){ .schedstat = -1 };
}

/* "RUN WAIT COUNT", nanoseconds (Documentation/scheduler/sched-stats.rst). */
static bool read_wait(int schedstat, uint64_t *ns)
{
	char text[80];
	const ssize_t size = pread(schedstat, text, sizeof text - 1, 0);
	char *end;

	if (size <= 0)
		return false;
	text[size] = '\0';
	strtoull(text, &end, 10);
	*ns = strtoull(end, NULL, 10);
	return *end == ' ';
}

static uint64_t cpu_ns(clockid_t clock)
{
	struct timespec used = { 0 };

	clock_gettime(clock, &used);
	return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

static void read_theft(const struct sb_witness *witness, struct sb_reading *reading)
{
	reading->cpu = sched_getcpu();
	reading->slot = sb_thefts_slot(&witness->thefts, reading->cpu);
	if (reading->slot != NULL)
		sb_theft_read(reading->slot, &reading->theft);
}

/* Around the others: a switch that the thread's own count tells of is then in this one too. */
static void read_own_switches(const struct sb_witness *witness, struct sb_reading *reading)
{
	reading->own_slot = sb_thefts_slot(&witness->thefts, sched_getcpu());
	if (reading->own_slot != NULL)
		reading->own_switches = sb_theft_own_switches(reading->own_slot);
}

void sb_witness_before(const struct sb_witness *witness, struct sb_reading *reading)
{
	if (witness->is_off)
		return;
	reading->begin_ns = sb_clock_monotonic_ns();
	read_own_switches(witness, reading);
	if (witness->events != 0)
		sb_group_read(witness->leader, &reading->group);
	if (witness->has_schedule) {
		reading->has_wait =
			witness->schedstat >= 0 && read_wait(witness->schedstat, &reading->wait_ns);
		reading->cpu_ns = cpu_ns(CLOCK_THREAD_CPUTIME_ID);
	}
	getrusage(RUSAGE_THREAD, &reading->usage);
	read_theft(witness, reading);
}

void sb_witness_after(const struct sb_witness *witness, struct sb_reading *reading)
{
	read_theft(witness, reading);
	if (!witness->is_off)
		getrusage(RUSAGE_THREAD, &reading->usage);
	if (witness->has_schedule) {
		reading->cpu_ns = cpu_ns(CLOCK_THREAD_CPUTIME_ID);
		reading->has_wait =
			witness->schedstat >= 0 && read_wait(witness->schedstat, &reading->wait_ns);
	}
	if (witness->events != 0)
		sb_group_read(witness->leader, &reading->group);
	read_own_switches(witness, reading);
}

static uint64_t children_ns(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_CHILDREN, &usage);
	return ((uint64_t)usage.ru_utime.tv_sec + (uint64_t)usage.ru_stime.tv_sec) * 1000000000u +
	       ((uint64_t)usage.ru_utime.tv_usec + (uint64_t)usage.ru_stime.tv_usec) * 1000u;
}

static uint64_t grown(uint64_t after, uint64_t before)
{
	return after > before ? after - before : 0;
}

/* The clocks are read one after the other, so the difference may fall a little. */
uint64_t sb_witness_others_ns(uint64_t before)
{
	const uint64_t own = cpu_ns(CLOCK_THREAD_CPUTIME_ID), all = cpu_ns(CLOCK_PROCESS_CPUTIME_ID);

	return grown(grown(all, own) + children_ns(), before);
}

uint64_t sb_witness_own_ns(uint64_t before)
{
	return grown(cpu_ns(CLOCK_THREAD_CPUTIME_ID), before);
}

static uint32_t difference(long after, long before)
{
	return (uint32_t)(after - before);
}

/* Of a thread that was moved: what it lost where it was; there it lost its CPU. */
static void compare_thefts(const struct sb_reading *before, const struct sb_reading *after,
			   struct sb_wire_theft *theft)
{
	if (before->slot == NULL)
		return;
	sb_theft_compare(&before->theft, before->slot == after->slot ? &after->theft : before->slot, theft);
}

/* The CPU's count has those of other threads too, so it may be more than what there is to explain. What took
 * the CPU between two of its own is a theft besides. */
static uint32_t own_switches(const struct sb_reading *before, const struct sb_reading *after, uint32_t most)
{
	uint64_t count;

	if (before->own_slot == NULL || before->own_slot != after->own_slot)
		return 0;
	count = grown(after->own_switches, before->own_switches);
	return count < most ? (uint32_t)count : most;
}

void sb_witness_compare(const struct sb_reading *before, const struct sb_reading *after,
			struct sb_wire_sample *sample)
{
	const struct rusage *old = &before->usage, *new = &after->usage;

	for (uint64_t i = 0; i < after->group.count && i < SB_WIRE_WITNESSES_MAX; i++)
		sample->witnesses[i] = (uint32_t)grown(after->group.values[i], before->group.values[i]);
	compare_thefts(before, after, &sample->theft);
	sample->begin_ns = before->begin_ns;
	sample->cpu = after->cpu < 0 ? 0 : (uint32_t)after->cpu;
	sample->voluntary_switches = difference(new->ru_nvcsw, old->ru_nvcsw);
	sample->involuntary_switches = difference(new->ru_nivcsw, old->ru_nivcsw);
	sample->own_switches = own_switches(before, after, sample->involuntary_switches);
	sample->minor_faults = difference(new->ru_minflt, old->ru_minflt);
	sample->major_faults = difference(new->ru_majflt, old->ru_majflt);
	sample->cpu_ns = grown(after->cpu_ns, before->cpu_ns);
	if (before->has_wait && after->has_wait)
		sample->wait_ns = grown(after->wait_ns, before->wait_ns);
}
