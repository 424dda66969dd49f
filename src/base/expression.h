/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expression.h - POSIX extended regular expressions that somebody typed.
 *
 * Some of them would overflow the stack of regcomp(3), and are refused before: see pattern.h of the library.
 */
#ifndef BASE_EXPRESSION_H
#define BASE_EXPRESSION_H

#include <regex.h>
#include "base/err.h"

/* Compiles `text` with the flags of regcomp and REG_EXTENDED | REG_NOSUB; regfree releases it. 0, or -EINVAL
 * and what is wrong: a sentence without its subject, "is no regular expression: ...". */
int expression_compile(regex_t *expression, const char *text, int flags, struct sb_err *err);

#endif
