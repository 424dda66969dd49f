/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracing.h - whether somebody traces the kernel, which costs time inside system calls and interrupts. */
#ifndef HOST_TRACING_H
#define HOST_TRACING_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

/* "none", "events", or the tracer at work: "function". False where tracefs is not mounted or not for us to
 * read. */
bool tracing_active(const struct path_root *root, char *text, size_t size);

#endif
