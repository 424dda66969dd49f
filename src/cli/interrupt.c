/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interrupt.c - see interrupt.h. */
#include "cli/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static volatile int interrupts;
static int wake_fd = -1;

static void on_signal(int signal)
{
	const uint64_t one = 1;
	int kept = errno;

	(void)signal;
	interrupts = interrupts + 1;
	if (write(wake_fd, &one, sizeof one) < 0) {
		/* the count alone will do */
	}
	errno = kept;
}

static bool is_ignored(int signal)
{
	struct sigaction action;

	return !sigaction(signal, NULL, &action) && action.sa_handler == SIG_IGN;
}

int interrupt_catch(struct run_cancel *cancel, struct sb_err *err)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };

	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0)
		return err_set(err, -errno, "cannot make an eventfd: %s", err_reason(errno));
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!is_ignored(signals[i])) /* nohup stays what it is */
			sigaction(signals[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGTSTP, SIG_IGN); /* nobody may fall asleep holding the host */
	*cancel = (struct run_cancel){ .count = &interrupts, .fd = wake_fd };
	return 0;
}
