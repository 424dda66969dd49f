/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about talking to irqbalance, with a daemon that a child of the test plays. */
#include "host/irqbalance.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/cpulist.h"
#include "unit.h"

struct daemon {
	pid_t pid;
	struct heard {
		char request[128];
		bool is_root_like; /* the credentials of who asks are those of the test */
	} * heard;		   /* shared with the child */
};

static int listen_as(pid_t name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), yes = 1;
	int length =
		snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "irqbalance%d.sock", (int)name);

	if (bind(fd, (struct sockaddr *)&address,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) ||
	    setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) || listen(fd, 1))
		_exit(1);
	return fd;
}

static void hear(int fd, struct heard *heard)
{
	char control[CMSG_SPACE(sizeof(struct ucred))] __attribute__((aligned(16)));
	struct iovec text = { .iov_base = heard->request, .iov_len = sizeof heard->request - 1 };
	struct msghdr message = {
		.msg_iov = &text, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
	};
	struct ucred who;

	memset(heard, 0, sizeof *heard);
	if (recvmsg(fd, &message, 0) < 0 || !CMSG_FIRSTHDR(&message))
		return;
	memcpy(&who, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof who);
	heard->is_root_like = who.uid == geteuid() && who.pid == getppid();
}

/* NULL for an answer: the daemon never hangs up. */
static void play(int ready, pid_t name, const char *answer, struct heard *heard)
{
	int fd = listen_as(name ? name : getpid());

	if (write(ready, "r", 1) != 1)
		_exit(1);
	for (;;) {
		int asking = accept(fd, NULL, NULL);

		hear(asking, heard);
		if (answer && !strcmp(heard->request, "setup"))
			(void)!write(asking, answer, strlen(answer));
		if (answer)
			close(asking);
	}
}

static void start(struct daemon *daemon, pid_t name, const char *answer)
{
	int ready[2];
	char byte;

	daemon->heard =
		mmap(NULL, sizeof *daemon->heard, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(daemon->heard, MAP_FAILED);
	ck_assert_int_eq(pipe(ready), 0);
	daemon->pid = fork();
	if (!daemon->pid)
		play(ready[1], name, answer, daemon->heard);
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

static void stop(struct daemon *daemon)
{
	kill(daemon->pid, SIGKILL);
	waitpid(daemon->pid, NULL, 0);
	munmap(daemon->heard, sizeof *daemon->heard);
}

START_TEST(the_banned_cpus_are_those_of_the_answer)
{
	static const char *const answers[][2] = {
		{ "SLEEP 10 BANNED 00000000", "" },
		{ "SLEEP 10 BANNED 0000000c", "2-3" },
		{ "SLEEP 3 IRQ 9 LOAD 0 DIFF 0 CLASS 0 BANNED 00000001,80000001", "0,31-32" },
		{ "SLEEP 10 BANNED c\n", "2-3" },
	};
	char text[64];
	cpu_set_t cpus;

	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct daemon daemon;

		start(&daemon, 0, answers[i][0]);
		ck_assert_int_eq(irqbalance_get_banned(daemon.pid, &cpus, NULL), 0);
		ck_assert_str_eq(cpulist_format(&cpus, text, sizeof text), answers[i][1]);
		ck_assert(daemon.heard->is_root_like);
		stop(&daemon);
	}
}
END_TEST

START_TEST(an_answer_that_is_none_is_refused)
{
	static const char *const answers[] = {
		"", "BANNED", "BANNED ", "SLEEP 10 BANNED junk", "SLEEP 99999999 BANNED c,", "SLEEP x",
	};
	struct sb_err err;
	unsigned interval_s;
	cpu_set_t cpus;

	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct daemon daemon;

		start(&daemon, 0, answers[i]);
		ck_assert_int_eq(irqbalance_get_banned(daemon.pid, &cpus, &err), -EBADMSG);
		ck_assert_ptr_nonnull(strstr(err.text, "does not tell its banned CPUs"));
		ck_assert(i == 3 ? !irqbalance_get_interval(daemon.pid, &interval_s, NULL)
				 : irqbalance_get_interval(daemon.pid, &interval_s, NULL) == -EBADMSG);
		stop(&daemon);
	}
}
END_TEST

START_TEST(a_ban_is_a_list_and_none_is_the_daemons_own)
{
	struct daemon daemon;
	cpu_set_t cpus;

	start(&daemon, 0, "");
	CPU_ZERO(&cpus);
	ck_assert_int_eq(irqbalance_ban(daemon.pid, &cpus, NULL), 0);
	ck_assert_str_eq(daemon.heard->request, "settings cpus NULL");
	CPU_SET(2, &cpus);
	CPU_SET(3, &cpus);
	CPU_SET(9, &cpus);
	ck_assert_int_eq(irqbalance_ban(daemon.pid, &cpus, NULL), 0);
	ck_assert_str_eq(daemon.heard->request, "settings cpus 2-3,9");
	ck_assert(daemon.heard->is_root_like);
	stop(&daemon);
}
END_TEST

START_TEST(a_socket_of_somebody_else_is_not_spoken_to)
{
	struct daemon impostor;
	cpu_set_t cpus;

	start(&impostor, getpid(), "SLEEP 10 BANNED 0");
	ck_assert_int_eq(irqbalance_get_banned(getpid(), &cpus, NULL), -ECONNREFUSED);
	ck_assert_str_eq(impostor.heard->request, "");
	stop(&impostor);
}
END_TEST

START_TEST(a_daemon_that_does_not_answer_is_given_up)
{
	struct daemon daemon;
	struct sb_err err;
	cpu_set_t cpus;

	start(&daemon, 0, NULL);
	ck_assert_int_eq(irqbalance_get_banned(daemon.pid, &cpus, &err), -ETIMEDOUT);
	ck_assert_ptr_nonnull(strstr(err.text, "'setup'"));
	stop(&daemon);
	ck_assert_int_eq(irqbalance_get_banned(daemon.pid, &cpus, NULL), -ECONNREFUSED);
}
END_TEST

START_TEST(on_a_recorded_machine_there_is_none)
{
	struct path_root root;
	pid_t pid;

	ck_assert_int_eq(path_root_init(&root, "/tmp", NULL), 0);
	ck_assert_int_eq(irqbalance_find(&root, &pid), -ENOENT);
	path_root_release(&root);
}
END_TEST

UNIT_MAIN("irqbalance", the_banned_cpus_are_those_of_the_answer, an_answer_that_is_none_is_refused,
	  a_ban_is_a_list_and_none_is_the_daemons_own, a_socket_of_somebody_else_is_not_spoken_to,
	  a_daemon_that_does_not_answer_is_given_up, on_a_recorded_machine_there_is_none)
