/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thief_absent.c - for a build without BPF: there is never a thief to be had; see thief.h. */
#include <errno.h>
#include <string.h>
#include "keeper/thief.h"

int thief_new(const cpu_set_t *cpus, struct thief **thief, struct sb_err *err)
{
	(void)cpus;
	*thief = NULL;
	return err_set(err, -EOPNOTSUPP, "this stablebench was configured with --disable-bpf");
}

void thief_free(struct thief *thief)
{
	(void)thief;
}

int thief_memory(const struct thief *thief)
{
	(void)thief;
	return -1;
}

unsigned thief_cpus(const struct thief *thief)
{
	(void)thief;
	return 0;
}

void thief_begin(struct thief *thief)
{
	(void)thief;
}

void thief_watch(struct thief *thief, pid_t pid)
{
	(void)thief;
	(void)pid;
}

void thief_end(struct thief *thief, struct keeper_thieves *thieves)
{
	(void)thief;
	memset(thieves, 0, sizeof *thieves);
}
