/* SPDX-License-Identifier: GPL-2.0-or-later */
/* team_fixture.h - benches that ask for counters of threads, as they should and as they should not. */
#ifndef TEAM_FIXTURE_H
#define TEAM_FIXTURE_H

#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include "keeper_fixture.h"

static volatile char pages[64 * 4096];

static void touch_pages(void)
{
	for (size_t at = 0; at < sizeof pages; at += 4096)
		pages[at] = 1;
}

/* The code of the answer, -1 for none; descriptors into `fds`. */
static int ask(int32_t thread, int fds[2])
{
	const struct sb_wire_ask question = { thread };
	struct sb_wire_grant grant;
	union {
		char bytes[CMSG_SPACE(2 * sizeof(int))];
		struct cmsghdr header;
	} control = { 0 };
	struct iovec part = { &grant, sizeof grant };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};

	if (send(SB_WIRE_TEAM_FD, &question, sizeof question, MSG_NOSIGNAL) != sizeof question ||
	    recvmsg(SB_WIRE_TEAM_FD, &message, 0) != sizeof grant || grant.thread != thread)
		return -1;
	if (grant.code == 0)
		memcpy(fds, CMSG_DATA(&control.header), 2 * sizeof *fds);
	else if (message.msg_controllen)
		return -2;
	return (int)grant.code;
}

static void *ask_for_own(void *group)
{
	int fds[2];
	uint64_t *words = group;

	words[7] = (uint64_t)ask((int32_t)syscall(SYS_gettid), fds);
	touch_pages();
	return words[7] == 0 && read(fds[0], words, 5 * sizeof *words) > 0 ? words : NULL;
}

/* What others ask for; then a thread of this process, whose page faults and time it is; then one too many. */
static int bench_team(struct sb_wire_request *request)
{
	uint64_t words[8] = { 0 };
	int fds[2];
	pthread_t thread;
	void *answer;

	printf("%u %d %d %d ", request->by_thread, ask(getppid(), fds), ask(getpid(), fds), ask(-1, fds));
	pthread_create(&thread, NULL, ask_for_own, words);
	pthread_join(thread, &answer);
	printf("%d %d %d %d ", (int)words[7], words[0] == 2, words[1] > 0 && words[1] == words[2],
	       words[3] >= 60);
	printf("%d", ask((int32_t)syscall(SYS_gettid), fds));
	return answer == NULL;
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
