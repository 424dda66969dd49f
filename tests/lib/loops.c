/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loops whose machine code a test counts: each function has one inner loop without a call. */
#include <stablebench.h>

#define LOOP_FUNCTION(name)                                                                                  \
	void name(sb_bench *b);                                                                              \
	void name(sb_bench *b)

void hand_written(uint64_t count);
void hand_written(uint64_t count)
{
	for (uint64_t left = count; left != 0; left--)
		__asm__ volatile("");
}

LOOP_FUNCTION(loop_empty)
{
	SB_LOOP(b)
		__asm__ volatile("");
}

LOOP_FUNCTION(keep_int)
{
	int value = 1;

	SB_LOOP(b) {
		value *= 3;
		sb_keep(value);
	}
}

LOOP_FUNCTION(keep_char)
{
	unsigned char value = 1;

	SB_LOOP(b) {
		value = (unsigned char)(value * 3);
		sb_keep(value);
	}
}

LOOP_FUNCTION(keep_long)
{
	long long value = 1;

	SB_LOOP(b) {
		value *= 3;
		sb_keep(value);
	}
}

LOOP_FUNCTION(keep_float)
{
	float value = 1;

	SB_LOOP(b) {
		value += value;
		sb_keep(value);
	}
}

LOOP_FUNCTION(keep_double)
{
	double value = 1;

	SB_LOOP(b) {
		value += value;
		sb_keep(value);
	}
}

LOOP_FUNCTION(keep_pointer)
{
	const char *value = (const char *)b;

	SB_LOOP(b) {
		value += 8;
		sb_keep(value);
	}
}
