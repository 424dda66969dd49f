/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysroot.h - the machine that a command works on: this one, or the one recorded below --sysroot DIR.
 *
 * A recorded tree is somebody else's data, so it is never touched with root's powers: they are given up, for
 * good, before it is opened, and from then on the process is that of a plain user.
 */
#ifndef CLI_SYSROOT_H
#define CLI_SYSROOT_H

#include "base/path.h"
#include "keeper/identity.h"
#include "plan/settings.h"

/* Opens the root of the machine; path_root_release closes it. With --sysroot, `identity` is no longer
 * privileged afterwards. -EINVAL where DIR is the root of this machine, -ELOOP where its run folder is a
 * link. */
int sysroot_open(const struct settings *settings, struct identity *identity, struct path_root *root,
		 struct sb_err *err);

/* The folder of lock, holder and journal that is meant: the one of --run-dir, or the recorded machine's own;
 * NULL for the default one. The caller frees. */
char *sysroot_dup_run_dir(const struct settings *settings);

#endif
