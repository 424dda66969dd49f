/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config_file.c - see config_file.h. Files are opened without waiting for a writer, and looked at through the
 * descriptor that is then read, so that nobody can exchange them in between. */
#include "cli/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"

#define ROOT_ADVICE "run: chown root:root '%s' && chmod go-w '%s'"

/* Rules may stand in the file that root reads: it cannot go on without. */
static const char *advice(const struct config_source *source)
{
	return source->trust == CONFIG_OF_ROOT ? "" : "; --no-config goes on without it";
}

static int cannot_read(const struct config_source *source, int code, struct sb_err *err)
{
	return err_set(err, code, "cannot read configuration '%s': %s%s", source->path, err_reason(code),
		       advice(source));
}

static bool is_roots_alone(const struct stat *status)
{
	return status->st_uid == 0 && !(status->st_mode & (S_IWGRP | S_IWOTH));
}

static int check_file(const struct config_source *source, const struct stat *status, struct sb_err *err)
{
	if (!S_ISREG(status->st_mode))
		return err_set(err, -EINVAL, "configuration '%s' is no regular file%s", source->path,
			       advice(source));
	if (source->trust == CONFIG_OF_ROOT && !is_roots_alone(status))
		return err_set(err, -EPERM,
			       "configuration '%s' may be written by others than root; " ROOT_ADVICE,
			       source->path, source->path, source->path);
	if (source->trust != CONFIG_OF_USER)
		return 0;
	if (status->st_uid != source->owner && status->st_uid != 0)
		return err_set(
			err, -EPERM,
			"configuration '%s' belongs to another user; --config FILE takes it all the same",
			source->path);
	if (status->st_mode & S_IWOTH)
		return err_set(err, -EPERM,
			       "configuration '%s' may be written by everyone; run: chmod o-w '%s'",
			       source->path, source->path);
	return 0;
}

/* A folder that cannot be had has no file in it. That of root must be one that only root can fill. */
static int open_folder(const struct config_source *source, struct sb_err *err)
{
	const char *slash = strrchr(source->path, '/');
	char *folder = slash ? strndup(source->path, (size_t)(slash - source->path) + 1) : strdup(".");
	int link_flag = source->trust == CONFIG_OF_ROOT ? O_NOFOLLOW : 0, code = 0;
	struct stat status;
	int fd;

	/* a slash at the end would follow a link */
	if (folder && slash && slash != source->path)
		folder[slash - source->path] = '\0';
	fd = folder ? open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC | link_flag) : -1;
	if (fd < 0)
		code = -errno;
	if (fd >= 0 && link_flag && (fstat(fd, &status) || !is_roots_alone(&status)))
		code = err_set(
			err, -EPERM,
			"folder '%s' of the configuration may be written by others than root; " ROOT_ADVICE,
			folder, folder, folder);
	else if (fd < 0 && link_flag && code == -ENOTDIR)
		code = err_set(err, -EPERM, "folder '%s' of the configuration is a link or no folder",
			       folder);
	else if (fd < 0)
		code = source->must_exist ? cannot_read(source, code, err) : -ENOENT;
	free(folder);
	if (code && fd >= 0)
		close(fd);
	return code ? code : fd;
}

static int open_file(const struct config_source *source, struct sb_err *err)
{
	const char *slash = strrchr(source->path, '/'), *name = slash ? slash + 1 : source->path;
	int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, code = 0;
	int folder = open_folder(source, err), fd;
	struct stat status;

	if (folder < 0)
		return folder;
	fd = openat(folder, name, flags | (source->trust == CONFIG_OF_ROOT ? O_NOFOLLOW : 0));
	if (fd < 0)
		code = -errno;
	close(folder);
	if (code == -ENOENT && !source->must_exist)
		return code;
	if (code == -ELOOP && source->trust == CONFIG_OF_ROOT)
		return err_set(err, -EPERM, "configuration '%s' is a link; put the file itself there",
			       source->path);
	if (code)
		return cannot_read(source, code, err);
	if (fstat(fd, &status))
		code = cannot_read(source, -errno, err);
	else
		code = check_file(source, &status, err);
	if (code)
		close(fd);
	return code ? code : fd;
}

/* One byte more than may be, to see that there is more. */
static ssize_t read_text(int fd, char *text)
{
	size_t used = 0;

	while (used <= CONFIG_TEXT_MAX) {
		ssize_t got = read(fd, text + used, CONFIG_TEXT_MAX + 1 - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	return (ssize_t)used;
}

int config_file_read(const struct config_source *source, struct config *config, struct sb_err *err)
{
	int fd = open_file(source, err), code;
	char *text;
	ssize_t size;

	config->count = 0;
	if (fd < 0)
		return fd == -ENOENT && !source->must_exist ? 0 : fd;
	text = alloc_zero(CONFIG_TEXT_MAX + 1, 1);
	size = read_text(fd, text);
	close(fd);
	if (size < 0)
		code = cannot_read(source, (int)size, err);
	else
		code = config_parse(source->path, text, (size_t)size, config, err);
	free(text);
	return code;
}

/* --- as the user ------------------------------------------------------------------------------------- */

struct exchange {
	bool is_done;
	int code;
	struct sb_err err;
	struct config config;
};

static void read_in_child(const struct identity *identity, const struct config_source *source,
			  struct exchange *exchange)
{
	exchange->code = identity_drop_front(identity, &exchange->err);
	if (!exchange->code)
		exchange->code = config_file_read(source, &exchange->config, &exchange->err);
	exchange->is_done = true;
	_exit(0);
}

/* The child has ended: what it left does not change any more. */
static int take(const struct config_source *source, struct exchange *exchange, struct config *config,
		struct sb_err *err)
{
	exchange->err.text[sizeof exchange->err.text - 1] = '\0';
	if (!exchange->is_done || !config_is_sound(&exchange->config))
		return err_set(err, -EIO, "cannot read configuration '%s': its reader has died",
			       source->path);
	if (exchange->code)
		return err_set(err, exchange->code, "%s", exchange->err.text);
	*config = exchange->config;
	return 0;
}

int config_file_read_as(const struct identity *identity, const struct config_source *source,
			struct config *config, struct sb_err *err)
{
	struct exchange *exchange =
		mmap(NULL, sizeof *exchange, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;
	int code = 0;

	if (exchange == MAP_FAILED)
		return cannot_read(source, -errno, err);
	pid = fork();
	if (pid == 0)
		read_in_child(identity, source, exchange);
	if (pid < 0)
		code = cannot_read(source, -errno, err);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (!code)
		code = take(source, exchange, config, err);
	munmap(exchange, sizeof *exchange);
	return code;
}
