/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_json_write.c - a record as a JSON document: which object stands in which; see record_json.h. */
#include "record/record_json.h"

#include <errno.h>
#include <math.h>
#include "record/record_put.h"

/* Those that moved. */
static void put_witnesses(struct record_members *members, const struct record_sample *sample)
{
	struct record_members counts = { members->stream, false };

	for (unsigned i = 0; i < SB_WIRE_WITNESSES_MAX; i++) {
		if (!sample->witnesses[i])
			continue;
		if (!counts.has_some) {
			record_put_member(members, "witnesses");
			putc('{', members->stream);
		}
		record_put_member(&counts, record_sample_witness_name(i));
		record_put_whole(members->stream, sample->witnesses[i]);
	}
	if (counts.has_some)
		putc('}', members->stream);
}

static void put_counts(struct record_members *members, const struct record_case *c,
		       const struct record_launch *launch, const char *key, const uint64_t *counts)
{
	struct record_members items = { members->stream, false };

	if (!launch->counter_count)
		return;
	record_put_member(members, key);
	putc('{', members->stream);
	for (size_t i = 0; i < launch->counter_count; i++) {
		record_put_member(&items, c->counters[launch->counters[i].index].name);
		record_put_whole(members->stream, counts ? counts[i] : launch->counters[i].overhead);
	}
	putc('}', members->stream);
}

static void put_sample(FILE *stream, const struct record_case *c, const struct record_launch *launch,
		       const struct record_sample *sample)
{
	struct record_members members = { stream, false };

	putc('{', stream);
	record_put_fields(&members, record_sample_fields, sample);
	put_counts(&members, c, launch, "counters", sample->counters);
	put_witnesses(&members, sample);
	putc('}', stream);
}

static void put_thread(FILE *stream, const struct record_case *c, const struct record_launch *launch,
		       const struct record_thread *thread)
{
	struct record_members members = { stream, false };

	putc('{', stream);
	record_put_fields(&members, record_thread_fields, thread);
	if (thread->counted)
		put_counts(&members, c, launch, "counters", thread->counters);
	putc('}', stream);
}

static void put_threads(struct record_members *members, const struct record_case *c,
			const struct record_launch *launch)
{
	struct record_members items = { members->stream, false };

	if (!launch->thread_count)
		return;
	record_put_member(members, "threads");
	putc('[', members->stream);
	for (size_t i = 0; i < launch->thread_count; i++) {
		record_put_item(&items);
		put_thread(members->stream, c, launch, &launch->threads[i]);
	}
	putc(']', members->stream);
}

static void put_launch(FILE *stream, const struct record_case *c, const struct record_launch *launch)
{
	struct record_members members = { stream, false }, samples = { stream, false };

	putc('{', stream);
	record_put_fields(&members, record_launch_fields, launch);
	record_put_member(&members, "host");
	record_put_object(stream, record_host_fields, launch);
	put_counts(&members, c, launch, "counter_overhead", NULL);
	put_threads(&members, c, launch);
	record_put_member(&members, "samples");
	putc('[', stream);
	for (size_t i = 0; i < launch->sample_count; i++) {
		record_put_item(&samples);
		put_sample(stream, c, launch, &launch->samples[i]);
	}
	fputs("]}", stream);
}

static void put_counters(struct record_members *members, const struct record_case *c)
{
	struct record_members items = { members->stream, false };

	record_put_member(members, "counters");
	putc('{', members->stream);
	for (size_t i = 0; i < c->counter_count; i++) {
		record_put_member(&items, c->counters[i].name);
		record_put_object(members->stream, record_counter_fields, &c->counters[i]);
	}
	putc('}', members->stream);
}

static void put_derived(struct record_members *members, const struct record_case *c)
{
	struct record_members items = { members->stream, false };
	struct derived derived[DERIVED_MAX];
	const size_t count = record_case_derive(c, derived);

	record_put_member(members, "derived");
	putc('{', members->stream);
	for (size_t i = 0; i < count; i++) {
		record_put_member(&items, derived[i].name);
		record_put_number(members->stream, derived[i].value);
	}
	putc('}', members->stream);
}

static void put_thieves(struct record_members *members, const struct record_case *c)
{
	struct record_members items = { members->stream, false };

	record_put_member(members, "thieves");
	putc('[', members->stream);
	for (size_t i = 0; i < c->thief_count; i++) {
		record_put_item(&items);
		record_put_object(members->stream, record_thief_fields, &c->thieves[i]);
	}
	putc(']', members->stream);
}

static void put_throughput(struct record_members *members, const struct record_case *c)
{
	struct record_members items = { members->stream, false };

	record_put_member(members, "throughput");
	putc('[', members->stream);
	for (size_t i = 0; i < c->throughput_count; i++) {
		record_put_item(&items);
		record_put_object(members->stream, record_throughput_fields, &c->throughput[i]);
	}
	putc(']', members->stream);
}

static void put_flags(struct record_members *members, const struct record_case *c)
{
	struct record_members items = { members->stream, false };

	record_put_member(members, "flags");
	putc('[', members->stream);
	for (size_t i = 0; i < c->flag_count; i++) {
		record_put_item(&items);
		record_put_text(members->stream, c->flags[i]);
	}
	putc(']', members->stream);
}

static void put_launches(struct record_members *members, const struct record_case *c)
{
	struct record_members items = { members->stream, false };

	record_put_member(members, "launches");
	putc('[', members->stream);
	for (size_t i = 0; i < c->launch_count; i++) {
		record_put_item(&items);
		putc('\n', members->stream);
		put_launch(members->stream, c, &c->launches[i]);
	}
	putc(']', members->stream);
}

static void put_case(FILE *stream, const struct record_case *c)
{
	struct record_members members = { stream, false };

	putc('{', stream);
	record_put_fields(&members, record_case_fields, c);
	record_put_member(&members, "quantiles_s");
	record_put_object(stream, record_quantile_fields, c);
	put_throughput(&members, c);
	record_put_fields(&members, record_plan_fields, c);
	put_flags(&members, c);
	put_counters(&members, c);
	put_derived(&members, c);
	put_thieves(&members, c);
	put_launches(&members, c);
	putc('}', stream);
}

static void put_facts(FILE *stream, const struct record *record)
{
	struct record_members members = { stream, false };

	putc('{', stream);
	for (size_t i = 0; i < record->fact_count; i++) {
		const struct record_fact *fact = &record->facts[i];

		if (!fact->text && !isfinite(fact->number))
			continue;
		record_put_member(&members, fact->key);
		if (fact->text)
			record_put_text(stream, fact->text);
		else
			record_put_number(stream, fact->number);
	}
	putc('}', stream);
}

static void put_options(FILE *stream, const struct record *record)
{
	struct record_members members = { stream, false };

	putc('{', stream);
	for (size_t i = 0; i < record->option_count; i++) {
		if (!record->options[i].text)
			continue;
		record_put_member(&members, record->options[i].key);
		record_put_text(stream, record->options[i].text);
	}
	putc('}', stream);
}

static void put_conditions(FILE *stream, const struct record *record)
{
	struct record_members items = { stream, false };

	putc('[', stream);
	for (size_t i = 0; i < record->condition_count; i++) {
		record_put_item(&items);
		putc('\n', stream);
		record_put_object(stream, record_condition_fields, &record->conditions[i]);
	}
	putc(']', stream);
}

static void put_session_witnesses(FILE *stream, const struct record *record)
{
	struct record_members items = { stream, false };

	putc('[', stream);
	for (size_t i = 0; i < record->witness_count; i++) {
		record_put_item(&items);
		record_put_object(stream, record_witness_fields, &record->witnesses[i]);
	}
	putc(']', stream);
}

static void put_cases(FILE *stream, const struct record *record)
{
	struct record_members items = { stream, false };

	putc('[', stream);
	for (size_t i = 0; i < record->case_count; i++) {
		record_put_item(&items);
		putc('\n', stream);
		put_case(stream, &record->cases[i]);
	}
	putc(']', stream);
}

int record_json_write(const struct record *record, FILE *stream, struct sb_err *err)
{
	struct record_members members = { stream, false };
	int code;

	errno = 0;
	fputs("{\"schema\":\"" RECORD_SCHEMA "\"", stream);
	members.has_some = true;
	record_put_fields(&members, record_document_fields, record);
	fputs(",\n\"session\":", stream);
	record_put_object(stream, record_session_fields, record);
	fputs(",\n\"clock\":", stream);
	record_put_object(stream, record_clock_fields, record);
	fputs(",\n\"cpus\":", stream);
	record_put_object(stream, record_cpus_fields, record);
	fputs(",\n\"machine\":", stream);
	put_facts(stream, record);
	fputs(",\n\"plan\":", stream);
	put_options(stream, record);
	fputs(",\n\"conditions\":", stream);
	put_conditions(stream, record);
	fputs(",\n\"witnesses\":", stream);
	put_session_witnesses(stream, record);
	fputs(",\n\"cases\":", stream);
	put_cases(stream, record);
	fputs("}\n", stream);
	if (!fflush(stream) && !ferror(stream))
		return 0;
	code = errno ? -errno : -EIO;
	return err_set(err, code, "cannot write the record: %s", err_reason(code));
}
