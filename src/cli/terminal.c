/* SPDX-License-Identifier: GPL-2.0-or-later */
/* terminal.c - see terminal.h. */
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int terminal_columns(int fd)
{
	struct winsize window;

	return isatty(fd) && !ioctl(fd, TIOCGWINSZ, &window) ? window.ws_col : 0;
}

/* https://no-color.org: set, and not empty. */
bool terminal_has_color(int fd)
{
	const char *no_color = getenv("NO_COLOR"), *kind = getenv("TERM");

	return isatty(fd) && !(no_color && *no_color) && kind && strcmp(kind, "dumb") != 0;
}
