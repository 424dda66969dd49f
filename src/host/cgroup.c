/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup.c - see cgroup.h. */
#include "host/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>
#include "host/field.h"
#include "host/value.h"

#define PREFIX	      "stablebench."
#define SUBTREE	      CGROUP_V2 "/cgroup.subtree_control"
#define FOR_OTHERS    "on for others"
#define CGROUP2_MAGIC 0x63677270 /* linux/magic.h of newer headers */
#define EMPTY_MS      5000
#define FILE_PATH     (KNOB_PATH + 64)

/* What a fresh group holds, and by which a group of others shows that it needs a controller. */
static const struct fresh {
	const char *controller, *file, *value;
} fresh[] = {
	{ "cpuset", "cpuset.cpus", "" },	   { "cpuset", "cpuset.mems", "" },
	{ "cpuset", "cpuset.cpus.exclusive", "" }, { "cpuset", "cpuset.cpus.partition", "member" },
	{ "cpuset", "cpuset.cpu_exclusive", "0" }, { "memory", "memory.min", "0" },
	{ "memory", "memory.low", "0" },	   { "memory", "memory.high", "max" },
	{ "memory", "memory.max", "max" },	   { "memory", "memory.swap.high", "max" },
	{ "memory", "memory.swap.max", "max" },	   { "memory", "memory.oom.group", "0" },
};

#define FRESH (sizeof fresh / sizeof fresh[0])

/* --- names ---------------------------------------------------------------------------------------------- */

const char *cgroup_path(const struct knob_context *context, const char *top, const char *file, char *text,
			size_t size)
{
	snprintf(text, size, "%s/" PREFIX "%s%s%s", top, context->run_id[0] ? context->run_id : "0-0",
		 file ? "/" : "", file ? file : "");
	return text;
}

const char *cgroup_controller(const char *name, char *text, size_t size)
{
	snprintf(text, size, SUBTREE "@%s", name);
	return text;
}

bool cgroup_is_ours(const char *name, int *pid, unsigned long long *start)
{
	int length = 0;

	return sscanf(name, PREFIX "%9d-%19llu%n", pid, start, &length) == 2 && *pid >= 0 && !name[length] &&
	       strspn(name + sizeof PREFIX - 1, "0123456789-") == strlen(name) - (sizeof PREFIX - 1);
}

const char *cgroup_leaf(const char *path, const char *top)
{
	const size_t length = strlen(top);
	unsigned long long start;
	char name[64];
	const char *end;
	int pid;

	if (strncmp(path, top, length) != 0 || path[length] != '/')
		return NULL;
	path += length + 1;
	end = strchrnul(path, '/');
	if ((size_t)(end - path) >= sizeof name)
		return NULL;
	snprintf(name, sizeof name, "%.*s", (int)(end - path), path);
	if (!cgroup_is_ours(name, &pid, &start) || (*end && strchr(end + 1, '/')))
		return NULL;
	return *end ? end + 1 : "";
}

/* --- whether it is possible -------------------------------------------------------------------------------
 */

/* A recorded machine is known by its files alone. */
static bool is_v2(const struct path_root *root)
{
	struct statfs status;
	int fd;
	bool answer = path_exists(root, CGROUP_V2 "/cgroup.controllers");

	if (!answer || !root->is_real)
		return answer;
	fd = path_open(root, CGROUP_V2, O_RDONLY | O_DIRECTORY, NULL);
	answer = fd >= 0 && !fstatfs(fd, &status) && status.f_type == CGROUP2_MAGIC;
	if (fd >= 0)
		close(fd);
	return answer;
}

/* The root of the host's tree has no type; what a container is shown as one has. */
static bool is_inside_container(const struct path_root *root)
{
	char text[4096];

	if (path_exists(root, CGROUP_V2 "/cgroup.type"))
		return true;
	return path_read(root, "proc/self/cgroup", text, sizeof text, NULL) >= 0 && strstr(text, "0::/..");
}

int cgroup_is_possible(const struct knob *knob, const struct knob_context *context, const char *controller,
		       struct condition *condition)
{
	const struct path_root *root = context->root;
	char text[256] = "";

	if (!is_v2(root)) {
		snprintf(condition->mend, sizeof condition->mend,
			 "boot with systemd.unified_cgroup_hierarchy=1");
		return knob_conclude(knob, CONDITION_UNSUPPORTED, condition,
				     "control groups of version 2 are not mounted at '/" CGROUP_V2 "'");
	}
	if (is_inside_container(root))
		return knob_conclude(knob, CONDITION_UNSUPPORTED, condition,
				     "'/" CGROUP_V2 "' is a container's part of the host's control groups: "
				     "run it on the host itself");
	path_read(root, CGROUP_V2 "/cgroup.controllers", text, sizeof text, NULL);
	if (controller && !field_has_word(text, controller)) {
		snprintf(condition->mend, sizeof condition->mend, "boot with cgroup_no_v1=%s", controller);
		return knob_conclude(
			knob, CONDITION_UNSUPPORTED, condition,
			"the control groups of version 2 have no controller '%s' here: version 1 "
			"holds it, or the kernel was built without",
			controller);
	}
	if (!path_is_writable(root, SUBTREE))
		return knob_deny(knob, SUBTREE, condition);
	return 1;
}

/* --- a controller for the groups below the root ------------------------------------------------------------
 */

struct search {
	const struct path_root *root;
	const char *controller;
};

static bool needs_controller(const struct search *search, const char *folder)
{
	char path[FILE_PATH], text[512];

	for (size_t i = 0; i < FRESH; i++) {
		if (strcmp(fresh[i].controller, search->controller))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, fresh[i].file);
		if (path_read(search->root, path, text, sizeof text, NULL) >= 0 &&
		    strcmp(text, fresh[i].value) != 0)
			return true;
	}
	snprintf(path, sizeof path, "%s/cgroup.subtree_control", folder);
	return path_read(search->root, path, text, sizeof text, NULL) >= 0 &&
	       field_has_word(text, search->controller);
}

static int ask_folder(const char *name, void *context)
{
	const struct search *search = context;
	unsigned long long start;
	char folder[KNOB_PATH];
	int pid;

	if (cgroup_is_ours(name, &pid, &start) ||
	    (size_t)snprintf(folder, sizeof folder, CGROUP_V2 "/%s", name) >= sizeof folder)
		return 0;
	return needs_controller(search, folder);
}

static int read_controller(const struct path_root *root, const char *name, char *text, size_t size,
			   struct sb_err *err)
{
	struct search search = { root, name };
	char found[256];
	int code = path_read(root, SUBTREE, found, sizeof found, err);

	if (code < 0)
		return code;
	if (!field_has_word(found, name))
		return snprintf(text, size, "off");
	if (path_each(root, CGROUP_V2, ask_folder, &search, NULL) > 0)
		return snprintf(text, size, FOR_OTHERS);
	return snprintf(text, size, CGROUP_ON);
}

/* The kernel is told what to add and what to take away; a file has to be told what is there then. */
static int write_recorded(const struct path_root *root, const char *name, bool is_on, struct sb_err *err)
{
	char before[256], after[320] = "", *rest;
	int code = path_read(root, SUBTREE, before, sizeof before, err);

	if (code < 0)
		return code;
	for (char *word = strtok_r(before, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		if (strcmp(word, name) != 0)
			snprintf(after + strlen(after), sizeof after - strlen(after), "%s%s",
				 after[0] ? " " : "", word);
	if (is_on)
		snprintf(after + strlen(after), sizeof after - strlen(after), "%s%s", after[0] ? " " : "",
			 name);
	return path_write(root, SUBTREE, after, err);
}

static int write_controller(const struct path_root *root, const char *name, const char *value,
			    struct sb_err *err)
{
	char text[40];

	if (!root->is_real)
		return write_recorded(root, name, !strcmp(value, CGROUP_ON), err);
	snprintf(text, sizeof text, "%c%s", strcmp(value, CGROUP_ON) ? '-' : '+', name);
	return path_write(root, SUBTREE, text, err);
}

/* --- the group itself ------------------------------------------------------------------------------------
 */

/* Kernels before 5.14 and version 1 have no cgroup.kill. The processes of a recorded machine are not these.
 */
static void kill_each(const struct path_root *root, const char *folder)
{
	char path[FILE_PATH], text[8192], *at = text, *end;

	snprintf(path, sizeof path, "%s/cgroup.procs", folder);
	if (!root->is_real || path_read(root, path, text, sizeof text, NULL) < 0)
		return;
	for (long pid = strtol(at, &end, 10); end != at; pid = strtol(at, &end, 10)) {
		if (pid > 1)
			kill((pid_t)pid, SIGKILL);
		at = end;
	}
}

static void end_all(const struct path_root *root, const char *folder)
{
	char path[FILE_PATH];

	snprintf(path, sizeof path, "%s/cgroup.kill", folder);
	if (path_write(root, path, "1", NULL))
		kill_each(root, folder);
}

/* A killed process leaves its group a moment later. */
static int remove_group(const struct path_root *root, const char *folder, struct sb_err *err)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	int code = path_remove_folder(root, folder, err);

	for (int left = EMPTY_MS; code == -EBUSY && left > 0; left--) {
		end_all(root, folder);
		nanosleep(&pause, NULL);
		code = path_remove_folder(root, folder, err);
	}
	return code == -ENOENT ? 0 : code;
}

static int write_folder(const struct path_root *root, const char *folder, const char *value,
			struct sb_err *err)
{
	int code;

	if (strcmp(value, CGROUP_PRESENT) != 0)
		return remove_group(root, folder, err);
	code = path_make_folder(root, folder, err);
	return code == -EEXIST ? 0 : code;
}

/* --- keys ------------------------------------------------------------------------------------------------
 */

static const char *find_leaf(const char *path)
{
	static const char *const tops[] = { CGROUP_V2, CGROUP_V1, CGROUP_RESCTRL };
	const char *leaf = NULL;

	for (size_t i = 0; !leaf && i < sizeof tops / sizeof tops[0]; i++)
		leaf = cgroup_leaf(path, tops[i]);
	return leaf;
}

static const char *fresh_value(const char *file)
{
	for (size_t i = 0; i < FRESH; i++)
		if (!strcmp(fresh[i].file, file))
			return fresh[i].value;
	return "";
}

int cgroup_read(const struct path_root *root, const char *path, char *text, size_t size, struct sb_err *err)
{
	const char *controller = strchr(path, '@'), *leaf = find_leaf(path);
	int code;

	if (controller)
		return read_controller(root, controller + 1, text, size, err);
	if (leaf && !*leaf)
		return snprintf(text, size, "%s", path_exists(root, path) ? CGROUP_PRESENT : CGROUP_ABSENT);
	code = path_read(root, path, text, size, err);
	if (leaf && (code == -ENOENT || code == -ENODEV))
		return snprintf(text, size, "%s", fresh_value(leaf));
	return code;
}

int cgroup_write(const struct path_root *root, const char *path, const char *value, struct sb_err *err)
{
	const char *controller = strchr(path, '@'), *leaf = find_leaf(path);

	if (controller)
		return write_controller(root, controller + 1, value, err);
	if (leaf && !*leaf)
		return write_folder(root, path, value, err);
	return path_write(root, path, value[0] ? value : "\n", err);
}

bool cgroup_is_same(const char *one, const char *other)
{
	if (!strcmp(one, FOR_OTHERS) || !strcmp(other, FOR_OTHERS))
		return true;
	return value_is_same_cpulist(one, other);
}

/* --- what nobody's journal knows ---------------------------------------------------------------------------
 */

struct sweep {
	const struct path_root *root;
	bool (*is_alive)(int pid, unsigned long long start);
	unsigned count;
};

/* Only empty ones: what runs in it may be somebody's by now. A group that goes gives its partition back. */
static int sweep_one(const char *name, void *context)
{
	struct sweep *sweep = context;
	unsigned long long start;
	char folder[KNOB_PATH];
	int pid;

	if (!cgroup_is_ours(name, &pid, &start) || sweep->is_alive(pid, start))
		return 0;
	snprintf(folder, sizeof folder, CGROUP_V2 "/%s", name);
	sweep->count += !path_remove_folder(sweep->root, folder, NULL);
	return 0;
}

unsigned cgroup_sweep(const struct path_root *root, bool (*is_alive)(int pid, unsigned long long start))
{
	struct sweep sweep = { root, is_alive, 0 };

	if (is_v2(root))
		path_each(root, CGROUP_V2, sweep_one, &sweep, NULL);
	return sweep.count;
}
