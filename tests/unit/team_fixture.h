/* SPDX-License-Identifier: GPL-2.0-or-later */
/* team_fixture.h - benches that ask for counters of threads, as they should and as they should not. */
#ifndef TEAM_FIXTURE_H
#define TEAM_FIXTURE_H

#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include "counted_fixture.h"

/* The code of the answer, -1 for none, -3 where that of the witnesses is another; descriptors into `fds`: of
 * two counters, unless they are summed, and of the witnesses. */
static int ask(int32_t thread, int fds[3])
{
	const struct sb_wire_ask question = { thread };
	struct sb_wire_grant grant;
	union {
		char bytes[CMSG_SPACE(3 * sizeof(int))];
		struct cmsghdr header;
	} control = { 0 };
	struct iovec part = { &grant, sizeof grant };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};

	if (send(SB_WIRE_TEAM_FD, &question, sizeof question, MSG_NOSIGNAL) != sizeof question ||
	    recvmsg(SB_WIRE_TEAM_FD, &message, 0) != sizeof grant || grant.thread != thread)
		return -1;
	if (grant.code != grant.witnesses_code)
		return -3;
	if (grant.code == 0)
		memcpy(fds, CMSG_DATA(&control.header), control.header.cmsg_len - CMSG_LEN(0));
	else if (message.msg_controllen)
		return -2;
	return (int)grant.code;
}

/* The keeper holds the members, of which the page faults are one; they were before the leader was asked. */
static bool has_witnessed(int leader)
{
	uint64_t words[3 + SB_WIRE_WITNESSES_MAX] = { 0 };
	bool has_faults = false;

	if (read(leader, words, sizeof words) <= 0)
		return false;
	for (uint64_t i = 1; i < words[0]; i++)
		has_faults |= words[3 + i] >= 60;
	return has_faults && words[1] > 0 && words[1] == words[2];
}

static void *ask_for_own(void *group)
{
	int fds[3];
	uint64_t *words = group;

	words[7] = (uint64_t)ask((int32_t)syscall(SYS_gettid), fds);
	touch_pages();
	if (words[7] == 0)
		words[6] = has_witnessed(fds[2]);
	return words[7] == 0 && read(fds[0], words, 5 * sizeof *words) > 0 ? words : NULL;
}

/* What others ask for; then a thread of this process, whose page faults and time it is; then one too many. */
static int bench_team(struct sb_wire_request *request)
{
	uint64_t words[8] = { 0 };
	int fds[3];
	pthread_t thread;
	void *answer;

	printf("%u %d %d %d ", request->by_thread, ask(getppid(), fds), ask(getpid(), fds), ask(-1, fds));
	pthread_create(&thread, NULL, ask_for_own, words);
	pthread_join(thread, &answer);
	printf("%d %d %d %d %d ", (int)words[7], words[0] == 2, words[1] > 0 && words[1] == words[2],
	       words[3] >= 60, (int)words[6]);
	printf("%d", ask((int32_t)syscall(SYS_gettid), fds));
	return answer == NULL;
}

static void *ask_for_witnesses(void *code)
{
	int fds[3];

	*(int *)code = ask((int32_t)syscall(SYS_gettid), fds);
	touch_pages();
	return *(int *)code == 0 && has_witnessed(fds[0]) ? code : NULL;
}

/* Where the counters are sums there are witnesses all the same. */
static int bench_summed_team(struct sb_wire_request *request)
{
	pthread_t thread;
	void *answer;
	int code = -1;

	pthread_create(&thread, NULL, ask_for_witnesses, &code);
	pthread_join(thread, &answer);
	printf("%u %d %d", request->by_thread, code, answer != NULL);
	return 0;
}

/* A question of another size ends it. */
static int bench_short(struct sb_wire_request *request)
{
	char byte = 0;

	(void)request;
	printf("%zd ", send(SB_WIRE_TEAM_FD, &byte, 1, MSG_NOSIGNAL));
	printf("%zd", recv(SB_WIRE_TEAM_FD, &byte, 1, 0));
	return 0;
}

/* Nobody waits for one who does not read. */
static int bench_silent(struct sb_wire_request *request)
{
	const struct sb_wire_ask question = { (int32_t)getpid() };

	for (uint32_t i = 1; i < request->threads; i++)
		if (send(SB_WIRE_TEAM_FD, &question, sizeof question, MSG_NOSIGNAL) != sizeof question)
			return 1;
	printf("asked");
	return 0;
}

#endif
