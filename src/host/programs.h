/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * programs.h - programs of others that get in the way: those that set what we set, those that work in the
 * background, those that use the counters. Seen in /proc, and left alone.
 *
 * Each function writes names, or "none"; false where the host does not tell.
 */
#ifndef HOST_PROGRAMS_H
#define HOST_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

/* "tuned (virtual-guest), thermald": they may rewrite a knob at any time. */
bool programs_that_tune(const struct path_root *root, char *text, size_t size);

/* "dpkg, updatedb": upkeep that is at work now. */
bool programs_at_upkeep(const struct path_root *root, char *text, size_t size);

/* "perf 8, node_exporter 3": who holds how many perf events. Only root sees into everybody's descriptors:
 * false for others. */
bool programs_with_counters(const struct path_root *root, char *text, size_t size);

#endif
