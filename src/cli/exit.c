/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exit.c - see exit.h. */
#include "cli/exit.h"

#define EXIT_CODE_NAME_(name, code, text) name,
static const enum exit_code precedence[] = { EXIT_CODES(EXIT_CODE_NAME_) };

enum exit_code exit_code_worse(enum exit_code a, enum exit_code b)
{
	for (size_t i = 0; i < sizeof precedence / sizeof *precedence; i++)
		if (precedence[i] == a || precedence[i] == b)
			return precedence[i];
	return a;
}
