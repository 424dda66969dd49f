/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about serve: a request in shared memory is answered there, greeting first, DONE last. */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "unit.h"

enum { SAMPLES = 8 };

SB_BENCH(spin, .group = "g", .tags = "one two", .args = { SB_AXIS(size, 1, 2) })
{
	sb_elements(b, (double)sb_arg(b, "size"));
	SB_LOOP(b)
		for (int i = 0; i < 100; i++)
			sb_clobber();
}

SB_BENCH(skipped)
{
	sb_skip(b, "not here");
}

/* The descriptor is closed before any benchmark runs, so that processes it makes do not hold it. */
SB_BENCH(keeps_no_descriptor)
{
	if (fcntl(SB_WIRE_FD, F_GETFD) != -1 || errno != EBADF)
		sb_fail(b, "the descriptor of the shared memory is open");
	SB_LOOP(b)
		sb_clobber();
}

static struct sb_wire_request make_request(uint32_t mode, const char *name, size_t size)
{
	struct sb_wire_request request = { .magic = SB_WIRE_MAGIC_REQUEST,
					   .abi = SB_ABI_VERSION,
					   .mode = mode,
					   .size = size,
					   .clock = SB_WIRE_CLOCK_RAW,
					   .ns_per_tick = 1,
					   .batch = 10,
					   .warmup = 2,
					   .samples = SAMPLES,
					   .sample_ns = 20000 };

	wire_text_copy(request.name, sizeof request.name, name);
	return request;
}

static const struct sb_wire_result *serve(void *memory, const struct sb_wire_request *request)
{
	const struct sb_wire_result *result;
	int abi;

	memcpy(memory, request, sizeof *request);
	sb_serve_memory(memory, request->size);
	const char *problem = wire_result_check(memory, request->size, request, &result, &abi);
	ck_assert_msg(problem == NULL, "%s", problem);
	return result;
}

START_TEST(the_list_has_each_case_with_its_tags_and_place)
{
	const size_t size = wire_size(SB_WIRE_LIST, 10);
	void *memory = calloc(1, size);
	const struct sb_wire_request request = make_request(SB_WIRE_LIST, "", size);
	const struct sb_wire_result *result = serve(memory, &request);
	const struct sb_wire_case *cases = wire_cases(memory);

	ck_assert_int_eq(result->status, SB_WIRE_OK);
	ck_assert_uint_eq(result->count, 4);
	ck_assert_str_eq(cases[0].name, "g/spin/size=1");
	ck_assert_str_eq(cases[0].tags, "one two");
	ck_assert_ptr_nonnull(strstr(cases[0].file, "test_lib_serve.c"));
	ck_assert_uint_gt(cases[0].line, 10);
	ck_assert_str_eq(cases[2].name, "skipped");
	ck_assert_str_eq(cases[2].tags, "");
	free(memory);
}
END_TEST

START_TEST(a_list_that_does_not_fit_is_a_failure)
{
	const size_t size = wire_size(SB_WIRE_LIST, 3);
	void *memory = calloc(1, size);
	const struct sb_wire_request request = make_request(SB_WIRE_LIST, "", size);
	const struct sb_wire_result *result = serve(memory, &request);

	ck_assert_int_eq(result->status, SB_WIRE_FAILED);
	ck_assert_str_eq(result->reason, "the shared memory is too small for the list of cases");
	free(memory);
}
END_TEST

START_TEST(a_calibrated_batch_measures_the_same_case)
{
	const size_t size = wire_size(SB_WIRE_MEASURE, SAMPLES);
	void *memory = calloc(1, size);
	struct sb_wire_request request = make_request(SB_WIRE_CALIBRATE, "g/spin/size=2", size);
	const struct sb_wire_result *result = serve(memory, &request);

	ck_assert_int_eq(result->status, SB_WIRE_OK);
	ck_assert_uint_eq(result->count, SAMPLES);
	ck_assert_double_eq(result->elements, 2);
	ck_assert_uint_gt(result->bracket_ticks, 0);
	ck_assert_uint_gt(result->witness_ns, 0);
	request.batch = result->batch;
	request.mode = SB_WIRE_MEASURE;
	memset(memory, 0, size);
	result = serve(memory, &request);
	ck_assert_int_eq(result->status, SB_WIRE_OK);
	ck_assert_uint_eq(result->count, SAMPLES);
	ck_assert_uint_eq(result->batch, request.batch);
	free(memory);
}
END_TEST

START_TEST(skips_and_unknown_names_have_a_reason)
{
	const size_t size = wire_size(SB_WIRE_MEASURE, SAMPLES);
	void *memory = calloc(1, size);
	struct sb_wire_request request = make_request(SB_WIRE_MEASURE, "skipped", size);
	const struct sb_wire_result *result = serve(memory, &request);

	ck_assert_int_eq(result->status, SB_WIRE_SKIPPED);
	ck_assert_str_eq(result->reason, "not here");
	request = make_request(SB_WIRE_MEASURE, "g/spin", size);
	result = serve(memory, &request);
	ck_assert_int_eq(result->status, SB_WIRE_FAILED);
	ck_assert_str_eq(result->reason, "the program has no case of the name asked for");
	free(memory);
}
END_TEST

START_TEST(a_bad_request_is_answered_with_its_sentence)
{
	const size_t size = wire_size(SB_WIRE_MEASURE, SAMPLES);
	void *memory = calloc(1, size);
	struct sb_wire_request request = make_request(SB_WIRE_MEASURE, "g/spin/size=1", size);

	request.batch = 0;
	const struct sb_wire_result *result = serve(memory, &request);
	ck_assert_int_eq(result->status, SB_WIRE_FAILED);
	ck_assert_str_eq(result->reason, "the request has a batch of no iteration");
	free(memory);
}
END_TEST

START_TEST(another_abi_version_gets_the_greeting_and_no_more)
{
	const size_t size = wire_size(SB_WIRE_LIST, 10);
	char *memory = calloc(1, size);
	struct sb_wire_request request = make_request(SB_WIRE_LIST, "", size);
	const struct sb_wire_hello *hello = (void *)(memory + SB_WIRE_HELLO_OFFSET);

	request.abi = SB_ABI_VERSION + 1;
	memcpy(memory, &request, sizeof request);
	sb_serve_memory(memory, size);
	ck_assert_str_eq(hello->magic, SB_WIRE_MAGIC_HELLO);
	ck_assert_uint_eq(hello->abi, SB_ABI_VERSION);
	for (size_t i = SB_WIRE_RESULT_OFFSET; i < size; i++)
		ck_assert_int_eq(memory[i], 0);
	free(memory);
}
END_TEST

START_TEST(the_descriptor_is_closed_once_it_is_mapped)
{
	const size_t size = wire_size(SB_WIRE_MEASURE, SAMPLES);
	const struct sb_wire_request request = make_request(SB_WIRE_MEASURE, "keeps_no_descriptor", size);
	char program[] = "bench", argument[] = SB_WIRE_ARGUMENT;
	char *argv[] = { program, argument, NULL };
	const struct sb_wire_result *result;
	int abi;

	const int fd = memfd_create("launch", 0);
	ck_assert_int_eq(ftruncate(fd, (off_t)size), 0);
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	memcpy(memory, &request, sizeof request);
	dup2(fd, SB_WIRE_FD);
	if (fd != SB_WIRE_FD)
		close(fd);
	ck_assert_int_eq(sb_main(2, argv), 0);
	ck_assert_ptr_null(wire_result_check(memory, size, &request, &result, &abi));
	ck_assert_str_eq(result->reason, "");
	ck_assert_int_eq(result->status, SB_WIRE_OK);
}
END_TEST

START_TEST(without_shared_memory_serving_is_a_usage_error)
{
	int ends[2];
	char program[] = "bench", argument[] = SB_WIRE_ARGUMENT;
	char *argv[] = { program, argument, NULL };

	close(SB_WIRE_FD);
	ck_assert_int_eq(sb_main(2, argv), 2);
	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[0], SB_WIRE_FD);
	ck_assert_int_eq(sb_main(2, argv), 2);
}
END_TEST

UNIT_MAIN("lib/serve", the_list_has_each_case_with_its_tags_and_place, a_list_that_does_not_fit_is_a_failure,
	  a_calibrated_batch_measures_the_same_case, skips_and_unknown_names_have_a_reason,
	  a_bad_request_is_answered_with_its_sentence, another_abi_version_gets_the_greeting_and_no_more,
	  the_descriptor_is_closed_once_it_is_mapped, without_shared_memory_serving_is_a_usage_error)
