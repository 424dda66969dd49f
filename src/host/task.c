/* SPDX-License-Identifier: GPL-2.0-or-later */
/* task.c - see task.h. System calls alone: glibc wraps neither memory policies nor all of the rest. */
#include "host/task.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define WARM_MAX (256 << 20) /* bytes of a file; a larger one is no program text */
#define CHUNK	 65536

int task_set_fifo(void)
{
	const struct sched_param least = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &least))
		return -errno;
	return sched_getscheduler(0) == (SCHED_FIFO | SCHED_RESET_ON_FORK) ? 0 : -ERANGE;
}

int task_forbid_huge_pages(void)
{
	if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
		return -errno;
	return prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 1 ? 0 : -ERANGE;
}

int task_fix_layout(void)
{
	const int before = personality(0xffffffff);

	if (before < 0 || personality((unsigned long)before | ADDR_NO_RANDOMIZE) < 0)
		return -errno;
	return personality(0xffffffff) & ADDR_NO_RANDOMIZE ? 0 : -ERANGE;
}

int task_bind_memory(const struct knob_task *task)
{
	const size_t bits = sizeof task->memory_nodes * 8;
	unsigned long found[sizeof task->memory_nodes / sizeof(unsigned long)] = { 0 };
	int mode = -1;

	if (syscall(SYS_set_mempolicy, MPOL_BIND, task->memory_nodes, bits + 1))
		return -errno;
	if (syscall(SYS_get_mempolicy, &mode, found, bits, NULL, 0))
		return -errno;
	return mode == MPOL_BIND && !memcmp(found, task->memory_nodes, sizeof found) ? 0 : -ERANGE;
}

int task_try(int (*set)(void))
{
	const pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(-set());
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

void task_warm_file(int fd)
{
	char link[32], bytes[CHUNK];
	size_t total = 0;
	ssize_t got;
	int file;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	file = open(link, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return;
	while (total < WARM_MAX && (got = read(file, bytes, sizeof bytes)) > 0)
		total += (size_t)got;
	close(file);
}
