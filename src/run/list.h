/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list.h - asks every binary for its cases and adds those that the user means to the plan. */
#ifndef RUN_LIST_H
#define RUN_LIST_H

#include <stddef.h>
#include "base/err.h"
#include "keeper/keeper.h"
#include "plan/plan.h"
#include "plan/select.h"
#include "run/binary.h"
#include "run/cancel.h"

struct list_request {
	const struct binary *binaries;
	size_t count;
	const struct select *select;
	uint32_t timeout_ms;
	/* Called with a sentence for each binary that could not be listed. */
	void (*complain)(void *context, const char *sentence);
	void *context;
};

struct list_result {
	size_t listed;	/* cases seen, wanted or not */
	size_t refused; /* binaries that could not be listed */
};

/* 0, -EINTR after an interrupt, or another negative errno when the keeper fails. */
int list_cases(struct keeper *keeper, const struct list_request *request, const struct run_cancel *cancel,
	       struct plan *plan, struct list_result *result, struct sb_err *err);

#endif
