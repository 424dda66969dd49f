/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that stablebench.h offers, used in ways that must compile without a warning, as C and as C++. */
#include <stablebench.h>
#include <stdbool.h>

enum { ONE = 1 };

static int global_number = 3;
static char letters[4];

static void prepare(sb_bench *b)
{
	sb_state_set(b, letters);
}

static int refill(uint64_t count)
{
	return (int)count + global_number;
}

SB_BENCH(no_option)
{
	SB_LOOP(b) {
		sb_clobber();
	}
}

SB_BENCH(empty_body)
{
}

SB_BENCH(statement, .group = "g")
{
	if (global_number > 2)
		SB_LOOP(b)
			sb_keep(global_number);
	else
		sb_skip(b, "a loop is a statement");
}

SB_BENCH(some_options, .tags = "a b", .max_batch = 10)
{
	SB_LOOP_SETUP(b, (void)refill(sb_batch(b)))
		sb_clobber();
}

SB_BENCH(all_options, .group = "g", .tags = "a b",
	 .args = { SB_AXIS(number, 10, -3, 1 << 20, sizeof(int), 7u, 5L, 6ul, 8ll, 9ull, 'c', ONE),
		   SB_AXIS(text, "first", "last"), SB_AXIS(single, 1) },
	 .setup = prepare, .teardown = prepare, .max_batch = 12)
{
	long long number = sb_arg(b, "number");
	const char *text = sb_arg_text(b, "text");

	sb_elements(b, 2);
	sb_bytes(b, 4096.5);
	SB_LOOP_SETUP(b, (prepare(b), prepare(b))) {
		if (number == 2)
			continue;
		sb_keep(text);
		sb_record_ns(b, 100);
	}
	if (sb_state(b) == NULL)
		sb_fail(b, "no state");
}

SB_BENCH(full_axis, .args = { SB_AXIS(n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
				      20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32) })
{
	SB_LOOP(b)
		sb_clobber();
}

SB_BENCH(kept_integers)
{
	bool truth = true;
	char character = 'c';
	signed char small = 1;
	unsigned char small_unsigned = 1;
	short half = 1;
	unsigned short half_unsigned = 1;
	unsigned word = 1;
	long wide = 1;
	unsigned long wide_unsigned = 1;
	long long widest = 1;
	unsigned long long widest_unsigned = 1;
	volatile int changing = 1;

	SB_LOOP(b) {
		sb_keep(truth);
		sb_keep(character);
		sb_keep(small);
		sb_keep(small_unsigned);
		sb_keep(half);
		sb_keep(half_unsigned);
		sb_keep(word);
		sb_keep(wide);
		sb_keep(wide_unsigned);
		sb_keep(widest);
		sb_keep(widest_unsigned);
		sb_keep(changing);
		sb_keep(ONE);
		sb_keep(1 + 2);
	}
}

SB_BENCH(kept_others)
{
	float single = 1;
	double number = 1;
	const double constant = 1;
	long double extended = 1;
	const int *pointer = &global_number;
	const volatile void *anything = pointer;

	SB_LOOP(b) {
		sb_keep(single);
		sb_keep(number);
		sb_keep(constant);
		sb_keep(extended);
		sb_keep(pointer);
		sb_keep(anything);
		sb_keep(&global_number);
		sb_keep(letters);
		sb_keep("text");
	}
}
