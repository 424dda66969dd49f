/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about wire: nothing that a benchmark wrote is believed unless every rule holds. */
#include "wire.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "stablebench.h"
#include "unit.h"

enum { SAMPLES = 5, CASES = 3, BATCH = 7, MUTATIONS = 40000 };

/* A copy as the runner has it: exactly as large as it says, so that a sanitizer sees each byte read too far.
 */
struct memory {
	char *copy;
	size_t size;
	struct sb_wire_request request;
};

static struct sb_wire_result *result_of(struct memory *memory)
{
	return (void *)(memory->copy + SB_WIRE_RESULT_OFFSET);
}

static struct sb_wire_request make_request(enum sb_wire_mode mode, size_t size)
{
	return (struct sb_wire_request){ .magic = SB_WIRE_MAGIC_REQUEST,
					 .abi = SB_ABI_VERSION,
					 .mode = mode,
					 .size = size,
					 .clock = SB_WIRE_CLOCK_RAW,
					 .ns_per_tick = 1,
					 .batch = BATCH,
					 .samples = SAMPLES,
					 .sample_ns = 1000,
					 .name = "group/benchmark/size=100" };
}

static void fill_payload(struct memory *memory)
{
	struct sb_wire_case *cases = (void *)(memory->copy + SB_WIRE_PAYLOAD_OFFSET);
	struct sb_wire_sample *samples = (void *)(memory->copy + SB_WIRE_PAYLOAD_OFFSET);

	for (int i = 0; i < CASES && memory->request.mode == SB_WIRE_LIST; i++) {
		snprintf(cases[i].name, sizeof cases[i].name, "g/b/kind=a%%20%d", i);
		cases[i].threads = 1;
		strcpy(cases[i].tags, "one two");
		strcpy(cases[i].file, "caf\xc3\xa9.c");
	}
	for (int i = 0; i < SAMPLES && memory->request.mode != SB_WIRE_LIST; i++)
		samples[i] = (struct sb_wire_sample){ .ticks = 1000, .iterations = BATCH };
}

static struct memory memory_init(enum sb_wire_mode mode)
{
	const bool list = mode == SB_WIRE_LIST;
	struct memory memory = { .size = wire_size(mode, list ? CASES : SAMPLES) };

	memory.copy = calloc(1, memory.size);
	memory.request = make_request(mode, memory.size);
	*(struct sb_wire_hello *)(memory.copy + SB_WIRE_HELLO_OFFSET) =
		(struct sb_wire_hello){ .magic = SB_WIRE_MAGIC_HELLO, .abi = SB_ABI_VERSION };
	*result_of(&memory) = (struct sb_wire_result){ .state = SB_WIRE_DONE,
						       .count = list ? CASES : SAMPLES,
						       .batch = BATCH };
	fill_payload(&memory);
	return memory;
}

static const char *check(struct memory *memory)
{
	const struct sb_wire_result *result;
	int abi;
	const char *problem = wire_result_check(memory->copy, memory->size, &memory->request, &result, &abi);

	ck_assert((result == NULL) == (problem != NULL));
	return problem;
}

START_TEST(whole_results_are_taken)
{
	for (int mode = SB_WIRE_LIST; mode <= SB_WIRE_MEASURE; mode++) {
		struct memory memory = memory_init((enum sb_wire_mode)mode);
		const struct sb_wire_result *result;
		int abi;
		ck_assert_ptr_null(wire_request_check(&memory.request, memory.size));
		ck_assert_ptr_null(
			wire_result_check(memory.copy, memory.size, &memory.request, &result, &abi));
		ck_assert_ptr_eq(result, result_of(&memory));
		ck_assert_int_eq(abi, SB_ABI_VERSION);
		free(memory.copy);
	}
}
END_TEST

START_TEST(a_calibration_may_hold_fewer_samples_and_a_measurement_may_not)
{
	struct memory calibration = memory_init(SB_WIRE_CALIBRATE),
		      measurement = memory_init(SB_WIRE_MEASURE);

	result_of(&calibration)->count = result_of(&measurement)->count = 2;
	ck_assert_ptr_null(check(&calibration));
	ck_assert_str_eq(check(&measurement),
			 "the result holds another number of samples than was asked for");
	free(calibration.copy);
	free(measurement.copy);
}
END_TEST

START_TEST(another_abi_version_is_told_from_no_benchmark)
{
	struct memory memory = memory_init(SB_WIRE_LIST);
	struct sb_wire_hello *hello = (void *)(memory.copy + SB_WIRE_HELLO_OFFSET);
	const struct sb_wire_result *result;
	int abi;

	hello->abi = 4000000000;
	ck_assert_str_eq(wire_result_check(memory.copy, memory.size, &memory.request, &result, &abi),
			 "the benchmark was built for another ABI version of stablebench; build it again");
	ck_assert_int_eq(abi, 2147483647);
	memset(hello, 0, sizeof *hello);
	ck_assert_ptr_nonnull(wire_result_check(memory.copy, memory.size, &memory.request, &result, &abi));
	ck_assert_int_eq(abi, -1);
	free(memory.copy);
}
END_TEST

START_TEST(what_threads_counted_is_checked)
{
	struct memory memory = memory_init(SB_WIRE_MEASURE);
	const size_t size = memory.size + wire_threads_size(2, SAMPLES);
	struct sb_wire_thread *parts;
	struct sb_wire_thread_total *totals;

	memory.copy = realloc(memory.copy, size);
	memset(memory.copy + memory.size, 0, size - memory.size);
	memory.size = memory.request.size = size;
	memory.request.threads = 2;
	memory.request.counters = memory.request.by_thread = 1;
	ck_assert_ptr_null(wire_request_check(&memory.request, size));
	parts = (struct sb_wire_thread *)(uintptr_t)wire_threads(memory.copy, &memory.request);
	totals = (struct sb_wire_thread_total *)(uintptr_t)wire_thread_totals(memory.copy, &memory.request);
	ck_assert_ptr_eq(totals + 2, memory.copy + size);
	for (int i = 0; i < 2 * SAMPLES; i++)
		parts[i].ticks = 1;
	totals[1].samples = SAMPLES;
	result_of(&memory)->threads_code = 4095;
	ck_assert_ptr_null(check(&memory));
	totals[1].samples++;
	ck_assert_str_eq(check(&memory), "a thread counted in more samples than there are");
	totals[1].samples = 0;
	totals[1].counters[0] = UINT64_MAX;
	ck_assert_str_eq(check(&memory), "a thread counted more than there can be");
	totals[1].counters[0] = 0;
	parts[3].ticks = wire_samples(memory.copy)[1].ticks;
	ck_assert_ptr_null(check(&memory));
	parts[3].ticks++;
	ck_assert_str_eq(check(&memory), "a thread's part of a sample cannot be");
	parts[3].ticks = 1;
	result_of(&memory)->threads_code = 4096;
	ck_assert_ptr_nonnull(check(&memory));
	result_of(&memory)->threads_code = 0;
	result_of(&memory)->threads_witnesses_code = 4095;
	ck_assert_ptr_null(check(&memory));
	result_of(&memory)->threads_witnesses_code = 4096;
	ck_assert_ptr_nonnull(check(&memory));
	free(memory.copy);
}
END_TEST

START_TEST(a_request_has_by_thread_what_it_has)
{
	struct memory memory = memory_init(SB_WIRE_MEASURE);
	const size_t size = memory.size + wire_threads_size(2, SAMPLES);

	memory.request.size = size;
	memory.request.threads = 2;
	memory.request.counters = memory.request.by_thread = 1;
	memory.request.is_summed = 1;
	ck_assert_str_eq(wire_request_check(&memory.request, size),
			 "the request has counters of threads that there are not");
	memory.request.by_thread = SB_WIRE_BY_THREAD_WITNESSES;
	ck_assert_str_eq(wire_request_check(&memory.request, size),
			 "the request has witnesses of threads that there are not");
	memory.request.witnesses = 1;
	ck_assert_ptr_null(wire_request_check(&memory.request, size));
	ck_assert_ptr_null(wire_thread_totals(memory.copy, &memory.request));
	memory.request.by_thread = SB_WIRE_BY_THREAD + 1;
	ck_assert_ptr_nonnull(wire_request_check(&memory.request, size));
	memory.request.by_thread = SB_WIRE_BY_THREAD;
	memory.request.is_summed = 0;
	ck_assert_ptr_null(wire_request_check(&memory.request, size));
	memory.request.threads = 1;
	ck_assert_ptr_nonnull(wire_request_check(&memory.request, size));
	memory.request.threads = 2;
	memory.request.by_thread = 0;
	ck_assert_ptr_null(wire_thread_totals(memory.copy, &memory.request));
	free(memory.copy);
}
END_TEST

/* One field of a whole result, overwritten, and what the check has to say then. */
struct spoiled {
	enum sb_wire_mode mode;
	size_t offset;
	size_t size;
	const void *bytes;
	const char *sentence;
};

#define IN_RESULT(field) SB_WIRE_RESULT_OFFSET + offsetof(struct sb_wire_result, field)
#define IN_CASE(field)                                                                                       \
	SB_WIRE_PAYLOAD_OFFSET + sizeof(struct sb_wire_case) + offsetof(struct sb_wire_case, field)
#define IN_SAMPLE(field)                                                                                     \
	SB_WIRE_PAYLOAD_OFFSET + sizeof(struct sb_wire_sample) + offsetof(struct sb_wire_sample, field)
#define U32(value)                                                                                           \
	sizeof(uint32_t), &(const uint32_t)                                                                  \
	{                                                                                                    \
		value                                                                                        \
	}
#define U64(value)                                                                                           \
	sizeof(uint64_t), &(const uint64_t)                                                                  \
	{                                                                                                    \
		value                                                                                        \
	}
#define DOUBLE(value)                                                                                        \
	sizeof(double), &(const double)                                                                      \
	{                                                                                                    \
		value                                                                                        \
	}
#define TEXT(text) sizeof text, text

static void check_spoiled(const struct spoiled *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct memory memory = memory_init(rows[i].mode);
		memcpy(memory.copy + rows[i].offset, rows[i].bytes, rows[i].size);
		const char *problem = check(&memory);
		ck_assert_msg(problem != NULL, "row %zu was taken: %s", i, rows[i].sentence);
		ck_assert_str_eq(problem, rows[i].sentence);
		free(memory.copy);
	}
}

START_TEST(each_wrong_field_of_a_result_has_its_sentence)
{
	char unended[SB_WIRE_REASON];
	const char *unprintable = "the reason in the result is not printable text";
	const char *amount = "the throughput in the result is no finite number of at least 0";
	const char *endless = "a time in the result is impossibly long";
	const char *impossible = "the result says what cannot be of its samples or counters";
	const struct spoiled rows[] = {
		{ SB_WIRE_MEASURE, IN_RESULT(state), U32(SB_WIRE_RUNNING),
		  "the benchmark ended before its result was complete" },
		{ SB_WIRE_MEASURE, IN_RESULT(state), U32(SB_WIRE_EMPTY),
		  "the benchmark ended before its result was complete" },
		{ SB_WIRE_MEASURE, IN_RESULT(status), U32(3), "the result has an unknown status" },
		{ SB_WIRE_MEASURE, IN_RESULT(status), U32(SB_WIRE_FAILED),
		  "the result is a skip or a failure without a reason" },
		{ SB_WIRE_MEASURE, IN_RESULT(reason), sizeof unended, unended, unprintable },
		{ SB_WIRE_MEASURE, IN_RESULT(reason), TEXT("\033[2J"), unprintable },
		{ SB_WIRE_MEASURE, IN_RESULT(reason), TEXT("\xc2\x9b"), unprintable },
		{ SB_WIRE_MEASURE, IN_RESULT(reason), TEXT("\xff"), unprintable },
		{ SB_WIRE_MEASURE, IN_RESULT(reason), TEXT("\xed\xa0\x80"), unprintable },
		{ SB_WIRE_MEASURE, IN_RESULT(reason), TEXT("\xe0\x80\x80"), unprintable },
		{ SB_WIRE_MEASURE, IN_RESULT(reason), TEXT("\xf4\x90\x80\x80"), unprintable },
		{ SB_WIRE_MEASURE, IN_RESULT(count), U64(0), "the result holds no sample" },
		{ SB_WIRE_MEASURE, IN_RESULT(count), U64(UINT64_MAX),
		  "the result claims more entries than the shared memory holds" },
		{ SB_WIRE_MEASURE, IN_RESULT(batch), U64(0), "the result claims a batch of no iteration" },
		{ SB_WIRE_MEASURE, IN_RESULT(batch), U64(8),
		  "the samples were taken with another batch than the one asked for" },
		{ SB_WIRE_MEASURE, IN_RESULT(elements), DOUBLE(NAN), amount },
		{ SB_WIRE_MEASURE, IN_RESULT(bytes), DOUBLE(INFINITY), amount },
		{ SB_WIRE_LIST, IN_RESULT(bytes), DOUBLE(-1), amount },
		{ SB_WIRE_MEASURE, IN_RESULT(loop_begin_ns), U64(UINT64_MAX), endless },
		{ SB_WIRE_MEASURE, IN_RESULT(bracket_ticks), U64(UINT64_MAX), endless },
		{ SB_WIRE_MEASURE, IN_RESULT(witness_ns), U64(UINT64_MAX), endless },
		{ SB_WIRE_MEASURE, IN_RESULT(counter_ns), U64(UINT64_MAX), endless },
		{ SB_WIRE_CALIBRATE, IN_RESULT(set_aside), U64(UINT64_MAX), impossible },
		{ SB_WIRE_MEASURE, IN_RESULT(counters_by), U32(SB_WIRE_READINGS), impossible },
		{ SB_WIRE_MEASURE, IN_RESULT(counter_overhead[1]), U64(UINT64_MAX), impossible },
		{ SB_WIRE_CALIBRATE, IN_RESULT(set_aside), U64(1),
		  "the result counts other samples set aside than it holds" },
	};

	memset(unended, 'x', sizeof unended);
	check_spoiled(rows, sizeof rows / sizeof rows[0]);
}
END_TEST

START_TEST(who_lost_the_cpu_to_its_own_was_not_disturbed)
{
	static const struct {
		struct sb_wire_sample sample;
		uint32_t causes;
	} rows[] = {
		{ { .involuntary_switches = 3 }, SB_WIRE_CAUSE_INVOLUNTARY_SWITCH },
		{ { .involuntary_switches = 3, .own_switches = 3 }, SB_WIRE_CAUSE_OWN_SWITCH },
		{ { .involuntary_switches = 3, .own_switches = 2 },
		  SB_WIRE_CAUSE_OWN_SWITCH | SB_WIRE_CAUSE_INVOLUNTARY_SWITCH },
		{ { .involuntary_switches = 3, .own_switches = 3, .wait_ns = 900 },
		  SB_WIRE_CAUSE_OWN_SWITCH },
		{ { .involuntary_switches = 3, .own_switches = 2, .wait_ns = 900 },
		  SB_WIRE_CAUSE_OWN_SWITCH | SB_WIRE_CAUSE_INVOLUNTARY_SWITCH | SB_WIRE_CAUSE_WAITED },
		{ { .involuntary_switches = 3,
		    .own_switches = 3,
		    .theft.count = { [SB_WIRE_THEFT_TASK] = 1 } },
		  SB_WIRE_CAUSE_OWN_SWITCH | SB_WIRE_CAUSE_STOLEN },
	};
	const struct sb_wire_request request = { 0 };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert_uint_eq(wire_sample_causes(&request, &rows[i].sample, 0), rows[i].causes);
}
END_TEST

START_TEST(the_reason_of_a_sample_is_who_its_causes_speak_of)
{
	enum { TASK, INTERRUPT, SOFTIRQ, TIMER };
	const uint32_t stolen = SB_WIRE_CAUSE_STOLEN, interrupt = SB_WIRE_CAUSE_INTERRUPT;
	struct sb_wire_theft theft = { .most = { { 100, TASK, 7, "hog" },
						 { 40, INTERRUPT, 31, "virtio1-req.0" },
						 { 900, SOFTIRQ, 9, "RCU" },
						 { 300, TIMER, 236, "local_timer" } } };

	ck_assert_str_eq(wire_theft_reason(&theft, stolen)->name, "hog");
	ck_assert_str_eq(wire_theft_reason(&theft, SB_WIRE_CAUSE_INVOLUNTARY_SWITCH)->name, "hog");
	ck_assert_str_eq(wire_theft_reason(&theft, stolen | interrupt)->name, "hog");
	ck_assert_str_eq(wire_theft_reason(&theft, interrupt)->name, "virtio1-req.0");
	ck_assert_str_eq(wire_theft_reason(&theft, SB_WIRE_CAUSE_SOFTIRQ)->name, "RCU");
	ck_assert_str_eq(wire_theft_reason(&theft, SB_WIRE_CAUSE_OWN_SWITCH)->name, "RCU");
	ck_assert_str_eq(wire_theft_reason(&theft, 0)->name, "RCU");
	theft.most[TASK] = theft.most[INTERRUPT] = (struct sb_wire_thief){ 0 };
	ck_assert_str_eq(wire_theft_reason(&theft, stolen | interrupt)->name, "RCU");
	theft.most[SOFTIRQ] = theft.most[TIMER] = (struct sb_wire_thief){ 0 };
	ck_assert_str_eq(wire_theft_reason(&theft, stolen)->name, "");
}
END_TEST

START_TEST(each_wrong_field_of_a_sample_has_its_sentence)
{
	const char *mixed = "some samples were timed by the benchmark and some were not";
	const struct spoiled rows[] = {
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(ticks), U64(0), "a sample took no time" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(ticks), U64(UINT64_MAX), "a sample is impossibly long" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(iterations), U64(0),
		  "a sample has another number of iterations than the batch" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(flags), U32(8), "a sample has an unknown flag" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(flags), U32(SB_WIRE_SAMPLE_IN_NS), mixed },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(cpu), U32(UINT32_MAX),
		  "a sample was taken on an impossible CPU" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(counters[1]), U64(UINT64_MAX - 999),
		  "a sample counted more than there can be" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(begin_ns), U64(UINT64_MAX), "a sample is impossibly long" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(causes), U32(1 << 4), "a sample has an unknown cause" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(flags), U32(SB_WIRE_SAMPLE_SET_ASIDE),
		  "a sample was set aside without a cause" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(own_switches), U32(1),
		  "a sample lost the CPU to its own more often than it lost it" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(theft.most[SB_WIRE_THEFT_TIMER].name), TEXT("kworker"),
		  "a sample was taken from by nobody known" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(theft.most[0].name), TEXT("\033[2J"),
		  "a sample was taken from by nobody known" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(theft.ns), U64(UINT64_MAX),
		  "more was taken from a sample than time there is" },
		{ SB_WIRE_CALIBRATE, IN_SAMPLE(theft.most[1].ns), U64(UINT64_MAX),
		  "more was taken from a sample than time there is" },
	};

	check_spoiled(rows, sizeof rows / sizeof rows[0]);
}
END_TEST

/* A bench that could name a cause at will could leave out whatever is slow. */
START_TEST(readings_and_not_words_decide_that_a_sample_counts_for_nothing)
{
	struct memory memory = memory_init(SB_WIRE_CALIBRATE);
	struct sb_wire_sample *samples = (void *)(memory.copy + SB_WIRE_PAYLOAD_OFFSET);

	memory.request.set_aside = SB_WIRE_CAUSE_WAITED | SB_WIRE_CAUSE_MIGRATION;
	result_of(&memory)->set_aside = 1;
	samples[1].flags = SB_WIRE_SAMPLE_SET_ASIDE;
	samples[1].causes = SB_WIRE_CAUSE_WAITED | SB_WIRE_CAUSE_MIGRATION;
	ck_assert_str_eq(check(&memory), "a sample was set aside without a cause");
	samples[1].wait_ns = 1;
	ck_assert_ptr_null(check(&memory));
	samples[1].voluntary_switches = 1; /* who sleeps waits a little for the CPU afterwards */
	ck_assert_str_eq(check(&memory), "a sample was set aside without a cause");
	samples[1].cpu = 1;
	samples[2].cpu = 1;
	ck_assert_ptr_null(check(&memory));
	samples[1].flags = 0;
	samples[0].flags = SB_WIRE_SAMPLE_SET_ASIDE;
	samples[0].causes = SB_WIRE_CAUSE_MIGRATION; /* since the last warm-up sample */
	ck_assert_ptr_null(check(&memory));
	free(memory.copy);
}
END_TEST

START_TEST(names_that_cannot_be_typed_are_refused)
{
	static const char *const names[] = { "",      "/a",  "a/",     "a//b",	   "a b",     "a'b",
					     "a;b",   "a\n", "a/../b", "..",	   ".",	      "a/%2",
					     "a/%2f", "a/%", "a$b",    "\xc3\xa9", "a/b=%GG", "a\\b",
					     "a*",    "~a",  "a:b",    "a?",	   "a#b",     "a\"" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct memory memory = memory_init(SB_WIRE_LIST);
		struct sb_wire_case *cases = (void *)(memory.copy + SB_WIRE_PAYLOAD_OFFSET);
		strcpy(cases[1].name, names[i]);
		const char *problem = check(&memory);
		ck_assert_msg(problem != NULL && strstr(problem, "a name that is not of the form"),
			      "'%s' was taken", names[i]);
		free(memory.copy);
	}
}
END_TEST

START_TEST(each_wrong_field_of_a_case_has_its_sentence)
{
	char unended[SB_WIRE_NAME];
	const char *tags = "the list holds tags that are not words separated by one space";
	const struct spoiled rows[] = {
		{ SB_WIRE_LIST, IN_CASE(name), sizeof unended, unended,
		  "the list holds a name that is not of the form group/benchmark/axis=value" },
		{ SB_WIRE_LIST, IN_CASE(name), TEXT("g/b/kind=a%200"), "the list holds a name twice" },
		{ SB_WIRE_LIST, IN_CASE(tags), SB_WIRE_TAGS, unended, tags },
		{ SB_WIRE_LIST, IN_CASE(tags), TEXT(" one"), tags },
		{ SB_WIRE_LIST, IN_CASE(tags), TEXT("one  two"), tags },
		{ SB_WIRE_LIST, IN_CASE(tags), TEXT("one "), tags },
		{ SB_WIRE_LIST, IN_CASE(tags), TEXT("a,b"), tags },
		{ SB_WIRE_LIST, IN_CASE(file), TEXT("a\tb"),
		  "the list holds a file name that is not printable text" },
		{ SB_WIRE_LIST, IN_RESULT(count), U64(CASES + 1),
		  "the result claims more entries than the shared memory holds" },
	};

	memset(unended, 'x', sizeof unended);
	check_spoiled(rows, sizeof rows / sizeof rows[0]);
}
END_TEST

START_TEST(a_skip_or_failure_has_a_reason_and_no_samples)
{
	struct memory memory = memory_init(SB_WIRE_MEASURE), list = memory_init(SB_WIRE_LIST);

	result_of(&memory)->status = result_of(&list)->status = SB_WIRE_SKIPPED;
	strcpy(result_of(&memory)->reason, "no such device");
	strcpy(result_of(&list)->reason, "no such device");
	ck_assert_str_eq(check(&memory), "the result is a skip or a failure and yet holds measurements");
	result_of(&memory)->count = result_of(&list)->count = 0;
	ck_assert_ptr_null(check(&memory));
	ck_assert_str_eq(check(&list), "the list of cases was skipped");
	result_of(&list)->status = SB_WIRE_FAILED;
	ck_assert_ptr_null(check(&list));
	free(memory.copy);
	free(list.copy);
}
END_TEST

START_TEST(a_memory_too_small_for_a_result_is_not_read)
{
	struct memory memory = memory_init(SB_WIRE_MEASURE);
	struct memory cut = memory;

	cut.size = SB_WIRE_HELLO_OFFSET;
	cut.copy = malloc(cut.size);
	memcpy(cut.copy, memory.copy, cut.size);
	ck_assert_str_eq(check(&cut), "the shared memory is too small");
	free(cut.copy);
	free(memory.copy);
}
END_TEST

START_TEST(requests_that_cannot_be_served_are_refused)
{
	const struct sb_wire_request good =
		make_request(SB_WIRE_MEASURE, wire_size(SB_WIRE_MEASURE, SAMPLES));
	struct sb_wire_request bad[16];

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		bad[i] = good;
	bad[0].magic[0] = 'X';
	bad[1].abi++;
	bad[2].mode = 0;
	bad[3].mode = 4;
	bad[4].size++;
	bad[5].clock = 3;
	bad[6].ns_per_tick = NAN;
	bad[7].ns_per_tick = 0;
	bad[8].samples = 0;
	bad[9].samples = SAMPLES + 1;
	bad[10].batch = 0;
	bad[11].name[0] = '\0';
	memset(bad[12].name, 'x', sizeof bad[12].name);
	bad[13].is_summed = 2;
	bad[14].is_wide = 2;
	bad[15].is_summed = bad[15].is_wide = 1;
	ck_assert_ptr_null(wire_request_check(&good, good.size));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ck_assert_msg(wire_request_check(&bad[i], good.size) != NULL, "request %zu was taken", i);
}
END_TEST

START_TEST(sizes_beyond_the_maximum_are_none)
{
	ck_assert_uint_eq(wire_size(SB_WIRE_LIST, 0), SB_WIRE_PAYLOAD_OFFSET);
	ck_assert_uint_eq(wire_size(SB_WIRE_LIST, SB_WIRE_CASES_MAX + 1), 0);
	ck_assert_uint_eq(wire_size(SB_WIRE_MEASURE, SIZE_MAX), 0);
}
END_TEST

START_TEST(copied_text_is_text_that_the_check_takes)
{
	char small[8], text[64];

	wire_text_copy(text, sizeof text, "caf\xc3\xa9\tis\x1b[0m \xff");
	ck_assert_str_eq(text, "caf\xc3\xa9?is?[0m ?");
	wire_text_copy(small, sizeof small, "123456\xc3\xa9");
	ck_assert_str_eq(small, "123456");
	wire_text_copy(small, sizeof small, "12345\xc3\xa9");
	ck_assert_str_eq(small, "12345\xc3\xa9");
}
END_TEST

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13; /* xorshift64, Marsaglia 2003 */
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Whatever passes the check can be used without further thought. */
static void use_all(struct memory *memory, const struct sb_wire_result *result)
{
	ck_assert_uint_lt(strlen(result->reason), SB_WIRE_REASON);
	for (uint64_t i = 0; i < result->count; i++) {
		const struct sb_wire_case *one = &wire_cases(memory->copy)[i];
		const struct sb_wire_sample *sample = &wire_samples(memory->copy)[i];
		if (memory->request.mode == SB_WIRE_LIST)
			ck_assert_uint_lt(strlen(one->name) + strlen(one->tags) + strlen(one->file),
					  sizeof *one);
		else
			ck_assert(sample->ticks > 0 && sample->iterations == result->batch);
	}
}

/* Half of the hits go to the fields that steer the reading. */
static size_t pick_offset(struct memory *memory, uint64_t *state)
{
	const size_t range = next_random(state) % 2 ? memory->size - SB_WIRE_HELLO_OFFSET
						    : SB_WIRE_RESULT_OFFSET + 400 - SB_WIRE_HELLO_OFFSET;

	return SB_WIRE_HELLO_OFFSET + next_random(state) % range;
}

START_TEST(random_corruption_is_refused_or_harmless)
{
	uint64_t state = 20260101;
	unsigned taken = 0;

	for (int i = 0; i < MUTATIONS; i++) {
		struct memory memory = memory_init((enum sb_wire_mode)(SB_WIRE_LIST + i % 3));
		const struct sb_wire_result *result;
		int abi;
		for (uint64_t hits = 1 + next_random(&state) % 8; hits > 0; hits--)
			memory.copy[pick_offset(&memory, &state)] = (char)next_random(&state);
		if (wire_result_check(memory.copy, memory.size, &memory.request, &result, &abi) == NULL) {
			use_all(&memory, result);
			taken++;
		}
		free(memory.copy);
	}
	ck_assert_msg(taken > MUTATIONS / 100 && taken < MUTATIONS, "%u of %d were taken", taken, MUTATIONS);
}
END_TEST

UNIT_MAIN("lib/wire", whole_results_are_taken, a_calibration_may_hold_fewer_samples_and_a_measurement_may_not,
	  another_abi_version_is_told_from_no_benchmark, each_wrong_field_of_a_result_has_its_sentence,
	  each_wrong_field_of_a_sample_has_its_sentence, who_lost_the_cpu_to_its_own_was_not_disturbed,
	  the_reason_of_a_sample_is_who_its_causes_speak_of,
	  readings_and_not_words_decide_that_a_sample_counts_for_nothing,
	  names_that_cannot_be_typed_are_refused, each_wrong_field_of_a_case_has_its_sentence,
	  a_skip_or_failure_has_a_reason_and_no_samples, a_memory_too_small_for_a_result_is_not_read,
	  requests_that_cannot_be_served_are_refused, what_threads_counted_is_checked,
	  a_request_has_by_thread_what_it_has, sizes_beyond_the_maximum_are_none,
	  copied_text_is_text_that_the_check_takes, random_corruption_is_refused_or_harmless)
