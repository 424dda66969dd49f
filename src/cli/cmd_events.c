/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_events.c - `stablebench events`: what this host can count, and why not the rest. */
#include <errno.h>
#include <jansson.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cpulist.h"
#include "base/printable.h"
#include "cli/command.h"
#include "cli/event_rows.h"
#include "cli/session.h"
#include "cli/sysroot.h"
#include "cli/terminal.h"
#include "host/field.h"
#include "report/wrap.h"

#define NAME_WIDTH  32
#define STATE_WIDTH 15
#define REASONS_MAX 32

struct listing {
	const struct settings *settings;
	const struct events *events;
	const struct event_rows *rows;
	unsigned cpu;
	char untried[192]; /* why nothing was tried, "" it was */
	const char *reasons[REASONS_MAX];
	size_t reason_count;
};

static const char *state(const struct event_row *row)
{
	if (!row->is_tried && !row->reason[0])
		return "untried";
	return row->status == RECORD_COUNTER_COUNTED ? "counts" : record_counter_status_name(row->status);
}

/* --- text ------------------------------------------------------------------------------------------------
 */

/* Many events have the same reason: it is told once, below. 0: no number. */
static size_t reason_number(struct listing *listing, const char *reason)
{
	size_t i = 0;

	while (i < listing->reason_count && strcmp(listing->reasons[i], reason) != 0)
		i++;
	if (i == REASONS_MAX)
		return 0;
	if (i == listing->reason_count)
		listing->reasons[listing->reason_count++] = reason;
	return i + 1;
}

/* What counts it, where neither the heading nor the spelling says so. */
static bool is_pmu_told(const struct event_row *row)
{
	const char *pmu = row->event.pmu;

	return !pmu[0] || !strcmp(pmu, row->source) || !strncmp(row->event.spelled, pmu, strlen(pmu));
}

static void describe(const struct event_row *row, char *text, size_t size)
{
	const bool is_plain = !strcmp(row->source, "kernel") || !strncmp(row->source, "libpfm4", 7);

	snprintf(text, size, "%s", row->text);
	if (!is_plain && row->event.spelled[0])
		field_append(text, size, "; ", row->event.spelled);
	if (!is_pmu_told(row)) {
		field_append(text, size, "; ", "PMU ");
		field_append(text, size, "", row->event.pmu);
	}
}

/* On a terminal a name that is too long for its column has a line of its own. */
static void print_row(struct listing *listing, const struct event_row *row, int columns, FILE *stream)
{
	const int width = NAME_WIDTH + STATE_WIDTH + 4, excess = (int)strlen(row->event.name) - NAME_WIDTH;
	char shown[STATE_WIDTH + 16] = "", text[sizeof row->text + EVENT_SPELLED + 64];
	size_t number;

	if (!row->is_set) {
		number = row->reason[0] ? reason_number(listing, row->reason) : 0;
		snprintf(shown, sizeof shown, number ? "%s [%zu]" : "%s", state(row), number);
	}
	describe(row, text, sizeof text);
	fprintf(stream, "  %-*s", NAME_WIDTH, row->event.name);
	if (columns && excess > 0)
		fprintf(stream, "\n%*s", NAME_WIDTH + 2, "");
	fprintf(stream, " %-*s ", STATE_WIDTH, shown);
	wrap_from(text, width, columns, width, stream);
}

static void print_head(const struct listing *listing, FILE *stream)
{
	const struct event_source *core = listing->events->host.sources.core;

	fprintf(stream, "CPU %u: %s, %s%s\n", listing->cpu, listing->events->host.core->text,
		core ? "PMU " : "without a PMU that Linux knows", core ? core->name : "");
	if (listing->untried[0])
		fprintf(stream, "nothing was tried: %s\n", listing->untried);
}

/* A recorded machine may say anything. */
static void compose_text(void *context, FILE *stream)
{
	struct listing *listing = context;
	const int columns = terminal_columns(STDOUT_FILENO);
	const char *source = "";
	char line[256];

	print_head(listing, stream);
	for (size_t i = 0; i < listing->rows->count; i++) {
		const struct event_row *row = &listing->rows->list[i];

		if (strcmp(source, row->source) != 0)
			fprintf(stream, "\n%s:\n", row->source);
		source = row->source;
		print_row(listing, row, columns, stream);
	}
	if (listing->reason_count || listing->rows->left_out)
		fputc('\n', stream);
	for (size_t i = 0; i < listing->reason_count; i++) {
		snprintf(line, sizeof line, "[%zu] %s", i + 1, listing->reasons[i]);
		wrap_write(line, columns, 4, stream);
	}
	if (listing->rows->left_out)
		fprintf(stream,
			"%zu more names of libpfm4 and tracepoints: stablebench events FILTER, or --all\n",
			listing->rows->left_out);
}

/* --- JSON ------------------------------------------------------------------------------------------------
 */

static json_t *row_to_json(const struct event_row *row)
{
	json_t *object = json_pack("{s:s, s:s, s:s}", "name", row->event.name, "source", row->source, "text",
				   row->text);

	if (row->is_set)
		return object;
	json_object_set_new(object, "state", json_string(state(row)));
	if (row->event.spelled[0])
		json_object_set_new(object, "event", json_string(row->event.spelled));
	if (row->event.pmu[0])
		json_object_set_new(object, "pmu", json_string(row->event.pmu));
	if (row->event.unit[0])
		json_object_set_new(object, "unit", json_string(row->event.unit));
	if (row->reason[0])
		json_object_set_new(object, "reason", json_string(row->reason));
	return object;
}

static int print_json(struct listing *listing)
{
	const struct event_source *core = listing->events->host.sources.core;
	json_t *list = json_array(),
	       *document =
		       json_pack("{s:i, s:s, s:s*, s:s*, s:I, s:o}", "cpu", (int)listing->cpu, "processor",
				 listing->events->host.core->text, "pmu", core ? core->name : NULL, "untried",
				 listing->untried[0] ? listing->untried : NULL, "left_out",
				 (json_int_t)listing->rows->left_out, "events", list);
	int code;

	for (size_t i = 0; i < listing->rows->count; i++)
		json_array_append_new(list, row_to_json(&listing->rows->list[i]));
	code = json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
	return code;
}

/* --- the way ---------------------------------------------------------------------------------------------
 */

/* Trying takes the bench's CPU for a moment: from nobody who measures there. */
static void tell_holder(const struct settings *settings, const struct identity *identity, char *text,
			size_t size)
{
	struct keeper_note note;

	if (keeper_look_for_holder(identity, settings->run_dir, &note))
		snprintf(text, size, "%s measures on this host (%s)", note.user, note.purpose);
}

/* The keeper's process inherits the CPU, and an event of another kind of core is told apart. */
static void go_to(unsigned cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof one, &one);
}

/* What only root sees is noted first, then its powers go: the filter is the user's text. */
static enum exit_code start(const struct settings *settings, unsigned cpu, struct session *session,
			    struct event_names *tracepoints, struct sb_err *err)
{
	enum exit_code code;

	go_to(cpu);
	event_names_take(tracepoints);
	code = session_begin(session, settings, err);
	return code == EXIT_CODE_OK ? session_drop(session, err) : code;
}

static enum exit_code print(struct listing *listing, struct sb_err *err)
{
	const char *format = listing->settings->format;
	const int code = format && !strcmp(format, "json") ? print_json(listing)
							   : printable_write(compose_text, listing, stdout);

	if (!code && !fflush(stdout))
		return EXIT_CODE_OK;
	err_set(err, -EIO, "cannot write the events: %s", err_reason(errno));
	return EXIT_CODE_ERROR;
}

/* Nothing is tried without a keeper. */
static enum exit_code list(struct listing *listing, struct events *events, const struct event_wish *wish,
			   struct keeper *keeper, struct sb_err *err)
{
	struct event_rows rows;
	enum exit_code code = EXIT_CODE_OK;
	const int found = event_rows_collect(&rows, events, wish, err);

	listing->rows = &rows;
	if (found)
		code = found == -EINVAL ? EXIT_CODE_USAGE : EXIT_CODE_ERROR;
	else if (keeper && !listing->untried[0] && event_rows_try(&rows, events, keeper, err))
		code = EXIT_CODE_ERROR;
	if (code == EXIT_CODE_OK)
		code = print(listing, err);
	event_rows_release(&rows);
	return code;
}

static enum exit_code list_machine(struct listing *listing, struct event_wish *wish, struct keeper *keeper,
				   struct sb_err *err)
{
	const char *prefix = listing->settings->sysroot ? listing->settings->sysroot : "/";
	struct events events = { .count = 0 };
	enum exit_code code = EXIT_CODE_ERROR;

	listing->events = &events;
	if (!events_init(&events, prefix, listing->cpu, err))
		code = list(listing, &events, wish, keeper, err);
	events_release(&events);
	return code;
}

static enum exit_code list_here(struct listing *listing, struct event_wish *wish,
				const struct identity *identity, struct sb_err *err)
{
	struct event_names tracepoints;
	struct session session;
	enum exit_code code;

	wish->tracepoints = &tracepoints;
	tell_holder(listing->settings, identity, listing->untried, sizeof listing->untried);
	code = start(listing->settings, listing->cpu, &session, &tracepoints, err);
	if (code == EXIT_CODE_OK)
		code = list_machine(listing, wish, &session.keeper, err);
	session_close(&session);
	event_names_release(&tracepoints);
	return code;
}

/* Root's powers go, for a recorded machine, before it is looked at. */
static int choose_cpu(const struct settings *settings, struct identity *identity, unsigned *cpu,
		      struct sb_err *err)
{
	struct topology topology;
	struct path_root root;
	int code = identity_resolve(NULL, false, identity, err);

	if (!code)
		code = sysroot_open(settings, identity, &root, err);
	if (code)
		return code;
	code = topology_choose(&root, settings->has_cpus ? &settings->cpus : NULL, &topology, err);
	path_root_release(&root);
	if (!code)
		*cpu = (unsigned)cpulist_first(&topology.bench);
	return code;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	const struct event_names none = { .count = 0 };
	struct event_wish wish = { &none, count ? arguments[0] : NULL, settings->all };
	struct listing listing = { .settings = settings };
	struct identity identity;
	struct sb_err err = { 0 };
	enum exit_code code = EXIT_CODE_ERROR;

	if (!choose_cpu(settings, &identity, &listing.cpu, &err)) {
		if (settings->sysroot)
			snprintf(listing.untried, sizeof listing.untried, "this is a recorded machine");
		code = settings->sysroot ? list_machine(&listing, &wish, NULL, &err)
					 : list_here(&listing, &wish, &identity, &err);
	}
	if (code != EXIT_CODE_OK)
		session_complain(err.text);
	return code;
}

const struct command command_events = {
	.name = "events",
	.bit = OPTION_OF_EVENTS,
	.arguments = "[FILTER]",
	.summary = "what this host can count, and why it cannot count the rest",
	.arguments_min = 0,
	.arguments_max = 1,
	.run = run,
};
