/* SPDX-License-Identifier: GPL-2.0-or-later */
/* progress.h - what the person sees on stderr while a session runs: one line that changes on a terminal, else
 * plain lines. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include "run/schedule.h"

struct progress {
	bool is_quiet, is_terminal;
	int columns;
};

void progress_init(struct progress *progress, bool quiet);

/* Fits schedule.progress; context is a struct progress. */
void progress_show(void *context, const struct schedule_progress *now);

/* Takes the changing line away. */
void progress_clear(const struct progress *progress);

#endif
