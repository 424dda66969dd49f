/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * changes.h - whether the held host stays as it was left, and what was otherwise in between: the kernel tells
 * of writes to files, and of partitions that change by themselves (inotify(7), cgroup-v2.rst), so that a
 * value that was put back within a launch is known about too.
 */
#ifndef KEEPER_CHANGES_H
#define KEEPER_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"
#include "host/journal.h"
#include "keeper/keeper.h"

struct changes {
	const struct path_root *root;
	struct journal_entry *entries; /* borrowed */
	size_t count;
	int fd;			    /* poll it for POLLIN; -1: nothing is heard of */
	int *numbers;		    /* of an entry's watch, -1: it has none */
	struct keeper_change heard; /* and not told yet; knob "": nothing */
};

void changes_init(struct changes *changes);

/* Begins with what is there. Where the kernel has no more watches to give, what is left is only read. */
void changes_begin(struct changes *changes, const struct path_root *root, struct journal_entry *entries,
		   size_t count);

/* Takes in what the kernel told since. */
void changes_hear(struct changes *changes);

/* False as long as a watched value is not as it was left, and once for one that was otherwise meanwhile;
 * `changed` is filled. Of several, what has not been told of comes first. */
bool changes_check(struct changes *changes, struct keeper_change *changed);

void changes_end(struct changes *changes);

#endif
