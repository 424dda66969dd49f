/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path.h - the only way to /sys, /proc and /dev, under a root prefix, so that a recorded machine can stand
 * in.
 *
 * A path is relative to the prefix and has no leading slash: "sys/devices/system/cpu/online". Links are
 * followed inside the prefix only (openat2 RESOLVE_IN_ROOT), so a recorded tree cannot lead a write out of
 * itself.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

struct path_root {
	int fd;	      /* O_PATH, close-on-exec */
	bool is_real; /* the prefix is "/": libraries that insist on the real /sys may be used */
};

/* Opens a prefix; "/" for the real machine. 0 or a negative errno. path_root_release closes it. */
int path_root_init(struct path_root *root, const char *prefix, struct sb_err *err);
void path_root_release(struct path_root *root);

bool path_exists(const struct path_root *root, const char *path);
bool path_is_writable(const struct path_root *root, const char *path);

/* Reads a whole small file into text (NUL-terminated, trailing newlines cut). Bytes, or a negative errno;
 * -EFBIG when it does not fit. */
int path_read(const struct path_root *root, const char *path, char *text, size_t size, struct sb_err *err);
int path_read_long(const struct path_root *root, const char *path, long long *value, struct sb_err *err);

/* What a symbolic link says, not followed. Its length or a negative errno. */
int path_read_link(const struct path_root *root, const char *path, char *text, size_t size);

/* Writes text in one write(2); never creates a file. 0 or a negative errno. */
int path_write(const struct path_root *root, const char *path, const char *text, struct sb_err *err);

/* Opens a file below the prefix with the flags of open(2) and O_CLOEXEC. A descriptor or a negative errno. */
int path_open(const struct path_root *root, const char *path, int flags, struct sb_err *err);

/* Makes a folder (0755) or removes an empty one. 0 or a negative errno. */
int path_make_folder(const struct path_root *root, const char *path, struct sb_err *err);
int path_remove_folder(const struct path_root *root, const char *path, struct sb_err *err);

/* Calls `each` for every name in a directory but "." and ".."; stops at the first non-zero and gives it back.
 */
int path_each(const struct path_root *root, const char *path, int (*each)(const char *name, void *context),
	      void *context, struct sb_err *err);

#endif
