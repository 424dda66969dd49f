/* SPDX-License-Identifier: GPL-2.0-or-later */
/* expression.c - see expression.h. */
#include "base/expression.h"

#include <errno.h>
#include "pattern.h"

int expression_compile(regex_t *expression, const char *text, int flags, struct sb_err *err)
{
	const char *excess = sb_pattern_excess(text);
	char reason[160];
	int code;

	if (excess)
		return err_set(err, -EINVAL, "is no regular expression that can be used: %s", excess);
	code = regcomp(expression, text, REG_EXTENDED | REG_NOSUB | flags);
	if (!code)
		return 0;
	regerror(code, expression, reason, sizeof reason);
	return err_set(err, -EINVAL, "is no regular expression: %s", reason);
}
