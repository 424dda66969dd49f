/* SPDX-License-Identifier: GPL-2.0-or-later */
/* peers.cc - the bodies as benchmarks of Google Benchmark. */
#include "bodies.h"

#include <benchmark/benchmark.h>
#include <utility>

static void measure(benchmark::State &state, const struct body *body)
{
	struct body_input input;
	uint64_t result = 0;

	if (body_prepare(body, &input)) {
		state.SkipWithError("no memory");
		return;
	}
	for (auto _ : state) {
		result = body->run(&input, body->size);
		/* as one that may be changed, gcc 12 loses it under its sanitizers */
		benchmark::DoNotOptimize(std::as_const(result));
	}
	body_tell(body, result);
	body_release(&input);
}

int main(int argc, char **argv)
{
	for (const struct body *body = bodies; body->name; body++)
		benchmark::RegisterBenchmark(body->name, measure, body);
	benchmark::Initialize(&argc, argv);
	if (benchmark::ReportUnrecognizedArguments(argc, argv))
		return 2;
	return benchmark::RunSpecifiedBenchmarks() == 0;
}
