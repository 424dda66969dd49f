/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_restore.c - `stablebench restore`: puts back what a killed session left behind. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/sysroot.h"

static void print_result(const struct keeper_restored *restored)
{
	if (!restored->restored && !restored->unchanged && !restored->conflicts && !restored->failed)
		puts("nothing to restore: no session left anything behind");
	else
		printf("%u restored, %u already as before, %u changed by somebody else, %u failed\n",
		       restored->restored, restored->unchanged, restored->conflicts, restored->failed);
	if (restored->detail[0])
		puts(restored->detail);
}

static int restore(const struct settings *settings, struct identity *identity,
		   struct keeper_restored *restored, struct sb_err *err)
{
	char *run_dir = settings->sysroot ? alloc_format("%s" KEEPER_RUN_DIR, settings->sysroot) : NULL;
	struct path_root root;
	int code = sysroot_open(settings, identity, &root, err);

	path_root_release(&root);
	if (!code)
		code = keeper_restore_leftover(identity, settings->run_dir ? settings->run_dir : run_dir,
					       settings->sysroot ? settings->sysroot : "/", settings->force,
					       restored, err);
	free(run_dir);
	return code;
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
	code = restore(settings, &identity, &restored, &err);
	if (code && code != -EIO) {
		session_complain(err.text);
		return EXIT_CODE_ERROR;
	}
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
