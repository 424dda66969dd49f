/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list.c - see list.h. */
#include "run/list.h"

#include <errno.h>

#include "base/alloc.h"
#include "run/attempt.h"

#include <stdlib.h>

static void add_cases(const struct list_request *request, const struct binary *binary,
		      const struct attempt *attempt, struct plan *plan, struct list_result *result)
{
	const struct sb_wire_case *cases = wire_cases(attempt->copy);

	for (uint64_t i = 0; i < attempt->result->count; i++) {
		char *name = alloc_format("%s/%s", binary->suite, cases[i].name);

		if (select_matches(request->select, name, cases[i].tags))
			plan_add_case(plan, binary->index, binary->suite, cases[i].name, cases[i].tags,
				      cases[i].threads);
		free(name);
		result->listed++;
	}
}

static void refuse(const struct list_request *request, const struct binary *binary,
		   const struct attempt *attempt, struct list_result *result)
{
	char *sentence;

	result->refused++;
	sentence = attempt->is_alien ? alloc_text(attempt->reason)
				     : alloc_format("cannot list '%s': %s", binary->path, attempt->reason);
	request->complain(request->context, sentence);
	if (attempt->output && !attempt->is_alien)
		request->complain(request->context, attempt->output);
	free(sentence);
}

static int list_binary(struct keeper *keeper, const struct list_request *request, const struct binary *binary,
		       const struct run_cancel *cancel, struct plan *plan, struct list_result *result,
		       struct sb_err *err)
{
	struct keeper_launch ask = {
		.binary = binary->index,
		.mode = SB_WIRE_LIST,
		.clock = SB_WIRE_CLOCK_RAW,
		.ns_per_tick = 1,
		.batch = 1,
		.samples = 1,
		.timeout_ms = request->timeout_ms,
	};
	struct attempt attempt;
	int code = attempt_run(keeper, &ask, binary->path, cancel, &attempt, err);

	if (code)
		return code;
	if (attempt.is_cancelled)
		code = err_set(err, -EINTR, "interrupted while listing '%s'", binary->path);
	else if (attempt.status == RECORD_CASE_OK)
		add_cases(request, binary, &attempt, plan, result);
	else
		refuse(request, binary, &attempt, result);
	attempt_release(&attempt);
	return code;
}

int list_cases(struct keeper *keeper, const struct list_request *request, const struct run_cancel *cancel,
	       struct plan *plan, struct list_result *result, struct sb_err *err)
{
	*result = (struct list_result){ 0 };
	for (size_t i = 0; i < request->count; i++) {
		int code = list_binary(keeper, request, &request->binaries[i], cancel, plan, result, err);

		if (code)
			return code;
	}
	return 0;
}
