/* SPDX-License-Identifier: GPL-2.0-or-later */
/* team.c - see team.h. */
#include "keeper/team.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "keeper/process.h"
#include "wire.h"

union control {
	char bytes[CMSG_SPACE(SB_WIRE_COUNTERS_MAX * sizeof(int))];
	struct cmsghdr header; /* for its alignment */
};

void team_init(struct team *team)
{
	*team = (struct team){ .socket = -1 };
}

int team_open(struct team *team, const struct counting *counting, unsigned pass, unsigned count)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	*team = (struct team){ .socket = ends[0], .left = count, .counting = counting, .pass = pass };
	return ends[1];
}

void team_close(struct team *team)
{
	if (team->socket >= 0)
		close(team->socket);
	team_init(team);
}

/* An event stays with the thread that it was opened on, and numbers of threads come back: only one that had
 * the number before and has it afterwards, and began when it did, is certain to be what was opened on. */
static int open_checked(const struct team *team, pid_t process, pid_t thread, int *fds)
{
	uint64_t before, after;
	int count, code;

	if (thread <= 0 || thread == process)
		return -EINVAL;
	code = process_thread_start_time(process, thread, &before);
	if (code)
		return code;
	count = counting_open_thread(team->counting, team->pass, thread, fds);
	if (count < 0)
		return count;
	code = process_thread_start_time(process, thread, &after);
	if (!code && before == after)
		return count;
	counting_close_group(fds, (unsigned)count);
	return code ? code : -ESRCH;
}

static void put_fds(struct msghdr *message, union control *control, const int *fds, size_t count)
{
	memset(control, 0, sizeof *control);
	message->msg_control = control;
	message->msg_controllen = CMSG_SPACE(count * sizeof *fds);
	control->header.cmsg_level = SOL_SOCKET;
	control->header.cmsg_type = SCM_RIGHTS;
	control->header.cmsg_len = CMSG_LEN(count * sizeof *fds);
	memcpy(CMSG_DATA(&control->header), fds, count * sizeof *fds);
}

static bool send_grant(int socket, const struct sb_wire_grant *grant, const int *fds, int count)
{
	struct iovec part = { (void *)(uintptr_t)grant, sizeof *grant };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	union control control;

	if (count > 0)
		put_fds(&message, &control, fds, (size_t)count);
	return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof *grant;
}

static bool answer(const struct team *team, pid_t process, pid_t thread)
{
	int fds[SB_WIRE_COUNTERS_MAX];
	const int count = open_checked(team, process, thread, fds);
	struct sb_wire_grant grant = { .thread = thread, .code = count < 0 ? (uint32_t)-count : 0 };
	bool is_sent = send_grant(team->socket, &grant, fds, count);

	/* more may be under way to this user than the kernel lets be */
	if (!is_sent && count > 0 && errno == ETOOMANYREFS) {
		grant.code = ETOOMANYREFS;
		is_sent = send_grant(team->socket, &grant, NULL, 0);
	}
	if (count > 0)
		counting_close_group(fds, (unsigned)count);
	return is_sent;
}

void team_answer(struct team *team, pid_t process)
{
	struct sb_wire_ask ask;
	const ssize_t got = recv(team->socket, &ask, sizeof ask, MSG_DONTWAIT | MSG_TRUNC);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got != sizeof ask || !answer(team, process, ask.thread) || --team->left == 0)
		team_close(team);
}
