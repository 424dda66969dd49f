/* SPDX-License-Identifier: GPL-2.0-or-later */
/* warmup.c - how many samples are warm-up; see warmup.h. The two checks are those of pyperf's worker. */
#include "stats/warmup.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "stats/describe.h"

#define HALVES_TOLERANCE 0.01
#define FENCE		 1.5
/* Every candidate costs a sort of the rest; more of them than this only refine a long warm-up by less than 1
 * %. */
#define CANDIDATES 200

static bool first_is_usual(double first, const double *rest, size_t n, double *scratch)
{
	double lower, upper;

	if (n == 0)
		return true;
	memcpy(scratch, rest, n * sizeof *rest);
	stats_sort(scratch, n);
	lower = stats_quantile_sorted(scratch, n, 0.25);
	upper = stats_quantile_sorted(scratch, n, 0.75);
	return first <= upper + FENCE * (upper - lower);
}

static bool halves_agree(const double *x, size_t n, double *scratch)
{
	double early = stats_median(x, n / 2, scratch);
	double late = stats_median(x + n / 2, n - n / 2, scratch);
	double spread = stats_mad(x, n, scratch);

	return n < 2 || fabs(early - late) <= fmax(HALVES_TOLERANCE * late, 2 * spread);
}

size_t stats_warmup_count(const double *per_iteration, size_t n, size_t least)
{
	size_t last = n * 2 / 3, stride = 1 + n / CANDIDATES, start;
	double *scratch;

	if (least >= last)
		return least < n ? least : n;
	scratch = alloc_zero(n, sizeof *scratch);
	for (start = least; start < last; start += stride)
		if (first_is_usual(per_iteration[start], per_iteration + start + 1, n - start - 1, scratch) &&
		    halves_agree(per_iteration + start, n - start, scratch))
			break;
	free(scratch);
	return start < last ? start : last;
}
