/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bodies.c - one body for each part of a machine that a benchmark may lean on: arithmetic, the branch
 * predictor, the allocator, the kernel, each level of the caches, and the way to memory.
 */
#include "bodies.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096, LINE = 64, HUGE_PAGE = 2 << 20 };

/* Marsaglia, "Xorshift RNGs", 2003 */
static uint64_t next_random(uint64_t state)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^ state << 17;
}

static void fill_random(void *memory, size_t size)
{
	uint64_t *words = memory, state = 88172645463325252u;

	for (size_t i = 0; i < size / sizeof *words; i++)
		words[i] = state = next_random(state);
}

/* A ring through all lines in random order (Sattolo 1986), so that no prefetcher foresees the next. */
static void fill_ring(void *memory, size_t size)
{
	const size_t lines = size / LINE;
	char *const start = memory;
	uint64_t state = 1;

	for (size_t i = 0; i < lines; i++)
		*(size_t *)(start + i * LINE) = i;
	for (size_t i = lines - 1; i > 0; i--) {
		size_t *const here = (size_t *)(start + i * LINE);
		size_t *other;
		const size_t index = *here;

		state = next_random(state);
		other = (size_t *)(start + state % i * LINE);
		*here = *other;
		*other = index;
	}
}

static uint64_t run_integer_loop(const struct body_input *input, size_t size)
{
	uint64_t state = 88172645463325252u;

	(void)input, (void)size;
	for (int i = 0; i < 1000; i++)
		state = next_random(state);
	return state;
}

/* The empty statement keeps the compiler from doing both sides without a branch. */
static uint64_t run_branches(const struct body_input *input, size_t size)
{
	const unsigned char *bytes = input->memory;
	uint64_t sum = 0;

	for (size_t i = 0; i < size; i++) {
		if (bytes[i] & 1) {
			__asm__ volatile("");
			sum += bytes[i];
		}
	}
	return sum;
}

static int compare(const void *left, const void *right)
{
	const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static uint64_t run_sort(const struct body_input *input, size_t size)
{
	const uint64_t *sorted = input->copy;
	const size_t count = size / sizeof *sorted;
	uint64_t sum = 0;

	memcpy(input->copy, input->memory, size);
	qsort(input->copy, count, sizeof *sorted, compare);
	for (size_t i = 0; i < count; i++)
		sum = sum * 31 + sorted[i];
	return sum;
}

static uint64_t run_allocation(const struct body_input *input, size_t size)
{
	void *blocks[64];
	uint64_t given = 0;

	(void)input, (void)size;
	for (size_t i = 0; i < 64; i++) {
		blocks[i] = malloc(16 + i * 40);
		__asm__ volatile("" : : "r"(blocks[i]) : "memory");
		given += blocks[i] ? 16 + i * 40 : 0;
	}
	for (size_t i = 0; i < 64; i += 2)
		free(blocks[i]);
	for (size_t i = 1; i < 64; i += 2)
		free(blocks[i]);
	return given;
}

static uint64_t run_system_calls(const struct body_input *input, size_t size)
{
	uint64_t done = 0;

	(void)input, (void)size;
	for (int i = 0; i < 100; i++)
		done += syscall(SYS_getppid) >= 0;
	return done;
}

static uint64_t run_chase(const struct body_input *input, size_t size)
{
	const char *start = input->memory;
	uint64_t sum = 0;
	size_t at = 0;

	for (size_t i = 0; i < size / LINE; i++) {
		at = *(const size_t *)(start + at * LINE);
		sum = sum * 31 + at;
	}
	return sum;
}

static uint64_t run_copy(const struct body_input *input, size_t size)
{
	const uint64_t *copy = input->copy;

	memcpy(input->copy, input->memory, size);
	__asm__ volatile("" : : : "memory");
	return copy[0] ^ copy[size / sizeof *copy - 1];
}

const struct body *body_find(const char *name)
{
	for (const struct body *body = bodies; body->name; body++)
		if (!strcmp(body->name, name))
			return body;
	return NULL;
}

/* In huge pages where there may be some: which small ones a process gets decides how they fall into the
 * caches. */
static void *allocate(size_t size)
{
	const size_t page = size < HUGE_PAGE / 2 ? PAGE : HUGE_PAGE;
	const size_t whole = (size + page - 1) / page * page;
	void *memory = aligned_alloc(page, whole);

	if (memory && page == HUGE_PAGE)
		madvise(memory, whole, MADV_HUGEPAGE);
	return memory;
}

int body_prepare(const struct body *body, struct body_input *input)
{
	memset(input, 0, sizeof *input);
	if (body->size == 0)
		return 0;
	input->memory = allocate(body->size);
	input->copy = allocate(body->size);
	if (!input->memory || !input->copy) {
		body_release(input);
		return -ENOMEM;
	}
	body->fill(input->memory, body->size);
	memcpy(input->copy, input->memory, body->size);
	return 0;
}

void body_release(struct body_input *input)
{
	free(input->memory);
	free(input->copy);
	memset(input, 0, sizeof *input);
}

void body_tell(const struct body *body, uint64_t result)
{
	const char *name = getenv("BODY_RESULTS");
	FILE *file = name ? fopen(name, "a") : NULL;

	if (!file)
		return;
	fprintf(file, "%s %llu\n", body->name, (unsigned long long)result);
	fclose(file);
}

const struct body bodies[] = {
	{ "integer_loop", 0, NULL, run_integer_loop },
	{ "branches", 16 * PAGE, fill_random, run_branches },
	{ "sort", 2 * PAGE, fill_random, run_sort },
	{ "allocation", 0, NULL, run_allocation },
	{ "system_calls", 0, NULL, run_system_calls },
	{ "chase_32KiB", 8 * PAGE, fill_ring, run_chase },
	{ "chase_8MiB", 2048 * PAGE, fill_ring, run_chase },
	{ "copy_1MiB", 256 * PAGE, fill_random, run_copy },
	{ 0 },
};
