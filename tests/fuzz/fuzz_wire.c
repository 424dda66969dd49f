/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a hostile benchmark leaves in its shared memory: what passes the check can be read to its last byte.
 */
#include <stdlib.h>
#include <string.h>
#include "fuzz.h"
#include "stablebench.h"
#include "wire.h"

#define TEAM 2

static void read_threads(const void *copy, const struct sb_wire_request *request, uint64_t count)
{
	const struct sb_wire_thread *threads = wire_threads(copy, request);
	const struct sb_wire_thread_total *totals = wire_thread_totals(copy, request);
	volatile uint64_t sum = 0;

	for (uint64_t i = 0; threads && i < count * request->threads; i++)
		sum += threads[i].ticks;
	for (uint32_t i = 0; totals && i < request->threads; i++)
		sum += totals[i].counters[SB_WIRE_COUNTERS_MAX - 1];
}

static void read_all(const void *copy, const struct sb_wire_result *result, enum sb_wire_mode mode)
{
	volatile uint64_t sum = 0;

	if (mode == SB_WIRE_LIST)
		for (uint64_t i = 0; i < result->count; i++)
			sum += strlen(wire_cases(copy)[i].name);
	else
		for (uint64_t i = 0; i < result->count; i++)
			sum += wire_samples(copy)[i].iterations;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const enum sb_wire_mode mode = size && bytes[0] % 3 == 0 ? SB_WIRE_LIST : SB_WIRE_MEASURE;
	const uint32_t team = size && bytes[0] % 3 == 1 ? TEAM : 0;
	const size_t room = wire_size(mode, 8) + wire_threads_size(team, 8);
	struct sb_wire_request request = { .abi = SB_ABI_VERSION, .mode = mode, .size = room, .samples = 8 };
	const struct sb_wire_result *result;
	uint8_t *copy = calloc(1, room);
	int abi;

	if (team) {
		request.threads = team;
		request.counters = request.by_thread = 1;
		request.batch = 1;
	}
	memcpy(request.magic, SB_WIRE_MAGIC_REQUEST, sizeof request.magic);
	if (size > 1)
		memcpy(copy, bytes + 1, size - 1 < room ? size - 1 : room);
	if (!wire_result_check(copy, room, &request, &result, &abi)) {
		read_all(copy, result, mode);
		read_threads(copy, &request, result->count);
	}
	free(copy);
	return 0;
}
