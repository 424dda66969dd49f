/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracing.h - the kernel's tracing files, and whether somebody traces, which costs time inside system calls
 * and interrupts. */
#ifndef HOST_TRACING_H
#define HOST_TRACING_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

/* Opens the folder with "events/": where tracefs is mounted, else, for root on the real machine, a mount of
 * tracefs that nobody else sees and that goes with the descriptor (fsmount(2), Linux 5.2). 0 and
 * path_root_release, or a negative errno, which tracing->fd is then too: -ENOENT, it is not mounted. */
int tracing_open(const struct path_root *root, struct path_root *tracing);

/* "none", "events", or the tracer at work: "function". False where tracefs is not for us to read. */
bool tracing_active(const struct path_root *root, char *text, size_t size);

#endif
