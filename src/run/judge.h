/* SPDX-License-Identifier: GPL-2.0-or-later */
/* judge.h - what a launch that has ended means: one status and one sentence, from what the keeper saw and the
 * bench wrote. */
#ifndef RUN_JUDGE_H
#define RUN_JUDGE_H

#include "run/attempt.h"

/* Fills status, is_alien, is_cancelled, reason and result from ended, copy and output. */
void judge_attempt(struct attempt *attempt, const struct keeper_launch *request, const char *path);

#endif
