/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about record/record_json: what is written is read back the same, and what somebody else wrote is
 * taken whole or refused by naming the place.
 */
#include "record/record_json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>
#include "random.h"
#include "record_fixture.h"
#include "unit.h"

/* The document of a record; the caller frees it. */
static char *write_text(const struct record *record)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	struct sb_err err = { 0 };

	ck_assert_msg(!record_json_write(record, stream, &err), "%s", err.text);
	fclose(stream);
	return text;
}

static int read_bytes(const char *text, size_t size, struct record *record, struct sb_err *err)
{
	FILE *stream = fmemopen((void *)(uintptr_t)text, size, "r");
	int code;

	ck_assert_ptr_nonnull(stream);
	code = record_json_read(stream, "x.json", record, err);
	fclose(stream);
	return code;
}

static char *filled_text(void)
{
	struct record record;
	char *text;

	record_fill(&record);
	text = write_text(&record);
	record_release(&record);
	return text;
}

START_TEST(writing_reading_and_writing_again_is_the_same_to_the_byte)
{
	char *first = filled_text(), *second;
	struct sb_err err = { 0 };
	struct record record;

	ck_assert_msg(!read_bytes(first, strlen(first), &record, &err), "%s", err.text);
	second = write_text(&record);
	ck_assert_str_eq(first, second);
	record_release(&record);
	free(first);
	free(second);
}
END_TEST

START_TEST(every_value_comes_back)
{
	char *text = filled_text();
	struct record record, original;

	record_fill(&original);
	ck_assert_int_eq(read_bytes(text, strlen(text), &record, NULL), 0);
	ck_assert_int_eq(record.status, RECORD_INTERRUPTED);
	ck_assert_uint_eq(record.seed, 42);
	ck_assert_double_eq(record.ns_per_tick, original.ns_per_tick);
	ck_assert_ptr_null(record.housekeeping_cpus);
	ck_assert_uint_eq(record.fact_count, 2);
	ck_assert_double_eq(record.facts[1].number, 8589934592.0);
	ck_assert_int_eq(record.conditions[0].outcome, CONDITION_DENIED);
	ck_assert_str_eq(record.conditions[0].reason, "needs root");
	ck_assert_str_eq(record.cases[0].tags, "micro event");
	ck_assert_double_eq(record.cases[0].estimate_s, original.cases[0].estimate_s);
	ck_assert_double_eq(record.cases[0].ci95_s[1], original.cases[0].ci95_s[1]);
	ck_assert_double_nan(record.cases[0].witness_s);
	ck_assert_double_eq(record.cases[0].counter_s, 0.6e-6);
	ck_assert_int_eq(record.cases[0].counters_by, RECORD_READ_CALL);
	ck_assert_uint_eq(record.cases[0].launches[5].seed, UINT64_C(0xfedcba9876543215));
	ck_assert_mem_eq(record.cases[0].launches[5].samples, original.cases[0].launches[5].samples,
			 5 * sizeof(struct record_sample));
	ck_assert_mem_eq(record.cases[0].launches[5].counters, original.cases[0].launches[5].counters,
			 2 * sizeof(struct record_launch_counter));
	ck_assert_double_eq(record.cases[0].launches[5].host[RECORD_FREQUENCY], 2.5e9);
	ck_assert_double_eq(record.cases[0].launches[5].host[RECORD_BUSY_FREQUENCY], 0.9375);
	ck_assert_uint_eq(record.cases[0].launches[5].threads[1].counted, 5);
	ck_assert_uint_eq(record.cases[0].launches[5].threads[1].counters[0], 8);
	ck_assert_double_nan(record.cases[0].launches[5].host[RECORD_SMI]);
	ck_assert_uint_eq(record.cases[0].retaken, 6);
	ck_assert(record.cases[0].launches[5].is_detached);
	ck_assert_uint_eq(record.cases[0].counter_count, 3);
	ck_assert_double_eq(record.cases[0].counters[1].per_iteration,
			    original.cases[0].counters[1].per_iteration);
	ck_assert_str_eq(record.cases[0].counters[1].word, "branches:k");
	ck_assert_uint_eq(record.cases[0].counters[1].samples, 24);
	ck_assert_uint_eq(record.cases[0].counters[1].counted, 18);
	ck_assert_int_eq(record.cases[0].counters[2].status, RECORD_COUNTER_SILENT);
	ck_assert_str_eq(record.cases[0].thieves[0].name, "virtio1-req.0");
	ck_assert_double_nan(record.cases[0].thieves[0].stolen_s);
	ck_assert_ptr_null(record.cases[0].thieves[0].remedy);
	ck_assert_str_eq(record.cases[0].thieves[1].remedy, "nohz_full= at boot");
	ck_assert_uint_eq(record.witness_count, 2);
	ck_assert_ptr_null(record.witnesses[0].reason);
	ck_assert_int_eq(record.cases[1].status, RECORD_CASE_CRASHED);
	ck_assert_double_nan(record.cases[1].estimate_s);
	record_release(&original);
	record_release(&record);
	free(text);
}
END_TEST

/* Read by another parser: names that scripts rely on, no NaN, and a launch to a line. */
START_TEST(scripts_find_the_names_they_rely_on)
{
	static const char *const members[] = { "name",	   "status",	 "estimate_s",	"ci95_s",
					       "median_s", "cov_within", "cov_between", "rciw",
					       "flags",	   "throughput", "quantiles_s", "launches" };
	char *text = filled_text();
	json_t *root = json_loads(text, 0, NULL), *c, *sample;

	ck_assert_ptr_nonnull(root);
	ck_assert_str_eq(json_string_value(json_object_get(root, "schema")), "stablebench-record/1");
	c = json_array_get(json_object_get(root, "cases"), 0);
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		ck_assert_msg(json_object_get(c, members[i]) != NULL, "no %s", members[i]);
	sample = json_array_get(json_object_get(json_array_get(json_object_get(c, "launches"), 0), "samples"),
				0);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(sample, "causes"), 1)),
			 "migration");
	ck_assert_ptr_null(strstr(text, "nan"));
	ck_assert_ptr_null(strstr(text, "inf,"));
	ck_assert_ptr_nonnull(strstr(text, "\n{\"seed\":"));
	json_decref(root);
	free(text);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_shown_as_such)
{
	char *text = filled_text();

	ck_assert_ptr_nonnull(
		strstr(text, "bell \\u0007 not UTF-8 \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd gr\xc3\xbc"));
	ck_assert_ptr_nonnull(strstr(text, "tab\\there\\nquote \\\" backslash \\\\ bell"));
	free(text);
}
END_TEST

START_TEST(what_a_terminal_obeys_is_escaped_and_comes_back)
{
	static const char output[] = "csi \xc2\x9b rlo \xe2\x80\xae zero \xe2\x80\x8b gr\xc3\xbc\xe2\x82\xac";
	struct record record;
	char *text;

	record_fill(&record);
	free(record.cases[1].output);
	record.cases[1].output = strdup(output);
	text = write_text(&record);
	record_release(&record);
	ck_assert_ptr_nonnull(
		strstr(text, "\"csi \\u009b rlo \\u202e zero \\u200b gr\xc3\xbc\xe2\x82\xac\""));
	ck_assert_int_eq(read_bytes(text, strlen(text), &record, NULL), 0);
	ck_assert_str_eq(record.cases[1].output, output);
	record_release(&record);
	free(text);
}
END_TEST

START_TEST(numbers_are_short_and_lose_nothing)
{
	struct record record;
	char *text;

	record_fill(&record);
	record.duration_s = 0.1;
	record.ns_per_tick = 1. / 3;
	text = write_text(&record);
	ck_assert_ptr_nonnull(strstr(text, "\"duration_s\":0.1,"));
	ck_assert_ptr_nonnull(strstr(text, "\"ns_per_tick\":0.3333333333333333}"));
	record_release(&record);
	free(text);
}
END_TEST

/* Puts `with` in the place of `what`, which must be there. */
static char *replaced(const char *text, const char *what, const char *with)
{
	const char *place = strstr(text, what);
	char *result;

	ck_assert_msg(place != NULL, "no '%s' in the document", what);
	ck_assert_int_gt(asprintf(&result, "%.*s%s%s", (int)(place - text), text, with, place + strlen(what)),
			 0);
	return result;
}

struct wrong {
	const char *what, *with, *sentence;
};

static void refuse(const struct wrong *rows, size_t count)
{
	char *text = filled_text(), expected[256];

	for (size_t i = 0; i < count; i++) {
		char *changed = replaced(text, rows[i].what, rows[i].with);
		struct sb_err err = { 0 };
		struct record record;

		ck_assert_int_eq(read_bytes(changed, strlen(changed), &record, &err), -EINVAL);
		snprintf(expected, sizeof expected, "cannot read record 'x.json': %s", rows[i].sentence);
		ck_assert_str_eq(err.text, expected);
		free(changed);
	}
	free(text);
}

START_TEST(what_is_wrong_is_named_by_its_place)
{
	static const struct wrong rows[] = {
		{ "\"status\":\"interrupted\"", "\"status\":\"fine\"",
		  "'status' is none of the words that may stand there" },
		{ "\"status\":\"interrupted\",", "", "'status' is missing" },
		{ "\"session\":{", "\"sessions\":{", "'session' is missing" },
		{ "\"session\":{", "\"session\":3,\"other\":{", "'session' is no object" },
		{ "\"seed\":42", "\"seed\":-1", "'session.seed' is no whole number" },
		{ "\"seed\":42", "\"seed\":4.5", "'session.seed' is no whole number" },
		{ "\"seed\":42", "\"seed\":\"99999999999999999999\"", "'session.seed' is no whole number" },
		{ "\"duration_s\":12.5", "\"duration_s\":\"long\"", "'session.duration_s' is no number" },
		{ "\"duration_s\":12.5", "\"duration_s\":-1",
		  "'session.duration_s' is below zero or not finite" },
		{ "\"version\":\"0.1.0\"", "\"version\":1", "'version' is no text" },
		{ "\"hostname\":\"bench-1\"", "\"hostname\":null",
		  "'machine.hostname' is neither text nor number" },
		{ "\"precision\":\"0.005\"", "\"precision\":0.005", "'plan.precision' is no text" },
		{ "\"knob\":\"governor\"", "\"knob\":\"a knob of a name longer than any we have\"",
		  "'conditions[0].knob' is too long a text" },
		{ "\"outcome\":\"denied\"", "\"outcome\":null",
		  "'conditions[0].outcome' is none of the words that may stand there" },
		{ "\"name\":\"kestrel", "\"nome\":\"kestrel", "'cases[0].name' is missing" },
		{ "\"tags\":[\"micro\"", "\"tags\":[\"mi cro\"", "'cases[0].tags[0]' is no word" },
		{ "\"tags\":[\"micro\"", "\"tags\":[7", "'cases[0].tags[0]' is no word" },
		{ "\"ci95_s\":[", "\"ci95_s\":[1,", "'cases[0].ci95_s' is no array of two numbers" },
		{ "\"unit\":\"bytes\"", "\"unit\":\"miles\"",
		  "'cases[0].throughput[1].unit' is none of the words that may stand there" },
		{ "\"throughput\":[", "\"throughput\":[{\"unit\":\"bytes\"},",
		  "'cases[0].throughput[2]' is one too many" },
		{ "\"flags\":[", "\"flags\":[0,", "'cases[0].flags[0]' is no text, or one too many" },
		{ "\"launches\":[\n{", "\"launches\":[\n1,{", "'cases[0].launches[0]' is no object" },
		{ "\"launches\":[\n{", "\"lunches\":[\n{", "'cases[0].launches' is missing" },
		{ "\"padding\":16", "\"padding\":4294967296", "'cases[0].launches[1].padding' is too large" },
		{ "\"samples\":[", "\"samples\":{},\"other\":[",
		  "'cases[0].launches[0].samples' is no array" },
		{ "\"iterations\":1000", "\"iterations\":0",
		  "'cases[0].launches[0].samples[0]' has no iterations" },
		{ "[\"voluntary-switch\"", "[\"witchcraft\"",
		  "'cases[0].launches[0].samples[0].causes[0]' is no known cause" },
		{ "\"causes\":[]", "\"causes\":{}", "'cases[0].launches[0].samples[1].causes' is no array" },
		{ "\"set_aside\":true", "\"set_aside\":1",
		  "'cases[0].launches[0].samples[0].set_aside' is neither true nor false" },
		{ "\"thief\":\"kworker", "\"thief\":\"a name that is too long for a task",
		  "'cases[0].launches[0].samples[0].thief' is too long a text" },
		{ "\"counters\":{\"r01c2\":0", "\"counters\":{\"r01c2\":0.5",
		  "'cases[0].launches[0].samples[0].counters.r01c2' is no whole number" },
		{ "\"counters\":{\"r01c2\":0", "\"counters\":[],\"x\":{\"r01c2\":0",
		  "'cases[0].launches[0].samples[0].counters' is no object" },
		{ "\"witnesses\":{\"nmi\":4294967295", "\"witnesses\":{\"nmi\":4294967296",
		  "'cases[0].launches[0].samples[0].witnesses.nmi' is too large" },
		{ "\"counter_overhead\":{\"r01c2\"", "\"counter_overhead\":{\"r01c3\"",
		  "'cases[0].launches[0].counter_overhead.r01c3' is no counter of the case" },
		{ "\"steal_s\":0", "\"steal_s\":-1",
		  "'cases[0].launches[0].host.steal_s' is below zero or not finite" },
		{ "\"status\":\"silent\"", "\"status\":\"loud\"",
		  "'cases[0].counters.odd \"name\".status' is none of the words that may stand there" },
		{ "\"counters\":{\"cycles\":{", "\"counters\":{\"cycles\":7,\"x\":{",
		  "'cases[0].counters.cycles' is no object" },
		{ "\"kind\":\"interrupt\"", "\"kind\":\"cat\"",
		  "'cases[0].thieves[0].kind' is none of the words that may stand there" },
		{ "\"thieves\":[{", "\"thieves\":7,\"x\":[{", "'cases[0].thieves' is no array" },
		{ "\"witnesses\":[{\"name\"", "\"witnesses\":[{\"nome\"", "'witnesses[0].name' is missing" },
	};

	refuse(rows, sizeof rows / sizeof rows[0]);
}
END_TEST

START_TEST(a_name_that_others_are_found_by_has_to_be_one_line)
{
	static const struct wrong rows[] = {
		{ "\"tags\":[\"micro\"", "\"tags\":[\"mi\\ncro\"", "'cases[0].tags[0]' is no word" },
		{ "\"flags\":[", "\"flags\":[\"a\\nb\",", "'cases[0].flags[0]' is no flag" },
		{ "\"counters\":{\"cycles\":{", "\"counters\":{\"cyc\\tles\":{},\"cycles\":{",
		  "'cases[0].counters.cyc\tles' is no name of a counter" },
	};

	refuse(rows, sizeof rows / sizeof rows[0]);
}
END_TEST

/* Reports show each of these within a line of theirs. */
START_TEST(no_text_of_a_document_forges_a_line)
{
	static const char *const forged[][2] = {
		{ "\"name\":\"kestrel", "\"name\":\"a\\nforged\\t1 ns\\u001b[2J\\u009b\\u202ekestrel" },
		{ "\"reason\":\"needs root\"", "\"reason\":\"needs\\nroot\"" },
		{ "\"thief\":\"kworker/1:1\"", "\"thief\":\"k\\two\\nrk\"" },
		{ "\"name\":\"virtio1-req.0\"", "\"name\":\"virtio1\\n-req.0\"" },
		{ "\"reason\":\"no such tracepoint\"", "\"reason\":\"no such\\ntracepoint\"" },
	};
	char *text = filled_text(), *changed;
	struct sb_err err = { 0 };
	struct record record;

	for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++) {
		changed = replaced(text, forged[i][0], forged[i][1]);
		free(text);
		text = changed;
	}
	ck_assert_msg(!read_bytes(text, strlen(text), &record, &err), "%s", err.text);
	ck_assert_str_eq(record.cases[0].name, "a?forged?1 ns?[2J?????kestrel/event/lookup/size=100");
	ck_assert_str_eq(record.conditions[0].reason, "needs?root");
	ck_assert_str_eq(record.cases[0].launches[0].samples[0].thief, "k?wo?rk");
	ck_assert_str_eq(record.cases[0].thieves[0].name, "virtio1?-req.0");
	ck_assert_str_eq(record.witnesses[1].reason, "no such?tracepoint");
	ck_assert_ptr_nonnull(strstr(record.cases[1].output, "tab\there\nquote"));
	record_release(&record);
	free(text);
}
END_TEST

START_TEST(what_is_no_record_is_said_so)
{
	static const struct {
		const char *text;
		int code;
		const char *sentence;
	} rows[] = {
		{ "{}", -EINVAL, "cannot read 'x.json': it has no 'schema', so it is no record" },
		{ "[1]", -EINVAL, "cannot read 'x.json': it has no 'schema', so it is no record" },
		{ "{\"schema\":7}", -EINVAL, "cannot read 'x.json': it has no 'schema', so it is no record" },
		{ "{\"schema\":\"stablebench-record/2\"}", -ENOTSUP,
		  "cannot read 'x.json': its schema is 'stablebench-record/2', and this version reads "
		  "'stablebench-record/1'" },
		{ "{\"schema\":NaN}", -EINVAL,
		  "cannot read 'x.json' as JSON: line 1: invalid token near 'NaN'" },
		{ "{\"a\":1,\"a\":2}", -EINVAL,
		  "cannot read 'x.json' as JSON: line 1: duplicate object key near '\"a\"'" },
		{ "{} {}", -EINVAL, "cannot read 'x.json' as JSON: line 1: end of file expected near '{'" },
		{ "\n", -EINVAL,
		  "cannot read 'x.json' as JSON: line 2: '[' or '{' expected near end of file" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sb_err err = { 0 };
		struct record record;

		ck_assert_int_eq(read_bytes(rows[i].text, strlen(rows[i].text), &record, &err), rows[i].code);
		ck_assert_str_eq(err.text, rows[i].sentence);
	}
}
END_TEST

START_TEST(a_document_cut_anywhere_is_refused)
{
	char *text = filled_text();
	struct record record;

	/* the last two bytes are the closing brace and the newline */
	for (size_t size = 1; size + 1 < strlen(text); size += 7) {
		struct sb_err err = { 0 };

		ck_assert_int_eq(read_bytes(text, size, &record, &err), -EINVAL);
		ck_assert_ptr_nonnull(strstr(err.text, "as JSON: line "));
	}
	free(text);
}
END_TEST

START_TEST(a_stream_that_fails_is_not_a_short_document)
{
	struct sb_err err = { 0 };
	FILE *folder = fopen("/", "r");
	struct record record;

	ck_assert_ptr_nonnull(folder);
	ck_assert_int_eq(record_json_read(folder, "/", &record, &err), -EISDIR);
	ck_assert_str_eq(err.text, "cannot read '/': is a directory");
	fclose(folder);
}
END_TEST

START_TEST(a_full_device_is_reported)
{
	struct sb_err err = { 0 };
	FILE *full = fopen("/dev/full", "w");
	struct record record;

	ck_assert_ptr_nonnull(full);
	record_fill(&record);
	ck_assert_int_eq(record_json_write(&record, full, &err), -ENOSPC);
	ck_assert_str_eq(err.text, "cannot write the record: no space left on device");
	record_release(&record);
	fclose(full);
}
END_TEST

/* One byte or one stretch changed, a few thousand times: read or refused with a sentence, under the
 * sanitizers. */
static void mutate(char *text, size_t size, uint64_t *seed)
{
	static const char spice[] = "{}[],:\"\\0123456789.-eEtfn \n\xff\x01";
	size_t place = (size_t)(random_uniform(seed) * (double)size);
	size_t length = 1 + (size_t)(random_uniform(seed) * 8);

	if (place + length > size)
		length = size - place;
	if (random_uniform(seed) < 0.3)
		memmove(text + place, text + (size_t)(random_uniform(seed) * (double)(size - length)),
			length);
	else
		text[place] = spice[(size_t)(random_uniform(seed) * (double)(sizeof spice - 1))];
}

START_TEST(a_mutated_document_never_crashes_the_reader)
{
	char *text = filled_text(), *copy = strdup(text);
	size_t size = strlen(text), taken = 0;
	uint64_t seed = 1234;

	for (int i = 0; i < 3000; i++) {
		struct sb_err err = { 0 };
		struct record record;

		memcpy(copy, text, size);
		for (int j = 0; j <= i % 3; j++)
			mutate(copy, size, &seed);
		if (read_bytes(copy, size, &record, &err)) {
			ck_assert_str_ne(err.text, "");
			continue;
		}
		for (size_t j = 0; j < record.case_count; j++)
			record_case_summarise(&record.cases[j], 0.005);
		record_release(&record);
		taken++;
	}
	ck_assert_uint_gt(taken, 0);
	ck_assert_uint_lt(taken, 3000);
	free(text);
	free(copy);
}
END_TEST

START_TEST(a_large_session_is_read_in_reasonable_time)
{
	struct record record, back;
	char *text;

	record_init(&record);
	record.session_id = strdup("0");
	record.started = strdup("2024-05-01T12:00:00Z");
	for (size_t i = 0; i < 20; i++) {
		struct record_case *c = record_add_case(&record, "suite/case", "");

		add_launch(c, 0, 1000);
	}
	text = write_text(&record);
	ck_assert_int_eq(read_bytes(text, strlen(text), &back, NULL), 0);
	ck_assert_uint_eq(back.cases[19].launches[0].sample_count, 1000);
	record_release(&back);
	record_release(&record);
	free(text);
}
END_TEST

START_TEST(a_million_flags_are_refused_and_not_compared_with_each_other)
{
	const size_t count = 1000000;
	char *text = filled_text(), *many = malloc(16 * count), *end = many, *changed;
	struct sb_err err = { 0 };
	struct record record;

	end += sprintf(end, "\"flags\":[");
	for (size_t i = 0; i < count; i++)
		end += sprintf(end, "\"%zu\",", i);
	changed = replaced(text, "\"flags\":[", many);
	ck_assert_int_eq(read_bytes(changed, strlen(changed), &record, &err), -EINVAL);
	ck_assert_str_eq(err.text,
			 "cannot read record 'x.json': 'cases[0].flags[256]' is no text, or one too many");
	free(changed);
	free(many);
	free(text);
}
END_TEST

UNIT_MAIN("record/json", writing_reading_and_writing_again_is_the_same_to_the_byte, every_value_comes_back,
	  scripts_find_the_names_they_rely_on, bytes_that_are_no_text_are_shown_as_such,
	  what_a_terminal_obeys_is_escaped_and_comes_back, no_text_of_a_document_forges_a_line,
	  a_name_that_others_are_found_by_has_to_be_one_line, numbers_are_short_and_lose_nothing,
	  what_is_wrong_is_named_by_its_place, what_is_no_record_is_said_so,
	  a_document_cut_anywhere_is_refused, a_stream_that_fails_is_not_a_short_document,
	  a_full_device_is_reported, a_mutated_document_never_crashes_the_reader,
	  a_large_session_is_read_in_reasonable_time,
	  a_million_flags_are_refused_and_not_compared_with_each_other)
