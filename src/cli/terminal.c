/* SPDX-License-Identifier: GPL-2.0-or-later */
/* terminal.c - see terminal.h. */
#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

int terminal_columns(int fd)
{
	struct winsize window;

	return isatty(fd) && !ioctl(fd, TIOCGWINSZ, &window) ? window.ws_col : 0;
}
