/* SPDX-License-Identifier: GPL-2.0-or-later */
/* drift.c - see drift.h. */
#include "host/drift.h"

#include <sys/timex.h>
#include <unistd.h>

#define SCALE 65536.0 /* of timex.freq: parts per million with a 16-bit fraction */

bool drift_ppm(const struct path_root *root, double *ppm)
{
	struct timex timex = { .modes = 0 };
	const long ticks = sysconf(_SC_CLK_TCK);

	if (!root->is_real || ticks <= 0 || adjtimex(&timex) < 0)
		return false;
	*ppm = (double)timex.freq / SCALE + ((double)timex.tick * (double)ticks - 1e6);
	return true;
}
