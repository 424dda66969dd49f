/* SPDX-License-Identifier: GPL-2.0-or-later */
/* program.c - the way from a forked keeper to the user's program; see program.h. */
#include "keeper/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/path.h"
#include "host/task.h"
#include "wire.h"

#define BINARY_FD SB_WIRE_FD_END /* these six close-on-exec */
#define STATUS_FD (BINARY_FD + 1)
#define CGROUP_FD (BINARY_FD + 2)
#define CPUSET_FD (BINARY_FD + 3)
#define THIEF_FD  (BINARY_FD + 4)
#define TEAM_FD	  (BINARY_FD + 5)
#define SPARE_FD  (BINARY_FD + 6) /* the first that nobody uses */
#define PLACES	  9

/* --- what the program sees ---------------------------------------------------------------------------- */

/* The link is text for people and $0: the program itself is run by its descriptor. */
static void set_arguments(struct program *program)
{
	char link[32];
	ssize_t length;

	snprintf(link, sizeof link, "/proc/self/fd/%d", program->binary);
	length = readlink(link, program->name, sizeof program->name - 1);
	if (length <= 0)
		snprintf(program->name, sizeof program->name, "bench");
	else
		program->name[length] = '\0';
	program->arguments[0] = program->name;
	memcpy(program->argument, SB_WIRE_ARGUMENT, sizeof program->argument);
	program->arguments[1] = program->argument;
	program->arguments[2] = NULL;
}

static void set_defaults(struct program *program, const struct identity *identity)
{
	const size_t size = sizeof program->defaults[0];

	snprintf(program->defaults[0], size, "PATH=/usr/local/bin:/usr/bin:/bin");
	snprintf(program->defaults[1], size, "HOME=%s", identity->bench_home);
	snprintf(program->defaults[2], size, "USER=%s", identity->bench_user);
	snprintf(program->defaults[3], size, "LOGNAME=%s", identity->bench_user);
	snprintf(program->defaults[4], size, "LANG=C.UTF-8");
}

static void set_environment(struct program *program, const struct launch_setting *setting, unsigned padding)
{
	size_t count = 0, used;

	for (size_t at = 0; at < setting->environment_size; at += strlen(setting->environment + at) + 1)
		program->environment[count++] = (char *)(uintptr_t)(setting->environment + at);
	set_defaults(program, setting->identity);
	for (size_t i = 0; i < PROGRAM_DEFAULTS; i++)
		program->environment[count++] = program->defaults[i];
	used = (size_t)snprintf(program->padding, sizeof program->padding, "STABLEBENCH_PADDING=");
	memset(program->padding + used, 'x', padding);
	program->padding[used + padding] = '\0';
	program->environment[count++] = program->padding;
	program->environment[count] = NULL;
}

void program_prepare(struct program *program, const struct launch_setting *setting,
		     const struct keeper_launch *order)
{
	program->setting = setting;
	program->order = order;
	program->keeper = getpid();
	set_arguments(program);
	set_environment(program, setting, order->padding);
}

/* --- the steps ---------------------------------------------------------------------------------------- */

static int leave_session(const struct program *program, const char **step)
{
	(void)program;
	(void)step;
	return setsid() < 0 ? -errno : 0;
}

/* What the keeper ignores an exec would hand on. */
static int reset_signals(const struct program *program, const char **step)
{
	sigset_t none;

	(void)program;
	(void)step;
	for (int number = 1; number < _NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) ? -errno : 0;
}

/* The bench is the one to die when memory runs out, not the keeper. */
static int raise_oom_score(const struct program *program, const char **step)
{
	struct path_root machine;
	int code = 0;

	(void)step;
	if (program->setting->oom_score[0] && !path_root_init(&machine, "/", NULL)) {
		code = path_write(&machine, "proc/self/oom_score_adj", program->setting->oom_score, NULL);
		path_root_release(&machine);
	}
	return code;
}

/* Before the pinning: a task that joins gets the CPUs of its new group. */
static int join_group(const struct program *program, const char **step)
{
	(void)step;
	if (program->setting->cgroup_procs_fd >= 0 && write(CGROUP_FD, "0", 1) != 1)
		return -errno;
	return program->setting->cpuset_procs_fd < 0 || write(CPUSET_FD, "0", 1) == 1 ? 0 : -errno;
}

static int pin(const struct program *program, const char **step)
{
	const cpu_set_t *cpus = program->setting->cpus;
	cpu_set_t found;

	(void)step;
	if (!cpus)
		return 0;
	if (sched_setaffinity(0, sizeof *cpus, cpus) || sched_getaffinity(0, sizeof found, &found))
		return -errno;
	return CPU_EQUAL(cpus, &found) ? 0 : -ERANGE;
}

static int set_fifo(const struct program *program, const char **step)
{
	(void)step;
	return program->setting->task->fifo ? task_set_fifo() : 0;
}

static int bind_memory(const struct program *program, const char **step)
{
	const struct knob_task *task = program->setting->task;

	(void)step;
	return task->bind_memory ? task_bind_memory(task) : 0;
}

static int forbid_huge_pages(const struct program *program, const char **step)
{
	(void)step;
	return program->setting->task->no_huge_page ? task_forbid_huge_pages() : 0;
}

static int fix_layout(const struct program *program, const char **step)
{
	(void)step;
	return program->setting->task->fixed_layout ? task_fix_layout() : 0;
}

/* As the bench's user, who may not read all that he may run. */
static int warm_cache(const struct program *program, const char **step)
{
	(void)step;
	if (program->setting->task->warm_cache)
		task_warm_file(BINARY_FD);
	return 0;
}

static int forbid_core(const struct program *program, const char **step)
{
	const struct rlimit none = { 0, 0 };

	(void)program;
	(void)step;
	return setrlimit(RLIMIT_CORE, &none) ? -errno : 0;
}

/* While it has the right to. */
static int open_events(const struct program *program, const char **step)
{
	const struct keeper_launch *order = program->order;

	(void)step;
	if (order->mode == SB_WIRE_LIST)
		return 0;
	return counting_open(program->setting->counting, order->pass, order->is_summed, order->witnesses);
}

static int let_watch(const struct program *program, const char **step)
{
	(void)step;
	if (!program->thief)
		return 0;
	if (dup2(THIEF_FD, SB_WIRE_THEFT_FD) < 0)
		return -errno;
	thief_watch(program->thief, getpid());
	return 0;
}

static int let_ask(const struct program *program, const char **step)
{
	(void)step;
	return program->team < 0 || dup2(TEAM_FD, SB_WIRE_TEAM_FD) >= 0 ? 0 : -errno;
}

static int become_user(const struct program *program, const char **step)
{
	return identity_become_bench(program->setting->identity, step);
}

/* After the change of user, which clears it. The keeper may have died before. */
static int die_with_keeper(const struct program *program, const char **step)
{
	(void)step;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		return -errno;
	return getppid() == program->keeper ? 0 : -ESRCH;
}

/* The user's own, behind everything that they could be too small for. */
static int take_limits(const struct program *program, const char **step)
{
	(void)step;
	return limits_put_back(program->setting->limits);
}

static int run_program(const struct program *program, const char **step)
{
	(void)step;
	execveat(BINARY_FD, "", (char *const *)program->arguments, (char *const *)program->environment,
		 AT_EMPTY_PATH);
	return -errno;
}

static const struct {
	const char *name;
	int (*take)(const struct program *program, const char **step); /* may give a better name */
} steps[] = {
	{ "setsid", leave_session },
	{ "sigprocmask", reset_signals },
	{ "oom_score_adj", raise_oom_score },
	{ "join cgroup", join_group },
	{ "sched_setaffinity", pin },
	{ "set_mempolicy", bind_memory },
	{ "sched_setscheduler", set_fifo },
	{ "huge pages", forbid_huge_pages },
	{ "personality", fix_layout },
	{ "setrlimit", forbid_core },
	{ "perf_event_open", open_events },
	{ "watch", let_watch },
	{ "team", let_ask },
	{ "setresuid", become_user },
	{ "prctl", die_with_keeper },
	{ "warm cache", warm_cache },
	{ "limits", take_limits },
	{ "execveat", run_program },
};

/* First out of the way, then into place: any of them may stand where another has to go. 0 is /dev/null
 * already. */
static int place_descriptors(const struct program *program, int *status)
{
	const int sources[] = { program->output,
				program->output,
				program->memory,
				program->binary,
				*status,
				program->setting->cgroup_procs_fd,
				program->setting->cpuset_procs_fd,
				program->thief ? thief_memory(program->thief) : -1,
				program->team };
	const int targets[] = { 1,	   2,	      SB_WIRE_FD, BINARY_FD, STATUS_FD,
				CGROUP_FD, CPUSET_FD, THIEF_FD,	  TEAM_FD };
	int moved[PLACES];

	for (int i = 0; i < PLACES; i++) {
		moved[i] = sources[i] < 0 ? -1 : fcntl(sources[i], F_DUPFD_CLOEXEC, SPARE_FD);
		if (sources[i] >= 0 && moved[i] < 0)
			return -errno;
	}
	for (int i = 0; i < PLACES; i++)
		if (moved[i] >= 0 && dup3(moved[i], targets[i], targets[i] > SB_WIRE_FD ? O_CLOEXEC : 0) < 0)
			return -errno;
	*status = STATUS_FD;
	if (close_range(SB_WIRE_FD + 1, BINARY_FD - 1, 0))
		return -errno;
	return close_range(SPARE_FD, ~0u, 0) ? -errno : 0;
}

static _Noreturn void give_up(int status, const char *step, int code)
{
	struct program_failure failure = { .code = -code };

	snprintf(failure.step, sizeof failure.step, "%s", step);
	if (write(status, &failure, sizeof failure) < 0)
		_exit(126);
	_exit(127);
}

_Noreturn void program_become(const struct program *program, int status)
{
	int code = place_descriptors(program, &status);

	if (code)
		give_up(status, "dup3", code);
	for (size_t i = 0;; i++) { /* the last step comes back only to fail */
		const char *step = steps[i].name;

		code = steps[i].take(program, &step);
		if (code)
			give_up(status, step, code);
	}
}
