/* SPDX-License-Identifier: GPL-2.0-or-later */
/* terminal.h - how wide the person's terminal is, and whether it shows colour. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>

/* Columns of the terminal behind a descriptor; 0 where there is none or it does not tell. */
int terminal_columns(int fd);

/* A terminal, and neither NO_COLOR nor a dumb one. */
bool terminal_has_color(int fd);

#endif
