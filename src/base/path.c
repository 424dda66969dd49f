/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path.c - /sys, /proc and /dev under a root prefix; see path.h. */
#include "base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What to try, by errno; a reason that explains itself has no row. */
static const struct {
	int code;
	bool unless_root;
	const char *advice;
} advices[] = {
	{ EACCES, true, "; run with sudo" },
	{ EPERM, true, "; run with sudo" },
	{ EPERM, false, "; the kernel forbids it even to root (lockdown or a container)" },
	{ EROFS, false, "; it is mounted read-only, as in most containers" },
	{ ENOENT, false, "; this host does not have it" },
	{ ENOSYS, false, "; a recorded tree needs openat2, Linux 5.6" },
	{ EXDEV, false, "; a link in the recorded tree leads out of it" },
};

static const char *advice_for(int code)
{
	bool is_root = geteuid() == 0;

	for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++)
		if (advices[i].code == abs(code) && !(advices[i].unless_root && is_root))
			return advices[i].advice;
	return "";
}

static int fail_read(struct sb_err *err, const char *path, int code)
{
	return err_set(err, code, "cannot read '/%s': %s%s", path, err_reason(code), advice_for(code));
}

static int fail_write(struct sb_err *err, const char *path, const char *text, int code)
{
	const char *advice = code == -EINVAL ? "; the kernel does not take this value" : advice_for(code);

	return err_set(err, code, "cannot write '%s' to '/%s': %s%s", text, path, err_reason(code), advice);
}

/* The real root needs no confinement, and plain openat works on kernels and under seccomp filters without
 * openat2. */
static int open_below(const struct path_root *root, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
	long fd;

	if (path[0] == '/')
		return -EINVAL;
	if (root->is_real)
		fd = openat(root->fd, path, flags | O_CLOEXEC);
	else
		fd = syscall(SYS_openat2, root->fd, path, &how, sizeof how);
	return fd < 0 ? -errno : (int)fd;
}

int path_root_init(struct path_root *root, const char *prefix, struct sb_err *err)
{
	int code;

	root->is_real = !strcmp(prefix, "/");
	root->fd = open(prefix, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root->fd >= 0)
		return 0;
	code = -errno;
	return err_set(err, code, "cannot open root prefix '%s': %s", prefix, err_reason(code));
}

void path_root_release(struct path_root *root)
{
	/* 0 is what a zeroed struct holds, and no root is ever opened as standard input */
	if (root->fd > 0)
		close(root->fd);
	root->fd = -1;
}

bool path_exists(const struct path_root *root, const char *path)
{
	int fd = open_below(root, path, O_PATH);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* The mode counts too: root passes every access(2), yet sysfs refuses to open for writing what has no write
 * bit. */
bool path_is_writable(const struct path_root *root, const char *path)
{
	int fd = open_below(root, path, O_PATH);
	struct stat status;
	bool is_writable;

	if (fd < 0)
		return false;
	is_writable = !fstat(fd, &status) && (status.st_mode & 0222) &&
		      !faccessat(fd, "", W_OK, AT_EMPTY_PATH | AT_EACCESS);
	close(fd);
	return is_writable;
}

static ssize_t read_all(int fd, char *text, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t got = read(fd, text + used, size - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return (ssize_t)used;
		used += (size_t)got;
	}
	return -EFBIG;
}

int path_read(const struct path_root *root, const char *path, char *text, size_t size, struct sb_err *err)
{
	int fd = open_below(root, path, O_RDONLY | O_NOCTTY);
	ssize_t got;

	if (fd < 0)
		return fail_read(err, path, fd);
	got = read_all(fd, text, size);
	close(fd);
	if (got < 0)
		return fail_read(err, path, (int)got);
	while (got > 0 && text[got - 1] == '\n')
		got--;
	text[got] = '\0';
	return (int)got;
}

int path_read_long(const struct path_root *root, const char *path, long long *value, struct sb_err *err)
{
	char text[64], *end;
	int code = path_read(root, path, text, sizeof text, err);

	if (code < 0)
		return code;
	errno = 0;
	*value = strtoll(text, &end, 10);
	if (end == text || *end)
		return err_set(err, -EINVAL, "cannot read a number from '/%s': it holds '%s'", path, text);
	if (errno)
		return err_set(err, -ERANGE, "cannot read a number from '/%s': '%s' is too large", path,
			       text);
	return 0;
}

int path_read_link(const struct path_root *root, const char *path, char *text, size_t size)
{
	int fd = open_below(root, path, O_PATH | O_NOFOLLOW);
	ssize_t length;

	if (fd < 0)
		return fd;
	length = readlinkat(fd, "", text, size - 1);
	if (length < 0)
		length = -errno;
	else
		text[length] = '\0';
	close(fd);
	return (int)length;
}

/* O_TRUNC means nothing to sysfs, and keeps a recorded tree from holding the tail of a longer old value. */
int path_write(const struct path_root *root, const char *path, const char *text, struct sb_err *err)
{
	int fd = open_below(root, path, O_WRONLY | O_NOCTTY | O_TRUNC);
	size_t length = strlen(text);
	int code = 0;
	ssize_t put;

	if (fd < 0)
		return fail_write(err, path, text, fd);
	put = write(fd, text, length);
	if (put < 0)
		code = -errno;
	else if ((size_t)put != length)
		code = -EIO;
	if (close(fd) && !code)
		code = -errno;
	return code ? fail_write(err, path, text, code) : 0;
}

int path_open(const struct path_root *root, const char *path, int flags, struct sb_err *err)
{
	int fd = open_below(root, path, flags);

	if (fd >= 0)
		return fd;
	return err_set(err, fd, "cannot open '/%s': %s%s", path, err_reason(fd), advice_for(fd));
}

/* The folder that holds the last name of a path, resolved as every other path is. */
static int open_parent(const struct path_root *root, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX];

	*name = slash ? slash + 1 : path;
	if (!slash || !strcmp(*name, "..") || (size_t)(slash - path) >= sizeof parent)
		return -EINVAL;
	memcpy(parent, path, (size_t)(slash - path));
	parent[slash - path] = '\0';
	return open_below(root, parent, O_PATH | O_DIRECTORY);
}

static int change_folder(const struct path_root *root, const char *path, bool make, struct sb_err *err)
{
	const char *name;
	int parent = open_parent(root, path, &name), code = parent < 0 ? parent : 0;

	if (!code && (make ? mkdirat(parent, name, 0755) : unlinkat(parent, name, AT_REMOVEDIR)))
		code = -errno;
	if (parent >= 0)
		close(parent);
	if (!code)
		return 0;
	return err_set(err, code, "cannot %s folder '/%s': %s%s", make ? "make" : "remove", path,
		       err_reason(code), advice_for(code));
}

int path_make_folder(const struct path_root *root, const char *path, struct sb_err *err)
{
	return change_folder(root, path, true, err);
}

int path_remove_folder(const struct path_root *root, const char *path, struct sb_err *err)
{
	return change_folder(root, path, false, err);
}

static int walk(DIR *folder, int (*each)(const char *name, void *context), void *context)
{
	struct dirent *entry;
	int answer;

	while ((entry = readdir(folder))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		answer = each(entry->d_name, context);
		if (answer)
			return answer;
	}
	return 0;
}

int path_each(const struct path_root *root, const char *path, int (*each)(const char *name, void *context),
	      void *context, struct sb_err *err)
{
	int fd = open_below(root, path, O_RDONLY | O_DIRECTORY);
	DIR *folder;
	int answer;

	if (fd < 0)
		return fail_read(err, path, fd);
	folder = fdopendir(fd);
	if (!folder) {
		answer = -errno;
		close(fd);
		return fail_read(err, path, answer);
	}
	answer = walk(folder, each, context);
	closedir(folder);
	return answer;
}
