/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exit.h - the one table of exit codes, in order of precedence; the manual and a test read it too. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

#include <stddef.h>

#define EXIT_CODES(X)                                                                                        \
	X(EXIT_CODE_NOT_RESTORED, 6, "the host could not be put back")                                       \
	X(EXIT_CODE_INTERRUPTED, 130, "interrupted (after restoring, the record is written)")                \
	X(EXIT_CODE_TIME_LIMIT, 124, "time limit, and some case got no launch")                              \
	X(EXIT_CODE_USAGE, 2, "usage")                                                                       \
	X(EXIT_CODE_ERROR, 1, "error; a case that crashed or failed counts")                                 \
	X(EXIT_CODE_CONDITIONS, 5, "required conditions are not met")                                        \
	X(EXIT_CODE_NOTHING, 7, "nothing was measured")                                                      \
	X(EXIT_CODE_REGRESSION, 3, "regression, or a budget exceeded")                                       \
	X(EXIT_CODE_UNSTABLE, 4, "unstable: CoV between launches above 10 %")                                \
	X(EXIT_CODE_OK, 0, "ok")

#define EXIT_CODE_ENUM_(name, code, text) name = code,
enum exit_code { EXIT_CODES(EXIT_CODE_ENUM_) };
#undef EXIT_CODE_ENUM_

/* Of a command that runs another, as timeout(1) has it: what it could not do itself. */
enum { COMMAND_FAILED = 125, COMMAND_NOT_EXECUTABLE = 126, COMMAND_NOT_FOUND = 127 };

/* The one of two codes that stands earlier in the table. */
enum exit_code exit_code_worse(enum exit_code a, enum exit_code b);

#endif
