/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench_peers.c - the bodies as benchmarks of stablebench. */
#include "bodies.h"
#include "stablebench.h"

SB_BENCH(body, .args = { SB_AXIS(name, "integer_loop", "branches", "sort", "allocation", "system_calls",
				 "chase_32KiB", "chase_8MiB", "copy_1MiB") })
{
	const struct body *body = body_find(sb_arg_text(b, "name"));
	struct body_input input;
	uint64_t result = 0;

	if (!body) {
		sb_fail(b, "there is no body of this name");
		return;
	}
	if (body_prepare(body, &input)) {
		sb_fail(b, "no memory");
		return;
	}
	SB_LOOP(b) {
		result = body->run(&input, body->size);
		sb_keep(result);
	}
	body_tell(body, result);
	body_release(&input);
}
