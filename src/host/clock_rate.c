/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clock_rate.c - see clock_rate.h. */
#include "host/clock_rate.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "host/msr.h"

#define WARM_UP_NS   10000000u
#define MEASURE_NS   20000000u
#define ANSWER_MS    2000
#define ROUND_ADDS   64
#define BURST_ROUNDS 2048 /* some 40 us: shorter than the time between two interruptions */

static const char *const names[CLOCK_METHODS] = {
	[CLOCK_BY_APERF] = "aperf",
	[CLOCK_BY_CYCLES] = "cycles",
	[CLOCK_BY_REGISTER] = "register",
	[CLOCK_BY_LOOP] = "loop",
};

const char *clock_method_name(enum clock_method method)
{
	return names[method];
}

static uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC_RAW, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* --- the loop ------------------------------------------------------------------------------------------- */

/* Each addition waits for the one before it. A register is added, since some CPUs take additions of small
 * constants for nothing. */
#if defined(__x86_64__)
#define HAS_LOOP 1
#define CHAIN	 "1:\n\t.rept 64\n\tadd %[step], %[sum]\n\t.endr\n\tsub $1, %[rounds]\n\tjnz 1b"
#elif defined(__aarch64__)
#define HAS_LOOP 1
#define CHAIN                                                                                                \
	"1:\n\t.rept 64\n\tadd %[sum], %[sum], %[step]\n\t.endr\n\tsubs %[rounds], %[rounds], #1\n\tb.ne 1b"
#else
#define HAS_LOOP 0
#define CHAIN	 ""
#endif

/* Additions per second. */
static double burst(void)
{
	uint64_t sum = 0, step = 1, rounds = BURST_ROUNDS, began = now_ns();

	__asm__ volatile(CHAIN : [sum] "+r"(sum), [rounds] "+r"(rounds) : [step] "r"(step) : "cc");
	return (double)BURST_ROUNDS * ROUND_ADDS * 1e9 / (double)(now_ns() - began + 1);
}

static double best_burst(uint64_t length_ns)
{
	const uint64_t began = now_ns();
	double best = 0;

	do {
		const double rate = burst();

		best = rate > best ? rate : best;
	} while (now_ns() - began < length_ns);
	return HAS_LOOP ? best : 0;
}

/* --- counters around it --------------------------------------------------------------------------------- */

struct cycles {
	uint64_t count, enabled_ns, running_ns;
};

/* With the kernel's cycles where that is allowed; without them the time spent there is missing too little to
 * matter. */
static int open_cycles(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_HARDWARE,
					.size = sizeof attr,
					.config = PERF_COUNT_HW_CPU_CYCLES,
					.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED |
						       PERF_FORMAT_TOTAL_TIME_RUNNING };
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd >= 0)
		return (int)fd;
	attr.exclude_kernel = attr.exclude_hv = 1;
	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static bool read_cycles(int fd, struct cycles *cycles)
{
	return fd >= 0 && read(fd, cycles, sizeof *cycles) == sizeof *cycles;
}

static double rate_of_cycles(const struct cycles *first, const struct cycles *last)
{
	const uint64_t running_ns = last->running_ns - first->running_ns;

	if (!running_ns || running_ns != last->enabled_ns - first->enabled_ns)
		return 0;
	return (double)(last->count - first->count) * 1e9 / (double)running_ns;
}

static bool read_aperf(int fd, uint64_t *count)
{
	return fd >= 0 && !msr_read(fd, MSR_APERF, count);
}

/* Some guests have the register, and it stands still. */
static double rate_of_aperf(uint64_t first, uint64_t last, uint64_t length_ns)
{
	return last > first ? (double)(last - first) * 1e9 / (double)length_ns : 0;
}

static double read_register(const struct path_root *root, int cpu)
{
	char path[96];
	long long khz;

	snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/cpuinfo_cur_freq", cpu);
	return path_read_long(root, path, &khz, NULL) || khz <= 0 ? 0 : (double)khz * 1e3;
}

/* On the CPU itself, so that no reading has to interrupt it from another one. */
static void measure_here(const struct path_root *root, int cpu, struct clock_rates *rates)
{
	struct cycles first_cycles = { 0 }, last_cycles = { 0 };
	uint64_t first_aperf = 0, last_aperf = 0, began;
	const int msr = msr_open(root, (unsigned)cpu, O_RDONLY, NULL), counter = open_cycles();
	bool has_aperf, has_cycles;

	best_burst(WARM_UP_NS);
	has_cycles = read_cycles(counter, &first_cycles);
	has_aperf = read_aperf(msr, &first_aperf);
	began = now_ns();
	rates->hertz[CLOCK_BY_LOOP] = best_burst(MEASURE_NS);
	if (has_aperf && read_aperf(msr, &last_aperf))
		rates->hertz[CLOCK_BY_APERF] = rate_of_aperf(first_aperf, last_aperf, now_ns() - began);
	if (has_cycles && read_cycles(counter, &last_cycles))
		rates->hertz[CLOCK_BY_CYCLES] = rate_of_cycles(&first_cycles, &last_cycles);
	rates->hertz[CLOCK_BY_REGISTER] = read_register(root, cpu);
}

/* --- the child ------------------------------------------------------------------------------------------ */

static int pin(int cpu, int procs_fd)
{
	cpu_set_t set;

	if (procs_fd >= 0 && write(procs_fd, "0", 1) != 1)
		return -errno;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof set, &set) ? -errno : 0;
}

struct answer {
	int code;
	struct clock_rates rates;
};

_Static_assert(sizeof(struct answer) <= 512, "a pipe takes so much in one piece");

static void answer_and_exit(const struct path_root *root, int cpu, int procs_fd, int fd)
{
	struct answer answer = { 0 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	answer.code = pin(cpu, procs_fd);
	if (!answer.code)
		measure_here(root, cpu, &answer.rates);
	_exit(write(fd, &answer, sizeof answer) != sizeof answer);
}

static int await_answer(int fd, struct answer *answer)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	int ready;

	do
		ready = poll(&wait, 1, ANSWER_MS);
	while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		return -ETIMEDOUT;
	return read(fd, answer, sizeof *answer) == sizeof *answer ? answer->code : -EIO;
}

static void end_child(pid_t child)
{
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

int clock_rate_measure(const struct path_root *root, int cpu, int procs_fd, struct clock_rates *rates,
		       struct sb_err *err)
{
	struct answer answer = { 0 };
	int ends[2], code;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return err_set(err, -errno, "cannot make a pipe: %s", err_reason(errno));
	child = fork();
	if (child == 0)
		answer_and_exit(root, cpu, procs_fd, ends[1]);
	code = child < 0 ? -errno : 0;
	close(ends[1]);
	if (!code) {
		code = await_answer(ends[0], &answer);
		end_child(child);
	}
	close(ends[0]);
	*rates = answer.rates;
	return code ? err_set(err, code, "cannot measure the clock of CPU %d: %s", cpu, err_reason(code)) : 0;
}
