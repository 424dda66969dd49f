/* SPDX-License-Identifier: MIT */
/*
 * pattern.h - which POSIX extended regular expressions are safe to compile.
 *
 * glibc's regcomp(3) calls itself for each group, writes each repetition out, and calls itself for each of
 * what comes of that: an expression that somebody typed, and that is deep or repeats a lot, overflows the
 * stack. Shared with the runner.
 */
#ifndef SB_PATTERN_H
#define SB_PATTERN_H

#define SB_PATTERN_SIZE	 4096  /* bytes */
#define SB_PATTERN_DEPTH 200   /* groups within groups */
#define SB_PATTERN_WHOLE 16384 /* bytes, with every repetition written out */

/* Why `text` must not be compiled, NULL where it may be, be it an expression or not: a sentence, "its groups
 * are too deep". */
const char *sb_pattern_excess(const char *text);

#endif
