/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch.c - see watch.h. */
#include "keeper/watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Linux gives the first namespace of process numbers, which the kernel's programs see, this inode
 * (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
static bool numbers_are_the_kernel_s(const struct path_root *root)
{
	char name[32];

	return path_read_link(root, "proc/self/ns/pid", name, sizeof name) < 0 ||
	       !strcmp(name, "pid:[4026531836]");
}

static int try_start(bool is_privileged, const struct path_root *root, const cpu_set_t *cpus,
		     struct thief **thief, struct sb_err *err)
{
	if (!root->is_real)
		return err_set(err, -EOPNOTSUPP, "a recorded machine runs nothing");
	if (!is_privileged)
		return err_set(err, -EPERM, "needs root");
	if (!numbers_are_the_kernel_s(root))
		return err_set(err, -EOPNOTSUPP, "processes have numbers of a container's own");
	return thief_new(cpus, thief, err);
}

struct thief *watch_start(bool is_privileged, const struct path_root *root, const cpu_set_t *cpus,
			  struct condition *condition)
{
	struct thief *thief = NULL;
	struct sb_err err = { 0 };
	const int code = try_start(is_privileged, root, cpus, &thief, &err);

	*condition = (struct condition){ .knob = WATCH_CONDITION };
	if (!code) {
		condition->outcome = CONDITION_APPLIED;
		snprintf(condition->value, sizeof condition->value, "watched");
		snprintf(condition->reason, sizeof condition->reason,
			 "the kernel tells who took the CPU from the benchmark, and for how long");
		return thief;
	}
	condition->outcome = code == -EPERM ? CONDITION_DENIED : CONDITION_UNSUPPORTED;
	snprintf(
		condition->reason, sizeof condition->reason,
		"%.140s; who took the CPU is counted from /proc, without times and tasks' names, and without "
		"tasks beside several threads",
		err.text);
	if (!is_privileged && root->is_real)
		snprintf(condition->mend, sizeof condition->mend, "run with sudo");
	return NULL;
}

int watch_answer(struct thief *thief, pid_t pid, bool ends, struct message_reply_watch *reply, int *memory,
		 struct sb_err *err)
{
	if (!thief)
		return err_set(err, -EOPNOTSUPP, "who takes the CPU cannot be seen");
	if (ends) {
		thief_end(thief, &reply->thieves);
		return 0;
	}
	thief_begin(thief);
	thief_watch(thief, pid);
	reply->cpus = thief_cpus(thief);
	*memory = thief_memory(thief);
	return 0;
}
