/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cancel.h - how a signal reaches the loops of a session: a count to look at, and a descriptor to poll beside
 * others. */
#ifndef RUN_CANCEL_H
#define RUN_CANCEL_H

struct run_cancel {
	const volatile int *count; /* interrupts so far: 1 stops measuring, 2 gives up the record too */
	int fd; /* becomes readable with the first interrupt and stays so; -1: nothing to poll */
};

#endif
