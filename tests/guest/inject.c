/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inject - disturbs the CPU of bench_injected when that asks for it, and tells how often: by the kernel's own
 * count where others could do the same, else by its own.
 *
 * Usage: inject KIND CPU FILE [IRQ]
 * FILE is what both map (injected.h), IRQ the interrupt of 'interrupt'. Ends when it is killed.
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "../counted.h"
#include "injected.h"

#define LOOK_NS 100000
#define SPIN_NS 1000000

struct generator {
	int cpu;
	const char *detail;
	struct injected *shared;
	int file;
	sem_t wake;
	volatile int thread;		/* the waker's */
	volatile uint32_t rounds, lost; /* of the waker: done, and the times that it lost the CPU itself */
};

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

static void pause_ns(long ns)
{
	const struct timespec time = { .tv_nsec = ns };

	nanosleep(&time, NULL);
}

/* It tells its CPU for as long as it waits. */
static void await_bench(struct injected *shared)
{
	__atomic_store_n(&shared->cpu, -1, __ATOMIC_RELAXED);
	while (__atomic_load_n(&shared->cpu, __ATOMIC_RELAXED) == -1)
		pause_ns(LOOK_NS);
}

static int go_to(int thread, int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	return sched_setaffinity(thread, sizeof cpus, &cpus);
}

/* Twice, so that it is not on its way only. */
static bool is_asleep(int thread)
{
	char path[32], text[256] = "";
	int seen = 0;

	snprintf(path, sizeof path, "/proc/%d/stat", thread);
	for (int look = 0; look < 2; look++, pause_ns(LOOK_NS)) {
		FILE *stream = fopen(path, "r");
		const char *state;

		if (stream && fgets(text, sizeof text, stream)) {
			state = strrchr(text, ')');
			seen += state && state[2] == 'S';
		}
		if (stream)
			fclose(stream);
	}
	return seen == 2;
}

/* --- a thread that wakes up on the CPU ------------------------------------------------------------------ */

static uint64_t own_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint32_t lost(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (uint32_t)usage.ru_nivcsw;
}

static void *wake_and_spin(void *data)
{
	struct generator *generator = data;

	generator->thread = (int)syscall(SYS_gettid);
	for (;;) {
		sem_wait(&generator->wake);
		const uint64_t begin = own_ns();
		const uint32_t before = lost();

		while (own_ns() - begin < SPIN_NS)
			;
		generator->lost = lost() - before;
		__atomic_add_fetch(&generator->rounds, 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void *wake_first(void *data)
{
	const struct sched_param first = { .sched_priority = 1 };
	struct generator *generator = data;

	prctl(PR_SET_NAME, "waker");
	if (go_to(0, generator->cpu) || sched_setscheduler(0, SCHED_FIFO, &first))
		die("cannot be first on the CPU");
	return wake_and_spin(data);
}

static void *wake_as_any(void *data)
{
	struct generator *generator = data;

	prctl(PR_SET_NAME, "neighbour");
	if (go_to(0, generator->cpu))
		die("cannot go to the CPU");
	return wake_and_spin(data);
}

static void start_thread(struct generator *generator, void *(*run)(void *))
{
	pthread_t thread;

	sem_init(&generator->wake, 0, 0);
	if (pthread_create(&thread, NULL, run, generator))
		die("cannot start a thread");
}

static void start_waker(struct generator *generator)
{
	start_thread(generator, wake_first);
}

static void start_neighbour(struct generator *generator)
{
	start_thread(generator, wake_as_any);
}

static uint32_t wake(struct generator *generator)
{
	const uint32_t before = generator->rounds;

	sem_post(&generator->wake);
	while (__atomic_load_n(&generator->rounds, __ATOMIC_ACQUIRE) == before ||
	       !is_asleep(generator->thread))
		pause_ns(LOOK_NS);
	return 1 + generator->lost;
}

/* --- interrupts ----------------------------------------------------------------------------------------- */

static void open_file(struct generator *generator)
{
	generator->file = open("/run/guest/command", O_RDONLY);
	if (generator->file < 0 || !generator->detail)
		die("cannot open the shared file, or no interrupt was named");
}

/* Each read asks the device, which answers by an interrupt. */
static uint32_t interrupt(struct generator *generator)
{
	const unsigned long long before = counted("/proc/interrupts", generator->detail, generator->cpu);
	char byte;

	if (pread(generator->file, &byte, 1, 0) != 1)
		die("cannot read the shared file");
	return (uint32_t)(counted("/proc/interrupts", generator->detail, generator->cpu) - before);
}

/* The bench has registered itself for it. */
static uint32_t call_function(struct generator *generator)
{
	(void)generator;
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0))
		die("no membarrier");
	return 1;
}

/* The small theft comes last, when the bench is back on the CPU. */
static uint32_t wake_and_call(struct generator *generator)
{
	wake(generator);
	await_bench(generator->shared);
	return call_function(generator);
}

static void open_requests(struct generator *generator)
{
	generator->file = open("/proc/sysrq-trigger", O_WRONLY);
	if (generator->file < 0)
		die("/proc/sysrq-trigger");
}

/* A backtrace of all other CPUs, to which each is called by an NMI. */
static uint32_t call_backtrace(struct generator *generator)
{
	const unsigned long long before = counted("/proc/interrupts", "NMI:", generator->cpu);

	if (write(generator->file, "l", 1) != 1)
		die("/proc/sysrq-trigger");
	return (uint32_t)(counted("/proc/interrupts", "NMI:", generator->cpu) - before);
}

/* --- and others ----------------------------------------------------------------------------------------- */

static void move_to(struct injected *shared, int cpu)
{
	if (go_to(shared->thread, cpu))
		die("cannot move the bench");
	while (__atomic_load_n(&shared->cpu, __ATOMIC_RELAXED) != cpu)
		pause_ns(LOOK_NS);
}

/* It runs there before it is moved back: the kernel counts a move when the thread runs again. */
static uint32_t move(struct generator *generator)
{
	move_to(generator->shared, generator->cpu + 2);
	move_to(generator->shared, generator->cpu);
	return 2;
}

static uint32_t nothing(struct generator *generator)
{
	(void)generator;
	return 0;
}

static const struct {
	const char *name;
	void (*prepare)(struct generator *generator);
	uint32_t (*inject)(struct generator *generator); /* gives how many events that were */
} kinds[] = {
	{ "nothing", NULL, nothing },
	{ "waker", start_waker, wake },
	{ "neighbour", start_neighbour, wake },
	{ "interrupt", open_file, interrupt },
	{ "call", NULL, call_function },
	{ "waker-and-call", start_waker, wake_and_call },
	{ "nmi", open_requests, call_backtrace },
	{ "move", NULL, move },
};

static void wake_sleeper(struct injected *shared)
{
	if (!is_asleep(shared->thread))
		return;
	__atomic_store_n(&shared->is_asleep, 0, __ATOMIC_RELEASE);
	syscall(SYS_futex, &shared->is_asleep, FUTEX_WAKE, 1, NULL, NULL, 0);
}

int main(int argc, char **argv)
{
	struct generator generator = { 0 };
	size_t kind = 0;
	int file;

	if (argc < 4)
		return 2;
	while (kind < sizeof kinds / sizeof *kinds && strcmp(kinds[kind].name, argv[1]) != 0)
		kind++;
	if (kind == sizeof kinds / sizeof *kinds)
		return 2;
	generator.cpu = atoi(argv[2]);
	generator.detail = argv[4];
	file = open(argv[3], O_RDWR);
	generator.shared =
		file < 0 ? MAP_FAILED
			 : mmap(NULL, sizeof *generator.shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (generator.shared == MAP_FAILED)
		die(argv[3]);
	if (kinds[kind].prepare)
		kinds[kind].prepare(&generator);
	for (struct injected *shared = generator.shared;; pause_ns(LOOK_NS)) {
		const uint32_t asked = __atomic_load_n(&shared->asked, __ATOMIC_ACQUIRE);

		if (__atomic_load_n(&shared->is_asleep, __ATOMIC_ACQUIRE))
			wake_sleeper(shared);
		if (asked == shared->answered)
			continue;
		shared->events = shared->is_wanted ? kinds[kind].inject(&generator) : 0;
		__atomic_store_n(&shared->answered, asked, __ATOMIC_RELEASE);
	}
}
