/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expression.h - POSIX extended regular expressions that somebody typed.
 *
 * glibc's regcomp(3) calls itself for each group, writes each repetition out, and calls itself for each of
 * what comes of that: an expression that is deep or repeats a lot overflows the stack. It is refused before.
 */
#ifndef BASE_EXPRESSION_H
#define BASE_EXPRESSION_H

#include <regex.h>
#include "base/err.h"

#define EXPRESSION_SIZE	 4096  /* bytes */
#define EXPRESSION_DEPTH 200   /* groups within groups */
#define EXPRESSION_WHOLE 16384 /* bytes, with every repetition written out */

/* Compiles `text` with the flags of regcomp and REG_EXTENDED | REG_NOSUB; regfree releases it. 0, or -EINVAL
 * and what is wrong: a sentence without its subject, "is no regular expression: ...". */
int expression_compile(regex_t *expression, const char *text, int flags, struct sb_err *err);

#endif
