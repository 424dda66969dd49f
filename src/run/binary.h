/* SPDX-License-Identifier: GPL-2.0-or-later */
/* binary.h - a bench binary of the command line: opened once as the user, run by descriptor ever after. */
#ifndef RUN_BINARY_H
#define RUN_BINARY_H

#include "base/err.h"

struct binary {
	char *path;
	char *suite;	/* NAME of NAME=PATH, else the file name without "bench_" */
	int fd;		/* O_PATH */
	unsigned index; /* the keeper's */
};

/* Opens "PATH" or "NAME=PATH". -ENOENT, -EACCES, -EISDIR, -EINVAL for a suite name that no shell would take,
 * with a sentence. binary_release closes. */
int binary_open(const char *argument, struct binary *binary, struct sb_err *err);
void binary_release(struct binary *binary);

#endif
