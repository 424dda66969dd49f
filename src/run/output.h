/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.h - what a launch prints: drained as it comes, only its end is kept, made harmless for a terminal.
 */
#ifndef RUN_OUTPUT_H
#define RUN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#define OUTPUT_KEPT  2048 /* bytes of the end that are kept */
#define OUTPUT_LINES 8	  /* lines of it that are shown */

struct output {
	char kept[OUTPUT_KEPT];
	size_t used;
	unsigned long long total;
};

/* Reads what is there from a non-blocking descriptor, at most a few hundred kilobytes at a call. False at its
 * end. */
bool output_drain(struct output *output, int fd);

/* The last lines as UTF-8 without control characters but tabs; NULL where nothing was printed. The caller
 * frees. */
char *output_dup_tail(const struct output *output);

#endif
