/* SPDX-License-Identifier: MIT */
/* theft.c - see theft.h. */
#include "theft.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

/* A thread that loses its CPU each time it reads gets no better copy by reading for ever. */
#define READS_MOST 8

void sb_thefts_open(struct sb_thefts *thefts, const struct sb_wire_request *request)
{
	void *memory;

	*thefts = (struct sb_thefts){ 0 };
	if (request == NULL || request->theft_cpus == 0)
		return;
	memory = mmap(NULL, request->theft_cpus * sizeof *thefts->slots, PROT_READ, MAP_SHARED,
		      SB_WIRE_THEFT_FD, 0);
	if (memory == MAP_FAILED)
		return;
	thefts->slots = memory;
	thefts->cpus = request->theft_cpus;
}

void sb_thefts_close(struct sb_thefts *thefts)
{
	if (thefts->slots != NULL)
		munmap((void *)(uintptr_t)thefts->slots, thefts->cpus * sizeof *thefts->slots);
	*thefts = (struct sb_thefts){ 0 };
}

const struct sb_wire_theft_slot *sb_thefts_slot(const struct sb_thefts *thefts, int cpu)
{
	return cpu >= 0 && (uint32_t)cpu < thefts->cpus ? &thefts->slots[cpu] : NULL;
}

uint64_t sb_theft_own_switches(const struct sb_wire_theft_slot *slot)
{
	return __atomic_load_n(&slot->own_switches, __ATOMIC_RELAXED);
}

static uint64_t total(const struct sb_wire_theft_slot *slot)
{
	uint64_t sum = 0;

	for (int kind = 0; kind < SB_WIRE_THEFT_KINDS; kind++)
		sum += __atomic_load_n(&slot->count[kind], __ATOMIC_ACQUIRE);
	return sum;
}

void sb_theft_read(const struct sb_wire_theft_slot *slot, struct sb_wire_theft_slot *copy)
{
	for (int reads = 0; reads < READS_MOST; reads++) {
		const uint64_t before = total(slot);

		memcpy(copy, slot, sizeof *copy);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (total(slot) == before)
			return;
	}
}

static uint64_t grown(uint64_t after, uint64_t before)
{
	return after > before ? after - before : 0;
}

/* What the thief at a place has taken since. Another's place was given to it in the meantime. */
static uint64_t taken(const struct sb_wire_thief *before, const struct sb_wire_thief *after)
{
	const bool is_same = before->kind == after->kind && before->id == after->id &&
			     memcmp(before->name, after->name, sizeof after->name) == 0;

	return is_same && after->ns >= before->ns ? after->ns - before->ns : after->ns;
}

/* Keeps a thief if it took more than who did so far. */
static void compare_most(const struct sb_wire_thief *thief, uint64_t ns, struct sb_wire_thief *most)
{
	if (ns <= most->ns)
		return;
	*most = (struct sb_wire_thief){ .ns = ns, .kind = thief->kind, .id = thief->id };
	sb_wire_text_copy(most->name, sizeof most->name, thief->name);
}

void sb_theft_compare(const struct sb_wire_theft_slot *before, const struct sb_wire_theft_slot *after,
		      struct sb_wire_theft *theft)
{
	bool is_robbed = false;

	for (int kind = 0; kind < SB_WIRE_THEFT_KINDS; kind++) {
		theft->ns[kind] = grown(after->ns[kind], before->ns[kind]);
		theft->count[kind] = (uint32_t)grown(after->count[kind], before->count[kind]);
		is_robbed = is_robbed || theft->count[kind] != 0;
	}
	for (int i = 0; is_robbed && i < SB_WIRE_THIEVES_MAX; i++) {
		const struct sb_wire_thief *thief = &after->thieves[i];

		if (thief->kind < SB_WIRE_THEFT_KINDS)
			compare_most(thief, taken(&before->thieves[i], thief), &theft->most[thief->kind]);
	}
}
