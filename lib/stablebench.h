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

#if defined(__cplusplus) && __cplusplus < 202002L
#error "stablebench.h needs C++20 (or C11): compile with -std=c++20"
#endif

#ifdef __cplusplus
extern "C" {
// clang-format off
#define SB_ABSENT_ {} /* with a default, -Wmissing-field-initializers lets C++ leave out an option too */
// clang-format on
#else
#define SB_ABSENT_
#endif

/* Version of what passes between a benchmark and the runner; 0 until comparisons have landed. */
#define SB_ABI_VERSION 0

#define SB_AXES_MAX    8   /* axes of one benchmark */
#define SB_VALUES_MAX  32  /* values of one axis */
#define SB_THREADS_MAX 256 /* threads of one case */

/* The running benchmark: the one argument of a body, valid until the body returns. Owned by the library. */
typedef struct sb_bench sb_bench;

/* One value of an axis: text, or an integer where text is NULL. */
struct sb_value {
	const char *text;
	long long number;
};

/* One named parameter with the values it takes, written with SB_AXIS. */
struct sb_axis {
	const char *name SB_ABSENT_;
	unsigned count SB_ABSENT_;
	struct sb_value values[SB_VALUES_MAX] SB_ABSENT_;
};

/*
 * What SB_BENCH takes after the name, all optional, in this order (C++ insists on it):
 *   group      middle part of the case name, "suite/group/benchmark": one or more of A-Z a-z 0-9 . _ + -
 *   tags       words of the same letters, separated by one space, for `--tag`
 *   args       the axes; a case for each element of their cross product, the last axis changing fastest
 *   threads    SB_THREADS(1, 2, 4): a case for each, whose body runs in so many pinned threads at once
 *   setup      called before the body, in the same process, untimed; hands data over with sb_state_set
 *   teardown   called after the body unless setup skipped or failed, also where the body failed
 *   max_batch  no more iterations than this in one sample (0: no bound), for input that is used up
 */
struct sb_options {
	const char *group SB_ABSENT_;
	const char *tags SB_ABSENT_;
	struct sb_axis args[SB_AXES_MAX] SB_ABSENT_;
	struct sb_axis threads SB_ABSENT_;
	void (*setup)(sb_bench *b) SB_ABSENT_;
	void (*teardown)(sb_bench *b) SB_ABSENT_;
	uint64_t max_batch SB_ABSENT_;
	int end_; /* keeps the macro legal when no option is given */
};

/*
 * SB_BENCH(name, options...) { body }   registers a benchmark by a constructor; `b` is the sb_bench
 * SB_THREADS(1, 2, 4)                   up to SB_VALUES_MAX numbers of threads, 1 to SB_THREADS_MAX each
 * SB_AXIS(name, 10, 100, 1000)          up to SB_VALUES_MAX integers or string literals, not mixed
 *
 * Cases are ordered by file and line and named "group/benchmark/axis=value/axis=value", values
 * percent-encoded outside [A-Za-z0-9._+-], 255 bytes at most. A name that is there twice, or is too long,
 * mixed axes, and other letters in a group or a tag are refused before anything runs, in one sentence.
 */

/* --- inside a body ------------------------------------------------------------------------------------ */

/* The integer, or the text, that this case has for an axis. Asking for an axis that is not there, or of the
 * other kind, fails the case with a sentence and gives 0, or "". */
long long sb_arg(sb_bench *b, const char *axis);
const char *sb_arg_text(sb_bench *b, const char *axis);

/* What one iteration processes, finite and at least 0 (anything else fails the case); the report divides by
 * the time. Bytes are bytes, elements whatever the benchmark counts. The last call counts. */
void sb_elements(sb_bench *b, double per_iteration);
void sb_bytes(sb_bench *b, double per_iteration);

/* Ends this case without a result (skip: cannot be done here; fail: the code under test is wrong), with a
 * reason of at most 255 bytes, copied, control characters shown as '?'. The first reason stays. Before the
 * loop or in the setup of SB_LOOP_SETUP: no further iteration runs. Inside the loop: `return` or `break`
 * after it, or let the batch run out; no further one starts. */
void sb_skip(sb_bench *b, const char *reason);
void sb_fail(sb_bench *b, const char *reason);

/* A pointer from setup for the body and teardown; the library does not look at it. */
void sb_state_set(sb_bench *b, void *state);
void *sb_state(sb_bench *b);

/* Which of the threads of its case calls, from 0, and how many there are: 1 without SB_THREADS. Each sample
 * begins for all threads together, and takes as long as the slowest. The state that setup has left is one for
 * all; everything else of the benchmark is each thread's own. What sb_elements and sb_bytes say is per
 * iteration of one thread. */
unsigned sb_thread(const sb_bench *b);
unsigned sb_thread_count(const sb_bench *b);

/* Inside SB_LOOP: the time of this iteration, measured by the benchmark itself (asynchronous work), in
 * nanoseconds, finite and at least 0, in benchmarks of one thread. It replaces the clock. Call it exactly
 * once in every iteration: more or fewer calls than iterations in a sample fail the case. Batches are still
 * sized by wall time. */
void sb_record_ns(sb_bench *b, double ns);

/* Iterations of the sample about to start: for use in the setup of SB_LOOP_SETUP. */
uint64_t sb_batch(const sb_bench *b);

/*
 * SB_LOOP(b) { timed body }               all samples of the launch
 * SB_LOOP_SETUP(b, setup) { timed body }  the expression `setup` runs untimed before each batch, and makes
 *                                         input for sb_batch(b) iterations
 * sb_keep(x)                              the compiler must compute x, which is an integer, a floating
 *                                         number, or a data pointer with all that it points to; give the
 *                                         address of a struct
 * sb_clobber()                            the compiler must believe that memory was read and written
 *
 * `continue` ends an iteration. Leaving the loop by break, return or goto, running two loops, or none, fails
 * the case in one sentence.
 */

/* --- a program with its own main ---------------------------------------------------------------------- */

/* What the library's main does: serves the runner, or runs the benchmarks by hand (`--help`). Call it before
 * threads are started and return what it returns. Exit codes: 0 done, 1 a case failed, 2 usage, 7 no case was
 * run. */
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
/* Gives left, 0 after a failed setup; reads the clock last. */
uint64_t sb_loop_start(sb_bench *b, uint64_t left);
/* Reads the clock first; gives the size of the next batch, 0 when there is none. A loop begins with it as
 * well, with SB_LOOP_ENTERED_ left, so that a lazy linker binds it before the first sample and not in it. */
uint64_t sb_loop_next(sb_bench *b, uint64_t left);
#define SB_LOOP_ENTERED_ UINT64_MAX

#ifdef __cplusplus
}
#endif

/* --- the macros ---------------------------------------------------------------------------------------- */
#define SB_CAT_(a, b)	      a##b
#define SB_CAT(a, b)	      SB_CAT_(a, b)
#define SB_FIRST_(first, ...) first
#define SB_REST_(first, ...)  __VA_ARGS__

/* A value that is neither an integer nor text must not compile: every type is named, there is no default. */
#ifdef __cplusplus
static inline constexpr sb_value sb_value_of_(const char *text)
{
	return sb_value{ text, 0 };
}
static inline constexpr sb_value sb_value_of_(int number)
{
	return sb_value{ nullptr, number };
}
static inline constexpr sb_value sb_value_of_(unsigned number)
{
	return sb_value{ nullptr, number };
}
static inline constexpr sb_value sb_value_of_(long number)
{
	return sb_value{ nullptr, number };
}
static inline constexpr sb_value sb_value_of_(unsigned long number)
{
	return sb_value{ nullptr, (long long)number };
}
static inline constexpr sb_value sb_value_of_(long long number)
{
	return sb_value{ nullptr, number };
}
static inline constexpr sb_value sb_value_of_(unsigned long long number)
{
	return sb_value{ nullptr, (long long)number };
}
#define SB_VALUE_(x) sb_value_of_(x)
#else
// clang-format off
#define SB_BY_KIND_(x, as_text, as_number)                                                             \
	_Generic((x), char *: as_text, const char *: as_text, _Bool: as_number, char: as_number,       \
		signed char: as_number, unsigned char: as_number, short: as_number,                    \
		unsigned short: as_number, int: as_number, unsigned: as_number, long: as_number,       \
		unsigned long: as_number, long long: as_number, unsigned long long: as_number)
#define SB_VALUE_(x) { SB_BY_KIND_(x, (x), (const char *)0), SB_BY_KIND_(x, 0, (x)) }
// clang-format on
#endif

/* SB_AXIS maps SB_VALUE_ over its values: counts them, then picks the list of that length. */
#define SB_V1_(x)	SB_VALUE_(x)
#define SB_V2_(x, ...)	SB_VALUE_(x), SB_V1_(__VA_ARGS__)
#define SB_V3_(x, ...)	SB_VALUE_(x), SB_V2_(__VA_ARGS__)
#define SB_V4_(x, ...)	SB_VALUE_(x), SB_V3_(__VA_ARGS__)
#define SB_V5_(x, ...)	SB_VALUE_(x), SB_V4_(__VA_ARGS__)
#define SB_V6_(x, ...)	SB_VALUE_(x), SB_V5_(__VA_ARGS__)
#define SB_V7_(x, ...)	SB_VALUE_(x), SB_V6_(__VA_ARGS__)
#define SB_V8_(x, ...)	SB_VALUE_(x), SB_V7_(__VA_ARGS__)
#define SB_V9_(x, ...)	SB_VALUE_(x), SB_V8_(__VA_ARGS__)
#define SB_V10_(x, ...) SB_VALUE_(x), SB_V9_(__VA_ARGS__)
#define SB_V11_(x, ...) SB_VALUE_(x), SB_V10_(__VA_ARGS__)
#define SB_V12_(x, ...) SB_VALUE_(x), SB_V11_(__VA_ARGS__)
#define SB_V13_(x, ...) SB_VALUE_(x), SB_V12_(__VA_ARGS__)
#define SB_V14_(x, ...) SB_VALUE_(x), SB_V13_(__VA_ARGS__)
#define SB_V15_(x, ...) SB_VALUE_(x), SB_V14_(__VA_ARGS__)
#define SB_V16_(x, ...) SB_VALUE_(x), SB_V15_(__VA_ARGS__)
#define SB_V17_(x, ...) SB_VALUE_(x), SB_V16_(__VA_ARGS__)
#define SB_V18_(x, ...) SB_VALUE_(x), SB_V17_(__VA_ARGS__)
#define SB_V19_(x, ...) SB_VALUE_(x), SB_V18_(__VA_ARGS__)
#define SB_V20_(x, ...) SB_VALUE_(x), SB_V19_(__VA_ARGS__)
#define SB_V21_(x, ...) SB_VALUE_(x), SB_V20_(__VA_ARGS__)
#define SB_V22_(x, ...) SB_VALUE_(x), SB_V21_(__VA_ARGS__)
#define SB_V23_(x, ...) SB_VALUE_(x), SB_V22_(__VA_ARGS__)
#define SB_V24_(x, ...) SB_VALUE_(x), SB_V23_(__VA_ARGS__)
#define SB_V25_(x, ...) SB_VALUE_(x), SB_V24_(__VA_ARGS__)
#define SB_V26_(x, ...) SB_VALUE_(x), SB_V25_(__VA_ARGS__)
#define SB_V27_(x, ...) SB_VALUE_(x), SB_V26_(__VA_ARGS__)
#define SB_V28_(x, ...) SB_VALUE_(x), SB_V27_(__VA_ARGS__)
#define SB_V29_(x, ...) SB_VALUE_(x), SB_V28_(__VA_ARGS__)
#define SB_V30_(x, ...) SB_VALUE_(x), SB_V29_(__VA_ARGS__)
#define SB_V31_(x, ...) SB_VALUE_(x), SB_V30_(__VA_ARGS__)
#define SB_V32_(x, ...) SB_VALUE_(x), SB_V31_(__VA_ARGS__)
#define SB_COUNT_PICK_(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, \
		       a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, n, ...)              \
	n
#define SB_COUNT_(...)                                                                                       \
	SB_COUNT_PICK_(__VA_ARGS__, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15,  \
		       14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define SB_THREADS(...) SB_AXIS(threads, __VA_ARGS__)
// clang-format off
#define SB_AXIS(name, ...) \
	{ #name, SB_COUNT_(__VA_ARGS__), { SB_CAT(SB_CAT(SB_V, SB_COUNT_(__VA_ARGS__)), _)(__VA_ARGS__) } }
// clang-format on

#define SB_BENCH(...)	     SB_BENCH_(SB_FIRST_(__VA_ARGS__, 0), SB_REST_(__VA_ARGS__, .end_ = 0))
#define SB_BENCH_(name, ...) SB_BENCH__(name, __VA_ARGS__)
#define SB_BENCH__(name_, ...)                                                                               \
	static void sb_body_##name_(sb_bench *b);                                                            \
	__attribute__((constructor, used)) static void sb_register_##name_(void)                             \
	{                                                                                                    \
		static const struct sb_options options = { __VA_ARGS__ };                                    \
		static struct sb_registration registration = { #name_,		__FILE__, __LINE__,          \
							       sb_body_##name_, &options, NULL };            \
		sb_register(&registration);                                                                  \
	}                                                                                                    \
	static void sb_body_##name_(sb_bench *b __attribute__((unused)))

/* The counter is a local whose address nobody takes, so that it lives in a register. */
#define SB_LOOP(b) SB_LOOP_SETUP(b, (void)0)
#define SB_LOOP_SETUP(b, setup)                                                                              \
	for (uint64_t sb_left_ = sb_loop_next(b, SB_LOOP_ENTERED_); sb_left_ != 0;                           \
	     sb_left_ = sb_loop_next(b, sb_left_))                                                           \
		for ((setup), sb_left_ = sb_loop_start(b, sb_left_); sb_left_ != 0; sb_left_--)

#define sb_clobber() __asm__ volatile("" : : : "memory")

/* One register class for each kind of value: with a choice of classes ("r,m") clang takes the memory. */
#if defined(__x86_64__) || defined(__i386__)
#define SB_FLOAT_REGISTER_ "x"
#elif defined(__aarch64__)
#define SB_FLOAT_REGISTER_ "w"
#elif defined(__riscv_float_abi_double)
#define SB_FLOAT_REGISTER_ "f"
#else
#define SB_FLOAT_REGISTER_ "m"
#endif

#ifdef __cplusplus
template <typename T> static inline void sb_keep(T x)
{
	__asm__ volatile("" : : "r"(x));
}
template <typename T> static inline void sb_keep(T *x)
{
	__asm__ volatile("" : : "r"(x) : "memory");
}
static inline void sb_keep(float x)
{
	__asm__ volatile("" : : SB_FLOAT_REGISTER_(x));
}
static inline void sb_keep(double x)
{
	__asm__ volatile("" : : SB_FLOAT_REGISTER_(x));
}
static inline void sb_keep(long double x)
{
	__asm__ volatile("" : : "m"(x));
}
#else
#define SB_KEEP_(suffix, type, ...)                                                                          \
	static inline void sb_keep_##suffix##_(type x)                                                       \
	{                                                                                                    \
		__asm__ volatile("" : : __VA_ARGS__);                                                        \
	}
SB_KEEP_(bool, _Bool, "r"(x))
SB_KEEP_(char, char, "r"(x))
SB_KEEP_(schar, signed char, "r"(x))
SB_KEEP_(uchar, unsigned char, "r"(x))
SB_KEEP_(short, short, "r"(x))
SB_KEEP_(ushort, unsigned short, "r"(x))
SB_KEEP_(int, int, "r"(x))
SB_KEEP_(uint, unsigned, "r"(x))
SB_KEEP_(long, long, "r"(x))
SB_KEEP_(ulong, unsigned long, "r"(x))
SB_KEEP_(llong, long long, "r"(x))
SB_KEEP_(ullong, unsigned long long, "r"(x))
SB_KEEP_(float, float, SB_FLOAT_REGISTER_(x))
SB_KEEP_(double, double, SB_FLOAT_REGISTER_(x))
SB_KEEP_(ldouble, long double, "m"(x))
SB_KEEP_(pointer, const volatile void *, "r"(x) : "memory")
#undef SB_KEEP_
// clang-format off
#define sb_keep(x)                                                                                      \
	_Generic((x), _Bool: sb_keep_bool_, char: sb_keep_char_, signed char: sb_keep_schar_,           \
		unsigned char: sb_keep_uchar_, short: sb_keep_short_, unsigned short: sb_keep_ushort_,  \
		int: sb_keep_int_, unsigned: sb_keep_uint_, long: sb_keep_long_,                        \
		unsigned long: sb_keep_ulong_, long long: sb_keep_llong_,                               \
		unsigned long long: sb_keep_ullong_, float: sb_keep_float_, double: sb_keep_double_,    \
		long double: sb_keep_ldouble_, default: sb_keep_pointer_)(x)
// clang-format on
#endif

#endif
