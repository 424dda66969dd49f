/* SPDX-License-Identifier: MIT */
/* The child side of a run: what the request in the shared memory asks for, once. */
#include "bench.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void *at(void *memory, size_t offset)
{
	return (char *)memory + offset;
}

static void report_failure(struct sb_wire_result *result, const char *reason)
{
	result->status = SB_WIRE_FAILED;
	wire_text_copy(result->reason, sizeof result->reason, reason);
}

/* Of a long path the end tells more. */
static const char *tail(const char *path)
{
	const size_t length = strlen(path);

	return length < SB_WIRE_FILE ? path : path + length - (SB_WIRE_FILE - 1);
}

static void list_cases(const struct sb_registry *registry, struct sb_wire_result *result,
		       struct sb_wire_case *cases, size_t room)
{
	if (registry->count > room) {
		report_failure(result, "the shared memory is too small for the list of cases");
		return;
	}
	for (size_t i = 0; i < registry->count; i++) {
		const struct sb_registration *registration = registry->cases[i].registration;
		const char *tags = registration->options->tags;
		wire_text_copy(cases[i].name, sizeof cases[i].name, registry->cases[i].name);
		wire_text_copy(cases[i].tags, sizeof cases[i].tags, tags == NULL ? "" : tags);
		wire_text_copy(cases[i].file, sizeof cases[i].file, tail(registration->file));
		cases[i].line = registration->line;
		cases[i].threads = registry->cases[i].threads;
	}
	result->count = registry->count;
}

static void report(const struct sb_bench *b, struct sb_wire_result *result)
{
	result->status = b->status;
	memcpy(result->reason, b->reason, sizeof result->reason);
	result->count = b->status == SB_WIRE_OK ? b->sampler.count : 0;
	result->set_aside = b->status == SB_WIRE_OK ? b->sampler.aside : 0;
	result->batch = b->sampler.batch;
	result->elements = b->elements;
	result->bytes = b->bytes;
	result->loop_begin_ns = b->loop_begin_ns;
	result->others_ns = b->status == SB_WIRE_OK ? b->others_ns : 0;
	result->threads_code = (uint32_t)b->threads_code;
	result->threads_witnesses_code = (uint32_t)b->threads_witnesses_code;
}

static void report_cost(const struct sb_bench *b, const struct sb_wire_request *request,
			struct sb_wire_result *result)
{
	const struct sb_cost cost = sb_cost_measure(b->clock, request, b->counters);

	result->bracket_ticks = cost.bracket_ticks;
	result->witness_ns = cost.witness_ns;
	result->counter_ns = cost.counter_ns;
	memcpy(result->counter_overhead, cost.counter_overhead, sizeof cost.counter_overhead);
	result->counters_by = b->counters != NULL ? b->counters->by : SB_WIRE_READ_NONE;
	if (request->witnesses != 0 && sb_group_is_alive(SB_WIRE_WITNESS_FD))
		result->witnesses_by = SB_WIRE_READ_CALL;
}

static void measure_case(const struct sb_wire_request *request, const struct sb_case *picked,
			 struct sb_wire_result *result, void *memory)
{
	struct sb_bench bench = { .clock = sb_clock_get(request->clock),
				  .picked = picked,
				  .witnesses = SB_WIRE_WITNESS_FD };
	struct sb_counters counters;

	if (request->threads > 1 && request->threads != picked->threads) {
		report_failure(result, "the case has another number of threads than was asked for");
		return;
	}
	if (bench.clock == NULL) {
		report_failure(result, "this processor has no time stamp counter that the library can read");
		return;
	}
	bench.sampler = (struct sb_sampler){
		.mode = request->mode,
		.batch = request->batch,
		.max_batch = picked->registration->options->max_batch,
		.warmup = request->mode == SB_WIRE_MEASURE ? request->warmup : 0,
		.wanted = request->samples,
		.sample_ns = request->sample_ns,
		.ns_per_tick = request->ns_per_tick,
		.request = request,
		.retakes = request->mode == SB_WIRE_MEASURE ? request->retakes : 0,
		.samples = at(memory, SB_WIRE_PAYLOAD_OFFSET),
	};
	bench.threads = (struct sb_wire_thread *)(uintptr_t)wire_threads(memory, request);
	bench.totals = (struct sb_wire_thread_total *)(uintptr_t)wire_thread_totals(memory, request);
	sb_counters_open(&counters, request);
	if (counters.by != SB_WIRE_READ_NONE)
		bench.counters = &counters;
	bench.events = sb_events_at_places(request);
	report_cost(&bench, request, result);
	sb_bench_run(&bench);
	report(&bench, result);
}

static void answer(const struct sb_wire_request *request, struct sb_wire_result *result, void *memory)
{
	struct sb_registry registry;
	char reason[SB_WIRE_REASON];

	if (sb_registry_init(&registry, reason) != 0) {
		report_failure(result, reason);
	} else if (request->mode == SB_WIRE_LIST) {
		list_cases(&registry, result, at(memory, SB_WIRE_PAYLOAD_OFFSET),
			   (request->size - SB_WIRE_PAYLOAD_OFFSET) / sizeof(struct sb_wire_case));
	} else {
		const struct sb_case *picked = sb_registry_get(&registry, request->name);
		if (picked == NULL)
			report_failure(result, "the program has no case of the name asked for");
		else
			measure_case(request, picked, result, memory);
	}
	sb_registry_release(&registry);
}

/* A runner of another ABI version learns ours from the greeting, whose place never changes, and gets no more.
 */
void sb_serve_memory(void *memory, size_t size)
{
	const struct sb_wire_request request = *(const struct sb_wire_request *)memory;
	struct sb_wire_result *result = at(memory, SB_WIRE_RESULT_OFFSET);

	*(struct sb_wire_hello *)at(memory, SB_WIRE_HELLO_OFFSET) =
		(struct sb_wire_hello){ .magic = SB_WIRE_MAGIC_HELLO, .abi = SB_ABI_VERSION };
	if (request.abi != SB_ABI_VERSION)
		return;
	*result = (struct sb_wire_result){ .state = SB_WIRE_RUNNING };
	const char *problem = wire_request_check(&request, size);
	if (problem != NULL)
		report_failure(result, problem);
	else
		answer(&request, result, memory);
	__atomic_store_n(&result->state, SB_WIRE_DONE, __ATOMIC_RELEASE);
}

int sb_serve(void)
{
	struct stat status;
	void *memory = MAP_FAILED;

	if (fstat(SB_WIRE_FD, &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_size >= SB_WIRE_PAYLOAD_OFFSET)
		memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			      SB_WIRE_FD, 0);
	if (memory == MAP_FAILED) {
		fprintf(stderr,
			"%s is for the runner: there is no shared memory at descriptor %d; try --help\n",
			SB_WIRE_ARGUMENT, SB_WIRE_FD);
		return 2;
	}
	close(SB_WIRE_FD); /* processes that the benchmark makes do not get it */
	sb_serve_memory(memory, (size_t)status.st_size);
	return 0;
}
