/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irqbalance.h - a word with the irqbalance daemon, which moves interrupts every ten seconds, wherever
 * somebody else put them.
 *
 * It listens on a socket, a file below /run/irqbalance or, in older versions and where it may not make that,
 * an abstract one; it hears one request per connection, of root only, by SCM_CREDENTIALS (irqbalance(1),
 * API). A list of banned CPUs replaces the one before it; the word NULL instead of a list gives back to the
 * daemon what its own configuration says. It takes the list at once, heeds it before it moves an interrupt
 * again, and tells it only from then on.
 */
#ifndef HOST_IRQBALANCE_H
#define HOST_IRQBALANCE_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "base/err.h"
#include "base/path.h"

/* The process number of the daemon. -ENOENT where none runs, as on every recorded machine. */
int irqbalance_find(const struct path_root *root, pid_t *pid);

/* Sends a request and takes the answer, NUL-terminated; many requests have none, and are done when this comes
 * back. Bytes, or a negative errno: -ECONNREFUSED when nothing of that process listens. */
int irqbalance_ask(pid_t pid, const char *request, char *answer, size_t size, struct sb_err *err);

/* The banned CPUs that the daemon heeds now. 0 or a negative errno. */
int irqbalance_get_banned(pid_t pid, cpu_set_t *banned, struct sb_err *err);

/* Seconds between two looks. 0 or a negative errno. */
int irqbalance_get_interval(pid_t pid, unsigned *interval_s, struct sb_err *err);

/* Bans CPUs; none: what the daemon's configuration says. 0 or a negative errno. */
int irqbalance_ban(pid_t pid, const cpu_set_t *cpus, struct sb_err *err);

#endif
