/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cgroup.h - the control group that a session makes for its benches, as keys that a knob can plan, read and
 * write before the group is there and after it is gone.
 *
 * Keys: "FOLDER" is "absent" or "present"; "FOLDER/FILE" is the file's text, or what a fresh group would hold
 * while there is none; "sys/fs/cgroup/cgroup.subtree_control@CONTROLLER" is "off", "on", or "on for others"
 * when another group has settings of that controller, which is as good as either for us. FOLDER is named
 * after the session, so that a name alone tells what is ours and whose it was.
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst.
 */
#ifndef HOST_CGROUP_H
#define HOST_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"
#include "base/path.h"
#include "host/knob.h"

#define CGROUP_V2      "sys/fs/cgroup"
#define CGROUP_V1      "sys/fs/cgroup/cpuset" /* where systemd and the kernel's documents mount it */
#define CGROUP_RESCTRL "sys/fs/resctrl"	      /* no cgroup, but groups of the same kind */
#define CGROUP_PRESENT "present"
#define CGROUP_ABSENT  "absent"
#define CGROUP_ON      "on"

/* Path of the session's group below one of these roots, or of a file in it (NULL: the folder); gives text. */
const char *cgroup_path(const struct knob_context *context, const char *top, const char *file, char *text,
			size_t size);

/* The key of a controller. */
const char *cgroup_controller(const char *name, char *text, size_t size);

/* What a key names below `top` if its form is that of a session's group: "" for the folder itself, the name
 * of the file in it, NULL for any other path. */
const char *cgroup_leaf(const char *path, const char *top);

/* Whether a name in a root is one that a session gives; the session's process and its start time. */
bool cgroup_is_ours(const char *name, int *pid, unsigned long long *start);

/* Whether groups can be made in the v2 hierarchy, with a controller (NULL: any). 1, or the condition is
 * concluded. */
int cgroup_is_possible(const struct knob *knob, const struct knob_context *context, const char *controller,
		       struct condition *condition);

/* For struct knob. Removing a folder first ends all that run in it. */
int cgroup_read(const struct path_root *root, const char *path, char *text, size_t size, struct sb_err *err);
int cgroup_write(const struct path_root *root, const char *path, const char *value, struct sb_err *err);

/* Lists of CPUs and nodes as sets, a controller that others use as either, the rest as texts. */
bool cgroup_is_same(const char *one, const char *other);

/* Removes groups that sessions left which are not alive any more, as `is_alive` says. Gives how many. */
unsigned cgroup_sweep(const struct path_root *root, bool (*is_alive)(int pid, unsigned long long start));

#endif
