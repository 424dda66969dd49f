/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysroot.c - see sysroot.h. */
#include "cli/sysroot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "keeper/keeper.h"

/* Whatever name it goes by. */
static bool is_root_of_this_machine(const struct path_root *root)
{
	struct stat here, there;

	return stat("/", &here) || fstat(root->fd, &there) ||
	       (here.st_dev == there.st_dev && here.st_ino == there.st_ino);
}

/* Lock and journal are opened by name, without the confinement of path.c. */
static bool leads_out(const struct path_root *root)
{
	struct stat status;

	return !fstatat(root->fd, "run", &status, AT_SYMLINK_NOFOLLOW) && S_ISLNK(status.st_mode);
}

int sysroot_open(const struct settings *settings, struct identity *identity, struct path_root *root,
		 struct sb_err *err)
{
	int code;

	if (!settings->sysroot)
		return path_root_init(root, "/", err);
	code = identity_drop_front(identity, err);
	identity->privileged = false;
	if (!code)
		code = path_root_init(root, settings->sysroot, err);
	if (code)
		return code;
	root->is_real = false;
	if (is_root_of_this_machine(root))
		code = err_set(err, -EINVAL,
			       "--sysroot '%s' is the root of this machine; leave the option out",
			       settings->sysroot);
	else if (leads_out(root))
		code = err_set(err, -ELOOP, "--sysroot '%s': its 'run' is a link, which may lead out of it",
			       settings->sysroot);
	if (code)
		path_root_release(root);
	return code;
}

char *sysroot_dup_run_dir(const struct settings *settings)
{
	if (settings->run_dir)
		return alloc_text(settings->run_dir);
	return settings->sysroot ? alloc_format("%s" KEEPER_RUN_DIR, settings->sysroot) : NULL;
}
