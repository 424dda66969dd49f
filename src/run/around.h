/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * around.h - what the host did while a launch ran: files that are read before and after it, from a
 * housekeeping CPU, because they tell nothing of shorter times or cost too much beside a sample.
 */
#ifndef RUN_AROUND_H
#define RUN_AROUND_H

#include <sched.h>
#include "base/path.h"
#include "host/heat.h"
#include "keeper/keeper.h"
#include "record/record.h"

struct around {
	const struct path_root *root; /* NULL: nothing is read */
	cpu_set_t cpus;		      /* the bench's */
	cpu_set_t siblings;	      /* other threads of the same cores */
	struct heat heat;
	double before[RECORD_READINGS];
	uint32_t smi, busy; /* enum keeper_registers of the session */
};

/* `root` is borrowed. */
void around_init(struct around *around, const struct path_root *root, const cpu_set_t *cpus,
		 const cpu_set_t *siblings);

/* Before a launch, and after it: what happened meanwhile, NaN where the host does not tell, and the causes
 * that all its samples have from it. What of it needs root's powers the keeper has read, and `ended` tells.
 */
void around_begin(struct around *around);
uint32_t around_end(struct around *around, const struct keeper_ended *ended,
		    double readings[RECORD_READINGS]);

/* Which of them this host has told, once the launches are over. */
void around_describe(const struct around *around, struct record *record);

#endif
