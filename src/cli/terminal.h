/* SPDX-License-Identifier: GPL-2.0-or-later */
/* terminal.h - how wide the person's terminal is. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

/* Columns of the terminal behind a descriptor; 0 where there is none or it does not tell. */
int terminal_columns(int fd);

#endif
