/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pool.h - a bounded heap for the hot path of an event engine.
 *
 * One region, mapped and touched when the pool is made, cut into size classes with a free list each. After
 * the first round an engine takes and returns the same blocks: no system call, no page fault, no growth, and
 * the same place within a page in every process. Asking for more than the capacity fails, which is also how a
 * script is kept from eating the machine. Not for use by two threads at once.
 */
#ifndef KESTREL_POOL_H
#define KESTREL_POOL_H

#include <stddef.h>

struct pool;

/* `capacity` in bytes, rounded up to whole pages. NULL: no memory. */
struct pool *pool_new(size_t capacity);
void pool_free(struct pool *pool);

/* At least `size` bytes, not cleared, aligned to 16, from 64 bytes on to 64; NULL when the pool is used up.
 * The caller owns the block and must give it back with the size it asked for. */
void *pool_alloc(struct pool *pool, size_t size);
void pool_return(struct pool *pool, void *block, size_t size);

/* realloc with the old size known; NULL (and the old block stays as it was) when the pool is used up. */
void *pool_resize(struct pool *pool, void *block, size_t old_size, size_t size);

/* Bytes that are handed out now, rounded up to their size classes. */
size_t pool_used(const struct pool *pool);

#endif
