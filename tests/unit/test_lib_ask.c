/* SPDX-License-Identifier: MIT */
/* Claims about ask: a thread gets what was sent, and is told what it did not get. */
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "unit.h"

enum { COUNTERS = 2, SENT = COUNTERS + 1 };

static const struct sb_wire_request both = {
	.threads = 2, .counters = COUNTERS, .witnesses = 3, .by_thread = SB_WIRE_BY_THREAD
};

/* The keeper's end of a socket whose other stands where a thread asks. */
static int open_team(void)
{
	int ends[2], keeper;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	keeper = fcntl(ends[0], F_DUPFD, SB_WIRE_TEAM_FD + 1);
	close(ends[0]);
	if (ends[1] != SB_WIRE_TEAM_FD) {
		ck_assert_int_eq(dup2(ends[1], SB_WIRE_TEAM_FD), SB_WIRE_TEAM_FD);
		close(ends[1]);
	}
	return keeper;
}

/* The answer lies there before anybody asks. */
static void answer(int end, uint32_t code, uint32_t witnesses_code, size_t fds)
{
	struct sb_wire_grant grant = { 1, code, witnesses_code };
	union {
		char bytes[CMSG_SPACE(SENT * sizeof(int))];
		struct cmsghdr header;
	} control = { .header = { CMSG_LEN(fds * sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	struct iovec part = { &grant, sizeof grant };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	const int sent[SENT] = { end, end, end };

	memcpy(CMSG_DATA(&control.header), sent, fds * sizeof *sent);
	if (fds > 0) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(fds * sizeof(int));
	}
	ck_assert_int_eq((int)sendmsg(end, &message, 0), (int)sizeof grant);
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static unsigned count_open(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += is_open(fd);
	return count;
}

START_TEST(counters_come_first_and_the_witnesses_leader_behind_them)
{
	struct sb_granted granted;
	struct sb_wire_ask ask;
	const int end = open_team();

	answer(end, 0, 0, SENT);
	sb_ask(&both, &granted);
	ck_assert_int_eq((int)recv(end, &ask, sizeof ask, 0), (int)sizeof ask);
	ck_assert_int_eq(ask.thread, (int)syscall(SYS_gettid));
	ck_assert_int_eq(granted.code, 0);
	ck_assert_int_eq(granted.witnesses_code, 0);
	ck_assert_int_eq(fcntl(granted.counters[0], F_GETFD), FD_CLOEXEC);
	ck_assert(is_open(granted.counters[1]) && is_open(granted.witnesses));
	ck_assert_int_gt(granted.witnesses, granted.counters[1]);
	close(end);
}
END_TEST

START_TEST(one_of_both_is_had_without_the_other)
{
	struct sb_granted granted;
	const int end = open_team();

	answer(end, EACCES, 0, 1);
	sb_ask(&both, &granted);
	ck_assert_int_eq(granted.code, EACCES);
	ck_assert_int_eq(granted.witnesses_code, 0);
	ck_assert(is_open(granted.witnesses));
	answer(end, 0, ESRCH, COUNTERS);
	sb_ask(&both, &granted);
	ck_assert_int_eq(granted.code, 0);
	ck_assert_int_eq(granted.witnesses_code, ESRCH);
	ck_assert_int_eq(granted.witnesses, -1);
	ck_assert(is_open(granted.counters[1]));
	close(end);
}
END_TEST

START_TEST(what_is_not_by_thread_is_not_missed)
{
	struct sb_wire_request only = both;
	struct sb_granted granted;
	const int end = open_team();

	only.by_thread = SB_WIRE_BY_THREAD_WITNESSES;
	answer(end, EINVAL, 0, 1);
	sb_ask(&only, &granted);
	ck_assert_int_eq(granted.code, 0);
	ck_assert(is_open(granted.witnesses));
	only.by_thread = SB_WIRE_BY_THREAD_COUNTERS;
	answer(end, 0, EINVAL, COUNTERS);
	sb_ask(&only, &granted);
	ck_assert_int_eq(granted.witnesses_code, 0);
	ck_assert_int_eq(granted.witnesses, -1);
	ck_assert(is_open(granted.counters[1]));
	close(end);
}
END_TEST

/* Room for so many descriptors more, where all up to the last are taken. */
static void leave_room(unsigned count, int end)
{
	struct rlimit limit;
	int last = dup(0);

	while (last < end)
		last = dup(0);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = (rlim_t)last + 1 + count;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

START_TEST(a_process_with_too_few_descriptors_has_whole_groups_or_none)
{
	static const struct {
		unsigned room;
		int code, witnesses_code;
	} rows[] = { { 0, EMFILE, EMFILE }, { 1, EMFILE, EMFILE }, { 2, 0, EMFILE }, { 3, 0, 0 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const int end = open_team();
		struct sb_granted granted;
		struct rlimit found;
		unsigned before;

		ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &found), 0);
		answer(end, 0, 0, SENT); /* while nothing limits what may be under way */
		leave_room(rows[i].room, end);
		before = count_open();
		sb_ask(&both, &granted);
		ck_assert_int_eq(granted.code, rows[i].code);
		ck_assert_int_eq(granted.witnesses_code, rows[i].witnesses_code);
		ck_assert_int_eq(granted.witnesses >= 0, rows[i].room == SENT);
		ck_assert_uint_eq(count_open() - before, rows[i].room < COUNTERS ? 0 : rows[i].room);
		ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &found), 0);
		close_range(SB_WIRE_TEAM_FD, ~0u, 0); /* `end` among them */
	}
}
END_TEST

START_TEST(who_is_not_answered_has_the_reason_twice)
{
	struct sb_granted granted;
	const int end = open_team();

	close(end);
	sb_ask(&both, &granted);
	ck_assert_int_eq(granted.code, EPIPE);
	ck_assert_int_eq(granted.witnesses_code, EPIPE);
	close(SB_WIRE_TEAM_FD);
	sb_ask(&both, &granted);
	ck_assert_int_eq(granted.code, EBADF);
	ck_assert_int_eq(granted.witnesses_code, EBADF);
}
END_TEST

UNIT_MAIN("lib/ask", counters_come_first_and_the_witnesses_leader_behind_them,
	  one_of_both_is_had_without_the_other, what_is_not_by_thread_is_not_missed,
	  a_process_with_too_few_descriptors_has_whole_groups_or_none,
	  who_is_not_answered_has_the_reason_twice)
