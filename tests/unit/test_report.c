/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about report/: what a person, and awk, read of a record made by hand. */
#include "report/report.h"
#include "report/wrap.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "report_fixture.h"

static void add_broken(struct record *record)
{
	struct record_case *c = record_add_case(record, "suite/skipped", "");

	record_case_fail(c, RECORD_CASE_SKIPPED, "needs 2 CPUs", "not shown");
	c = add_ok(record, "suite/crashed", 1);
	record_case_fail(c, RECORD_CASE_CRASHED, "the benchmark was killed by signal 11", "one\n\ntwo\n");
	record_case_flag(c, "drifting"); /* of numbers that nobody sees */
	c = record_add_case(record, "suite/failed", "");
	record_case_fail(c, RECORD_CASE_FAILED, "wrong sum", "three");
	record_add_case(record, "suite/unmeasured", "")->status = RECORD_CASE_UNMEASURED;
}

static void add_conditions(struct record *record)
{
	static const struct condition conditions[] = {
		{ .knob = "cpus", .outcome = CONDITION_APPLIED },
		{ .knob = "governor", .outcome = CONDITION_UNSUPPORTED, .reason = "no cpufreq" },
		{ .knob = "boost", .outcome = CONDITION_ALREADY },
		{ .knob = "dma-latency", .outcome = CONDITION_DENIED, .reason = "needs root" },
		{ .knob = "unheard-of", .outcome = CONDITION_FAILED, .reason = "of a later version" },
	};

	for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++)
		record_add_condition(record, &conditions[i]);
}

static void fill(struct record *record)
{
	struct record_case *c;

	record_init(record);
	c = add_ok(record, "suite/group/lookup/size=100", 12.34e-9);
	c->throughput[c->throughput_count++] = (struct record_throughput){ RECORD_ELEMENTS, 1, 81.0e6 };
	c->throughput[c->throughput_count++] = (struct record_throughput){ RECORD_BYTES, 64, 5.186e9 };
	record_case_flag(c, "few launches");
	record_case_flag(c, "tainted");
	c = add_ok(record, "suite/slow", 0.25);
	c->throughput[c->throughput_count++] = (struct record_throughput){ RECORD_ELEMENTS, 1, 4 };
	c->rciw = c->cov_between = NAN;
	record_case_flag(c, "few launches");
	add_broken(record);
	add_conditions(record);
}

/* clang-format off */
static const char wide[] =
	"case                          time/iter  95 % interval  CoV within  CoV between      throughput  "
	"flags\n"
	"suite/group/lookup/size=100    12.34 ns  +-0.21 %           0.35 %       0.12 %  81.0 Melem/s, "
	"4.83 GiB/s  few launches, tainted\n"
	"suite/slow                       250 ms  -                  0.35 %            -     4.00 elem/s  "
	"few launches\n"
	"suite/skipped                skipped: needs 2 CPUs\n"
	"suite/crashed                crashed: the benchmark was killed by signal 11\n"
	"suite/failed                 failed: wrong sum\n"
	"suite/unmeasured             unmeasured: no launch\n"
	"\n"
	"suite/crashed printed last:\n"
	"  | one\n"
	"  | \n"
	"  | two\n"
	"\n"
	"suite/failed printed last:\n"
	"  | three\n"
	"\n"
	"tainted: more than one in ten of the samples that count was disturbed: --retakes were used up, or a whole "
	"launch was; see what disturbed them, and the conditions\n"
	"few launches: fewer than 5 launches: the interval is a rough one\n"
	"disturbed: 3 of 6 samples that count: 3 x migration\n"
	"conditions: in effect 2 of 5 that were wanted; denied: dma-latency; not to be had here: governor; compare "
	"only with runs under the same conditions; 'stablebench doctor' tells what would mend them\n"
	"failed: unheard-of: of a later version\n";
/* clang-format on */

START_TEST(the_table_shows_every_case_then_outputs_flags_and_conditions)
{
	struct record record;
	char *text;

	fill(&record);
	text = render(&record, "text", 0);
	ck_assert_str_eq(text, wide);
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(a_narrow_terminal_gets_whole_words_and_flags_below)
{
	struct record record;
	char *text;

	fill(&record);
	text = render(&record, "text", 70);
	ck_assert_ptr_nonnull(strstr(text, "4.83 GiB/s\n    few launches, tainted\nsuite/slow "));
	ck_assert_ptr_nonnull(
		strstr(text, "\ntainted: more than one in ten of the samples that count was disturbed:\n"
			     "    --retakes were used up, or a whole launch was; see what disturbed\n"
			     "    them, and the conditions\nfew launches: "));
	ck_assert_ptr_nonnull(strstr(text,
				     "\nconditions: in effect 2 of 5 that were wanted; denied: dma-latency;\n"
				     "    not to be had here: governor; compare only with runs under the\n"));
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(an_interrupted_session_says_so)
{
	struct record record;
	char *text;

	record_init(&record);
	add_ok(&record, "suite/one", 1e-6);
	text = render(&record, "text", 0);
	ck_assert_ptr_null(strstr(text, "interrupted"));
	ck_assert_ptr_null(strstr(text, "conditions"));
	free(text);
	record.status = RECORD_INTERRUPTED;
	text = render(&record, "text", 0);
	ck_assert_ptr_nonnull(strstr(text, "\ninterrupted: this is what was measured until then\n"));
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(conditions_that_are_all_met_need_no_words)
{
	static const struct condition met = { .knob = "cpus", .outcome = CONDITION_APPLIED };
	struct record record;
	char *text;

	record_init(&record);
	record_add_condition(&record, &met);
	text = render(&record, "text", 0);
	ck_assert_ptr_nonnull(strstr(text, "\nconditions: in effect 1 of 1 that were wanted\n"));
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(every_sample_has_a_line_with_its_causes)
{
	struct record record;
	struct record_case *c;
	char *text;

	record_init(&record);
	c = add_ok(&record, "suite/one", 1e-6);
	c->launches[0].samples[0].witnesses[0] = 3;
	record_case_add_counter(c, "l2-misses")->status = RECORD_COUNTER_SILENT;
	record_case_add_counter(c, "branch misses");
	c->launches[0].counter_count = 2;
	c->launches[0].counters[1].index = 1;
	c->launches[0].samples[0].counters[1] = 7;
	c->launches[0].samples[1].uncounted = true;
	add_ok(&record, "suite/two", 2e-6)->launches[0].samples[0].set_aside = true;
	record_add_case(&record, "suite/none", "");
	text = render(&record, "samples", 0);
	ck_assert_str_eq(text, "# case launch sample seconds_per_iteration iterations causes use "
			       "stolen_s thief counters witnesses\n"
			       "suite/one 0 0 1e-06 1000 - counts 0 - branch_misses=7 context-switches=3\n"
			       "suite/one 0 1 1.1e-06 1000 voluntary-switch,migration counts 0 - - -\n"
			       "suite/two 0 0 2e-06 1000 - aside 0 - - -\n"
			       "suite/two 0 1 2.2e-06 1000 voluntary-switch,migration counts 0 - - -\n");
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(samples_taken_again_are_told_with_their_causes)
{
	static const uint32_t causes[] = {
		RECORD_CAUSE_WAITED,
		RECORD_CAUSE_INVOLUNTARY_SWITCH | RECORD_CAUSE_WAITED,
		RECORD_CAUSE_VOLUNTARY_SWITCH | RECORD_CAUSE_INVOLUNTARY_SWITCH,
		RECORD_CAUSE_NMI,
	};
	struct record_launch *launch;
	struct record record;
	char *text;

	record_init(&record);
	launch = record_case_add_launch(add_ok(&record, "suite/one", 1e-6), 5);
	for (size_t i = 0; i < 5; i++)
		launch->samples[i] = (struct record_sample){ .time_s = 1e-3, .iterations = 1000 };
	for (size_t i = 0; i < 4; i++) {
		launch->samples[i].set_aside = true;
		launch->samples[i].causes = causes[i];
	}
	record.cases[0].estimate_all_s = 1.0312e-6;
	text = render(&record, "text", 50);
	ck_assert_ptr_nonnull(strstr(text, "\nretaken: 4 of 7 samples: 2 x involuntary-switch, 1\n"
					   "    x nmi, 1 x waited\n"
					   "with the retaken ones: suite/one +3.1 %\n"
					   "disturbed: 1 of 3 samples that count: 1 x\n    migration\n"));
	free(text);
	record_release(&record);
}
END_TEST

static void add_counter(struct record_case *c, const char *name, double value, double half,
			const char *reason)
{
	struct record_counter *counter = record_case_add_counter(c, name);

	counter->per_iteration = value;
	counter->ci95[0] = value * (1 - half);
	counter->ci95[1] = value * (1 + half);
	if (reason) {
		counter->status = RECORD_COUNTER_UNSUPPORTED;
		counter->reason = strdup(reason);
	}
}

START_TEST(counters_have_a_paragraph_for_each_case_and_each_reason_once)
{
	struct record record;
	char *text;

	record_init(&record);
	for (int i = 0; i < 2; i++) {
		struct record_case *c = add_ok(&record, i ? "suite/two" : "suite/one", 1e-6);

		add_counter(c, "cycles", 1234.5, 0.0012, NULL);
		add_counter(c, "l2-misses", NAN, NAN, "this host has no such event");
		add_counter(c, "dtlb-misses", NAN, NAN, "this host has no such event");
		add_counter(c, "branch-misses", 0, 0, NULL);
		add_counter(c, "r08", 4321, 0, NULL);
		c->counters[4].word = strdup("instructions");
		add_counter(c, "energy-pkg", 1.5e-6, NAN, NULL);
		c->counters[5].unit = strdup("J");
		c->counters[5].reach = PMU_REACH_PACKAGE;
		c->counter_s = 366e-9;
		c->launches[0].counter_count = 2;
		c->launches[0].counters[0] = (struct record_launch_counter){ .index = 3, .overhead = 0 };
		c->launches[0].counters[1] = (struct record_launch_counter){ .index = 4, .overhead = 97 };
	}
	record_case_fail(add_ok(&record, "suite/three", 1), RECORD_CASE_FAILED, "wrong sum", NULL);
	text = render(&record, "text", 70);
	ck_assert_ptr_nonnull(strstr(text,
				     "\n\ncounters, per iteration:\n"
				     "  suite/one: cycles 1234.5 +-0.12 %, branch-misses 0, r08 4321 +-0 %,\n"
				     "    energy-pkg 1.5 uJ; ipc 3.5, branch-mpki 0\n"
				     "  suite/two: cycles 1234.5"));
	ck_assert_ptr_nonnull(strstr(
		text, " branch-mpki 0\nreading them costs 366 ns on either side of a sample, which is not\n"
		      "    timed; taken off for the bracket: r08 97\nof the whole package, whoever "
		      "used it: energy-pkg\nnot "
		      "counted: l2-misses, dtlb-misses: unsupported: this host has no\n"
		      "    such event\ndisturbed"));
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(the_cost_of_counters_is_told_of_a_case_that_has_numbers)
{
	struct record record;
	struct record_case *c;
	char *text;

	record_init(&record);
	c = add_ok(&record, "suite/one", 1e-6);
	add_counter(c, "l2-misses", NAN, NAN, "it stood still");
	c->counter_s = 3.002e-6;
	text = render(&record, "text", 0);
	ck_assert_ptr_null(strstr(text, "reading them costs"));
	free(text);
	c = add_ok(&record, "suite/two", 1e-6);
	add_counter(c, "cycles", 5, 0, NULL);
	c->counter_s = 4.003e-6;
	text = render(&record, "text", 0);
	ck_assert_ptr_nonnull(strstr(text, "reading them costs 4.003 us "));
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(a_counter_of_a_long_name_is_told_in_full)
{
	static const char name[] =
		"ANY_DATA_CACHE_FILLS_FROM_SYSTEM:LCL_L2:LOCAL_CCX:NEAR_CACHE_NEAR_FAR:DRAM_IO_NEAR";
	struct record record;
	struct record_case *c;
	char *text, want[400];

	record_init(&record);
	c = add_ok(&record, "suite/one", 1e-6);
	add_counter(c, "cycles", 1234.5, 0.0012, NULL);
	add_counter(c, name, 7, 0.01, NULL);
	add_counter(c, "instructions", 4321, 0, NULL);
	text = render(&record, "text", 60);
	snprintf(want, sizeof want,
		 "  suite/one: cycles 1234.5 +-0.12 %%,\n    %s 7 +-1.0 %%,\n    instructions 4321", name);
	ck_assert_msg(strstr(text, want) != NULL, "%s", text);
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(counters_that_ran_in_some_samples_say_in_how_many)
{
	static const uint64_t counted[] = { 40, 37, 35, 37, 0 };
	struct record_case *c;
	struct record record;
	char *text;

	record_init(&record);
	c = add_ok(&record, "suite/one", 1e-6);
	add_counter(c, "all", 1, 0, NULL);
	add_counter(c, "cycles", 2, 0, NULL);
	add_counter(c, "dtlb-misses", 3, 0, NULL);
	add_counter(c, "instructions", 4, 0, NULL);
	add_counter(c, "lost", NAN, NAN, "it did not run all the time, or was reset, in any sample");
	for (size_t i = 0; i < c->counter_count; i++) {
		c->counters[i].samples = 40;
		c->counters[i].counted = counted[i];
	}
	text = render(&record, "text", 0);
	ck_assert_ptr_nonnull(strstr(
		text,
		" instructions 4 +-0 %; ipc 2, dtlb-mpki 750; counted in 37 of 40 samples only: cycles, "
		"instructions; counted in 35 of 40 samples only: dtlb-misses\n"));
	free(text);
	record_release(&record);
}
END_TEST

/* Two launches, in which thread i takes i + 1 and i + 1.2 of `seconds`. */
static struct record_case *add_threads(struct record *record, const char *name, double seconds)
{
	struct record_case *c = add_ok(record, name, seconds);

	c->threads = 3;
	record_case_add_launch(c, 0);
	for (size_t i = 0; i < 3; i++) {
		struct record_thread part = { .cpu = 4 + (uint32_t)i, .median_s = seconds * (double)(i + 1) };

		record_launch_add_thread(&c->launches[0], &part);
		part.median_s += 0.2 * seconds;
		record_launch_add_thread(&c->launches[1], &part);
	}
	return c;
}

START_TEST(threads_are_told_from_the_fastest_to_the_slowest_one)
{
	struct record record;
	struct record_case *c;
	char *text;

	record_init(&record);
	add_ok(&record, "suite/alone", 1e-6);
	c = add_threads(&record, "suite/three", 1e-6);
	c->throughput[c->throughput_count++] = (struct record_throughput){ RECORD_ELEMENTS, 10, 9.5e6 };
	c->throughput[c->throughput_count++] = (struct record_throughput){ RECORD_BYTES, 1024, 3e9 };
	c = add_threads(&record, "suite/wanders", 1e-3);
	c->launches[1].threads[2].cpu = 0;
	record_case_add_counter(c, "instructions");
	record_case_add_counter(c, "page-faults"); /* which nobody had */
	record_case_add_counter(c, "branch-misses");
	record_case_add_counter(c, "l2-misses")->status = RECORD_COUNTER_SILENT;
	record_case_add_counter(c, "cycles"); /* in no launch */
	for (size_t i = 0; i < 2; i++) {
		struct record_launch *launch = &c->launches[i];

		launch->batch = 10;
		launch->counter_count = 4;
		for (size_t k = 0; k < 4; k++)
			launch->counters[k].index = k;
		launch->counters[0].overhead = 30; /* of three threads */
		for (size_t k = 0; k < 3; k++) {
			launch->threads[k].counted = 4;
			launch->threads[k].counters[0] = 4 * (10 + 10 * (200 + k));
			launch->threads[k].counters[2] = 40 * k;
		}
	}
	record_case_fail(add_threads(&record, "suite/failed", 1), RECORD_CASE_FAILED, "wrong sum", NULL);
	add_threads(&record, "suite/untold", 1)->launches[0].threads[1].median_s = NAN;
	record.cases[4].launches[1].threads[1].median_s = NAN;
	text = render(&record, "text", 0);
	ck_assert_ptr_nonnull(strstr(
		text,
		"\nthreads, of each case that has several:\n"
		"  suite/three: 9.50 Melem/s in all, each 3.23 Melem/s to 9.09 Melem/s; 2.79 GiB/s in all, "
		"each "
		"315 MiB/s to 888 MiB/s; an iteration took them 1.1 us to 3.1 us, longest thread 2 on CPU 6\n"
		"  suite/wanders: an iteration took them 1.1 ms to 3.1 ms, longest thread 2; each counted "
		"instructions 200 to 202, branch-misses 0 to 2, and 0 of 1 other event\n"));
	ck_assert_ptr_null(strstr(text, "suite/alone: "));
	ck_assert_ptr_null(strstr(text, "suite/untold: "));
	ck_assert_ptr_null(strstr(text, "  suite/failed: "));
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(the_frequency_of_busy_cpus_is_told_where_launches_know_it)
{
	static const struct {
		double first, second; /* a launch of each of two cases; NaN: not known */
		const char *clock;
		double ns_per_tick;
		const char *line; /* NULL: none */
	} rows[] = {
		{ NAN, NAN, "tsc", 0.4, NULL },
		{ 1.0, NAN, "tsc", 0.4, " 1.00 of the base frequency, about 2.50 GHz\n" },
		{ 1.0, 1.001, "tsc", 0.4, " 1.00 of the base frequency, about 2.50 GHz\n" },
		{ 1.2, 0.96, "tsc", 0.4,
		  " 0.96 to 1.20 of the base frequency, about 2.40 GHz to 3.00 GHz; slowest in suite/two\n" },
		{ 0.96, 1.2, "monotonic-raw", 1,
		  " 0.96 to 1.20 of the base frequency; slowest in suite/one\n" },
		{ 1.2, 1.2, "tsc", NAN, " 1.20 of the base frequency\n" },
		{ 1.2, 1.2, "tsc", 0, " 1.20 of the base frequency\n" },
		{ 1.2, 1.2, "tsc", -0.4, " 1.20 of the base frequency\n" },
		{ 1.2, 1.2, NULL, 0.4, " 1.20 of the base frequency\n" },
		{ -1, 1e308, "tsc", 1e-300, " of the base frequency" }, /* somebody else wrote it */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct record record;
		const char *found;
		char *text;

		record_init(&record);
		add_ok(&record, "suite/one", 1e-6)->launches[0].host[RECORD_BUSY_FREQUENCY] = rows[i].first;
		add_ok(&record, "suite/two", 1e-6)->launches[0].host[RECORD_BUSY_FREQUENCY] = rows[i].second;
		record.clock = rows[i].clock ? strdup(rows[i].clock) : NULL;
		record.ns_per_tick = rows[i].ns_per_tick;
		text = render(&record, "text", 0);
		found = strstr(text, "\nfrequency while busy: ");
		ck_assert_msg(rows[i].line ? found && strstr(found, rows[i].line) : !found, "row %zu: %s", i,
			      text);
		free(text);
		record_release(&record);
	}
}
END_TEST

START_TEST(a_task_or_device_stands_for_the_cause_and_samples_tell_what_was_counted)
{
	struct record_launch *launch;
	struct record record;
	struct record_case *c;
	char *text;

	record_init(&record);
	c = add_ok(&record, "suite/one", 1e-6);
	add_counter(c, "cycles", 1, 0, NULL);
	launch = &c->launches[0];
	launch->counter_count = 1;
	launch->samples[0].causes = RECORD_CAUSE_INVOLUNTARY_SWITCH | RECORD_CAUSE_STOLEN;
	launch->samples[0].set_aside = true;
	launch->samples[0].stolen_s = 1e-3;
	launch->samples[0].thief_kind = RECORD_THIEF_TASK;
	strcpy(launch->samples[0].thief, "Web Content");
	launch->samples[0].counters[0] = 4711;
	launch->samples[0].witnesses[4] = 2;
	launch->samples[1].causes = RECORD_CAUSE_INTERRUPT;
	launch->samples[1].thief_kind = RECORD_THIEF_TIMER; /* later than what caused it */
	strcpy(launch->samples[1].thief, "tick");
	launch->samples[1].uncounted = true;
	text = render(&record, "text", 0);
	ck_assert_ptr_nonnull(strstr(text, "\nretaken: 1 of 2 samples: 1 x Web Content\n"
					   "disturbed: 1 of 1 samples that count: 1 x interrupt\n"));
	free(text);
	text = render(&record, "samples", 0);
	ck_assert_ptr_nonnull(
		strstr(text, "involuntary-switch,stolen aside 0.001 Web_Content cycles=4711 timer=2\n"));
	ck_assert_ptr_nonnull(strstr(text, "1000 interrupt counts 0 tick - -\n"));
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(blanks_in_names_shift_no_field_of_a_sample)
{
	struct record_launch *launch;
	struct record record;
	struct record_case *c;
	char *text;

	record_init(&record);
	c = add_ok(&record, "suite/a b\tc\nd", 1e-6);
	add_counter(c, "odd name", 1, 0, NULL);
	launch = &c->launches[0];
	launch->sample_count = 1;
	launch->counter_count = 1;
	strcpy(launch->samples[0].thief, "Web\tContent\n");
	text = render(&record, "samples", 0);
	ck_assert_ptr_nonnull(
		strstr(text, "\nsuite/a_b_c_d 0 0 1e-06 1000 - counts 0 Web_Content_ odd_name=0 -\n"));
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(a_full_stream_is_an_error_of_every_format)
{
	const struct report_style style = { .columns = 0 };
	struct record record;

	fill(&record);
	for (size_t i = 0; report_formats[i]; i++) {
		FILE *stream = fopen("/dev/full", "w");
		struct sb_err err = { 0 };

		ck_assert_int_lt(report_formats[i]->write(&record, &style, stream, &err), 0);
		ck_assert_ptr_nonnull(strstr(err.text, "cannot write the "));
		ck_assert_ptr_nonnull(strstr(err.text, ": no space left on device"));
		fclose(stream);
	}
	record_release(&record);
}
END_TEST

START_TEST(formats_are_found_by_their_whole_name)
{
	ck_assert_ptr_eq(report_find("text"), &report_text);
	ck_assert_ptr_eq(report_find("json"), &report_json);
	ck_assert_ptr_eq(report_find("samples"), &report_samples);
	ck_assert_ptr_null(report_find("tex"));
	ck_assert_ptr_null(report_find(""));
}
END_TEST

START_TEST(wrapping_never_breaks_a_word)
{
	static const struct {
		const char *text;
		int columns;
		const char *wanted;
	} rows[] = {
		{ "", 10, "\n" },
		{ "one two three", 0, "one two three\n" },
		{ "one two three", 13, "one two three\n" },
		{ "one two three", 12, "one two\n  three\n" },
		{ "one two three", 3, "one\n  two\n  three\n" },
		{ "muchtoolong x", 4, "muchtoolong\n  x\n" },
		{ "one two" WRAP_JOIN "three four", 9, "one\n  two three\n  four\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *text = NULL;
		size_t size;
		FILE *stream = open_memstream(&text, &size);

		wrap_write(rows[i].text, rows[i].columns, 2, stream);
		fclose(stream);
		ck_assert_str_eq(text, rows[i].wanted);
		free(text);
	}
}
END_TEST

UNIT_MAIN("report", the_table_shows_every_case_then_outputs_flags_and_conditions,
	  a_narrow_terminal_gets_whole_words_and_flags_below, an_interrupted_session_says_so,
	  conditions_that_are_all_met_need_no_words, every_sample_has_a_line_with_its_causes,
	  samples_taken_again_are_told_with_their_causes,
	  counters_have_a_paragraph_for_each_case_and_each_reason_once,
	  the_cost_of_counters_is_told_of_a_case_that_has_numbers, a_counter_of_a_long_name_is_told_in_full,
	  counters_that_ran_in_some_samples_say_in_how_many,
	  threads_are_told_from_the_fastest_to_the_slowest_one,
	  the_frequency_of_busy_cpus_is_told_where_launches_know_it,
	  a_task_or_device_stands_for_the_cause_and_samples_tell_what_was_counted,
	  blanks_in_names_shift_no_field_of_a_sample, a_full_stream_is_an_error_of_every_format,
	  formats_are_found_by_their_whole_name, wrapping_never_breaks_a_word)
