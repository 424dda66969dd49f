/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Benchmarks that misbehave in every way that the runner has to survive and to name. One that leaves its
 * process alive ends by itself after LIFETIME_S, should nobody end it.
 */
#include <fcntl.h>
#include <linux/perf_event.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "stablebench.h"
#include "wire.h"

enum { LIFETIME_S = 120, PRINTED_MEGABYTES = 20, EARLY_STATUS = 3, PIPES = 16, STOLEN_FD_LEAST = 100 };

static int stolen = -1;

/* The library closes the descriptor of the shared memory, so a thief has to be earlier than main. */
__attribute__((constructor)) static void steal_memory(void)
{
	char target[64] = "";

	if (readlink("/proc/self/fd/3", target, sizeof target - 1) > 0 && strncmp(target, "/memfd:", 7) == 0)
		stolen = fcntl(SB_WIRE_FD, F_DUPFD_CLOEXEC, STOLEN_FD_LEAST);
}

static void loop(sb_bench *b)
{
	SB_LOOP(b)
		__asm__ volatile("" : : : "memory");
}

SB_BENCH(crash, .group = "hostile", .tags = "hostile")
{
	/* no null pointer, which a sanitizer would turn into an exit of its own */
	volatile int *volatile nowhere = (volatile int *)sizeof(int);

	puts("about to crash");
	fflush(stdout);
	SB_LOOP(b)
		*nowhere = 1;
}

SB_BENCH(abort, .group = "hostile", .tags = "hostile")
{
	fputs("last words of abort\n", stderr);
	abort();
}

SB_BENCH(early_exit, .group = "hostile", .tags = "hostile")
{
	SB_LOOP(b)
		exit(EARLY_STATUS);
}

/* Exits as if all were well, and yet no result is there. */
SB_BENCH(quiet_exit, .group = "hostile", .tags = "hostile")
{
	exit(0);
}

SB_BENCH(hang, .group = "hostile", .tags = "hostile hang", .args = { SB_AXIS(how, "sleep", "spin", "stop") })
{
	const char *how = sb_arg_text(b, "how");
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGALRM);
	sigprocmask(SIG_BLOCK, &all, NULL);
	alarm(LIFETIME_S);
	if (strcmp(how, "stop") == 0)
		raise(SIGSTOP);
	while (strcmp(how, "spin") != 0)
		pause();
	for (;;)
		__asm__ volatile("");
}

SB_BENCH(break_out, .group = "hostile", .tags = "hostile loop")
{
	int done = 0;

	SB_LOOP(b) {
		if (++done == 4)
			break;
	}
}

SB_BENCH(return_from, .group = "hostile", .tags = "hostile loop")
{
	SB_LOOP(b)
		return;
}

SB_BENCH(goto_out, .group = "hostile", .tags = "hostile loop")
{
	SB_LOOP(b)
		goto out;
out:
	loop(b);
}

SB_BENCH(two_loops, .group = "hostile", .tags = "hostile loop")
{
	loop(b);
	loop(b);
}

SB_BENCH(no_loop, .group = "hostile", .tags = "hostile loop")
{
}

SB_BENCH(removed, .group = "hostile", .tags = "hostile loop")
{
	SB_LOOP(b) {
	}
}

SB_BENCH(record_twice, .group = "hostile", .tags = "hostile loop")
{
	SB_LOOP(b) {
		sb_record_ns(b, 1);
		sb_record_ns(b, 1);
	}
}

/* Measures well, and is too loud. */
SB_BENCH(print, .group = "hostile", .tags = "hostile", .args = { SB_AXIS(to, "stdout", "stderr") })
{
	FILE *out = strcmp(sb_arg_text(b, "to"), "stdout") == 0 ? stdout : stderr;
	char line[1024];

	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\n';
	for (int i = 0; i < PRINTED_MEGABYTES * 1024; i++)
		fwrite(line, sizeof line, 1, out);
	fputs("the last line\n", out);
	loop(b);
}

/* Measures well, and leaves a process in a session of its own that holds the output open. */
SB_BENCH(leave_children, .group = "hostile", .tags = "hostile")
{
	fflush(NULL);
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			alarm(LIFETIME_S);
			for (;;)
				pause();
		}
		_exit(0);
	}
	loop(b);
}

/* Ends what counts it every other sample. */
SB_BENCH(stop_counters, .group = "hostile", .tags = "hostile")
{
	bool is_on = true;

	SB_LOOP_SETUP(b, (is_on = !is_on,
			  ioctl(SB_WIRE_COUNTER_FD, is_on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE,
				PERF_IOC_FLAG_GROUP)))
		__asm__ volatile("" : : : "memory");
}

/* As a program does that becomes a daemon; what it opens then has the numbers of what it closed. A read from
 * one of the pipes would wait for ever. */
SB_BENCH(close_all, .group = "hostile", .tags = "hostile")
{
	int ends[2];

	close_range(STDERR_FILENO + 1, ~0u, 0);
	for (int i = 0; i < PIPES; i++)
		if (pipe(ends))
			sb_skip(b, "no pipes are to be had");
	loop(b);
}

/* Makes its counters run backwards. */
SB_BENCH(reset_counters, .group = "hostile", .tags = "hostile")
{
	SB_LOOP(b)
		ioctl(SB_WIRE_COUNTER_FD, PERF_EVENT_IOC_RESET, PERF_IOC_FLAG_GROUP);
}

/* The shared memory, found as anybody can: by what a shared mapping begins with. Gives its size too. */
static void *find_memory(size_t *size)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	void *found = NULL;

	while (maps != NULL && found == NULL && fgets(line, sizeof line, maps) != NULL) {
		unsigned long begin, end;
		if (sscanf(line, "%lx-%lx rw-s", &begin, &end) != 2 || strstr(line, " rw-s ") == NULL)
			continue;
		*size = end - begin;
		if (memcmp((const void *)begin, SB_WIRE_MAGIC_REQUEST, sizeof SB_WIRE_MAGIC_REQUEST) == 0)
			found = (void *)begin;
	}
	if (maps != NULL)
		fclose(maps);
	return found;
}

SB_BENCH(scribble, .group = "hostile", .tags = "hostile memory", .args = { SB_AXIS(byte, 0, 1, 255) })
{
	size_t size;
	void *memory = find_memory(&size);

	if (memory == NULL) {
		sb_skip(b, "found no shared memory");
		return;
	}
	memset(memory, (int)sb_arg(b, "byte"), size);
	loop(b);
}

/* A result that is complete and right but for one thing. */
static void spoil(struct sb_wire_result *result, struct sb_wire_sample *samples, const char *what)
{
	if (strcmp(what, "count") == 0)
		result->count = UINT64_MAX;
	else if (strcmp(what, "reason") == 0)
		memset(result->reason, 'x', sizeof result->reason);
	else if (strcmp(what, "escape") == 0)
		strcpy(result->reason, "\033[2J");
	else if (strcmp(what, "nan") == 0)
		result->elements = NAN;
	else if (strcmp(what, "ticks") == 0)
		samples[0].ticks = UINT64_MAX;
	else if (strcmp(what, "batch") == 0)
		samples[0].iterations++;
	else if (strcmp(what, "status") == 0)
		result->status = 77;
	else
		result->state = SB_WIRE_RUNNING;
}

SB_BENCH(garbage, .group = "hostile", .tags = "hostile memory",
	 .args = { SB_AXIS(what, "count", "reason", "escape", "nan", "ticks", "batch", "status", "state") })
{
	size_t size;
	char *memory = find_memory(&size);

	if (memory == NULL) {
		sb_skip(b, "found no shared memory");
		return;
	}
	const struct sb_wire_request *request = (const void *)memory;
	struct sb_wire_result *result = (void *)(memory + SB_WIRE_RESULT_OFFSET);
	struct sb_wire_sample *samples = (void *)(memory + SB_WIRE_PAYLOAD_OFFSET);
	const uint64_t batch = request->batch == 0 ? 1 : request->batch;
	for (uint64_t i = 0; i < request->samples; i++)
		samples[i] = (struct sb_wire_sample){ .ticks = 1000, .iterations = batch };
	*result = (struct sb_wire_result){ .state = SB_WIRE_DONE, .count = request->samples, .batch = batch };
	spoil(result, samples, sb_arg_text(b, "what"));
	_exit(0);
}

/* Measures well where the seals of the runner hold: the memory keeps its size and its seals. */
SB_BENCH(truncate, .group = "hostile", .tags = "hostile memory")
{
	if (stolen < 0)
		sb_skip(b, "no runner's shared memory to truncate");
	else if (ftruncate(stolen, 0) == 0)
		sb_fail(b, "the shared memory could be truncated");
	else if (ftruncate(stolen, (off_t)1 << 30) == 0)
		sb_fail(b, "the shared memory could be enlarged");
	else if (fcntl(stolen, F_ADD_SEALS, F_SEAL_FUTURE_WRITE) == 0)
		sb_fail(b, "the shared memory could be sealed again");
	else
		loop(b);
}
