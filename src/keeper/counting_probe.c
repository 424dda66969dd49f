/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counting_probe.c - what this host can count, found by counting; see counting.h.
 *
 * That an event opens says little: a PMU takes codes that it does not have, a watchdog may hold the one
 * counter that would do, and the number of counters is nowhere to be read. So processes that are pinned to a
 * CPU of the bench count themselves at work that every kind of event happens in, first with each event alone,
 * then with groups that grow for as long as all of a group are counted all of the time. As a launch does,
 * each opens its events while it is root and works as the bench's user.
 */
#include "keeper/counting.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/monotonic.h"

#define PATIENCE_MS 30000

#define PAGE	    4096
#define PAGES	    4096 /* more than second-level TLBs of today hold */
#define FRESH_PAGES 8
#define SPINS	    20000

#define UPDATE_NS   50000000 /* energy is brought up to date about every millisecond */

/* What the processes tell, in memory that they share. */
struct outcome {
	struct keeper_probe probes[KEEPER_EVENTS_MAX];
	unsigned passes;
	uint32_t witnesses;
	bool fits; /* the last group that was tried */
	bool are_tried, is_complete;
};

struct trial {
	const struct counting *counting;
	const struct identity *identity;
	struct outcome *outcome;
};

/* --- work ----------------------------------------------------------------------------------------------- */

static void spin(void)
{
	for (unsigned left = SPINS; left != 0; left--)
		__asm__ volatile("");
}

/* Out of all caches, where user space may say so. */
static void flush(const void *at)
{
#if defined(__x86_64__) || defined(__i386__)
	__asm__ volatile("clflush (%0)" : : "r"(at) : "memory");
#elif defined(__aarch64__)
	__asm__ volatile("dc civac, %0" : : "r"(at) : "memory");
#else
	(void)at;
#endif
}

/* Pages in an order that no prefetcher guesses, and a branch that none can predict. */
static unsigned wander(unsigned char *memory)
{
	uint32_t state = 1, taken = 0;

	for (unsigned i = 0; i < PAGES; i++) {
		state = state * 1664525u + 1013904223u; /* Numerical Recipes, 7.1 */
		unsigned char *at = memory + (size_t)(state >> 8) % PAGES * PAGE + (state >> 24) % 64 * 64;
		if (*(volatile unsigned char *)at + (state >> 31))
			__asm__ volatile("" : "+r"(taken));
		else
			taken++;
		*(volatile unsigned char *)at = (unsigned char)taken & 1u;
		flush(at);
	}
	return taken;
}

static void fault(void)
{
	unsigned char *fresh =
		mmap(NULL, FRESH_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (fresh == MAP_FAILED)
		return;
	for (unsigned i = 0; i < FRESH_PAGES; i++)
		*(volatile unsigned char *)(fresh + (size_t)i * PAGE) = 1;
	munmap(fresh, FRESH_PAGES * PAGE);
}

static void sleep_shortly(void)
{
	const struct timespec moment = { .tv_nsec = 1000 };

	nanosleep(&moment, NULL);
}

static void work(unsigned char *memory)
{
	spin();
	wander(memory);
	fault();
	sleep_shortly();
}

/* --- one group ------------------------------------------------------------------------------------------ */

/* As read(2) gives a group. */
struct reading {
	uint64_t count, enabled, running, values[SB_WIRE_COUNTERS_MAX];
};

enum sight { SIGHT_LOST, SIGHT_NO_TIME, SIGHT_PART, SIGHT_WHOLE };

/* A pinned group that does not get its counters is in error from then on, and a read gives nothing. */
static enum sight look(int leader, struct reading *reading)
{
	*reading = (struct reading){ .count = 0 };
	if (read(leader, reading, sizeof *reading) <= 0 || reading->enabled == 0)
		return SIGHT_LOST;
	if (reading->running == 0)
		return SIGHT_NO_TIME;
	return reading->running == reading->enabled ? SIGHT_WHOLE : SIGHT_PART;
}

/* What counts for a package may move in steps. */
static enum sight await_step(int leader, struct reading *reading)
{
	const uint64_t deadline = monotonic_now_ns() + UPDATE_NS;
	enum sight sight = look(leader, reading);

	while (sight == SIGHT_WHOLE && !reading->values[0] && monotonic_now_ns() < deadline) {
		spin();
		sight = look(leader, reading);
	}
	return sight;
}

/* What is open stays so; nothing more can be had. A change of user takes away the signal of the parent's
 * death. */
static void give_up_root(const struct trial *trial)
{
	const char *step;

	if (identity_become_bench(trial->identity, &step) || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		_exit(1);
}

/* In a process that does not come back from being the bench's user. */
static void apart(const struct trial *trial, const struct counting_group *group,
		  void (*part)(const struct trial *trial, const struct counting_group *group))
{
	const pid_t pid = fork();

	if (pid == 0) {
		part(trial, group);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

/* --- the events ----------------------------------------------------------------------------------------- */

static uint32_t state_of(enum sight sight, uint64_t value)
{
	if (sight == SIGHT_WHOLE)
		return value ? KEEPER_PROBE_COUNTS : KEEPER_PROBE_NEVER_COUNTS;
	return sight == SIGHT_NO_TIME ? KEEPER_PROBE_NO_TIME : KEEPER_PROBE_LOST;
}

static unsigned char *memory_new(void)
{
	const size_t size = (size_t)PAGES * PAGE;
	unsigned char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		_exit(1);
	madvise(memory, size, MADV_NOHUGEPAGE);
	for (unsigned i = 0; i < PAGES; i++)
		memory[(size_t)i * PAGE] = 0;
	return memory;
}

/* Disabled, an event takes no counter from those that are open beside it. */
static void try_alone(const struct trial *trial, const struct counting_group *none)
{
	struct keeper_probe *probes = trial->outcome->probes;
	int fds[KEEPER_EVENTS_MAX];
	struct reading reading;
	enum sight sight;
	unsigned char *memory;

	(void)none;
	for (unsigned i = 0; i < trial->counting->count; i++) {
		const struct counting_event *event = &trial->counting->events[i];

		probes[i].code = counting_open_group(&(struct counting_group){ .events = &event, .count = 1 },
						     &fds[i]);
	}
	give_up_root(trial);
	memory = memory_new();
	for (unsigned i = 0; i < trial->counting->count; i++) {
		if (probes[i].code)
			continue;
		ioctl(fds[i], PERF_EVENT_IOC_ENABLE, 0);
		work(memory);
		probes[i].reach = trial->counting->events[i].wide.reach;
		sight = probes[i].reach == PMU_REACH_TASK ? look(fds[i], &reading)
							  : await_step(fds[i], &reading);
		probes[i].value = reading.values[0];
		probes[i].state = state_of(sight, probes[i].value);
		close(fds[i]);
	}
	trial->outcome->are_tried = true;
}

static bool is_countable(const struct keeper_probe *probe)
{
	return !probe->code &&
	       (probe->state == KEEPER_PROBE_COUNTS || probe->state == KEEPER_PROBE_NEVER_COUNTS);
}

static void try_group(const struct trial *trial, const struct counting_group *group)
{
	int fds[SB_WIRE_COUNTERS_MAX];
	struct reading reading;

	if (counting_open_group(group, fds))
		return;
	give_up_root(trial);
	ioctl(fds[0], PERF_EVENT_IOC_ENABLE, 0);
	spin();
	trial->outcome->fits = look(fds[0], &reading) == SIGHT_WHOLE;
}

/* Those of a pass and one more, in their order. */
static bool fits(const struct trial *trial, unsigned pass, unsigned one)
{
	const struct counting_event *events[SB_WIRE_COUNTERS_MAX];
	unsigned count = 0;

	for (unsigned i = 0; i <= one; i++) {
		if (i != one && trial->outcome->probes[i].pass != pass)
			continue;
		if (count == SB_WIRE_COUNTERS_MAX ||
		    !counting_is_alike(&trial->counting->events[i], &trial->counting->events[one]))
			return false;
		events[count++] = &trial->counting->events[i];
	}
	trial->outcome->fits = false;
	apart(trial, &(struct counting_group){ .events = events, .count = count }, try_group);
	return trial->outcome->fits;
}

/* The first pass that has room for it, or a new one. */
static void put_into_pass(const struct trial *trial, unsigned one)
{
	struct outcome *outcome = trial->outcome;
	unsigned pass = 1;

	while (pass <= outcome->passes && !fits(trial, pass, one))
		pass++;
	if (pass > outcome->passes)
		outcome->passes++;
	outcome->probes[one].pass = pass;
}

static bool can_open(const struct counting_event *event)
{
	const struct counting_group group = { .events = &event, .count = 1 };
	int fd;

	if (counting_open_group(&group, &fd))
		return false;
	close(fd);
	return true;
}

static void try_all(const struct trial *trial)
{
	const struct counting *counting = trial->counting;

	apart(trial, NULL, try_alone);
	for (unsigned i = 0; i < counting->count; i++)
		if (is_countable(&trial->outcome->probes[i]))
			put_into_pass(trial, i);
	for (unsigned row = 0; row < WITNESS_COUNT; row++)
		if (can_open(&counting->witness[row]))
			trial->outcome->witnesses |= 1u << row;
	trial->outcome->is_complete = trial->outcome->are_tried;
}

/* --- the processes ----------------------------------------------------------------------------------------
 */

/* One CPU, so that a PMU of other cores is told apart from one that nobody has. */
static void pin(const cpu_set_t *cpus)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	for (int cpu = 0; cpus && cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, cpus)) {
			CPU_SET(cpu, &one);
			break;
		}
	if (cpus)
		sched_setaffinity(0, sizeof one, &one);
}

static _Noreturn void be_tried(struct trial *trial, const cpu_set_t *cpus)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	pin(cpus);
	try_all(trial);
	_exit(0);
}

static void await(pid_t pid, int front)
{
	const uint64_t deadline = monotonic_now_ns() + PATIENCE_MS * 1000000ull;
	struct pollfd end = { .fd = front };

	while (monotonic_now_ns() < deadline && !poll(&end, 1, 1))
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int run_trial(struct trial *trial, const cpu_set_t *cpus, int front, struct sb_err *err)
{
	const pid_t pid = fork();

	if (pid == 0)
		be_tried(trial, cpus);
	if (pid < 0)
		return err_set(err, -errno, "cannot start a process to try events on: %s", err_reason(errno));
	await(pid, front);
	return trial->outcome->is_complete
		       ? 0
		       : err_set(err, -EIO, "the process that tries events did not come to its end");
}

int counting_probe(struct counting *counting, const struct identity *identity, const cpu_set_t *cpus,
		   int front, struct keeper_probe *probes, struct sb_err *err)
{
	struct outcome *outcome =
		mmap(NULL, sizeof *outcome, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct trial trial = { .counting = counting, .identity = identity, .outcome = outcome };
	int code;

	if (outcome == MAP_FAILED)
		return err_set(err, -errno, "cannot map memory: %s", err_reason(errno));
	code = run_trial(&trial, cpus, front, err);
	if (!code) {
		memcpy(probes, outcome->probes, counting->count * sizeof *probes);
		counting->passes = outcome->passes;
		counting->witnesses = outcome->witnesses;
		for (unsigned i = 0; i < counting->count; i++)
			counting->pass[i] = probes[i].pass;
	}
	munmap(outcome, sizeof *outcome);
	return code;
}
