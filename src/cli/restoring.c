/* SPDX-License-Identifier: GPL-2.0-or-later */
/* restoring.c - see restoring.h. */
#include "cli/restoring.h"

#include <stdlib.h>

#include "cli/hold.h"
#include "cli/sysroot.h"

int restoring_run(const struct settings *settings, struct identity *identity,
		  struct keeper_restored *restored, struct sb_err *err)
{
	char *run_dir = sysroot_dup_run_dir(settings);
	const struct keeper_restore order = {
		.run_dir = run_dir,
		.prefix = settings->sysroot ? settings->sysroot : "/",
		.force = settings->force,
		.wait = settings->wait,
	};
	struct path_root root;
	int code = sysroot_open(settings, identity, &root, err);

	path_root_release(&root);
	if (!code) {
		hold_tell_wait(settings, identity);
		code = keeper_restore_leftover(identity, &order, restored, err);
	}
	free(run_dir);
	return code;
}
