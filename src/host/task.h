/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.h - what a process does to itself before it becomes a bench: each call sets and reads back, and all of
 * it dies with the process.
 *
 * Safe between fork and exec. 0 or a negative errno; -ERANGE when the kernel says yes and does something
 * else.
 */
#ifndef HOST_TASK_H
#define HOST_TASK_H

#include "host/knob.h"

/* SCHED_FIFO at priority 1, the least that no ordinary task preempts; what the process forks is ordinary
 * again. -EPERM: no right to it, or a control group without real-time budget. */
int task_set_fifo(void);

/* No transparent huge pages (prctl(2), PR_SET_THP_DISABLE). */
int task_forbid_huge_pages(void);

/* The same addresses in every process (personality(2), ADDR_NO_RANDOMIZE). -EPERM where a filter forbids it.
 */
int task_fix_layout(void);

/* Memory from these nodes only (set_mempolicy(2), MPOL_BIND). */
int task_bind_memory(const struct knob_task *task);

/* What one of these would say, tried in a process that ends with it. */
int task_try(int (*set)(void));

/* Reads an O_PATH descriptor's file once, so that its pages are cached; a file that may only be run stays
 * unread. */
void task_warm_file(int fd);

#endif
