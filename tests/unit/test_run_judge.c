/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about run/judge: what is said of a launch, from how it ended and what stands in its memory. */
#include "run/judge.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "attempt_fixture.h"

#define PATH	     "/home/ann/bench_x"
#define EXITED(code) W_EXITCODE(code, 0)

static void judge(struct fixture *fixture)
{
	judge_attempt(&fixture->attempt, &fixture->request, PATH);
}

static void check_reason(const struct fixture *fixture, const char *part)
{
	ck_assert_msg(strstr(fixture->attempt.reason, part) != NULL, "'%s' is not in '%s'", part,
		      fixture->attempt.reason);
}

/* What goes wrong in a case is no word about the file. */
static void check_verdict(const struct fixture *fixture, enum record_case_status status, const char *reason)
{
	ck_assert_int_eq(fixture->attempt.status, status);
	check_reason(fixture, reason);
	ck_assert(!fixture->attempt.is_alien);
	ck_assert(!fixture->attempt.is_cancelled);
	ck_assert_ptr_null(fixture->attempt.result);
}

START_TEST(a_launch_that_did_what_was_asked_is_ok)
{
	static const enum sb_wire_mode modes[] = { SB_WIRE_LIST, SB_WIRE_CALIBRATE, SB_WIRE_MEASURE };
	struct fixture fixture;

	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		fixture_init(&fixture, modes[i]);
		judge(&fixture);
		ck_assert_int_eq(fixture.attempt.status, RECORD_CASE_OK);
		ck_assert_str_eq(fixture.attempt.reason, "");
		ck_assert_ptr_eq(fixture.attempt.result, fixture.result);
		ck_assert(!fixture.attempt.is_alien && !fixture.attempt.is_cancelled);
		fixture_release(&fixture);
	}
}
END_TEST

START_TEST(what_cannot_be_started_is_told_by_its_reason)
{
	static const struct {
		int code;
		const char *reason;
	} rows[] = {
		{ ENOEXEC, "'" PATH "' is no program of this machine" },
		{ ENOENT, "'" PATH "' is a script, or its loader is not there" },
		{ EACCES, "'" PATH "' may not be run by the user of the benches: permission denied" },
		{ EAGAIN, "cannot start '" PATH "': setresuid: resource temporarily unavailable" },
		{ EPERM,
		  "cannot start '" PATH "': setresuid: operation not permitted; here nobody else can be "
		  "become" },
		{ EINVAL, "as in a container without root: --allow-root runs benchmarks as its root" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fixture fixture;

		fixture_init(&fixture, SB_WIRE_LIST);
		fixture.attempt.ended.exec_errno = rows[i].code;
		fixture.attempt.ended.wait_status = EXITED(127);
		strcpy(fixture.attempt.ended.exec_step, "setresuid");
		judge(&fixture);
		ck_assert_int_eq(fixture.attempt.status, RECORD_CASE_CRASHED);
		ck_assert(fixture.attempt.is_alien);
		check_reason(&fixture, rows[i].reason);
		fixture_release(&fixture);
	}
}
END_TEST

START_TEST(an_interrupt_says_nothing_of_the_benchmark)
{
	struct fixture fixture;

	fixture_init(&fixture, SB_WIRE_MEASURE);
	fixture.attempt.ended.killed = true;
	fixture.attempt.ended.timed_out = true;
	fixture.attempt.ended.wait_status = SIGKILL;
	judge(&fixture);
	ck_assert(fixture.attempt.is_cancelled);
	ck_assert_int_eq(fixture.attempt.status, RECORD_CASE_OK);
	ck_assert_ptr_null(fixture.attempt.result);
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_time_limit_is_named_with_its_option)
{
	struct fixture fixture;

	fixture_init(&fixture, SB_WIRE_MEASURE);
	fixture.attempt.ended.timed_out = true;
	fixture.attempt.ended.wait_status = SIGKILL;
	judge(&fixture);
	check_verdict(&fixture, RECORD_CASE_TIMEOUT, "killed after 2.5 s (--timeout)");
	fixture_release(&fixture);
}
END_TEST

START_TEST(without_memory_there_is_no_result)
{
	struct fixture fixture;

	fixture_init(&fixture, SB_WIRE_MEASURE);
	free(fixture.attempt.copy);
	fixture.attempt.copy = NULL;
	judge(&fixture);
	check_verdict(&fixture, RECORD_CASE_CRASHED, "the shared memory of the launch cannot be read");
	fixture_release(&fixture);
}
END_TEST

START_TEST(an_end_before_its_time_is_described_even_where_a_result_stands)
{
	static const struct {
		int wait_status;
		uint32_t state;
		const char *reason;
	} rows[] = {
		{ SIGSEGV, SB_WIRE_RUNNING, "was killed by signal 11 (SIGSEGV, Segmentation fault)" },
		{ SIGSEGV, SB_WIRE_DONE, "was killed by signal 11 (SIGSEGV, Segmentation fault)" },
		{ SIGABRT | 0x80, SB_WIRE_RUNNING, "was killed by signal 6 (SIGABRT, Aborted)" },
		{ 40, SB_WIRE_RUNNING, "was killed by signal 40 (SIG?, unknown)" },
		{ EXITED(3), SB_WIRE_RUNNING, "ended with exit code 3 before it was done" },
		{ EXITED(3), SB_WIRE_DONE, "ended with exit code 3 before it was done" },
		{ EXITED(0), SB_WIRE_RUNNING, "ended with exit code 0 before it was done" },
		{ EXITED(0), SB_WIRE_EMPTY, "ended with exit code 0 before it was done" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fixture fixture;

		fixture_init(&fixture, SB_WIRE_MEASURE);
		fixture.attempt.ended.wait_status = rows[i].wait_status;
		fixture.result->state = rows[i].state;
		judge(&fixture);
		check_verdict(&fixture, RECORD_CASE_CRASHED, rows[i].reason);
		fixture_release(&fixture);
	}
}
END_TEST

START_TEST(a_file_that_does_not_answer_is_no_benchmark)
{
	static const struct {
		int wait_status;
		const char *output, *reason;
	} rows[] = {
		{ EXITED(0), NULL, "it ended with exit code 0 without answering" },
		{ SIGSEGV, NULL,
		  "it was killed by signal 11 (SIGSEGV, Segmentation fault) without answering" },
		{ EXITED(127), "x: error while loading shared libraries: liby.so.1: cannot open",
		  "without answering; a library that it finds by $ORIGIN needs a folder" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fixture fixture;

		fixture_init(&fixture, SB_WIRE_LIST);
		memset(fixture.hello, 0, sizeof *fixture.hello);
		fixture.attempt.ended.wait_status = rows[i].wait_status;
		fixture.attempt.output = rows[i].output ? strdup(rows[i].output) : NULL;
		judge(&fixture);
		ck_assert_int_eq(fixture.attempt.status, RECORD_CASE_CRASHED);
		ck_assert(fixture.attempt.is_alien);
		check_reason(&fixture, "'" PATH "' is no stablebench benchmark: ");
		check_reason(&fixture, rows[i].reason);
		ck_assert_int_eq(strstr(fixture.attempt.reason, "$ORIGIN") != NULL, rows[i].output != NULL);
		fixture_release(&fixture);
	}
}
END_TEST

START_TEST(another_interface_is_named_with_both_versions)
{
	struct fixture fixture;

	fixture_init(&fixture, SB_WIRE_LIST);
	fixture.hello->abi = 77;
	judge(&fixture);
	ck_assert_int_eq(fixture.attempt.status, RECORD_CASE_CRASHED);
	ck_assert(fixture.attempt.is_alien);
	check_reason(&fixture,
		     "built for version 77 of the benchmark interface, this stablebench speaks version 0");
	ck_assert_ptr_null(fixture.attempt.result);
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_file_that_has_listed_its_cases_is_no_stranger_later)
{
	struct fixture fixture;

	fixture_init(&fixture, SB_WIRE_MEASURE);
	memset(fixture.hello, 0, sizeof *fixture.hello);
	judge(&fixture);
	check_verdict(&fixture, RECORD_CASE_CRASHED, "the benchmark wrote garbage to its channel: ");
	fixture_release(&fixture);
	fixture_init(&fixture, SB_WIRE_MEASURE);
	fixture.hello->abi = 77;
	fixture.attempt.ended.wait_status = SIGBUS;
	judge(&fixture);
	check_verdict(&fixture, RECORD_CASE_CRASHED, "was killed by signal 7 (SIGBUS");
	fixture_release(&fixture);
}
END_TEST

START_TEST(garbage_is_told_with_what_is_wrong_about_it)
{
	struct fixture fixture;

	fixture_init(&fixture, SB_WIRE_MEASURE);
	fixture.samples[2].ticks = 0;
	judge(&fixture);
	check_verdict(&fixture, RECORD_CASE_CRASHED, "garbage to its channel: a sample took no time");
	fixture_release(&fixture);
	fixture_init(&fixture, SB_WIRE_MEASURE);
	fixture.attempt.started.asked.batch++;
	judge(&fixture);
	check_verdict(&fixture, RECORD_CASE_CRASHED, "with another batch than the one asked for");
	fixture_release(&fixture);
	fixture_init(&fixture, SB_WIRE_LIST);
	fixture.result->count = 1;
	judge(&fixture);
	check_verdict(&fixture, RECORD_CASE_CRASHED, "a name that is not of the form");
	fixture_release(&fixture);
}
END_TEST

START_TEST(skip_and_failure_are_the_benchmarks_own_words)
{
	static const struct {
		uint32_t said;
		enum record_case_status status;
	} rows[] = { { SB_WIRE_SKIPPED, RECORD_CASE_SKIPPED }, { SB_WIRE_FAILED, RECORD_CASE_FAILED } };

	for (size_t i = 0; i < 2; i++) {
		struct fixture fixture;

		fixture_init(&fixture, SB_WIRE_MEASURE);
		fixture.result->status = rows[i].said;
		fixture.result->count = 0;
		strcpy(fixture.result->reason, "needs 100 % of a printer");
		judge(&fixture);
		check_verdict(&fixture, rows[i].status, "needs 100 % of a printer");
		fixture_release(&fixture);
	}
}
END_TEST

UNIT_MAIN("run/judge", a_launch_that_did_what_was_asked_is_ok, what_cannot_be_started_is_told_by_its_reason,
	  an_interrupt_says_nothing_of_the_benchmark, a_time_limit_is_named_with_its_option,
	  without_memory_there_is_no_result, an_end_before_its_time_is_described_even_where_a_result_stands,
	  a_file_that_does_not_answer_is_no_benchmark, another_interface_is_named_with_both_versions,
	  a_file_that_has_listed_its_cases_is_no_stranger_later, garbage_is_told_with_what_is_wrong_about_it,
	  skip_and_failure_are_the_benchmarks_own_words)
