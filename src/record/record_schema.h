/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_schema.h - the fields of the document, one table for each of its objects; internal to record/.
 *
 * Writer and reader walk the same tables, so what one writes the other reads, and the order of a table is the
 * order of the keys. Objects and arrays that hold other objects are written out in record_json_write.c and
 * record_json_read.c.
 */
#ifndef RECORD_RECORD_SCHEMA_H
#define RECORD_RECORD_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

enum record_kind {
	RECORD_TEXT,   /* char *, owned, one line that a terminal can be shown; NULL is absent */
	RECORD_LINES,  /* the same of any bytes: whoever shows them makes them harmless */
	RECORD_WORDS,  /* char *, owned; words separated by one space here, an array of strings there */
	RECORD_BUFFER, /* char[size], one line as in TEXT */
	RECORD_NUMBER, /* double >= 0; NaN is absent */
	RECORD_PAIR,   /* double[2], both or none */
	RECORD_WHOLE,  /* uint64_t */
	RECORD_SMALL,  /* uint32_t */
	RECORD_WORD,   /* an enum by its name */
	RECORD_CAUSES, /* uint32_t bit mask, an array of names there */
	RECORD_TRUTH,  /* bool */
	RECORD_KINDS
};

struct record_field {
	const char *key;
	enum record_kind kind;
	size_t offset;
	bool required;
	bool is_zero_absent;		     /* BUFFER, NUMBER, WHOLE, SMALL and TRUTH */
	size_t size;			     /* BUFFER */
	const char *(*name)(unsigned value); /* WORD: NULL from the first value on that is none */
};

/* Each ends with a NULL key. */
extern const struct record_field record_document_fields[];   /* of struct record */
extern const struct record_field record_session_fields[];    /* of struct record: "session" */
extern const struct record_field record_clock_fields[];	     /* of struct record: "clock" */
extern const struct record_field record_cpus_fields[];	     /* of struct record: "cpus" */
extern const struct record_field record_condition_fields[];  /* of struct condition */
extern const struct record_field record_case_fields[];	     /* of struct record_case, up to the CoVs */
extern const struct record_field record_quantile_fields[];   /* of struct record_case: "quantiles_s" */
extern const struct record_field record_plan_fields[];	     /* of struct record_case, as calibrated */
extern const struct record_field record_throughput_fields[]; /* of struct record_throughput */
extern const struct record_field record_launch_fields[];     /* of struct record_launch */
extern const struct record_field record_sample_fields[];     /* of struct record_sample */
extern const struct record_field record_counter_fields[];    /* of struct record_counter, but its name */
extern const struct record_field record_thread_fields[];     /* of struct record_thread */
extern const struct record_field record_thief_fields[];	     /* of struct record_thief */
extern const struct record_field record_witness_fields[];    /* of struct record_witness */

/* Of struct record_launch: "host". By enum record_reading. */
extern const struct record_field record_host_fields[];

#endif
