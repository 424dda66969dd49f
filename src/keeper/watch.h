/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch.h - whether it can be seen who takes the CPU from the benches: a condition of the session, `thieves`.
 */
#ifndef KEEPER_WATCH_H
#define KEEPER_WATCH_H

#include "base/path.h"
#include "host/condition.h"
#include "keeper/message.h"
#include "keeper/thief.h"

#define WATCH_CONDITION "thieves"

/* Watches some CPUs, and tells in the condition. NULL where that is not to be had; else for thief_free. */
struct thief *watch_start(bool is_privileged, const struct path_root *root, const cpu_set_t *cpus,
			  struct condition *condition);

/* Begins to watch a process, or ends it: what there is to answer, and the memory of thefts (borrowed) where
 * it begins. `thief` NULL: -EOPNOTSUPP. */
int watch_answer(struct thief *thief, pid_t pid, bool ends, struct message_reply_watch *reply, int *memory,
		 struct sb_err *err);

#endif
