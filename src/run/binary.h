/* SPDX-License-Identifier: GPL-2.0-or-later */
/* binary.h - a bench binary of the command line: opened once as the user, run by descriptor ever after. */
#ifndef RUN_BINARY_H
#define RUN_BINARY_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>
#include "base/err.h"

struct binary {
	char *path;
	char *suite;		 /* NAME of NAME=PATH, else the file name without "bench_" */
	int fd;			 /* O_PATH */
	unsigned index;		 /* the keeper's */
	struct timespec changed; /* of the file, when it was opened */
	off_t size;
};

/* Opens "PATH" or "NAME=PATH". -ENOENT, -EACCES, -EISDIR, -EINVAL for a suite name that no shell would take,
 * with a sentence. binary_release closes. */
int binary_open(const char *argument, struct binary *binary, struct sb_err *err);
/* Whether the file still holds what it held when it was opened, as far as size and time tell. */
bool binary_is_unchanged(const struct binary *binary);

void binary_release(struct binary *binary);

#endif
