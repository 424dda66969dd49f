/* SPDX-License-Identifier: MIT */
/* registry.h - the registered benchmarks, checked, and expanded to cases in a stable order. */
#ifndef SB_REGISTRY_H
#define SB_REGISTRY_H

#include <stddef.h>
#include "stablebench.h"
#include "wire.h"

struct sb_case {
	const struct sb_registration *registration;
	unsigned picks[SB_AXES_MAX + 1]; /* index of the value that this case has for each axis */
	unsigned threads;		 /* that run its body, at least 1 */
	char name[SB_WIRE_NAME];
};

struct sb_registry {
	struct sb_case *cases; /* by file and line; the last axis changes fastest */
	size_t count;
};

/* 0, or -1 with a sentence in `reason`: what a benchmark's author has to change. Release it in both cases. */
int sb_registry_init(struct sb_registry *registry, char reason[SB_WIRE_REASON]);
void sb_registry_release(struct sb_registry *registry);

/* The case of a name, borrowed; NULL when there is none. */
const struct sb_case *sb_registry_get(const struct sb_registry *registry, const char *name);

/* The axes of a benchmark: those of `args` before the first without a name, then that of the threads. */
unsigned sb_axis_count(const struct sb_options *options);
const struct sb_axis *sb_axis_get(const struct sb_options *options, unsigned index);

/* Appends text, percent-encoded outside [A-Za-z0-9._+-], to a name of `size` bytes. false: it does not fit.
 */
bool sb_name_append(char *name, size_t size, const char *text);

#endif
