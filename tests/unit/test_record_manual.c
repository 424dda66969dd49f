/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about stablebench-record(5): its example is a record, and every field and word of the document
 * stands in it. */
#include "record/record.h"

#include <stdio.h>
#include <string.h>
#include "record/record_json.h"
#include "record/record_schema.h"
#include "unit.h"

#define MANUAL_SIZE 65536

static char *manual_text(void)
{
	const char *source = getenv("srcdir");
	char path[4096], *text = calloc(1, MANUAL_SIZE);
	FILE *file;

	snprintf(path, sizeof path, "%s/man/stablebench-record.5", source ? source : "..");
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "cannot open '%s'", path);
	ck_assert_uint_lt(fread(text, 1, MANUAL_SIZE - 1, file), MANUAL_SIZE - 1);
	fclose(file);
	return text;
}

/* In place: \- is a minus sign, \e a backslash; no other escape may stand there. */
static void resolve_escapes(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from != '\\') {
			*to++ = *from;
			continue;
		}
		from++;
		ck_assert_msg(*from == '-' || *from == 'e', "unexpected escape \\%c", *from);
		*to++ = *from == '-' ? '-' : '\\';
	}
	*to = '\0';
}

static void read_example(struct record *record)
{
	char *text = manual_text(), *example = strstr(text, ".SH EXAMPLE\n.EX\n"), *end;
	struct sb_err err = { 0 };
	FILE *stream;

	ck_assert_ptr_nonnull(example);
	example += strlen(".SH EXAMPLE\n.EX\n");
	end = strstr(example, ".EE\n");
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	resolve_escapes(example);
	stream = fmemopen(example, strlen(example), "r");
	ck_assert_msg(!record_json_read(stream, "EXAMPLE", record, &err), "%s", err.text);
	fclose(stream);
	free(text);
}

START_TEST(the_example_is_a_record_with_a_good_and_a_bad_case)
{
	struct record record;

	read_example(&record);
	ck_assert_uint_eq(record.case_count, 2);
	ck_assert_int_eq(record.cases[0].status, RECORD_CASE_OK);
	ck_assert_uint_eq(record.cases[0].launch_count, 2);
	ck_assert_int_eq(record.cases[1].status, RECORD_CASE_CRASHED);
	ck_assert_str_eq(record.cases[1].output, "loading rules\n");
	ck_assert_uint_eq(record.condition_count, 2);
	record_release(&record);
}
END_TEST

START_TEST(the_numbers_of_the_example_follow_from_its_samples)
{
	struct record printed, computed;
	struct record_case *ours, *theirs;

	read_example(&printed);
	read_example(&computed);
	record_case_summarise(&computed.cases[0], 0.005);
	ours = &computed.cases[0];
	theirs = &printed.cases[0];
	ck_assert_double_eq_tol(ours->estimate_s / theirs->estimate_s, 1, 1e-12);
	ck_assert_double_eq_tol(ours->ci95_s[0] / theirs->ci95_s[0], 1, 1e-12);
	ck_assert_double_eq_tol(ours->ci95_s[1] / theirs->ci95_s[1], 1, 1e-12);
	ck_assert_double_eq_tol(ours->cov_within / theirs->cov_within, 1, 1e-9);
	ck_assert_double_eq_tol(ours->cov_between / theirs->cov_between, 1, 1e-9);
	ck_assert_double_eq_tol(ours->throughput[0].per_second / theirs->throughput[0].per_second, 1, 1e-12);
	ck_assert_uint_eq(ours->retaken, theirs->retaken);
	ck_assert_double_eq_tol(ours->counters[0].per_iteration / theirs->counters[0].per_iteration, 1,
				1e-12);
	ck_assert_double_eq_tol(ours->counters[0].ci95[1] / theirs->counters[0].ci95[1], 1, 1e-12);
	ck_assert_uint_eq(ours->counters[0].samples, theirs->counters[0].samples);
	ck_assert_uint_eq(ours->counters[0].counted, theirs->counters[0].counted);
	ck_assert_uint_eq(ours->flag_count, theirs->flag_count);
	for (size_t i = 0; i < ours->flag_count; i++)
		ck_assert_str_eq(ours->flags[i], theirs->flags[i]);
	record_release(&printed);
	record_release(&computed);
}
END_TEST

static bool is_word_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Whether a word stands by itself in a bold request, as every name of the document does; the part before the
 * example. */
static bool is_documented(const char *manual, const char *word)
{
	const char *end = strstr(manual, ".SH EXAMPLE");

	for (const char *at = manual; (at = strstr(at, word)) && at < end; at++) {
		const char *line = at;

		while (line > manual && line[-1] != '\n')
			line--;
		if (!strncmp(line, ".B", 2) && !is_word_character(at[-1]) &&
		    !is_word_character(at[strlen(word)]))
			return true;
	}
	return false;
}

START_TEST(every_field_and_every_word_is_documented)
{
	static const struct record_field *const tables[] = {
		record_document_fields, record_session_fields,	 record_clock_fields,
		record_cpus_fields,	record_condition_fields, record_case_fields,
		record_quantile_fields, record_plan_fields,	 record_throughput_fields,
		record_launch_fields,	record_sample_fields,	 record_counter_fields,
		record_thief_fields,	record_witness_fields,	 record_host_fields,
	};
	char *manual = manual_text();
	const char *word;

	ck_assert(!is_documented(manual, "p5"));
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		for (const struct record_field *field = tables[i]; field->key; field++) {
			ck_assert_msg(is_documented(manual, field->key), "no field '%s'", field->key);
			for (unsigned j = 0; field->name && (word = field->name(j)); j++)
				ck_assert_msg(is_documented(manual, word), "no word '%s'", word);
		}
	free(manual);
}
END_TEST

START_TEST(every_flag_and_every_cause_is_documented)
{
	char *manual = manual_text(), escaped[64];
	const char *name;

	for (size_t i = 0; (name = record_flag_name(i)); i++) {
		ck_assert_ptr_nonnull(record_flag_text(name));
		ck_assert_msg(is_documented(manual, name), "no flag '%s'", name);
	}
	for (unsigned bit = 1; (name = record_cause_name(bit)); bit <<= 1) {
		const char *hyphen = strchr(name, '-');

		snprintf(escaped, sizeof escaped, "%.*s%s%s", (int)(hyphen ? hyphen - name : 64), name,
			 hyphen ? "\\" : "", hyphen ? hyphen : "");
		ck_assert_msg(is_documented(manual, escaped), "no cause '%s'", escaped);
	}
	free(manual);
}
END_TEST

START_TEST(every_witness_of_a_sample_is_documented)
{
	char *manual = manual_text();

	for (unsigned i = 0; i < SB_WIRE_WITNESSES_MAX; i++) {
		char escaped[64] = "";

		for (const char *name = record_sample_witness_name(i); *name; name++)
			sprintf(escaped + strlen(escaped), *name == '-' ? "\\-" : "%c", *name);
		ck_assert_msg(is_documented(manual, escaped), "no witness '%s'", escaped);
	}
	free(manual);
}
END_TEST

UNIT_MAIN("stablebench-record(5)", every_witness_of_a_sample_is_documented,
	  the_example_is_a_record_with_a_good_and_a_bad_case,
	  the_numbers_of_the_example_follow_from_its_samples, every_field_and_every_word_is_documented,
	  every_flag_and_every_cause_is_documented)
