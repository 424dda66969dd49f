/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stability.c - see stability.h. */
#include "keeper/stability.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ONLINE "sys/devices/system/cpu/online"
#define SLEPT_NS                                                                                             \
	INT64_C(50000000) /* between the two clock reads we may be preempted, but not for so long            \
			   */
#define READS	  3
#define SECOND_NS INT64_C(1000000000)

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

/* The least of a few: a preemption between the reads only adds. */
static int64_t read_asleep_ns(void)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < READS; i++) {
		const int64_t monotonic = now_ns(CLOCK_MONOTONIC),
			      asleep = now_ns(CLOCK_BOOTTIME) - monotonic;

		least = asleep < least ? asleep : least;
	}
	return least;
}

void stability_note(const struct path_root *root, struct stability *stability)
{
	stability->is_known = true;
	stability->asleep_ns = read_asleep_ns();
	if (path_read(root, ONLINE, stability->online, sizeof stability->online, NULL) < 0)
		stability->online[0] = '\0';
}

static void tell(struct keeper_change *changed, const char *what)
{
	snprintf(changed->knob, sizeof changed->knob, "%s", what);
}

bool stability_check(const struct path_root *root, struct stability *stability, struct keeper_change *changed)
{
	struct stability now;

	if (!stability->is_known)
		return true;
	stability_note(root, &now);
	if (now.asleep_ns - stability->asleep_ns > SLEPT_NS) {
		tell(changed, "suspend");
		snprintf(changed->reason, sizeof changed->reason,
			 "the machine slept for %.1f s in the middle of the session, and its firmware may "
			 "have put settings back to their defaults",
			 (double)(now.asleep_ns - stability->asleep_ns) / (double)SECOND_NS);
		stability->asleep_ns = now.asleep_ns;
		return false;
	}
	if (!strcmp(now.online, stability->online))
		return true;
	tell(changed, "hotplug");
	snprintf(changed->reason, sizeof changed->reason,
		 "CPUs %.80s were online and became %.80s during the session: somebody took a CPU away or "
		 "brought one back",
		 stability->online, now.online);
	snprintf(stability->online, sizeof stability->online, "%s", now.online);
	return false;
}
