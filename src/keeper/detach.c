/* SPDX-License-Identifier: GPL-2.0-or-later */
/* detach.c - out of the front's session, signals, terminal and files; see detach.h. */
#include "keeper/detach.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/path.h"

#define SOCKET_FD  3
#define OOM_PATH   "proc/self/oom_score_adj"
#define OOM_LOWEST "-1000"

/* Everything that can be ignored is, but SIGCHLD, which comes as a descriptor; a fault must still kill. Not a
 * pidfd: kernels before 5.3 and valgrind have none. */
static int ignore_signals(void)
{
	static const int kept[] = { SIGCHLD, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS };
	sigset_t children;

	for (int number = 1; number < _NSIG; number++)
		signal(number, SIG_IGN);
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		signal(kept[i], SIG_DFL);
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	sigprocmask(SIG_SETMASK, &children, NULL);
	return signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int leave_descriptors(int socket, struct sb_err *err)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC),
	    moved = fcntl(socket, F_DUPFD_CLOEXEC, SOCKET_FD + 1);

	if (null < 0 || moved < 0)
		return err_set(err, -errno, "the keeper cannot open '/dev/null': %s", err_reason(errno));
	for (int fd = 0; fd < SOCKET_FD; fd++)
		if (dup2(null, fd) < 0)
			return err_set(err, -errno, "the keeper cannot leave its terminal: %s",
				       err_reason(errno));
	if (dup3(moved, SOCKET_FD, O_CLOEXEC) < 0 || close_range(SOCKET_FD + 1, ~0u, 0))
		return err_set(err, -errno, "the keeper cannot close its descriptors: %s", err_reason(errno));
	return 0;
}

/* When memory runs out the bench goes first: without the keeper nobody puts the host back. */
void detach_lower_oom_score(char *before, size_t size)
{
	struct path_root machine;

	before[0] = '\0';
	if (path_root_init(&machine, "/", NULL))
		return;
	if (path_read(&machine, OOM_PATH, before, size, NULL) < 0 ||
	    path_write(&machine, OOM_PATH, OOM_LOWEST, NULL))
		before[0] = '\0';
	path_root_release(&machine);
}

int detach(int *socket, int *children, struct limits *limits, struct sb_err *err)
{
	int code;

	limits_raise(limits);
	setsid(); /* fails only for a session's leader, who is in one of its own already */
	umask(022);
	prctl(PR_SET_NAME, "stablebench-kpr", 0, 0, 0);
	code = leave_descriptors(*socket, err);
	if (code)
		return code;
	*socket = SOCKET_FD;
	*children = ignore_signals();
	if (*children < 0)
		return err_set(err, -errno, "the keeper cannot watch its children: %s", err_reason(errno));
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		return err_set(err, -errno, "the keeper cannot adopt orphans: %s", err_reason(errno));
	return 0;
}

int detach_take_termination(int children)
{
	sigset_t taken;

	sigemptyset(&taken);
	sigaddset(&taken, SIGCHLD);
	sigaddset(&taken, SIGTERM);
	if (sigprocmask(SIG_SETMASK, &taken, NULL))
		return -errno;
	signal(SIGTERM, SIG_DFL);
	return signalfd(children, &taken, 0) < 0 ? -errno : 0;
}
