/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stability.h - whether the machine below a held host stayed the same: it may sleep, or lose a CPU, and then
 * firmware and kernel have put settings back to their defaults without anybody having written one.
 */
#ifndef KEEPER_STABILITY_H
#define KEEPER_STABILITY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/path.h"
#include "keeper/keeper.h"

struct stability {
	bool is_known;
	int64_t asleep_ns; /* since the boot: what CLOCK_BOOTTIME is ahead of CLOCK_MONOTONIC */
	char online[512];  /* list of CPUs, "" where the kernel tells none */
};

/* Remembers how it is. */
void stability_note(const struct path_root *root, struct stability *stability);

/* False when the machine slept since it was noted, or other CPUs are online: `changed` is filled, with
 * `suspend` or `hotplug` in the place of a knob's name, and how it is now is remembered, so that each is told
 * once. */
bool stability_check(const struct path_root *root, struct stability *stability,
		     struct keeper_change *changed);

#endif
