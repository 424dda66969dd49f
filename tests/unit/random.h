/* SPDX-License-Identifier: GPL-2.0-or-later */
/* random.h - seeded numbers for simulations, the same on every machine (splitmix64, Box and Muller). */
#ifndef UNIT_RANDOM_H
#define UNIT_RANDOM_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Uniform in (0, 1). */
static inline double random_uniform(uint64_t *state)
{
	return ((double)(random_next(state) >> 11) + 0.5) * 0x1p-53;
}

static inline double random_normal(uint64_t *state)
{
	double radius = sqrt(-2 * log(random_uniform(state)));

	return radius * cos(2 * M_PI * random_uniform(state));
}

static inline void random_shuffle(uint64_t *state, double *x, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)(random_uniform(state) * (double)i);
		double kept = x[i - 1];

		x[i - 1] = x[j];
		x[j] = kept;
	}
}

#endif
