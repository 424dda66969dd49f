/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about table: numbers as people read them. */
#include "table.h"

#include <string.h>
#include "unit.h"

START_TEST(times_have_four_significant_digits)
{
	static const struct {
		double ns;
		const char *text;
	} rows[] = {
		{ 0.25, "0.250 ns" },	  { 1, "1.000 ns" },	{ 12.344, "12.34 ns" },
		{ 999.94, "999.9 ns" },	  { 1000, "1.000 us" }, { 1.5e6, "1.500 ms" },
		{ 99.996e6, "100.0 ms" }, { 2.5e9, "2.500 s" }, { 999.96, "1.000 us" },
	};
	char text[32];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert_str_eq(sb_table_time(text, sizeof text, rows[i].ns), rows[i].text);
}
END_TEST

START_TEST(amounts_have_three_significant_digits)
{
	char text[32];

	ck_assert_str_eq(sb_table_amount(text, sizeof text, 81e6), "81.0 M");
	ck_assert_str_eq(sb_table_amount(text, sizeof text, 1.234e9), "1.23 G");
	ck_assert_str_eq(sb_table_amount(text, sizeof text, 12), "12.0 ");
}
END_TEST

/* One row as it is printed, of samples that take 10 iterations each. */
static void print_row(char *text, size_t size, const uint64_t *ticks, size_t count, double bytes)
{
	char *memory = calloc(1, wire_size(SB_WIRE_MEASURE, count));
	struct sb_wire_sample *samples = (void *)(memory + SB_WIRE_PAYLOAD_OFFSET);
	struct sb_wire_result *result = (void *)(memory + SB_WIRE_RESULT_OFFSET);
	FILE *out = fmemopen(text, size, "w");

	*result = (struct sb_wire_result){ .count = count, .batch = 10, .bytes = bytes };
	for (size_t i = 0; i < count; i++)
		samples[i] = (struct sb_wire_sample){ .ticks = ticks[i], .iterations = 10 };
	sb_table_row(out, 6, "name", memory, result, 1);
	fclose(out);
	free(memory);
}

START_TEST(a_row_shows_median_and_cov_of_the_samples)
{
	char text[256];

	print_row(text, sizeof text, (const uint64_t[]){ 1000, 900, 1100 }, 3, 50);
	ck_assert_str_eq(text, "name       100.0 ns  10.00 %           30  477 MiB/s\n");
	print_row(text, sizeof text, (const uint64_t[]){ 1000, 2000 }, 2, 0);
	ck_assert_str_eq(text, "name       150.0 ns  47.14 %           20\n");
	print_row(text, sizeof text, (const uint64_t[]){ 1000 }, 1, 0);
	ck_assert_str_eq(text, "name       100.0 ns        -           10\n");
}
END_TEST

UNIT_MAIN("lib/table", times_have_four_significant_digits, amounts_have_three_significant_digits,
	  a_row_shows_median_and_cov_of_the_samples)
