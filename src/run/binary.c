/* SPDX-License-Identifier: GPL-2.0-or-later */
/* binary.c - see binary.h. */
#include "run/binary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

#define SUITE_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-"

/* As the parts of a case's name: none that a path would take for a way up. */
static bool is_suite_name(const char *name, size_t length)
{
	bool is_dots = length <= 2 && strspn(name, ".") >= length;

	return length > 0 && length < 64 && strspn(name, SUITE_LETTERS) >= length && !is_dots;
}

/* "NAME=PATH" where NAME could be one; a path with a '=' further on stays a path. */
static const char *split_suite(const char *argument, char **suite)
{
	const char *equals = strchr(argument, '=');

	*suite = NULL;
	if (!equals || !is_suite_name(argument, (size_t)(equals - argument)))
		return argument;
	*suite = strndup(argument, (size_t)(equals - argument));
	return equals + 1;
}

static char *suite_of_path(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	if (!strncmp(name, "bench_", 6) && name[6])
		name += 6;
	return alloc_text(name);
}

static int check_file(struct binary *binary, struct sb_err *err)
{
	struct stat file;

	if (fstat(binary->fd, &file))
		return err_set(err, -errno, "cannot look at '%s': %s", binary->path, err_reason(errno));
	if (S_ISDIR(file.st_mode))
		return err_set(err, -EISDIR, "'%s' is a folder; name the benchmarks in it: '%s/bench_*'",
			       binary->path, binary->path);
	if (!S_ISREG(file.st_mode))
		return err_set(err, -EINVAL, "'%s' is no regular file", binary->path);
	if (!(file.st_mode & 0111))
		return err_set(err, -EACCES,
			       "'%s' is not executable: not a benchmark, or chmod +x is missing",
			       binary->path);
	if (!is_suite_name(binary->suite, strlen(binary->suite)))
		return err_set(err, -EINVAL,
			       "'%s' gives no suite name that a shell can take; name one: NAME='%s'",
			       binary->path, binary->path);
	binary->size = file.st_size;
	binary->changed = file.st_mtim;
	return 0;
}

bool binary_is_unchanged(const struct binary *binary)
{
	struct stat file;

	return !fstat(binary->fd, &file) && file.st_size == binary->size &&
	       file.st_mtim.tv_sec == binary->changed.tv_sec &&
	       file.st_mtim.tv_nsec == binary->changed.tv_nsec;
}

int binary_open(const char *argument, struct binary *binary, struct sb_err *err)
{
	char *suite;
	const char *path = split_suite(argument, &suite);
	int code;

	*binary = (struct binary){ .path = alloc_text(path), .suite = suite ? suite : suite_of_path(path) };
	binary->fd = open(path, O_PATH | O_CLOEXEC);
	if (binary->fd < 0)
		code = err_set(err, -errno, "cannot open '%s': %s", path, err_reason(errno));
	else
		code = check_file(binary, err);
	if (code)
		binary_release(binary);
	return code;
}

void binary_release(struct binary *binary)
{
	if (binary->path && binary->fd >= 0)
		close(binary->fd);
	free(binary->path);
	free(binary->suite);
	*binary = (struct binary){ .fd = -1 };
}
