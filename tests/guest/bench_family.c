/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench_family.c - a benchmark of which a child and a daemon of its own never sleep on the same CPU. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "stablebench.h"

#define LIFETIME_S 120 /* should nobody end it */

static _Noreturn void spin(void)
{
	prctl(PR_SET_NAME, "bench_kid");
	alarm(LIFETIME_S);
	for (;;)
		__asm__ volatile("");
}

static pid_t bear(void)
{
	const pid_t child = fork();

	if (child == 0)
		spin();
	return child;
}

/* Of another session, and no child of the benchmark's any more; the launch's end is its end. */
static void bear_daemon(void)
{
	const pid_t child = fork();

	if (child > 0) {
		waitpid(child, NULL, 0);
		return;
	}
	setsid();
	bear();
	_exit(0);
}

SB_BENCH(beside)
{
	const pid_t child = bear();

	bear_daemon();
	SB_LOOP(b)
		sb_clobber();
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}
