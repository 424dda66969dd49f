/* SPDX-License-Identifier: GPL-2.0-or-later */
/* counting_open.c - groups of events on a thread; see counting.h. Nothing here allocates: it runs
 * between fork and exec too. */
#include "keeper/counting.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_wide(const struct counting_event *event)
{
	return event->wide.reach != PMU_REACH_TASK;
}

bool counting_is_alike(const struct counting_event *one, const struct counting_event *other)
{
	if (is_wide(one) || is_wide(other))
		return is_wide(one) && is_wide(other) && one->wide.cpu == other->wide.cpu &&
		       one->attr.type == other->attr.type;
	return true;
}

/* What counts for everybody on a CPU is one group there, whatever threads and children are made. */
static bool is_apart(const struct counting_group *group)
{
	return group->is_summed && !(group->count && is_wide(group->events[0]));
}

/* Members run when their leader does. An inherited event cannot be read with others before Linux 6.13, so
 * each is alone; and none is pinned, since a thread or child whose event lost its place would add nothing and
 * not show, where one that waited for its turn was enabled for longer than it ran. */
static struct perf_event_attr as_opened(const struct counting_group *group, unsigned i)
{
	struct perf_event_attr attr = group->events[i]->attr;
	const bool is_summed = is_apart(group), leads = i == 0 || is_summed;

	attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING |
			   (is_summed ? 0u : (unsigned)PERF_FORMAT_GROUP);
	attr.pinned = leads && !is_summed;
	attr.disabled = leads;
	attr.enable_on_exec = leads && group->waits_for_exec && !is_wide(group->events[i]);
	attr.inherit = is_summed;
	return attr;
}

static int open_event(const struct counting_event *event, struct perf_event_attr *attr, pid_t thread,
		      int leader)
{
	const pid_t pid = is_wide(event) ? -1 : thread;
	const int cpu = is_wide(event) ? (int)event->wide.cpu : -1;
	int fd, code;

	if (event->code)
		return event->code;
	fd = (int)syscall(SYS_perf_event_open, attr, pid, cpu, leader, 0ul);
	if (fd < 0)
		return -errno;
	if (!event->filter || !ioctl(fd, PERF_EVENT_IOC_SET_FILTER, event->filter))
		return fd;
	code = -errno;
	close(fd);
	return code;
}

void counting_close_group(const int *fds, unsigned count)
{
	while (count-- > 0) /* members before their leader */
		if (fds[count] >= 0)
			close(fds[count]);
}

int counting_open_group(const struct counting_group *group, int *fds)
{
	for (unsigned i = 0; i < group->count; i++) {
		struct perf_event_attr attr = as_opened(group, i);
		const int leader = i == 0 || is_apart(group) ? -1 : fds[0];

		fds[i] = open_event(group->events[i], &attr, group->thread, leader);
		if (fds[i] >= 0)
			continue;
		const int code = fds[i];
		counting_close_group(fds, i);
		for (unsigned k = 0; k < group->count; k++)
			fds[k] = -1;
		return code;
	}
	return 0;
}

/* --- for a launch --------------------------------------------------------------------------------------- */

/* Where member i of the witnesses' group stands. */
static int witness_place(unsigned i)
{
	return i == 0 ? SB_WIRE_WITNESS_FD : SB_WIRE_MEMBER_FD + (int)i - 1;
}

static int counter_place(unsigned i)
{
	return SB_WIRE_COUNTER_FD + (int)i;
}

/* Out of the way first: any of them may stand where another has to go. */
static int open_at(const struct counting_group *group, int (*place)(unsigned i))
{
	int fds[WITNESS_COUNT > SB_WIRE_COUNTERS_MAX ? WITNESS_COUNT : SB_WIRE_COUNTERS_MAX];
	int code = counting_open_group(group, fds);

	/* no exec enables what belongs to a CPU */
	if (!code && group->count && is_wide(group->events[0]) && ioctl(fds[0], PERF_EVENT_IOC_ENABLE, 0))
		code = -errno;
	for (unsigned i = 0; i < group->count && !code; i++) {
		const int moved = fcntl(fds[i], F_DUPFD_CLOEXEC, SB_WIRE_FD_END);

		close(fds[i]);
		fds[i] = moved;
		code = moved < 0 ? -errno : 0;
	}
	for (unsigned i = 0; i < group->count && !code; i++) {
		code = dup2(fds[i], place(i)) < 0 ? -errno : 0;
		close(fds[i]);
	}
	return code;
}

static unsigned find_pass(const struct counting *counting, unsigned pass,
			  const struct counting_event *events[SB_WIRE_COUNTERS_MAX])
{
	unsigned count = 0;

	for (unsigned i = 0; i < counting->count && count < SB_WIRE_COUNTERS_MAX; i++)
		if (counting->pass[i] == pass)
			events[count++] = &counting->events[i];
	return count;
}

static int open_pass(const struct counting *counting, unsigned pass, bool is_summed)
{
	const struct counting_event *events[SB_WIRE_COUNTERS_MAX];
	struct counting_group group = { .events = events, .is_summed = is_summed, .waits_for_exec = true };

	group.count = find_pass(counting, pass, events);
	return open_at(&group, counter_place);
}

static unsigned find_witnesses(const struct counting *counting,
			       const struct counting_event *events[WITNESS_COUNT])
{
	unsigned count = 0;

	for (unsigned row = 0; row < WITNESS_COUNT; row++)
		if (counting->witnesses >> row & 1u)
			events[count++] = &counting->witness[row];
	return count;
}

static int open_witnesses(const struct counting *counting)
{
	const struct counting_event *events[WITNESS_COUNT];
	struct counting_group group = { .events = events, .waits_for_exec = true };

	group.count = find_witnesses(counting, events);
	return open_at(&group, witness_place);
}

/* Gives how many there are, or a negative errno. */
static int open_on_thread(const struct counting_group *group, int *fds)
{
	int code;

	if (group->thread <= 0 || !group->count)
		return -EINVAL;
	code = counting_open_group(group, fds);
	if (!code && ioctl(fds[0], PERF_EVENT_IOC_ENABLE, 0)) {
		code = -errno;
		counting_close_group(fds, group->count);
	}
	return code ? code : (int)group->count;
}

int counting_open_thread(const struct counting *counting, unsigned pass, pid_t thread,
			 int fds[SB_WIRE_COUNTERS_MAX])
{
	const struct counting_event *events[SB_WIRE_COUNTERS_MAX];
	struct counting_group group = { .events = events, .thread = thread };

	group.count = find_pass(counting, pass, events);
	return open_on_thread(&group, fds);
}

int counting_open_thread_witnesses(const struct counting *counting, pid_t thread, int fds[WITNESS_COUNT])
{
	const struct counting_event *events[WITNESS_COUNT];
	struct counting_group group = { .events = events, .thread = thread };

	group.count = find_witnesses(counting, events);
	return open_on_thread(&group, fds);
}

int counting_open(const struct counting *counting, unsigned pass, bool is_summed, bool has_witnesses)
{
	int code = pass ? open_pass(counting, pass, is_summed) : 0;

	return code || !has_witnesses ? code : open_witnesses(counting);
}
