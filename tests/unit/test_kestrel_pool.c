/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about kestrel/pool: bounded, aligned, and steady. */
#include "kestrel/pool.h"

#include <stdint.h>
#include <string.h>

#include "unit.h"

START_TEST(blocks_are_aligned_and_as_large_as_asked)
{
	static const size_t sizes[] = { 0,   1,	   16,	 17,   63,   64,   65,	 128,
					129, 4095, 4096, 4097, 8192, 8193, 60000 };
	struct pool *pool = pool_new(1 << 20);
	char *blocks[sizeof sizes / sizeof sizes[0]];
	size_t i, j;

	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		blocks[i] = pool_alloc(pool, sizes[i]);
		ck_assert_ptr_nonnull(blocks[i]);
		ck_assert_uint_eq((uintptr_t)blocks[i] % (sizes[i] < 49 ? 16 : 64), 0);
		memset(blocks[i], (int)i, sizes[i]);
	}
	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		for (j = 0; j < sizes[i]; j++)
			ck_assert_int_eq(blocks[i][j], (char)i);
		pool_return(pool, blocks[i], sizes[i]);
	}
	ck_assert_uint_eq(pool_used(pool), 0);
	pool_free(pool);
}
END_TEST

START_TEST(a_returned_block_is_the_next_of_its_size)
{
	struct pool *pool = pool_new(4096);
	void *first = pool_alloc(pool, 100), *second = pool_alloc(pool, 100);

	pool_return(pool, first, 100);
	ck_assert_ptr_eq(pool_alloc(pool, 65), first);
	ck_assert_ptr_ne(pool_alloc(pool, 64), second);
	ck_assert_uint_eq(pool_used(pool), 128 + 128 + 64);
	pool_free(pool);
}
END_TEST

START_TEST(many_rounds_need_no_more_than_the_first)
{
	struct pool *pool = pool_new(8192);
	void *blocks[8];
	int round, i;

	for (round = 0; round < 1000; round++) {
		for (i = 0; i < 8; i++)
			ck_assert_ptr_nonnull(blocks[i] = pool_alloc(pool, 1000));
		for (i = 0; i < 8; i++)
			pool_return(pool, blocks[round % 2 ? i : 7 - i], 1000);
	}
	pool_free(pool);
}
END_TEST

START_TEST(more_than_the_capacity_is_refused)
{
	struct pool *pool = pool_new(4096);
	void *block;

	ck_assert_ptr_null(pool_alloc(pool, 4097));
	ck_assert_ptr_null(pool_alloc(pool, SIZE_MAX));
	ck_assert_uint_eq(pool_used(pool), 0);
	ck_assert_ptr_nonnull(block = pool_alloc(pool, 4096));
	ck_assert_ptr_null(pool_alloc(pool, 1));
	pool_return(pool, block, 4096);
	ck_assert_ptr_eq(pool_alloc(pool, 4096), block);
	pool_free(pool);
}
END_TEST

START_TEST(resizing_keeps_the_contents_and_the_block_within_a_class)
{
	struct pool *pool = pool_new(16384);
	char *block = pool_alloc(pool, 65), *moved;

	memset(block, 'x', 65);
	ck_assert_ptr_eq(pool_resize(pool, block, 65, 128), block);
	moved = pool_resize(pool, block, 128, 5000);
	ck_assert_ptr_ne(moved, block);
	ck_assert_int_eq(moved[64], 'x');
	ck_assert_ptr_null(pool_resize(pool, moved, 5000, 100000));
	ck_assert_int_eq(moved[64], 'x');
	block = pool_resize(pool, moved, 5000, 10);
	ck_assert_int_eq(block[9], 'x');
	pool_return(pool, block, 10);
	ck_assert_uint_eq(pool_used(pool), 0);
	pool_free(pool);
}
END_TEST

START_TEST(nothing_can_be_freed_and_returned)
{
	struct pool *pool = pool_new(1);

	pool_return(pool, NULL, 10);
	ck_assert_uint_eq(pool_used(pool), 0);
	ck_assert_ptr_nonnull(pool_alloc(pool, 4096));
	pool_free(pool);
	pool_free(NULL);
}
END_TEST

UNIT_MAIN("kestrel/pool", blocks_are_aligned_and_as_large_as_asked, a_returned_block_is_the_next_of_its_size,
	  many_rounds_need_no_more_than_the_first, more_than_the_capacity_is_refused,
	  resizing_keeps_the_contents_and_the_block_within_a_class, nothing_can_be_freed_and_returned)
