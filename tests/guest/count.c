/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * count - asks the keeper for events and prints what their counters say of a benchmark's case, one launch for
 * each pass, as lines that a shell reads:
 *
 *	probe EVENT CODE STATE PASS VALUE     CODE 0 or the name of an errno
 *	launch PASS STATUS READING REASON     READING none, user or call
 *	overhead PASS VALUE...
 *	sample PASS FLAGS VALUE...            one line each
 *	thread PASS CODE SAMPLES VALUE...     one line each, of a team whose threads are counted
 *	                                      each by itself; CODE the errno that one of them got
 *	part NUMBER CODE CPU SAMPLES          one line for each thread, of the last pass: CODE the
 *	                                      errno that one got for its witnesses; SAMPLES in which
 *	                                      a device interrupted it
 *	witness NAME TOTAL                    over the samples of the last pass
 *
 * Usage: count [-n SAMPLES] [-b BATCH] [-w WARMUP] [-s] [-p THREADS] [-t EVENTS] [-T EVENTS] BENCH CASE
 *EVENT... -s  counts threads and children too -p  of a case with so many threads -t  takes so many counters
 *of the first CPU from everybody else before the launches (root) -T  the same in the midst of each launch,
 *after a third of its samples An EVENT is TYPE:CONFIG[:SCOPE] in numbers of perf_event_open(2), SCOPE 1
 *(user) by default, or a tracepoint GROUP:NAME.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "keeper/keeper.h"
#include "wire.h"

#define RAW_INSTRUCTIONS 0x08 /* INST_RETIRED of Armv8 */

struct order {
	uint64_t samples, batch, warmup;
	bool is_summed;
	uint32_t threads;
	int taken, taken_amid;
	const char *bench, *name;
	char **texts;
	unsigned count;
	struct keeper_event events[KEEPER_EVENTS_MAX];
	struct keeper_probe probes[KEEPER_EVENTS_MAX];
	unsigned passes;
	uint32_t witnesses;
};

static _Noreturn void die(const char *what, const struct sb_err *err)
{
	fprintf(stderr, "count: %s: %s\n", what, err ? err->text : strerror(errno));
	exit(1);
}

static void read_event(const char *text, struct keeper_event *event)
{
	char *at;

	*event = (struct keeper_event){ .scope = KEEPER_SCOPE_USER };
	if (!isdigit((unsigned char)text[0])) {
		event->type = PERF_TYPE_TRACEPOINT;
		event->scope |= KEEPER_SCOPE_KERNEL;
		snprintf(event->tracepoint, sizeof event->tracepoint, "%s", text);
		return;
	}
	event->type = (uint32_t)strtoul(text, &at, 0);
	event->config = *at ? strtoull(at + 1, &at, 0) : 0;
	if (*at)
		event->scope = (uint32_t)strtoul(at + 1, NULL, 0);
}

static void read_options(int argc, char **argv, struct order *order)
{
	int option;

	*order = (struct order){ .samples = 5, .batch = 1, .warmup = 1 };
	while ((option = getopt(argc, argv, "n:b:w:sp:t:T:")) != -1) {
		if (option == 'n')
			order->samples = strtoull(optarg, NULL, 10);
		else if (option == 'b')
			order->batch = strtoull(optarg, NULL, 10);
		else if (option == 'w')
			order->warmup = strtoull(optarg, NULL, 10);
		else if (option == 's')
			order->is_summed = true;
		else if (option == 'p')
			order->threads = (uint32_t)atoi(optarg);
		else if (option == 't')
			order->taken = atoi(optarg);
		else if (option == 'T')
			order->taken_amid = atoi(optarg);
		else
			exit(2);
	}
	if (argc - optind < 2 || argc - optind > KEEPER_EVENTS_MAX + 2)
		exit(2);
	order->bench = argv[optind];
	order->name = argv[optind + 1];
	order->texts = argv + optind + 2;
	order->count = (unsigned)(argc - optind - 2);
	for (unsigned i = 0; i < order->count; i++)
		read_event(order->texts[i], &order->events[i]);
}

/* What a profiler of the whole machine does: pinned, of a CPU, hence before those of tasks. */
static void take_counters(int count)
{
	struct perf_event_attr attr = {
		.size = sizeof attr, .type = PERF_TYPE_RAW, .config = RAW_INSTRUCTIONS, .pinned = 1
	};

	while (count-- > 0)
		if (syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC) < 0)
			die("cannot take a counter", NULL);
}

static void try_events(struct keeper *keeper, struct order *order)
{
	static const char *const states[] = { "counts", "never-counts", "lost", "no-time" };
	struct sb_err err = { 0 };

	if (keeper_count(keeper, order->events, order->count, order->probes, &order->passes,
			 &order->witnesses, &err))
		die("cannot try the events", &err);
	for (unsigned i = 0; i < order->count; i++) {
		const struct keeper_probe *probe = &order->probes[i];

		printf("probe %s %s %s %u %llu\n", order->texts[i],
		       probe->code ? strerrorname_np(-probe->code) : "0",
		       probe->code ? "-" : states[probe->state], probe->pass,
		       (unsigned long long)probe->value);
	}
}

static void print_values(const uint64_t *values, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		printf(" %llu", (unsigned long long)values[i]);
	putchar('\n');
}

static void print_samples(unsigned pass, const struct keeper_started *started, const void *memory)
{
	static const char *const readings[] = { "none", "user", "call" };
	const struct sb_wire_result *result;
	const struct sb_wire_sample *samples = wire_samples(memory);
	const char *wrong;
	int abi;

	wrong = wire_result_check(memory, started->size, &started->asked, &result, &abi);
	if (wrong) {
		printf("launch %u wrong none %s\n", pass, wrong);
		return;
	}
	printf("launch %u %u %s %s\n", pass, result->status, readings[result->counters_by], result->reason);
	printf("overhead %u", pass);
	print_values(result->counter_overhead, started->asked.counters);
	printf("cost %llu %llu\n", (unsigned long long)result->counter_ns,
	       (unsigned long long)result->witness_ns);
	for (uint64_t i = 0; i < result->count; i++) {
		printf("sample %u %u", pass, samples[i].flags);
		print_values(samples[i].counters, started->asked.counters);
	}
}

static void print_threads(unsigned pass, const struct keeper_started *started, const void *memory)
{
	const struct sb_wire_thread_total *totals = wire_thread_totals(memory, &started->asked);
	const struct sb_wire_result *result = (const void *)((const char *)memory + SB_WIRE_RESULT_OFFSET);

	for (uint32_t i = 0; totals && i < started->asked.threads; i++) {
		printf("thread %u %u %llu", pass, result->threads_code,
		       (unsigned long long)totals[i].samples);
		print_values(totals[i].counters, started->asked.counters);
	}
}

static void print_parts(const struct order *order, const struct keeper_started *started, const void *memory)
{
	const struct sb_wire_thread *parts = wire_threads(memory, &started->asked);
	const struct sb_wire_result *result = (const void *)((const char *)memory + SB_WIRE_RESULT_OFFSET);
	const uint32_t threads = started->asked.threads;

	for (uint32_t i = 0; parts && i < threads; i++) {
		unsigned interrupted = 0;

		for (uint64_t k = 0; k < order->samples; k++)
			interrupted += (parts[k * threads + i].causes & SB_WIRE_CAUSE_INTERRUPT) != 0;
		printf("part %u %u %u %u\n", i, result->threads_witnesses_code, parts[i].cpu, interrupted);
	}
}

static void print_witnesses(const struct order *order, const struct keeper_started *started,
			    const void *memory)
{
	const struct sb_wire_sample *samples = wire_samples(memory);

	for (uint32_t k = 0; k < started->asked.witnesses; k++) {
		uint64_t total = 0;

		for (uint64_t i = 0; i < order->samples; i++)
			total += samples[i].witnesses[k];
		printf("witness %s %llu\n", witness_of(order->witnesses, k)->name, (unsigned long long)total);
	}
}

/* The bench writes its samples to where they are read from; one that fails has none. */
static void await_third(const struct order *order, const void *memory)
{
	const volatile struct sb_wire_sample *samples = wire_samples(memory);

	for (int turn = 0; turn < 30000 && samples[order->samples / 3].ticks == 0; turn++)
		usleep(1000);
}

static void launch(struct keeper *keeper, const struct order *order, unsigned binary, unsigned pass)
{
	struct keeper_launch request = { .binary = binary,
					 .mode = SB_WIRE_MEASURE,
					 .clock = SB_WIRE_CLOCK_COUNTER,
					 .ns_per_tick = 16, /* of an arm64 in QEMU */
					 .batch = order->batch,
					 .warmup = order->warmup,
					 .samples = order->samples,
					 .timeout_ms = 300000,
					 .pass = pass,
					 .is_summed = order->is_summed,
					 .threads = order->threads,
					 .witnesses = 1 };
	struct keeper_started started;
	struct keeper_ended ended;
	struct sb_err err = { 0 };
	void *memory;

	snprintf(request.name, sizeof request.name, "%s", order->name);
	if (keeper_launch_begin(keeper, &request, STDERR_FILENO, &started, &err))
		die("cannot launch", &err);
	memory = mmap(NULL, started.size, PROT_READ, MAP_SHARED, started.memory, 0);
	if (memory == MAP_FAILED)
		die("cannot map the result", NULL);
	if (order->taken_amid) {
		await_third(order, memory);
		take_counters(order->taken_amid);
	}
	if (keeper_launch_end(keeper, &ended, &err))
		die("cannot await the end of the launch", &err);
	if (ended.exec_errno) {
		printf("launch %u %s none %s\n", pass, strerrorname_np(ended.exec_errno), ended.exec_step);
		return;
	}
	print_samples(pass, &started, memory);
	print_threads(pass, &started, memory);
	if (pass == order->passes) {
		print_parts(order, &started, memory);
		print_witnesses(order, &started, memory);
	}
	munmap(memory, started.size);
	close(started.memory);
}

int main(int argc, char **argv)
{
	char run_dir[] = "/tmp/count-XXXXXX";
	struct keeper_restored restored;
	struct identity identity;
	struct order order;
	struct keeper keeper;
	struct sb_err err = { 0 };
	unsigned binary;
	int fd;

	read_options(argc, argv, &order);
	if (!mkdtemp(run_dir))
		die("cannot make a folder", NULL);
	fd = open(order.bench, O_PATH | O_CLOEXEC);
	if (fd < 0)
		die(order.bench, NULL);
	if (identity_resolve(NULL, false, &identity, &err) ||
	    keeper_start(&keeper, &identity, run_dir, "/", &err) ||
	    keeper_add_binary(&keeper, fd, &binary, &err))
		die("cannot start", &err);
	try_events(&keeper, &order);
	take_counters(order.taken);
	for (unsigned pass = order.passes ? 1 : 0; pass <= order.passes; pass++)
		launch(&keeper, &order, binary, pass);
	if (keeper_release(&keeper, &restored, &err))
		die("cannot release", &err);
	rmdir(run_dir);
	return 0;
}
