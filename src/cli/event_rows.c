/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_rows.c - see event_rows.h. */
#include "cli/event_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/expression.h"
#include "host/event_list.h"

#define TRACEPOINT "tracepoint"

struct collecting {
	struct event_rows *rows;
	const struct event_host *host;
	const struct event_wish *wish;
	regex_t expression;
};

static int keep_name(void *context, const struct event_entry *entry)
{
	struct event_names *names = context;

	names->list = alloc_grow(names->list, names->count + 1, sizeof *names->list);
	names->list[names->count++] = alloc_text(entry->name);
	return 0;
}

void event_names_take(struct event_names *tracepoints)
{
	struct path_root root;
	const struct event_host host = { .root = &root };

	*tracepoints = (struct event_names){ .count = 0 };
	if (path_root_init(&root, "/", NULL))
		return;
	event_list_tracepoints(&host, keep_name, tracepoints);
	path_root_release(&root);
}

void event_names_release(struct event_names *tracepoints)
{
	for (size_t i = 0; i < tracepoints->count; i++)
		free(tracepoints->list[i]);
	free(tracepoints->list);
	*tracepoints = (struct event_names){ .count = 0 };
}

static struct event_row *add_row(struct event_rows *rows, const char *source, const char *text)
{
	struct event_row *row;

	/* doubled from time to time: there are thousands of tracepoints */
	if ((rows->count & (rows->count - 1)) == 0)
		rows->list = alloc_grow(rows->list, rows->count ? 2 * rows->count : 1, sizeof *rows->list);
	row = &rows->list[rows->count++];
	*row = (struct event_row){ .status = RECORD_COUNTER_COUNTED };
	snprintf(row->source, sizeof row->source, "%s", source);
	snprintf(row->text, sizeof row->text, "%s", text);
	return row;
}

static void settle(struct event_row *row, const struct event *event)
{
	row->event = *event;
	if (!event->reason[0])
		return;
	row->status = RECORD_COUNTER_UNSUPPORTED;
	memcpy(row->reason, event->reason, sizeof row->reason);
}

static bool is_listed(const struct event_rows *rows, const char *name)
{
	for (size_t i = 0; i < rows->count; i++)
		if (strcmp(rows->list[i].event.name, name) == 0)
			return true;
	return false;
}

/* Tables with hundreds of names are looked at when somebody asks. */
static bool is_large(const char *source)
{
	return strncmp(source, "libpfm4", 7) == 0 || strcmp(source, TRACEPOINT) == 0;
}

static bool is_wanted(struct collecting *collecting, const struct event_entry *entry)
{
	if (collecting->wish->filter)
		return regexec(&collecting->expression, entry->name, 0, NULL, 0) == 0 ||
		       regexec(&collecting->expression, entry->text, 0, NULL, 0) == 0;
	if (collecting->wish->all || !is_large(entry->source))
		return true;
	collecting->rows->left_out++;
	return false;
}

/* A name of the kernel that is a word of the sets too is the same event. A name that cannot be typed as it
 * stands is of no use to anybody. */
static int take(void *context, const struct event_entry *entry)
{
	struct collecting *collecting = context;
	struct event_row *row;
	struct event event;
	size_t count;

	if (strlen(entry->name) >= EVENT_NAME || !is_wanted(collecting, entry) ||
	    (!is_large(entry->source) && is_listed(collecting->rows, entry->name)))
		return 0;
	if (entry->name[0] == '@') {
		row = add_row(collecting->rows, entry->source, entry->text);
		row->is_set = true;
		snprintf(row->event.name, sizeof row->event.name, "%s", entry->name);
		return 0;
	}
	if (event_resolve(collecting->host, entry->name, &event, 1, &count, NULL) == 0 && count == 1)
		settle(add_row(collecting->rows, entry->source, entry->text), &event);
	return 0;
}

static void take_resolved(struct event_rows *rows, const struct events *events)
{
	for (size_t i = 0; i < events->count; i++)
		settle(add_row(rows, "asked for", ""), &events->list[i]);
}

int event_rows_collect(struct event_rows *rows, struct events *events, const struct event_wish *wish,
		       struct sb_err *err)
{
	struct collecting collecting = { .rows = rows, .host = &events->host, .wish = wish };
	struct sb_err unknown = { 0 };

	*rows = (struct event_rows){ .count = 0 };
	if (wish->filter) {
		if (expression_compile(&collecting.expression, wish->filter, REG_ICASE, &unknown))
			return err_set(err, -EINVAL, "'%.200s' %s", wish->filter, unknown.text);
		if (event_resolve(&events->host, wish->filter, events->list, EVENT_MAX, &events->count,
				  &unknown) == 0)
			take_resolved(rows, events);
	}
	event_list(&events->host, false, take, &collecting);
	for (size_t i = 0; i < wish->tracepoints->count; i++)
		take(&collecting, &(struct event_entry){ .name = wish->tracepoints->list[i],
							 .source = TRACEPOINT,
							 .text = "" });
	if (wish->filter)
		regfree(&collecting.expression);
	return rows->count ? 0 : err_set(err, -ENOENT, "%s", unknown.text);
}

void event_rows_release(struct event_rows *rows)
{
	free(rows->list);
	*rows = (struct event_rows){ .count = 0 };
}

/* --- trying ----------------------------------------------------------------------------------------------
 */

struct batch {
	struct events *events;
	struct counted *counted;
	struct event_row *rows[EVENT_MAX];
};

static int try_batch(struct batch *batch, struct keeper *keeper, struct sb_err *err)
{
	struct counted *counted = batch->counted;
	int code;

	*counted = (struct counted){ .count = 0 };
	events_ask(batch->events, counted);
	code = counted_try(counted, keeper, err);
	if (code)
		return code;
	events_explain(batch->events, counted);
	for (size_t i = 0; i < counted->count; i++) {
		struct event_row *row = batch->rows[i];
		const char *reason = counted_reason(counted, i, &row->status);

		row->is_tried = true;
		snprintf(row->reason, sizeof row->reason, "%s", reason ? reason : "");
	}
	batch->events->count = 0;
	return 0;
}

/* Tracepoints of the list are left out: each that is switched on makes the kernel wait for all its CPUs
 * (RCU), and there is no doubt about them. Those that were asked for by name are tried. */
int event_rows_try(struct event_rows *rows, struct events *events, struct keeper *keeper, struct sb_err *err)
{
	struct batch batch = { .events = events, .counted = alloc_zero(1, sizeof *batch.counted) };
	int code = 0;

	events->count = 0;
	for (size_t i = 0; i < rows->count && code == 0; i++) {
		struct event_row *row = &rows->list[i];

		if (row->is_set || row->reason[0] || strcmp(row->source, TRACEPOINT) == 0)
			continue;
		batch.rows[events->count] = row;
		events->list[events->count++] = row->event;
		if (events->count == EVENT_MAX)
			code = try_batch(&batch, keeper, err);
	}
	if (code == 0 && events->count)
		code = try_batch(&batch, keeper, err);
	free(batch.counted);
	return code;
}
