/* SPDX-License-Identifier: GPL-2.0-or-later */
/* launch.c - from a validated order to a process that can do no harm, and to its certain end; see launch.h.
 */
#include "keeper/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/monotonic.h"
#include "keeper/process.h"
#include "keeper/program.h"
#include "stablebench.h"

#define LEFTOVER_MS                                                                                          \
	5000 /* a fork bomb can be faster than its executioner; the host must come back all the same */

void launch_init(struct launch *launch)
{
	*launch = (struct launch){ .status = -1, .cgroup_kill_fd = -1 };
	team_init(&launch->team);
}

bool launch_is_running(const struct launch *launch)
{
	return launch->pid > 0;
}

bool launch_is_over(const struct launch *launch)
{
	siginfo_t info = { 0 };

	return launch->pid > 0 && !waitid(P_PID, (id_t)launch->pid, &info, WEXITED | WNOHANG | WNOWAIT) &&
	       info.si_pid == launch->pid;
}

/* --- shared memory ------------------------------------------------------------------------------------ */

void launch_request(const struct keeper_launch *order, size_t size, struct sb_wire_request *request)
{
	*request = (struct sb_wire_request){
		.magic = SB_WIRE_MAGIC_REQUEST,
		.abi = SB_ABI_VERSION,
		.mode = order->mode,
		.size = size,
		.clock = order->clock,
		.ns_per_tick = order->ns_per_tick,
		.batch = order->batch,
		.warmup = order->warmup,
		.samples = order->samples,
		.sample_ns = order->sample_ns,
		.set_aside = order->set_aside,
		.unwitnessed = order->unwitnessed,
		.retakes = order->retakes,
		.threads = order->threads,
	};
	snprintf(request->name, sizeof request->name, "%s", order->name);
}

/* Writing every byte also faults every page in, so that none is missing in the middle of a sample. */
static int fill_memory(int fd, size_t size, const struct sb_wire_request *request, struct sb_err *err)
{
	const char *wrong;
	void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (bytes == MAP_FAILED)
		return err_set(err, -errno, "cannot map %zu bytes of shared memory: %s", size,
			       err_reason(errno));
	memset(bytes, 0, size);
	memcpy(bytes, request, sizeof *request);
	wrong = wire_request_check(bytes, size);
	munmap(bytes, size);
	return wrong ? err_set(err, -EINVAL, "the launch is not possible: %s", wrong) : 0;
}

static bool is_witnessed(const struct keeper_launch *order)
{
	return order->mode != SB_WIRE_LIST && !order->unwitnessed;
}

static size_t memory_size(const struct keeper_launch *order)
{
	const size_t samples = (size_t)(order->samples + order->retakes);

	return order->mode == SB_WIRE_LIST ? wire_size(SB_WIRE_LIST, SB_WIRE_CASES_MAX)
					   : wire_size((enum sb_wire_mode)order->mode, samples) +
						     wire_threads_size(order->threads, samples);
}

static int make_memory(const struct keeper_launch *order, const struct launch_setting *setting,
		       struct keeper_started *started, struct sb_err *err)
{
	int fd = memfd_create("stablebench", MFD_CLOEXEC | MFD_ALLOW_SEALING), code = 0;

	if (fd < 0)
		return err_set(err, -errno, "cannot make shared memory: %s", err_reason(errno));
	started->size = memory_size(order);
	launch_request(order, started->size, &started->asked);
	counting_request(setting->counting, order, &started->asked);
	if (setting->thief && is_witnessed(order))
		started->asked.theft_cpus = thief_cpus(setting->thief);
	if (ftruncate(fd, (off_t)started->size))
		code = err_set(err, -errno, "cannot make %zu bytes of shared memory: %s", started->size,
			       err_reason(errno));
	if (!code)
		code = fill_memory(fd, started->size, &started->asked, err);
	if (!code && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		code = err_set(err, -errno, "cannot seal shared memory: %s", err_reason(errno));
	if (!code)
		return fd;
	close(fd);
	return code;
}

/* --- beginning ---------------------------------------------------------------------------------------- */

static int start_child(struct launch *launch, const struct program *program, int status, struct sb_err *err)
{
	launch->pid = fork();
	if (launch->pid == 0)
		program_become(program, status);
	if (launch->pid < 0) {
		launch->pid = 0;
		return err_set(err, -errno, "cannot start a process: %s", err_reason(errno));
	}
	return 0;
}

static int start_watched(struct launch *launch, const struct program *program, struct sb_err *err)
{
	int status[2], code;

	if (pipe2(status, O_CLOEXEC | O_NONBLOCK))
		return err_set(err, -errno, "cannot make a pipe: %s", err_reason(errno));
	code = start_child(launch, program, status[1], err);
	close(status[1]);
	if (code)
		close(status[0]);
	else
		launch->status = status[0];
	return code;
}

int launch_begin(struct launch *launch, const struct launch_setting *setting,
		 const struct keeper_launch *order, int binary, int output, struct keeper_started *started,
		 struct sb_err *err)
{
	struct program program;
	int code;

	launch_init(launch);
	launch->cgroup_kill_fd = setting->cgroup_kill_fd;
	started->memory = make_memory(order, setting, started, err);
	if (started->memory < 0)
		return started->memory;
	program.binary = binary;
	program.output = output;
	program.memory = started->memory;
	program.thief = started->asked.theft_cpus ? setting->thief : NULL;
	program.team = -1;
	if (started->asked.by_thread)
		program.team = team_open(&launch->team, setting->counting, order->pass, &started->asked);
	program_prepare(&program, setting, order);
	launch->thief = program.thief;
	if (launch->thief)
		thief_begin(launch->thief);
	if (is_witnessed(order)) {
		launch->smi = setting->counting->smi;
		smi_begin(&launch->smi);
		launch->busy = setting->counting->busy;
		busy_frequency_begin(&launch->busy);
	}
	started->started_ns = monotonic_now_ns();
	code = start_watched(launch, &program, err);
	if (program.team >= 0)
		close(program.team);
	if (code) {
		team_close(&launch->team);
		close(started->memory);
		return code;
	}
	started->pid = launch->pid;
	launch->deadline_ns = started->started_ns + (uint64_t)order->timeout_ms * 1000000u;
	return 0;
}

/* --- end ---------------------------------------------------------------------------------------------- */

void launch_kill(struct launch *launch)
{
	if (!launch_is_running(launch))
		return;
	process_kill_group(launch->cgroup_kill_fd);
	kill(-launch->pid, SIGKILL);
	kill(launch->pid, SIGKILL); /* it may not have made its group yet */
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

/* A process that hangs in the kernel cannot be waited for without end: the host has to be put back. */
static void reap_main(const struct launch *launch, struct keeper_ended *ended)
{
	const uint64_t deadline = monotonic_now_ns() + LEFTOVER_MS * 1000000ull;
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct rusage usage;

	while (!launch_is_over(launch) && monotonic_now_ns() < deadline)
		nanosleep(&pause, NULL);
	if (wait4(launch->pid, &ended->wait_status, WNOHANG, &usage) != launch->pid) {
		ended->wait_status = SIGKILL;
		ended->leftover = 1;
		return;
	}
	ended->user_s = seconds(usage.ru_utime);
	ended->system_s = seconds(usage.ru_stime);
	ended->switches = (uint64_t)usage.ru_nivcsw;
	ended->peak_rss_bytes = (uint64_t)usage.ru_maxrss * 1024u;
}

static void read_failure(const struct launch *launch, struct keeper_ended *ended)
{
	struct program_failure failure;

	if (read(launch->status, &failure, sizeof failure) != sizeof failure)
		return;
	ended->exec_errno = failure.code;
	snprintf(ended->exec_step, sizeof ended->exec_step, "%.31s", failure.step);
}

void launch_end(struct launch *launch, struct keeper_ended *ended)
{
	memset(ended, 0, sizeof *ended);
	reap_main(launch, ended);
	busy_frequency_end(&launch->busy, &ended->busy);
	smi_end(&launch->smi, &ended->smi);
	read_failure(launch, ended);
	ended->leftover += process_kill_children(launch->cgroup_kill_fd, LEFTOVER_MS);
	if (launch->thief)
		thief_end(launch->thief, &ended->thieves);
	ended->timed_out = launch->timed_out;
	ended->killed = launch->killed;
	close(launch->status);
	team_close(&launch->team);
	launch_init(launch);
}
