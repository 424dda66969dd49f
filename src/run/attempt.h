/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attempt.h - one launch from the front's side: asks the keeper, waits, copies the shared memory once,
 * judges.
 */
#ifndef RUN_ATTEMPT_H
#define RUN_ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "keeper/keeper.h"
#include "record/record.h"
#include "run/cancel.h"
#include "wire.h"

struct attempt {
	enum record_case_status status;
	bool is_alien;	   /* the file is no benchmark of this ABI version: `reason` says what it is */
	bool is_cancelled; /* ended by an interrupt; nothing else is known */
	char reason[512];  /* a sentence, unless status is OK */
	char *output;	   /* last lines printed, NULL for none */
	void *copy;	   /* of the shared memory; NULL where it could not be had */
	const struct sb_wire_result
		*result; /* within copy, checked; NULL unless status is OK or the bench's own word */
	struct sb_wire_request asked; /* what the memory was checked against */
	struct keeper_started started;
	struct keeper_ended ended;
};

/* Runs one launch to its end. Only a keeper that fails gives a negative errno; whatever the bench did is in
 * *attempt, which the caller releases. `path` is for the sentences. */
int attempt_run(struct keeper *keeper, const struct keeper_launch *request, const char *path,
		const struct run_cancel *cancel, struct attempt *attempt, struct sb_err *err);
void attempt_release(struct attempt *attempt);

#endif
