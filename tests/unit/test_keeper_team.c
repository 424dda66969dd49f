/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about what the keeper opens for threads, and for how long it holds it. */
#include "keeper/team.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "unit.h"

enum { WITNESSES = 3, THREADS = 9, LIMIT = 256, LIMIT_OF_TEAM = LIMIT / 4 * 3 };

/* Page faults as the one counter, and context switches, migrations and faults as witnesses. */
static struct counting software(void)
{
	const struct perf_event_attr attr = { .size = sizeof attr,
					      .type = PERF_TYPE_SOFTWARE,
					      .config = PERF_COUNT_SW_PAGE_FAULTS_MIN,
					      .exclude_kernel = 1,
					      .exclude_hv = 1 };
	struct counting counting = {
		.count = 1, .passes = 1, .pass = { 1 }, .witnesses = (1u << WITNESSES) - 1
	};

	counting.events[0].attr = attr;
	for (int i = 0; i < WITNESSES; i++)
		counting.witness[i].attr = attr;
	return counting;
}

/* A thread that is there for as long as its pipe is open. */
struct idle {
	pthread_t thread;
	int pipe[2];
	pid_t number;
};

static void *idle(void *context)
{
	struct idle *self = context;
	char byte;

	__atomic_store_n(&self->number, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	return read(self->pipe[0], &byte, 1) == 0 ? NULL : self;
}

static void idle_begin(struct idle *self)
{
	self->number = 0;
	ck_assert_int_eq(pipe(self->pipe), 0);
	pthread_create(&self->thread, NULL, idle, self);
	while (!__atomic_load_n(&self->number, __ATOMIC_ACQUIRE))
		sched_yield();
}

static void idle_end(struct idle *self)
{
	close(self->pipe[1]);
	pthread_join(self->thread, NULL);
	close(self->pipe[0]);
}

static unsigned count_open(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 4096; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* Asks for a thread of this process, and closes what came with the answer. */
static struct sb_wire_grant ask(struct team *team, int end, pid_t thread, unsigned *fds)
{
	const struct sb_wire_ask question = { thread };
	struct sb_wire_grant grant = { 0 };
	union {
		char bytes[CMSG_SPACE((SB_WIRE_COUNTERS_MAX + 1) * sizeof(int))];
		struct cmsghdr header;
	} control = { .header = { CMSG_LEN(0), 0, 0 } };
	struct iovec part = { &grant, sizeof grant };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};

	ck_assert_int_eq((int)send(end, &question, sizeof question, MSG_NOSIGNAL), (int)sizeof question);
	team_answer(team, getpid());
	ck_assert_int_eq((int)recvmsg(end, &message, 0), (int)sizeof grant);
	*fds = (unsigned)((control.header.cmsg_len - CMSG_LEN(0)) / sizeof(int));
	for (unsigned i = 0; i < *fds; i++) {
		int fd;

		memcpy(&fd, CMSG_DATA(&control.header) + i * sizeof fd, sizeof fd);
		close(fd);
	}
	return grant;
}

static bool begin(struct team *team, const struct counting *counting, int *end)
{
	const struct sb_wire_request request = { .threads = THREADS, .by_thread = SB_WIRE_BY_THREAD };
	int fds[WITNESS_COUNT], count;
	struct idle other;

	idle_begin(&other);
	count = counting_open_thread_witnesses(counting, other.number, fds);
	idle_end(&other);
	if (count < 0) {
		printf("skipped: no event can be opened here: %s\n", err_reason(count));
		return false;
	}
	counting_close_group(fds, (unsigned)count);
	team_init(team);
	*end = team_open(team, counting, 1, &request);
	ck_assert_int_ge(*end, 0);
	return true;
}

START_TEST(what_is_held_for_threads_ends_with_the_launch)
{
	const struct counting counting = software();
	struct sb_wire_grant grant;
	unsigned before, fds;
	struct idle other;
	struct team team;
	int end;

	if (!begin(&team, &counting, &end))
		return;
	idle_begin(&other);
	before = count_open();
	for (unsigned i = 1; i < THREADS; i++) {
		grant = ask(&team, end, other.number, &fds);
		ck_assert_uint_eq(grant.code, 0);
		ck_assert_uint_eq(grant.witnesses_code, 0);
		ck_assert_uint_eq(fds, 2);
		ck_assert_uint_eq(count_open() + (i == THREADS - 1), before + i * (WITNESSES - 1));
	}
	ck_assert_int_eq(team.socket, -1); /* there is nobody else to ask */
	team_close(&team);
	ck_assert_uint_eq(count_open() + 1, before);
	idle_end(&other);
	close(end);
}
END_TEST

/* A thread that there is not, the first one, and one that is none. */
START_TEST(for_whom_nothing_may_be_opened_nothing_is_held)
{
	const struct counting counting = software();
	unsigned before, fds;
	struct team team;
	int end;

	if (!begin(&team, &counting, &end))
		return;
	before = count_open();
	ck_assert_uint_eq(ask(&team, end, getpid(), &fds).witnesses_code, EINVAL);
	ck_assert_uint_eq(ask(&team, end, 0, &fds).code, EINVAL);
	ck_assert_uint_eq(ask(&team, end, getppid(), &fds).witnesses_code, ENOENT);
	ck_assert_uint_eq(fds, 0);
	ck_assert_uint_eq(count_open(), before);
	ck_assert_uint_eq(team.members, 0);
	team_close(&team);
	close(end);
}
END_TEST

START_TEST(a_quarter_of_its_descriptors_the_keeper_keeps_for_other_work)
{
	const struct counting counting = software();
	struct sb_wire_grant grant = { 0 };
	unsigned fds, i;
	struct idle other;
	struct team team;
	int end;

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ LIMIT, LIMIT }), 0);
	if (!begin(&team, &counting, &end))
		return;
	idle_begin(&other);
	while (dup(0) < LIMIT_OF_TEAM - 1 - 1 - 2 * WITNESSES) /* a counter, and two threads' witnesses */
		;
	for (i = 1; i < THREADS && grant.witnesses_code == 0; i++)
		grant = ask(&team, end, other.number, &fds);
	ck_assert_uint_eq(grant.witnesses_code, EMFILE);
	ck_assert_uint_eq(grant.code, 0); /* which is not held */
	ck_assert_uint_eq(fds, 1);
	ck_assert_uint_gt(i, 2);
	for (unsigned k = 0; k < team.members; k++)
		ck_assert_int_lt(team.member[k], LIMIT_OF_TEAM);
	team_close(&team);
	idle_end(&other);
	close(end);
}
END_TEST

UNIT_MAIN("keeper/team", what_is_held_for_threads_ends_with_the_launch,
	  for_whom_nothing_may_be_opened_nothing_is_held,
	  a_quarter_of_its_descriptors_the_keeper_keeps_for_other_work)
