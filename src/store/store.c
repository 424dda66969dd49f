/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store.c - see store.h. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "record/record_json.h"

#define LAST_NAME "last.json"

static int cannot_write(const char *path, int reason, struct sb_err *err)
{
	return err_set(err, -reason, "cannot write '%s': %s", path, err_reason(reason));
}

/* A fresh file beside `path`; its name is the caller's to free. */
static int open_temporary(const char *path, char **temporary, struct sb_err *err)
{
	int fd;

	*temporary = alloc_format("%s.XXXXXX", path);
	fd = mkostemp(*temporary, O_CLOEXEC);
	if (fd >= 0)
		return fd;
	fd = cannot_write(path, errno, err);
	free(*temporary);
	return fd;
}

static int write_stream(const struct record *record, const char *path, FILE *stream, struct sb_err *err)
{
	int code = record_json_write(record, stream, err);

	if (code)
		return cannot_write(path, -code, err);
	return fflush(stream) ? cannot_write(path, errno, err) : 0;
}

static int write_and_sync(const struct record *record, const char *path, int fd, struct sb_err *err)
{
	FILE *stream = fdopen(fd, "w");
	int code;

	if (!stream) {
		close(fd);
		return cannot_write(path, errno, err);
	}
	code = write_stream(record, path, stream, err);
	if (!code && fsync(fileno(stream)) && errno != EINVAL && errno != ENOTSUP)
		code = cannot_write(path, errno, err);
	if (fclose(stream) && !code)
		code = cannot_write(path, errno, err);
	return code;
}

static int write_renamed(const struct record *record, const char *path, mode_t mode, struct sb_err *err)
{
	char *temporary;
	int fd = open_temporary(path, &temporary, err), code;

	if (fd < 0)
		return fd;
	fchmod(fd, mode);
	code = write_and_sync(record, path, fd, err);
	if (!code && rename(temporary, path))
		code = cannot_write(path, errno, err);
	if (code)
		unlink(temporary);
	free(temporary);
	return code;
}

/* A rename must not replace a pipe, a device, or a name below /dev and /proc that leads to what is open
 * already. */
static bool is_special(const char *path)
{
	struct stat file;

	if (!strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6))
		return true;
	return !stat(path, &file) && !S_ISREG(file.st_mode) && !S_ISDIR(file.st_mode);
}

bool store_is_stdout(const char *path)
{
	struct stat named, open_now;

	if (!strcmp(path, "-"))
		return true;
	return is_special(path) && !stat(path, &named) && !fstat(STDOUT_FILENO, &open_now) &&
	       named.st_dev == open_now.st_dev && named.st_ino == open_now.st_ino && !S_ISCHR(named.st_mode);
}

static mode_t wanted_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

int store_write_file(const struct record *record, const char *path, struct sb_err *err)
{
	int fd;

	if (store_is_stdout(path))
		return write_stream(record, "stdout", stdout, err);
	if (!is_special(path))
		return write_renamed(record, path, wanted_mode(), err);
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	return fd < 0 ? cannot_write(path, errno, err) : write_and_sync(record, path, fd, err);
}

int store_check_file(const char *path, struct sb_err *err)
{
	struct stat file;
	char *temporary;
	int fd;

	if (store_is_stdout(path))
		return 0;
	if (!*path)
		return cannot_write(path, ENOENT, err);
	if (is_special(path))
		return access(path, W_OK) ? cannot_write(path, errno, err) : 0;
	if (!stat(path, &file) && S_ISDIR(file.st_mode))
		return cannot_write(path, EISDIR, err);
	fd = open_temporary(path, &temporary, err);
	if (fd < 0)
		return fd;
	close(fd);
	unlink(temporary);
	free(temporary);
	return 0;
}

static char *state_folder(const char *home)
{
	const char *state = getenv("XDG_STATE_HOME");

	if (state && *state == '/')
		return alloc_format("%s/stablebench", state);
	return alloc_format("%s/.local/state/stablebench", home);
}

/* mkdir -p, each new folder for its owner only. */
static int make_folders(char *path, struct sb_err *err)
{
	for (char *slash = path + 1; *slash; slash++) {
		if (*slash != '/')
			continue;
		*slash = '\0';
		if (mkdir(path, 0700) && errno != EEXIST && errno != EROFS && errno != EACCES)
			return cannot_write(path, errno, err);
		*slash = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		return cannot_write(path, errno, err);
	return 0;
}

int store_save_last(const struct record *record, const char *home, struct sb_err *err)
{
	char *folder = state_folder(home), *path = alloc_format("%s/" LAST_NAME, folder);
	int code = make_folders(folder, err);

	if (!code)
		code = write_renamed(record, path, 0600, err);
	if (code)
		err_set(err, code,
			"cannot keep the last record in '%s': %s; set XDG_STATE_HOME to a folder that can be "
			"written",
			folder, err_reason(code));
	free(path);
	free(folder);
	return code;
}

static int cannot_read(const char *path, int reason, struct sb_err *err)
{
	return err_set(err, -reason, "cannot read '%s': %s", path, err_reason(reason));
}

/* Nobody asked for this file by name: a pipe in its place must not be waited for. NULL with the sentence, and
 * its code in `code`. */
static FILE *open_kept(const char *path, int *code, struct sb_err *err)
{
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat file;
	FILE *stream;

	*code = 0;
	if (fd < 0 || fstat(fd, &file))
		*code = cannot_read(path, errno, err);
	else if (S_ISDIR(file.st_mode))
		*code = cannot_read(path, EISDIR, err);
	else if (!S_ISREG(file.st_mode))
		*code = err_set(err, -EINVAL, "cannot read '%s': it is no regular file", path);
	stream = *code ? NULL : fdopen(fd, "r");
	if (!*code && !stream)
		*code = cannot_read(path, errno, err);
	if (!stream && fd >= 0)
		close(fd);
	return stream;
}

int store_load_file(struct record *record, const char *path, struct sb_err *err)
{
	FILE *stream = strcmp(path, "-") ? fopen(path, "re") : stdin;
	int code;

	if (!stream)
		return cannot_read(path, errno, err);
	code = record_json_read(stream, path, record, err);
	if (stream != stdin)
		fclose(stream);
	return code;
}

int store_load_last(struct record *record, const char *home, struct sb_err *err)
{
	char *folder = state_folder(home), *path = alloc_format("%s/" LAST_NAME, folder);
	int code;
	FILE *stream = open_kept(path, &code, err);

	if (stream) {
		code = record_json_read(stream, path, record, err);
		fclose(stream);
	}
	if (code == -ENOENT)
		err_set(err, code, "there is no last record in '%s'; 'stablebench run' leaves one", folder);
	free(path);
	free(folder);
	return code;
}

static int write_document(const json_t *document, const char *path, struct sb_err *err)
{
	char *temporary;
	int fd = open_temporary(path, &temporary, err), code = 0;

	if (fd < 0)
		return fd;
	if (json_dumpfd(document, fd, JSON_INDENT(1)) || write(fd, "\n", 1) != 1)
		code = cannot_write(path, errno ? errno : EIO, err);
	close(fd);
	if (!code && rename(temporary, path))
		code = cannot_write(path, errno, err);
	if (code)
		unlink(temporary);
	free(temporary);
	return code;
}

int store_save_document(const json_t *document, const char *name, const char *home, struct sb_err *err)
{
	char *folder = state_folder(home), *path = alloc_format("%s/%s", folder, name);
	int code = make_folders(folder, err);

	if (!code)
		code = write_document(document, path, err);
	free(path);
	free(folder);
	return code;
}

int store_load_document(json_t **document, const char *name, const char *home, struct sb_err *err)
{
	char *folder = state_folder(home), *path = alloc_format("%s/%s", folder, name);
	json_error_t wrong;
	int code;
	FILE *stream = open_kept(path, &code, err);

	*document = stream ? json_loadf(stream, JSON_REJECT_DUPLICATES, &wrong) : NULL;
	if (stream)
		fclose(stream);
	if (!code && !*document)
		code = err_set(err, -EINVAL, "cannot read '%s' as JSON: line %d: %s", path, wrong.line,
			       wrong.text);
	free(path);
	free(folder);
	return code;
}
