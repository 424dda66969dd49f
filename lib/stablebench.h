/* SPDX-License-Identifier: MIT */
/*
 * stablebench.h - what a benchmark author sees.
 *
 *	SB_BENCH(field_lookup, .group = "event", .tags = "micro",
 *	         .args = { SB_AXIS(size, 10, 100, 1000), SB_AXIS(kind, "first", "last") })
 *	{
 *		struct event *event = event_with_fields(sb_arg(b, "size"));	// set-up: not timed
 *		sb_elements(b, 1);						// throughput per iteration
 *		SB_LOOP(b) {							// timed
 *			sb_keep(event_get(event, 0));
 *		}
 *		event_free(event);
 *	}
 *
 * The body runs once in a process of its own (a launch) and one SB_LOOP in it takes all samples: the loop
 * runs in batches, one clock read before and one after each batch, nothing else in between. Link with
 * -lstablebench, which supplies main; run with `stablebench run ./bench_x`, or by hand with `./bench_x`.
 * C11 and C++20, gcc and clang, no warning under -Wall -Wextra -Wpedantic.
 */
#ifndef STABLEBENCH_H
#define STABLEBENCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of what passes between a benchmark and the runner; 0 until comparisons have landed. */
#define SB_ABI_VERSION 0

#define SB_AXES_MAX   8  /* axes of one benchmark */
#define SB_VALUES_MAX 32 /* values of one axis */

/* The running benchmark: the one argument of a body, valid until the body returns. Owned by the library. */
typedef struct sb_bench sb_bench;

/* One value of an axis: text, or an integer where text is NULL. */
struct sb_value {
	const char *text;
	long long number;
};

/* One named parameter with the values it takes, written with SB_AXIS. */
struct sb_axis {
	const char *name;
	unsigned count;
	struct sb_value values[SB_VALUES_MAX];
};

/*
 * What SB_BENCH takes after the name, all optional, in this order (C++ insists on it):
 *   group      middle part of the case name, "suite/group/benchmark"; letters as in a file name
 *   tags       words separated by spaces, for `--tag`
 *   args       the axes; a case for each element of their cross product
 *   setup      called before the body, in the same process, untimed; hands data over with sb_state_set
 *   teardown   called after the body unless setup skipped or failed, also where the body failed
 *   max_batch  no more iterations than this in one sample (0: no bound), for input that is used up
 */
struct sb_options {
	const char *group;
	const char *tags;
	struct sb_axis args[SB_AXES_MAX];
	void (*setup)(sb_bench *b);
	void (*teardown)(sb_bench *b);
	uint64_t max_batch;
	int end_; /* keeps the macro legal when no option is given */
};

/* SB_AXIS(size, 10, 100): up to SB_VALUES_MAX integers or string literals, not mixed. */
/* SB_BENCH(name, options...) { body }: registers a benchmark by a constructor. `b` is the sb_bench. */

/* --- inside a body ------------------------------------------------------------------------------------ */

/* The integer, or the text, that this case has for an axis. Asking for an axis that is not there, or of the
 * other kind, fails the case with a sentence and gives 0, or "". */
long long sb_arg(sb_bench *b, const char *axis);
const char *sb_arg_text(sb_bench *b, const char *axis);

/* What one iteration processes; the report divides by the time. */
void sb_elements(sb_bench *b, double per_iteration);
void sb_bytes(sb_bench *b, double per_iteration);

/* Ends this case without a result (skip: cannot be done here; fail: the code under test is wrong), with a
 * reason of at most 255 bytes, copied. The loop then runs no iteration; return after calling it. The first
 * reason stays. */
void sb_skip(sb_bench *b, const char *reason);
void sb_fail(sb_bench *b, const char *reason);

/* A pointer from setup for the body and teardown; the library does not look at it. */
void sb_state_set(sb_bench *b, void *state);
void *sb_state(sb_bench *b);

/* Inside SB_LOOP: the time of this iteration, measured by the benchmark itself (asynchronous work), in
 * nanoseconds. It replaces the clock; call it once in every iteration, anything else fails the case. */
void sb_record_ns(sb_bench *b, double ns);

/* Iterations of the sample about to start: for use in the setup of SB_LOOP_SETUP. */
uint64_t sb_batch(const sb_bench *b);

/*
 * SB_LOOP(b) { timed body }                  all samples of the launch
 * SB_LOOP_SETUP(b, setup) { timed body }     the expression `setup` runs untimed before each batch and makes
 *                                            input for sb_batch(b) iterations
 * `continue` ends an iteration. Leaving the loop by break, return or goto, running two loops, or none, fails
 * the case in one sentence.
 */

/* --- a program with its own main ---------------------------------------------------------------------- */

/* What the library's main does: serves the runner, or runs the benchmarks by hand. Returns an exit code. */
int sb_main(int argc, char **argv);

/* --- what the macros call; not for use by hand -------------------------------------------------------- */
struct sb_registration {
	const char *name;
	const char *file;
	unsigned line;
	void (*body)(sb_bench *b);
	const struct sb_options *options;
	struct sb_registration *next;
};
void sb_register(struct sb_registration *registration);
uint64_t sb_loop_begin(sb_bench *b);                   /* size of the first batch, 0: no sample at all */
void sb_loop_start(sb_bench *b);                       /* the last thing it does is read the clock */
uint64_t sb_loop_next(sb_bench *b, uint64_t left);     /* the first thing it does is read the clock */

#ifdef __cplusplus
}
#endif

/* --- the macros ------------------------------------------------------------------------------------------ */
#define SB_CAT_(a, b)  a##b
#define SB_CAT(a, b)   SB_CAT_(a, b)
#define SB_FIRST_(first, ...) first
#define SB_REST_(first, ...)  __VA_ARGS__

#ifdef __cplusplus
static inline constexpr sb_value sb_value_of_(const char *text) { return sb_value{ text, 0 }; }
static inline constexpr sb_value sb_value_of_(long long number) { return sb_value{ nullptr, number }; }
static inline constexpr sb_value sb_value_of_(int number) { return sb_value{ nullptr, number }; }
static inline constexpr sb_value sb_value_of_(unsigned number) { return sb_value{ nullptr, number }; }
static inline constexpr sb_value sb_value_of_(long number) { return sb_value{ nullptr, number }; }
static inline constexpr sb_value sb_value_of_(unsigned long number) { return sb_value{ nullptr, (long long)number }; }
#define SB_VALUE_(x) sb_value_of_(x)
#else
#define SB_VALUE_(x) { _Generic((x), char *: (x), const char *: (x), default: (const char *)0), \
		       _Generic((x), char *: 0, const char *: 0, float: (char *)0, double: (char *)0, default: (x)) }
#endif

/* SB_AXIS maps SB_VALUE_ over its values: counts them, then picks the list of that length. */
#define SB_V1_(x)       SB_VALUE_(x)
#define SB_V2_(x, ...)  SB_VALUE_(x), SB_V1_(__VA_ARGS__)
#define SB_V3_(x, ...)  SB_VALUE_(x), SB_V2_(__VA_ARGS__)
#define SB_V4_(x, ...)  SB_VALUE_(x), SB_V3_(__VA_ARGS__)
#define SB_V5_(x, ...)  SB_VALUE_(x), SB_V4_(__VA_ARGS__)
#define SB_V6_(x, ...)  SB_VALUE_(x), SB_V5_(__VA_ARGS__)
#define SB_V7_(x, ...)  SB_VALUE_(x), SB_V6_(__VA_ARGS__)
#define SB_V8_(x, ...)  SB_VALUE_(x), SB_V7_(__VA_ARGS__)
#define SB_V9_(x, ...)  SB_VALUE_(x), SB_V8_(__VA_ARGS__)
#define SB_V10_(x, ...)  SB_VALUE_(x), SB_V9_(__VA_ARGS__)
#define SB_V11_(x, ...)  SB_VALUE_(x), SB_V10_(__VA_ARGS__)
#define SB_V12_(x, ...)  SB_VALUE_(x), SB_V11_(__VA_ARGS__)
#define SB_V13_(x, ...)  SB_VALUE_(x), SB_V12_(__VA_ARGS__)
#define SB_V14_(x, ...)  SB_VALUE_(x), SB_V13_(__VA_ARGS__)
#define SB_V15_(x, ...)  SB_VALUE_(x), SB_V14_(__VA_ARGS__)
#define SB_V16_(x, ...)  SB_VALUE_(x), SB_V15_(__VA_ARGS__)
#define SB_V17_(x, ...)  SB_VALUE_(x), SB_V16_(__VA_ARGS__)
#define SB_V18_(x, ...)  SB_VALUE_(x), SB_V17_(__VA_ARGS__)
#define SB_V19_(x, ...)  SB_VALUE_(x), SB_V18_(__VA_ARGS__)
#define SB_V20_(x, ...)  SB_VALUE_(x), SB_V19_(__VA_ARGS__)
#define SB_V21_(x, ...)  SB_VALUE_(x), SB_V20_(__VA_ARGS__)
#define SB_V22_(x, ...)  SB_VALUE_(x), SB_V21_(__VA_ARGS__)
#define SB_V23_(x, ...)  SB_VALUE_(x), SB_V22_(__VA_ARGS__)
#define SB_V24_(x, ...)  SB_VALUE_(x), SB_V23_(__VA_ARGS__)
#define SB_V25_(x, ...)  SB_VALUE_(x), SB_V24_(__VA_ARGS__)
#define SB_V26_(x, ...)  SB_VALUE_(x), SB_V25_(__VA_ARGS__)
#define SB_V27_(x, ...)  SB_VALUE_(x), SB_V26_(__VA_ARGS__)
#define SB_V28_(x, ...)  SB_VALUE_(x), SB_V27_(__VA_ARGS__)
#define SB_V29_(x, ...)  SB_VALUE_(x), SB_V28_(__VA_ARGS__)
#define SB_V30_(x, ...)  SB_VALUE_(x), SB_V29_(__VA_ARGS__)
#define SB_V31_(x, ...)  SB_VALUE_(x), SB_V30_(__VA_ARGS__)
#define SB_V32_(x, ...)  SB_VALUE_(x), SB_V31_(__VA_ARGS__)
#define SB_COUNT_PICK_(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, n, ...) n
#define SB_COUNT_(...) SB_COUNT_PICK_(__VA_ARGS__, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define SB_AXIS(name, ...) \
	{ #name, SB_COUNT_(__VA_ARGS__), { SB_CAT(SB_CAT(SB_V, SB_COUNT_(__VA_ARGS__)), _)(__VA_ARGS__) } }

#define SB_BENCH(...) SB_BENCH_(SB_FIRST_(__VA_ARGS__, 0), SB_REST_(__VA_ARGS__, .end_ = 0))
#define SB_BENCH_(name, ...) SB_BENCH__(name, __VA_ARGS__)
#define SB_BENCH__(name_, ...)                                                                      \
	static void sb_body_##name_(sb_bench *b);                                                   \
	__attribute__((constructor)) static void sb_register_##name_(void)                          \
	{                                                                                           \
		static const struct sb_options options = { __VA_ARGS__ };                           \
		static struct sb_registration registration = { #name_,          __FILE__, __LINE__, \
							       sb_body_##name_, &options, NULL };   \
		sb_register(&registration);                                                         \
	}                                                                                           \
	static void sb_body_##name_(sb_bench *b)

/* The counter is a local whose address nobody takes, so that it lives in a register. */
#define SB_LOOP(b) SB_LOOP_SETUP(b, (void)0)
#define SB_LOOP_SETUP(b, setup)                                                                        \
	for (uint64_t sb_left_ = sb_loop_begin(b); sb_left_ != 0; sb_left_ = sb_loop_next(b, sb_left_)) \
		for ((setup), sb_loop_start(b); sb_left_ != 0; sb_left_--)

/* The compiler must believe that memory was read and written. */
#define sb_clobber() __asm__ volatile("" : : : "memory")

/*
 * sb_keep(x): the compiler must compute x, an integer, floating or pointer value, and keep it; for a pointer,
 * also what it points to. For a struct, keep its address.
 */
#if defined(__x86_64__) || defined(__i386__)
#define SB_FLOAT_REGISTER_ "x"
#elif defined(__aarch64__)
#define SB_FLOAT_REGISTER_ "w"
#else
#define SB_FLOAT_REGISTER_ "m"
#endif

#ifdef __cplusplus
template <typename T> static inline void sb_keep(T *x) { __asm__ volatile("" : : "r"(x) : "memory"); }
static inline void sb_keep(float x) { __asm__ volatile("" : : SB_FLOAT_REGISTER_(x)); }
static inline void sb_keep(double x) { __asm__ volatile("" : : SB_FLOAT_REGISTER_(x)); }
template <typename T> static inline void sb_keep(T x) { __asm__ volatile("" : : "r"(x)); }
#else
#define SB_KEEP_FUNCTION_(suffix, type, constraint, ...)                  \
	static inline void sb_keep_##suffix##_(type x)                    \
	{                                                                 \
		__asm__ volatile("" : : constraint(x) __VA_ARGS__);       \
	}
SB_KEEP_FUNCTION_(char, char, "q", )
SB_KEEP_FUNCTION_(short, short, "r", )
SB_KEEP_FUNCTION_(int, int, "r", )
SB_KEEP_FUNCTION_(long, long, "r", )
SB_KEEP_FUNCTION_(long_long, long long, "r", )
SB_KEEP_FUNCTION_(float, float, SB_FLOAT_REGISTER_, )
SB_KEEP_FUNCTION_(double, double, SB_FLOAT_REGISTER_, )
SB_KEEP_FUNCTION_(long_double, long double, "m", )
SB_KEEP_FUNCTION_(pointer, const volatile void *, "r", : "memory")
#define sb_keep(x)                                                                                   \
	_Generic((x), _Bool: sb_keep_char_, char: sb_keep_char_, signed char: sb_keep_char_,         \
		unsigned char: sb_keep_char_, short: sb_keep_short_, unsigned short: sb_keep_short_, \
		int: sb_keep_int_, unsigned: sb_keep_int_, long: sb_keep_long_,                      \
		unsigned long: sb_keep_long_, long long: sb_keep_long_long_,                         \
		unsigned long long: sb_keep_long_long_, float: sb_keep_float_,                       \
		double: sb_keep_double_, long double: sb_keep_long_double_,                          \
		default: sb_keep_pointer_)(x)
#endif

#endif
