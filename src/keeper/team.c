/* SPDX-License-Identifier: GPL-2.0-or-later */
/* team.c - see team.h. */
#include "keeper/team.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "keeper/process.h"
#include "wire.h"

enum { FDS_MAX = SB_WIRE_COUNTERS_MAX + 1 };

union control {
	char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
	struct cmsghdr header; /* for its alignment */
};

/* What was opened for one thread: how many events, or a negative errno. */
struct own {
	int counters, witnesses;
	int counter[SB_WIRE_COUNTERS_MAX], witness[WITNESS_COUNT];
};

void team_init(struct team *team)
{
	*team = (struct team){ .socket = -1 };
}

/* The keeper looks after the host meanwhile, and has files to open for that. */
static int find_fd_end(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur > INT_MAX)
		return INT_MAX;
	return (int)(limit.rlim_cur / 4 * 3);
}

int team_open(struct team *team, const struct counting *counting, unsigned pass,
	      const struct sb_wire_request *request)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	*team = (struct team){ .socket = ends[0],
			       .left = request->threads - 1,
			       .counting = counting,
			       .pass = request->by_thread & SB_WIRE_BY_THREAD_COUNTERS ? pass : 0,
			       .has_witnesses = request->by_thread & SB_WIRE_BY_THREAD_WITNESSES,
			       .fd_end = find_fd_end() };
	return ends[1];
}

static void hang_up(struct team *team)
{
	if (team->socket >= 0)
		close(team->socket);
	team->socket = -1;
}

void team_close(struct team *team)
{
	hang_up(team);
	counting_close_group(team->member, team->members);
	team_init(team);
}

static void close_own(const struct own *own)
{
	if (own->counters > 0)
		counting_close_group(own->counter, (unsigned)own->counters);
	if (own->witnesses > 0)
		counting_close_group(own->witness, (unsigned)own->witnesses);
}

static void refuse(struct own *own, int code)
{
	close_own(own);
	own->counters = own->witnesses = code;
}

static void open_witnesses(const struct team *team, pid_t thread, struct own *own)
{
	bool has_room = true;

	own->witnesses = counting_open_thread_witnesses(team->counting, thread, own->witness);
	for (int i = 0; i < own->witnesses; i++)
		has_room &= own->witness[i] < team->fd_end;
	if (has_room)
		return;
	counting_close_group(own->witness, (unsigned)own->witnesses);
	own->witnesses = -EMFILE;
}

/* An event stays with the thread that it was opened on, and numbers of threads come back: only one that had
 * the number before and has it afterwards, and began when it did, is certain to be what was opened on. */
static void open_checked(const struct team *team, pid_t process, pid_t thread, struct own *own)
{
	uint64_t before, after;
	int code = thread <= 0 || thread == process ? -EINVAL
						    : process_thread_start_time(process, thread, &before);

	*own = (struct own){ 0 };
	if (!code) {
		if (team->pass)
			own->counters =
				counting_open_thread(team->counting, team->pass, thread, own->counter);
		if (team->has_witnesses)
			open_witnesses(team, thread, own);
		code = process_thread_start_time(process, thread, &after);
		if (!code && before != after)
			code = -ESRCH;
	}
	if (code)
		refuse(own, code);
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

/* The counters and the witnesses' leader. */
static size_t list_fds(const struct own *own, int fds[FDS_MAX])
{
	const size_t counters = own->counters > 0 ? (size_t)own->counters : 0;

	memcpy(fds, own->counter, counters * sizeof *fds);
	if (own->witnesses <= 0)
		return counters;
	fds[counters] = own->witness[0];
	return counters + 1;
}

static uint32_t to_errno(int count)
{
	return count < 0 ? (uint32_t)-count : 0;
}

static bool send_grant(int socket, pid_t thread, const struct own *own)
{
	struct sb_wire_grant grant = { thread, to_errno(own->counters), to_errno(own->witnesses) };
	struct iovec part = { &grant, sizeof grant };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	union control control;
	int fds[FDS_MAX];
	const size_t count = list_fds(own, fds);

	if (count > 0)
		put_fds(&message, &control, fds, count);
	return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof grant;
}

/* For the thread's witnesses to go on; there is room for all that may ask. */
static void keep_members(struct team *team, struct own *own)
{
	for (int i = 1; i < own->witnesses; i++)
		team->member[team->members++] = own->witness[i];
	if (own->witnesses > 1)
		own->witnesses = 1;
}

static bool answer(struct team *team, pid_t process, pid_t thread)
{
	struct own own;
	bool is_sent;

	open_checked(team, process, thread, &own);
	is_sent = send_grant(team->socket, thread, &own);
	/* more may be under way to this user than the kernel lets be */
	if (!is_sent && errno == ETOOMANYREFS) {
		refuse(&own, -ETOOMANYREFS);
		is_sent = send_grant(team->socket, thread, &own);
	}
	if (is_sent)
		keep_members(team, &own);
	close_own(&own);
	return is_sent;
}

void team_answer(struct team *team, pid_t process)
{
	struct sb_wire_ask ask;
	const ssize_t got = recv(team->socket, &ask, sizeof ask, MSG_DONTWAIT | MSG_TRUNC);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got != sizeof ask || !answer(team, process, ask.thread) || --team->left == 0)
		hang_up(team);
}
