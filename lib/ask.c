/* SPDX-License-Identifier: MIT */
/* ask.c - how a thread of a team gets counters of its own: only who may open events can open them on another
 * thread, and which threads there are is known once they run. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "counter.h"

union control {
	char bytes[CMSG_SPACE(SB_WIRE_COUNTERS_MAX * sizeof(int))];
	struct cmsghdr header; /* for its alignment */
};

/* Descriptors of a message; how many. */
static size_t take_fds(struct msghdr *message, int *fds)
{
	const struct cmsghdr *header = CMSG_FIRSTHDR(message);
	size_t count;

	if (header == NULL || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
		return 0;
	count = (header->cmsg_len - CMSG_LEN(0)) / sizeof *fds;
	memcpy(fds, CMSG_DATA(header), count * sizeof *fds);
	return count;
}

static void close_all(const int *fds, size_t count)
{
	while (count-- > 0)
		close(fds[count]);
}

/* Fewer descriptors than were sent: this process may have no more of them. */
static int receive(struct sb_wire_grant *grant, int *fds, size_t wanted)
{
	union control control;
	struct iovec part = { grant, sizeof *grant };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};
	ssize_t got;
	size_t count;

	do
		got = recvmsg(SB_WIRE_TEAM_FD, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got != sizeof *grant)
		return got < 0 ? errno : EPIPE;
	count = take_fds(&message, fds);
	if (grant->code == 0 && count == wanted)
		return 0;
	close_all(fds, count);
	return grant->code != 0 ? (int)grant->code : EMFILE;
}

int sb_counters_ask(struct sb_counters *counters, const struct sb_wire_request *request)
{
	const struct sb_wire_ask ask = { (int32_t)syscall(SYS_gettid) };
	struct sb_wire_grant grant;
	int fds[SB_WIRE_COUNTERS_MAX], code;

	if (send(SB_WIRE_TEAM_FD, &ask, sizeof ask, MSG_NOSIGNAL) != sizeof ask)
		return errno;
	code = receive(&grant, fds, request->counters);
	if (code != 0)
		return code;
	sb_counters_use(counters, request, fds);
	if (counters->by != SB_WIRE_READ_NONE)
		return 0;
	close_all(fds, request->counters);
	return ENODATA;
}
