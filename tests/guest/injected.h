/* SPDX-License-Identifier: GPL-2.0-or-later */
/* injected.h - what bench_injected and inject say to each other, in a file that both have mapped. */
#ifndef GUEST_INJECTED_H
#define GUEST_INJECTED_H

#include <stdint.h>

/* The bench writes what it wants and raises `asked`; the other one does it, writes how many events that made
 * by its own count, and sets `answered` to the same number. */
struct injected {
	uint32_t asked, answered;
	uint32_t is_wanted; /* 0: the same round without an event */
	uint32_t events;
	int32_t thread; /* the bench's, and where it runs while it waits */
	int32_t cpu;
	uint32_t is_asleep; /* 1: it sleeps on this word until somebody who has seen it asleep makes it 0 */
};

#endif
