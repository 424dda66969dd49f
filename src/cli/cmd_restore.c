/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_restore.c - `stablebench restore`: puts back what a killed session left behind. */
#include <errno.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/restoring.h"
#include "cli/session.h"

static void print_result(const struct keeper_restored *restored)
{
	if (restored->restored || restored->unchanged || restored->conflicts || restored->failed)
		printf("%u restored, %u already as before, %u changed by somebody else, %u failed\n",
		       restored->restored, restored->unchanged, restored->conflicts, restored->failed);
	else if (!restored->detail[0])
		puts("nothing to restore: no session left anything behind");
	if (restored->detail[0])
		puts(restored->detail);
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	struct keeper_restored restored = { 0 };
	struct identity identity;
	struct sb_err err;
	int code;

	(void)count;
	(void)arguments;
	if (identity_resolve(NULL, false, &identity, &err)) {
		session_complain(err.text);
		return EXIT_CODE_ERROR;
	}
	code = restoring_run(settings, &identity, &restored, &err);
	if (code && code != -EIO)
		session_complain(err.text);
	if (code && code != -EIO && code != -EBADMSG)
		return EXIT_CODE_ERROR;
	if (code != -EBADMSG || restored.restored || restored.unchanged)
		print_result(&restored);
	return code || restored.failed || restored.conflicts ? EXIT_CODE_NOT_RESTORED : EXIT_CODE_OK;
}

const struct command command_restore = {
	.name = "restore",
	.bit = OPTION_OF_RESTORE,
	.arguments = "",
	.summary = "put back what a killed session left behind",
	.arguments_min = 0,
	.arguments_max = 0,
	.run = run,
};
