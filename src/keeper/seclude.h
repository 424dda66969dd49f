/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * seclude.h - what a command is kept from that is another user's than who started it, but stays on that one's
 * terminal: to type there, and to read or write through descriptors that were opened with other rights.
 *
 * A shell lets its programs keep its terminal, and the kernel lets who has a terminal put characters into its
 * input (TIOCSTI; TIOCLINUX on a console), which the shell takes for typed when the program has ended. Since
 * Linux 6.2 this can be switched off for the whole host (dev.tty.legacy_tiocsti), which is not ours to do. A
 * session of its own would keep the command from the terminal, but an interactive shell needs that one.
 */
#ifndef KEEPER_SECLUDE_H
#define KEEPER_SECLUDE_H

#include "keeper/identity.h"

/* Whether the command of this identity is another user than root, who starts it. */
bool seclude_is_needed(const struct identity *identity);

/* In the process of the command, alone in its address space, under no_new_privs, before exec: closes what is
 * open beyond the standard streams and refuses both requests with EPERM, for itself and all that it starts,
 * by every way into the kernel; a way that the filter does not know kills. 0 or a negative errno; `step` then
 * names the call that failed. */
int seclude_command(const char **step);

#endif
