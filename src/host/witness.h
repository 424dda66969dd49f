/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness.h - what is counted around each sample to tell what disturbed it: one table of kernel events.
 *
 * The events are counted for the benched thread alone, in the kernel as well as outside, so an interrupt
 * counts only where it came while that thread was on its CPU. What x86 tells by tracepoints of its own, other
 * processors tell as interrupts with a name; a row therefore has a second way to be had.
 */
#ifndef HOST_WITNESS_H
#define HOST_WITNESS_H

#include <stdint.h>
#include "wire.h"

#define WITNESS_WAYS 2

/* A tracepoint and, where it tells of more than is meant, a filter (Documentation/trace/events.rst, 5). */
struct witness_way {
	const char *tracepoint; /* "irq:softirq_entry", NULL: none */
	const char *filter;	/* NULL: all of it */
};

struct witness {
	const char *name;		       /* in records: "device-interrupts" */
	const char *text;		       /* what happened, for people */
	uint64_t software;		       /* PERF_COUNT_SW_, where there is no tracepoint */
	struct witness_way ways[WITNESS_WAYS]; /* the first that a kernel has is taken */
	uint32_t cause;			       /* SB_WIRE_CAUSE_, 0: counted, and no cause */
};

/* In the order of the table: of the rows that a host has, the i-th is witness i of a launch. */
#define WITNESS_COUNT SB_WIRE_WITNESSES_MAX
const struct witness *witness_get(unsigned i); /* i < WITNESS_COUNT */

/* The row behind witness i of a launch whose rows are these bits, NULL when it has fewer. */
const struct witness *witness_of(uint32_t rows, unsigned i);

#endif
