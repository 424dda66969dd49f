/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irqbalance.c - see irqbalance.h. */
#include "host/irqbalance.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/cpulist.h"
#include "base/cpumask.h"

#define SOCKET	 "irqbalance%d.sock"
#define FOLDER	 "/run/irqbalance/"
#define PATIENCE 2 /* seconds; it answers between two looks at the interrupts */
#define ANSWER	 8192
#define LONGEST	 3600 /* seconds between two looks */

/* --- which process ----------------------------------------------------------------------------------------
 */

struct search {
	const struct path_root *root;
	pid_t pid;
};

static int look(const char *name, void *context)
{
	struct search *search = context;
	char path[64], comm[64];

	if (name[strspn(name, "0123456789")])
		return 0;
	snprintf(path, sizeof path, "proc/%.20s/comm", name);
	if (path_read(search->root, path, comm, sizeof comm, NULL) < 0 || strcmp(comm, "irqbalance") != 0)
		return 0;
	search->pid = (pid_t)strtol(name, NULL, 10);
	return 1;
}

int irqbalance_find(const struct path_root *root, pid_t *pid)
{
	struct search search = { .root = root };

	if (!root->is_real || path_each(root, "proc", look, &search, NULL) <= 0)
		return -ENOENT;
	*pid = search.pid;
	return 0;
}

/* --- the connection ---------------------------------------------------------------------------------------
 */

/* Anybody may make an abstract socket of any name: who listens is what counts. */
static bool is_of(int fd, pid_t pid)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) && peer.pid == pid &&
	       (peer.uid == 0 || peer.uid == geteuid());
}

static int try_address(const struct sockaddr_un *address, size_t size, pid_t pid)
{
	const struct timeval patience = { .tv_sec = PATIENCE };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), code;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) ||
	    connect(fd, (const struct sockaddr *)address, (socklen_t)size))
		code = -errno;
	else if (is_of(fd, pid))
		return fd;
	else
		code = -ECONNREFUSED;
	close(fd);
	return code;
}

/* The file; the name of older versions in the abstract; and what newer ones take for one in the abstract: a
 * name of zeros only (init_socket, also in irqbalance-ui). */
static int open_socket(pid_t pid)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const size_t family = offsetof(struct sockaddr_un, sun_path);
	int fd, length;

	snprintf(address.sun_path, sizeof address.sun_path, FOLDER SOCKET, (int)pid);
	fd = try_address(&address, sizeof address, pid);
	if (fd >= 0 || fd == -EACCES)
		return fd;
	memset(address.sun_path, 0, sizeof address.sun_path);
	length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, SOCKET, (int)pid);
	fd = try_address(&address, family + 1 + (size_t)length, pid);
	if (fd >= 0)
		return fd;
	memset(address.sun_path, 0, sizeof address.sun_path);
	return try_address(&address, sizeof address, pid);
}

static int send_request(int fd, const char *request)
{
	const struct ucred self = { .pid = getpid(), .uid = geteuid(), .gid = getegid() };
	union {
		char bytes[CMSG_SPACE(sizeof self)];
		struct cmsghdr aligned;
	} control = { 0 };
	struct iovec text = { .iov_base = (void *)(uintptr_t)request, .iov_len = strlen(request) };
	struct msghdr message = { .msg_iov = &text,
				  .msg_iovlen = 1,
				  .msg_control = control.bytes,
				  .msg_controllen = sizeof control.bytes };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_CREDENTIALS;
	header->cmsg_len = CMSG_LEN(sizeof self);
	memcpy(CMSG_DATA(header), &self, sizeof self);
	return sendmsg(fd, &message, MSG_NOSIGNAL) == (ssize_t)text.iov_len ? 0 : -errno;
}

/* Until the daemon hangs up, which is how it says that it is done. */
static int take_answer(int fd, char *answer, size_t size)
{
	size_t used = 0;
	ssize_t got;

	while (used + 1 < size) {
		got = recv(fd, answer + used, size - 1 - used, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (!got)
			break;
		used += (size_t)got;
	}
	answer[used] = '\0';
	return (int)used;
}

int irqbalance_ask(pid_t pid, const char *request, char *answer, size_t size, struct sb_err *err)
{
	int fd = open_socket(pid), code;

	if (fd < 0)
		return err_set(err, fd, "cannot reach irqbalance, process %d, on its socket: %s", (int)pid,
			       err_reason(fd));
	code = send_request(fd, request);
	if (!code)
		code = take_answer(fd, answer, size);
	close(fd);
	if (code < 0)
		err_set(err, code, "cannot ask irqbalance, process %d, '%s': %s", (int)pid, request,
			err_reason(code));
	return code;
}

/* --- banned CPUs ------------------------------------------------------------------------------------------
 */

int irqbalance_get_interval(pid_t pid, unsigned *interval_s, struct sb_err *err)
{
	char answer[ANSWER];
	int code = irqbalance_ask(pid, "setup", answer, sizeof answer, err);

	if (code < 0)
		return code;
	if (sscanf(answer, "SLEEP %u", interval_s) != 1 || *interval_s > LONGEST)
		return err_set(err, -EBADMSG, "irqbalance, process %d, does not tell its interval: '%.100s'",
			       (int)pid, answer);
	return 0;
}

/* "SLEEP 10 IRQ 9 LOAD 0 DIFF 0 CLASS 0 BANNED 00000000,0000000c" */
int irqbalance_get_banned(pid_t pid, cpu_set_t *banned, struct sb_err *err)
{
	char answer[ANSWER], mask[ANSWER] = "";
	const char *word;
	int code = irqbalance_ask(pid, "setup", answer, sizeof answer, err);

	if (code < 0)
		return code;
	word = strstr(answer, "BANNED ");
	if (word)
		sscanf(word, "BANNED %8191s", mask);
	if (cpumask_parse(mask, banned))
		return err_set(err, -EBADMSG,
			       "irqbalance, process %d, does not tell its banned CPUs: '%.100s'", (int)pid,
			       answer);
	return 0;
}

int irqbalance_ban(pid_t pid, const cpu_set_t *cpus, struct sb_err *err)
{
	char request[ANSWER] = "settings cpus NULL", answer[ANSWER];
	const size_t word = strlen("settings cpus ");
	int code;

	if (CPU_COUNT(cpus))
		cpulist_format(cpus, request + word, sizeof request - word);
	code = irqbalance_ask(pid, request, answer, sizeof answer, err);
	return code < 0 ? code : 0;
}
