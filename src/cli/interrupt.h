/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interrupt.h - SIGINT, SIGTERM and SIGHUP as a count and a descriptor: nothing is ever cut off by a signal.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include "base/err.h"
#include "run/cancel.h"

/* Installs the handlers; SIGPIPE and SIGXFSZ are ignored: a write that fails
 * says so; SIGTSTP too, since a stopped session would hold the host. The cancel stays valid
 * for the life of the process. */
int interrupt_catch(struct run_cancel *cancel, struct sb_err *err);

#endif
