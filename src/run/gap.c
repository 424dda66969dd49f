/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gap.c - see gap.h. */
#include "run/gap.h"

#include <stdbool.h>

/* A clock that takes longer to read makes no gap by itself. */
#define READS	     1000
#define STEPS_OF_GAP 4

/* Entering and leaving an interrupt takes a few microseconds on slow and on virtual machines. */
#define WAY_NS 10000u

struct mark {
	uint64_t ns, count; /* of all that was stolen so far */
	uint64_t switches;
};

unsigned gap_size(uint64_t ns)
{
	unsigned size = 0;

	for (uint64_t bound = 10u * GAP_LEAST_NS; size + 1 < GAP_SIZES && ns >= bound; bound *= 10)
		size++;
	return size;
}

static struct mark look(const struct gap_loop *loop)
{
	const volatile struct sb_wire_theft_slot *slot = loop->slot;
	struct mark mark = { 0 };

	if (!slot) {
		mark.switches = loop->switches(loop->context);
		return mark;
	}
	for (int kind = 0; kind < SB_WIRE_THEFT_KINDS; kind++) {
		mark.ns += slot->ns[kind];
		mark.count += slot->count[kind];
	}
	return mark;
}

static uint64_t least_gap(const struct gap_loop *loop)
{
	uint64_t least = UINT64_MAX, last = loop->now_ns(loop->context);

	for (int i = 0; i < READS; i++) {
		const uint64_t now = loop->now_ns(loop->context);

		if (now - last < least)
			least = now - last;
		last = now;
	}
	return least * STEPS_OF_GAP > GAP_LEAST_NS ? least * STEPS_OF_GAP : GAP_LEAST_NS;
}

static void explain(struct gap_profile *profile, uint64_t gap, const struct mark *before,
		    const struct mark *after)
{
	const uint64_t stolen = after->ns - before->ns;
	const uint64_t left = gap > stolen ? gap - stolen : 0;

	if (after->switches != before->switches) {
		profile->switched++;
		profile->switched_ns += gap;
	} else if (after->count == before->count || (left > WAY_NS && left > stolen)) {
		profile->unexplained++;
		profile->unexplained_ns += left;
	}
}

static void add(struct gap_profile *profile, uint64_t gap)
{
	profile->count[gap_size(gap)]++;
	profile->total++;
	profile->lost_ns += gap;
	if (gap > profile->longest_ns)
		profile->longest_ns = gap;
}

void gap_spin(const struct gap_loop *loop, struct gap_profile *profile)
{
	const uint64_t least = least_gap(loop), begin = loop->now_ns(loop->context);
	struct mark mark = look(loop);
	uint64_t last = begin;

	*profile = (struct gap_profile){ 0 };
	while (last - begin < loop->duration_ns && !*loop->cancel) {
		const uint64_t now = loop->now_ns(loop->context);
		struct mark moved;

		if (now - last < least) {
			last = now;
			continue;
		}
		moved = look(loop);
		add(profile, now - last);
		explain(profile, now - last, &mark, &moved);
		mark = moved;
		last = loop->now_ns(loop->context);
	}
	profile->spun_ns = last - begin;
}
