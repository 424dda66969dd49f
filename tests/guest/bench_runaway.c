/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench_runaway.c - a benchmark that leaves chains of processes, each of which starts the next and ends: who
 * kills them one by one never finds them all. For a guest only. */
#include <unistd.h>
#include "stablebench.h"

#define CHAINS 8 /* twice the CPUs of a guest; fifty take a minute there and show no more */

static _Noreturn void run_away(void)
{
	setsid();
	for (;;)
		if (fork() > 0)
			_exit(0);
}

SB_BENCH(chains)
{
	for (int i = 0; i < CHAINS; i++)
		if (fork() == 0)
			run_away();
	SB_LOOP(b)
		sb_clobber();
}
