/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracing.c - see tracing.h. Files: Documentation/trace/ftrace.rst. */
#include "host/tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static const char *const mounts[] = { "sys/kernel/tracing", "sys/kernel/debug/tracing" };

/* A descriptor or a negative errno. */
static int mount_unseen(void)
{
	int context = fsopen("tracefs", FSOPEN_CLOEXEC), fd, code;

	if (context < 0)
		return -errno;
	fd = fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0)
		     ? -1
		     : fsmount(context, FSMOUNT_CLOEXEC,
			       MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	code = -errno;
	close(context);
	return fd < 0 ? code : fd;
}

static int stop(const char *name, void *context)
{
	(void)name;
	(void)context;
	return 1;
}

/* As the folder is to which nothing is mounted. */
static bool is_empty(const struct path_root *folder)
{
	return path_each(folder, ".", stop, NULL, NULL) != 1;
}

int tracing_open(const struct path_root *root, struct path_root *tracing)
{
	int unseen;

	*tracing = (struct path_root){ .fd = -ENOENT };
	for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
		struct path_root here = { .fd = path_open(root, mounts[i], O_PATH | O_DIRECTORY, NULL) };

		if (here.fd >= 0 && !is_empty(&here)) {
			*tracing = here;
			return 0;
		}
		if (here.fd < 0 && here.fd != -ENOENT)
			tracing->fd = here.fd;
		path_root_release(&here);
	}
	if (root->is_real && (unseen = mount_unseen()) >= 0)
		tracing->fd = unseen;
	return tracing->fd < 0 ? tracing->fd : 0;
}

static bool read_leaf(const struct path_root *tracing, const char *leaf, char *text, size_t size)
{
	return path_read(tracing, leaf, text, size, NULL) > 0;
}

static bool read_active(const struct path_root *tracing, char *text, size_t size)
{
	char tracer[64], on[8], events[8];

	if (!read_leaf(tracing, "current_tracer", tracer, sizeof tracer))
		return false;
	if (read_leaf(tracing, "tracing_on", on, sizeof on) && !strcmp(on, "0"))
		snprintf(text, size, "none");
	else if (strcmp(tracer, "nop") != 0)
		snprintf(text, size, "%s", tracer);
	else if (read_leaf(tracing, "events/enable", events, sizeof events) && strcmp(events, "0") != 0)
		snprintf(text, size, "events");
	else
		snprintf(text, size, "none");
	return true;
}

bool tracing_active(const struct path_root *root, char *text, size_t size)
{
	struct path_root tracing;
	bool is_known = !tracing_open(root, &tracing) && read_active(&tracing, text, size);

	path_root_release(&tracing);
	return is_known;
}
