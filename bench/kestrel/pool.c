/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pool.c - size classes over one region that never moves and never grows; see pool.h. */
#include "kestrel/pool.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(block, size)	 ((void)(block), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(block, size) ((void)(block), (void)(size))
#endif

/* Steps of 16 bytes up to 64, of 64 up to 4096 (a cache line is never shared by two of these), then powers of
 * two. */
#define FINE_MAX      64
#define FINE_CLASSES  4
#define LINE_MAX_SIZE 4096
#define LINE_CLASSES  63
#define CLASSES	      (FINE_CLASSES + LINE_CLASSES + 32)
#define LARGEST	      ((size_t)1 << 43)

struct block {
	struct block *next;
};

struct pool {
	char *region;
	size_t capacity;
	size_t cut;  /* bytes of the region that have been cut into blocks */
	size_t used; /* bytes of those that are handed out */
	struct block *unused[CLASSES];
};

static unsigned class_of(size_t size)
{
	if (size <= FINE_MAX)
		return size ? (unsigned)((size - 1) / 16) : 0;
	if (size <= LINE_MAX_SIZE)
		return FINE_CLASSES + (unsigned)((size - FINE_MAX - 1) / 64);
	return FINE_CLASSES + LINE_CLASSES + (unsigned)(sizeof(long) * CHAR_BIT - 13) -
	       (unsigned)__builtin_clzl(size - 1);
}

static size_t class_size(unsigned class)
{
	if (class < FINE_CLASSES)
		return ((size_t) class + 1) * 16;
	if (class < FINE_CLASSES + LINE_CLASSES)
		return FINE_MAX + ((size_t) class - FINE_CLASSES + 1) * 64;
	return (size_t)LINE_MAX_SIZE << (class - FINE_CLASSES - LINE_CLASSES + 1);
}

struct pool *pool_new(size_t capacity)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct pool *pool = calloc(1, sizeof *pool);

	if (!pool)
		return NULL;
	pool->capacity = (capacity + page - 1) / page * page;
	pool->region = mmap(NULL, pool->capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pool->region == MAP_FAILED) {
		free(pool);
		return NULL;
	}
	/* Whether a huge page happens to fit depends on where the kernel put the region; small pages always
	 * do. A kernel without huge pages refuses, which is as good. */
	(void)madvise(pool->region, pool->capacity, MADV_NOHUGEPAGE);
	memset(pool->region, 0, pool->capacity);
	ASAN_POISON_MEMORY_REGION(pool->region, pool->capacity);
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	ASAN_UNPOISON_MEMORY_REGION(pool->region, pool->capacity);
	munmap(pool->region, pool->capacity);
	free(pool);
}

static void *cut_block(struct pool *pool, size_t size)
{
	size_t align = size < 64 ? 16 : 64;
	size_t start = (pool->cut + align - 1) & ~(align - 1);

	if (start > pool->capacity || size > pool->capacity - start)
		return NULL;
	pool->cut = start + size;
	return pool->region + start;
}

void *pool_alloc(struct pool *pool, size_t size)
{
	struct block *block;
	unsigned class;

	if (size > LARGEST)
		return NULL;
	class = class_of(size);
	size = class_size(class);
	block = pool->unused[class];
	if (block) {
		ASAN_UNPOISON_MEMORY_REGION(block, size);
		pool->unused[class] = block->next;
	} else {
		block = cut_block(pool, size);
		if (!block)
			return NULL;
		ASAN_UNPOISON_MEMORY_REGION(block, size);
	}
	pool->used += size;
	return block;
}

void pool_return(struct pool *pool, void *block, size_t size)
{
	struct block *returned = block;
	unsigned class;

	if (!block)
		return;
	class = class_of(size);
	size = class_size(class);
	returned->next = pool->unused[class];
	pool->unused[class] = returned;
	pool->used -= size;
	ASAN_POISON_MEMORY_REGION(block, size);
}

void *pool_resize(struct pool *pool, void *block, size_t old_size, size_t size)
{
	void *moved;

	if (size <= LARGEST && class_of(old_size) == class_of(size))
		return block;
	moved = pool_alloc(pool, size);
	if (!moved)
		return NULL;
	memcpy(moved, block, old_size < size ? old_size : size);
	pool_return(pool, block, old_size);
	return moved;
}

size_t pool_used(const struct pool *pool)
{
	return pool->used;
}
