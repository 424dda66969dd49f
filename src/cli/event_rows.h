/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_rows.h - the lines of `stablebench events`: which names there are, what becomes of each, and whether
 * it counts. */
#ifndef CLI_EVENT_ROWS_H
#define CLI_EVENT_ROWS_H

#include <regex.h>
#include "keeper/keeper.h"
#include "record/record.h"
#include "run/events.h"

struct event_row {
	char source[64]; /* "set", "kernel", "sysfs", "libpfm4 skl", "tracepoint", "asked for" */
	char text[192];	 /* what it counts, "" where nobody says */
	bool is_set;	 /* a set's own name: its members have lines of their own */
	bool is_tried;
	struct event event;
	enum record_counter_status status; /* once tried, or when there is a reason */
	char reason[192];		   /* why it does not count, "" it does */
};

struct event_rows {
	struct event_row *list;
	size_t count;
	size_t left_out; /* names of large tables that were not asked for */
};

/* Names that only root can list; zeroed: none. */
struct event_names {
	char **list;
	size_t count;
};

/* What is to be listed. */
struct event_wish {
	const struct event_names *tracepoints;

	const char
		*filter; /* a list of events to resolve, and a regular expression for names and texts; NULL */
	bool all;	 /* also large tables; a filter looks there anyway */
};

/* The tracepoints of this machine, as far as the caller may see them; to be released. */
void event_names_take(struct event_names *tracepoints);
void event_names_release(struct event_names *tracepoints);

/* Collects names and resolves them; the rows are to be released. 0; -EINVAL for a filter that is no regular
 * expression; -ENOENT when nothing matches, with what is near. */
int event_rows_collect(struct event_rows *rows, struct events *events, const struct event_wish *wish,
		       struct sb_err *err);
void event_rows_release(struct event_rows *rows);

/* Has the keeper open each and count with it. 0 or a negative errno. */
int event_rows_try(struct event_rows *rows, struct events *events, struct keeper *keeper, struct sb_err *err);

#endif
