/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.c - processes by /proc of the running kernel, whatever root prefix the knobs work under; see
 * process.h. */
#include "keeper/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/monotonic.h"
#include "base/path.h"

#define STAT_PARENT 4 /* fields of /proc/PID/stat, proc(5) */
#define STAT_START  22

/* Field 2, the name, may hold spaces and brackets; counting starts behind the last bracket. */
static int read_field_of(const struct path_root *machine, const char *path, int field, uint64_t *value)
{
	char text[1024], *at;
	int code = path_read(machine, path, text, sizeof text, NULL);

	if (code < 0)
		return code;
	at = strrchr(text, ')');
	if (at && (!strncmp(at, ") Z", 3) || !strncmp(at, ") X", 3)))
		return -ESRCH; /* dead, and not yet waited for */
	for (int i = 2; at && i < field; i++)
		at = strchr(at + 1, ' ');
	if (!at)
		return -EBADMSG;
	*value = strtoull(at + 1, NULL, 10);
	return 0;
}

static int read_field(const struct path_root *machine, pid_t pid, int field, uint64_t *value)
{
	char path[48];

	snprintf(path, sizeof path, "proc/%d/stat", (int)pid);
	return read_field_of(machine, path, field, value);
}

int process_start_time(pid_t pid, uint64_t *start)
{
	struct path_root machine;
	int code = path_root_init(&machine, "/", NULL);

	if (!code)
		code = read_field(&machine, pid, STAT_START, start);
	path_root_release(&machine);
	return code;
}

int process_thread_start_time(pid_t pid, pid_t thread, uint64_t *start)
{
	struct path_root machine;
	char path[64];
	int code = path_root_init(&machine, "/", NULL);

	snprintf(path, sizeof path, "proc/%d/task/%d/stat", (int)pid, (int)thread);
	if (!code)
		code = read_field_of(&machine, path, STAT_START, start);
	path_root_release(&machine);
	return code;
}

int process_check_child(pid_t pid, pid_t parent, uint64_t *start, struct sb_err *err)
{
	struct path_root machine;
	uint64_t found = 0;
	int code = path_root_init(&machine, "/", NULL);

	if (!code)
		code = read_field(&machine, pid, STAT_PARENT, &found);
	if (!code)
		code = read_field(&machine, pid, STAT_START, start);
	path_root_release(&machine);
	if (!code && found == (uint64_t)parent)
		return 0;
	if (!code || code == -ENOENT || code == -ESRCH)
		return err_set(err, -EPERM, "process %d is no child of this session", (int)pid);
	return err_set(err, code, "cannot tell whose child process %d is: %s", (int)pid, err_reason(code));
}

bool process_is_alive(pid_t pid, uint64_t start)
{
	uint64_t found;

	int code;

	if (pid <= 0 || (kill(pid, 0) && errno == ESRCH))
		return false;
	code = process_start_time(pid, &found);
	return code ? code != -ESRCH : found == start;
}

static bool is_kill_pending(pid_t pid)
{
	struct path_root machine;
	char path[40], text[4096];
	const char *line = NULL;

	snprintf(path, sizeof path, "proc/%d/status", (int)pid);
	if (path_root_init(&machine, "/", NULL))
		return false;
	if (path_read(&machine, path, text, sizeof text, NULL) > 0)
		line = strstr(text, "\nShdPnd:");
	path_root_release(&machine);
	return line && strtoull(line + strlen("\nShdPnd:"), NULL, 16) >> (SIGKILL - 1) & 1;
}

/* The program goes before the descriptors do (do_exit). */
bool process_is_ending(pid_t pid)
{
	char path[40], program[8];

	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
	return (readlink(path, program, sizeof program) < 0 && errno == ENOENT) || is_kill_pending(pid);
}

/* --- children that nobody wants ----------------------------------------------------------------------- */

static bool has_children(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

static unsigned reap(void)
{
	unsigned count = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		count++;
	return count;
}

void process_reap_orphans(pid_t kept)
{
	siginfo_t info = { 0 };

	/* one that is kept hides those behind it, but then the launch is over and all are reaped */
	while (!waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid && info.si_pid != kept) {
		waitpid(info.si_pid, NULL, WNOHANG);
		info.si_pid = 0;
	}
}

static int kill_if_ours(const char *name, void *machine)
{
	char *end;
	long pid = strtol(name, &end, 10);
	uint64_t parent;

	if (*end || pid <= 1)
		return 0;
	if (!read_field(machine, (pid_t)pid, STAT_PARENT, &parent) && parent == (uint64_t)getpid())
		kill((pid_t)pid, SIGKILL);
	return 0;
}

/* The kernel's own list, without which (CONFIG_PROC_CHILDREN) all of /proc is asked. A chain of processes
 * that each start the next and end is only caught by being quick. */
static void kill_children(const struct path_root *machine)
{
	char path[48], text[4096], *at = text, *end;

	snprintf(path, sizeof path, "proc/self/task/%d/children", (int)getpid());
	if (path_read(machine, path, text, sizeof text, NULL) < 0) {
		path_each(machine, "proc", kill_if_ours, (void *)(uintptr_t)machine, NULL);
		return;
	}
	for (long pid = strtol(at, &end, 10); end != at; pid = strtol(at, &end, 10)) {
		if (pid > 1)
			kill((pid_t)pid, SIGKILL);
		at = end;
	}
}

/* What it says does not matter: whoever is left is found as a child. */
void process_kill_group(int cgroup_kill_fd)
{
	if (cgroup_kill_fd >= 0 && pwrite(cgroup_kill_fd, "1", 1, 0) < 0)
		errno = 0;
}

unsigned process_kill_children(int cgroup_kill_fd, int timeout_ms)
{
	const uint64_t deadline = monotonic_now_ns() + (uint64_t)timeout_ms * 1000000u;
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct path_root machine;
	unsigned count = 0, ended;

	reap(); /* those that ended by themselves */
	if (!has_children() || path_root_init(&machine, "/", NULL))
		return 0;
	while (has_children() && monotonic_now_ns() < deadline) {
		process_kill_group(cgroup_kill_fd);
		kill_children(&machine);
		ended = reap();
		count += ended;
		if (!ended)
			nanosleep(&pause, NULL);
	}
	path_root_release(&machine);
	return count;
}
