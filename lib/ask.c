/* SPDX-License-Identifier: MIT */
/* ask.c - see ask.h. */
#include "ask.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FDS_MAX = SB_WIRE_COUNTERS_MAX + 1 };

union control {
	char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
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

/* The length of the control data, unlike its space, has room for no descriptor more. */
static int receive(struct sb_wire_grant *grant, int *fds, size_t *count)
{
	union control control;
	struct iovec part = { grant, sizeof *grant };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = CMSG_LEN(FDS_MAX * sizeof *fds) };
	ssize_t got;

	do
		got = recvmsg(SB_WIRE_TEAM_FD, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got != sizeof *grant)
		return got < 0 ? errno : EPIPE;
	*count = take_fds(&message, fds);
	return 0;
}

/* Fewer descriptors than were sent: this process may have no more of them. */
static void share_out(const struct sb_wire_request *request, const struct sb_wire_grant *grant,
		      const int *fds, size_t count, struct sb_granted *granted)
{
	const bool counts = request->by_thread & SB_WIRE_BY_THREAD_COUNTERS;
	const bool witnesses = request->by_thread & SB_WIRE_BY_THREAD_WITNESSES;
	const size_t counters = counts && grant->code == 0 ? request->counters : 0;

	granted->code = counts ? (int)grant->code : 0;
	granted->witnesses_code = witnesses ? (int)grant->witnesses_code : 0;
	if (count < counters)
		granted->code = EMFILE;
	else
		memcpy(granted->counters, fds, counters * sizeof *fds);
	if (witnesses && grant->witnesses_code == 0 && count <= counters)
		granted->witnesses_code = EMFILE;
	else if (witnesses && grant->witnesses_code == 0)
		granted->witnesses = fds[counters];
	while (count < counters && count > 0)
		close(fds[--count]);
}

void sb_ask(const struct sb_wire_request *request, struct sb_granted *granted)
{
	const struct sb_wire_ask ask = { (int32_t)syscall(SYS_gettid) };
	struct sb_wire_grant grant;
	int fds[FDS_MAX], code = 0;
	size_t count = 0;

	*granted = (struct sb_granted){ .witnesses = -1 };
	if (send(SB_WIRE_TEAM_FD, &ask, sizeof ask, MSG_NOSIGNAL) != sizeof ask)
		code = errno;
	else
		code = receive(&grant, fds, &count);
	if (code != 0)
		grant.code = grant.witnesses_code = (uint32_t)code;
	share_out(request, &grant, fds, count, granted);
}
