/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * warmup.h - how many samples of a calibration launch are warm-up, so that every later launch skips the same
 * number: a warm-up of its own per launch would be a bias of its own.
 */
#ifndef STATS_WARMUP_H
#define STATS_WARMUP_H

#include <stddef.h>

/* Index of the first sample from which the rest is steady (first value not above Q3 + 1.5 IQR of the rest,
 * medians of its two halves within max(1 %, 2 MAD)), searched over the first two thirds; never less than
 * `least`, at most n.
 * A series of more than 200 is searched in steps of about n / 200, so that it costs at most 200 sorts. */
size_t stats_warmup_count(const double *per_iteration, size_t n, size_t least);

#endif
