/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts.h - what this host and its software are: read, never set. Goes into the record and into `doctor`. */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

#define FACTS_KEPT 8
#define FACTS_TEXT 2048

/* Facts that only root can see, or sees in full: kept by who will give up root before the others are
 * collected. All zero: nothing was kept. */
struct facts_kept {
	bool is_kept;
	size_t count;
	struct {
		const char *key;
		char text[FACTS_TEXT];
	} facts[FACTS_KEPT];
};
void facts_keep(const struct path_root *root, struct facts_kept *kept);

/* Calls `text` or `number` for every fact that can be read, in the order of the table in facts.c; others are
 * left out. What was kept (NULL: nothing) stands for what would be seen now. stablebench-record(5) says what
 * each means. */
struct facts_sink {
	void (*text)(void *context, const char *key, const char *value);
	void (*number)(void *context, const char *key, double value);
	void *context;
};
void facts_collect(const struct path_root *root, const struct facts_kept *kept,
		   const struct facts_sink *sink);

/* The kernel's clock source is the processor's own counter: an invariant TSC, or that of an arm64. */
bool facts_counter_is_trusted(const struct path_root *root);

#endif
