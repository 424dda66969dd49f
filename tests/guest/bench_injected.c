/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A benchmark of which it is known, sample by sample, what disturbed it: in each second sample either
 * tests/guest/inject does something to its CPU, or it does something itself. The truth stands in the sample's
 * own time: a microsecond, and one more for each event. Both sorts of samples wait for inject, so that they
 * last alike.
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <netinet/in.h>
#include <sched.h>
#include <stablebench.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "injected.h"

enum { PAGE = 4096 };

/* What it does itself; `file` is one that nobody else has mapped. */
struct own {
	struct injected *shared;
	int file, socket;	   /* the latter sends to itself */
	volatile const char *page; /* the file's first */
};

static uint32_t do_nothing(const struct own *own)
{
	(void)own;
	return 0;
}

/* No sleep of a set time: on a slow machine that is over before it has begun. */
static uint32_t do_sleep(const struct own *own)
{
	uint32_t *word = &own->shared->is_asleep;

	__atomic_store_n(word, 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == 1)
		syscall(SYS_futex, word, FUTEX_WAIT, 1, NULL, NULL, 0);
	return 1;
}

static uint32_t read_disk(const struct own *own)
{
	madvise((void *)(uintptr_t)own->page, PAGE, MADV_DONTNEED);
	posix_fadvise(own->file, 0, PAGE, POSIX_FADV_DONTNEED);
	sb_keep(own->page[0]);
	return 1;
}

static uint32_t use_memory(const struct own *own)
{
	volatile char *fresh = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)own;
	fresh[0] = 1;
	munmap((void *)(uintptr_t)fresh, PAGE);
	return 1;
}

static uint32_t send_packet(const struct own *own)
{
	char byte = 0;

	return send(own->socket, &byte, 1, 0) == 1 && recv(own->socket, &byte, 1, 0) == 1;
}

static const struct {
	const char *name;
	uint32_t (*act)(const struct own *own);
} acts[] = {
	{ "nothing", do_nothing }, { "sleep", do_sleep },     { "disk", read_disk },
	{ "memory", use_memory },  { "packet", send_packet },
};

/* What gives way lets an emulator turn to its other CPUs. */
static void await(struct injected *shared, uint32_t number)
{
	while (__atomic_load_n(&shared->answered, __ATOMIC_ACQUIRE) != number) {
		__atomic_store_n(&shared->cpu, sched_getcpu(), __ATOMIC_RELAXED);
#if defined(__x86_64__)
		__builtin_ia32_pause();
#endif
	}
}

static uint32_t ask(struct injected *shared, bool is_wanted)
{
	const uint32_t number = shared->asked + 1;

	shared->is_wanted = is_wanted;
	__atomic_store_n(&shared->asked, number, __ATOMIC_RELEASE);
	await(shared, number);
	return shared->events;
}

static void *map_file(int file, int protection)
{
	void *memory = file < 0 ? MAP_FAILED : mmap(NULL, PAGE, protection, MAP_SHARED, file, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static int open_socket(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	const int file = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (bind(file, (struct sockaddr *)&address, size) ||
	    getsockname(file, (struct sockaddr *)&address, &size) ||
	    connect(file, (struct sockaddr *)&address, size))
		return -1;
	return file;
}

static bool begin(struct own *own)
{
	const char *place = getenv("INJECTED_SHARED"), *file = getenv("INJECTED_FILE");

	own->shared = place ? map_file(open(place, O_RDWR | O_CLOEXEC), PROT_READ | PROT_WRITE) : NULL;
	own->file = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
	own->page = map_file(own->file, PROT_READ);
	own->socket = open_socket();
	if (!own->shared || !own->page || own->socket < 0 ||
	    syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0))
		return false;
	own->shared->thread = (int32_t)syscall(SYS_gettid);
	return true;
}

SB_BENCH(events, .group = "injected", .max_batch = 1,
	 .args = { SB_AXIS(own, "nothing", "sleep", "disk", "memory", "packet") })
{
	const char *name = sb_arg_text(b, "own");
	struct own own;
	bool turn = false;
	size_t act = 0;

	while (strcmp(acts[act].name, name) != 0)
		act++;
	if (!begin(&own)) {
		sb_skip(b, "there is no INJECTED_SHARED, no INJECTED_FILE, or no way to use it");
		return;
	}
	SB_LOOP(b) {
		uint32_t events = ask(own.shared, turn);

		if (turn)
			events += acts[act].act(&own);
		sb_record_ns(b, 1000.0 * (1 + events));
		turn = !turn;
	}
}
