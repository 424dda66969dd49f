/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_status.c - `stablebench status`: who holds the host, and what is set on it. Touches nothing. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/sysroot.h"
#include "keeper/guard.h"

/* What a journal tells is its owner's to read; without it there is the note for everyone. */
struct view {
	struct keeper_note note;
	struct journal_state journal;
	bool has_journal;
};

/* What stands in a run folder may be anybody's, and so may names in /proc that it was made from. */
static void clean(struct view *view)
{
	struct keeper_note *note = &view->note;

	printable_clean(note->user, sizeof note->user);
	printable_clean(note->since, sizeof note->since);
	printable_clean(note->purpose, sizeof note->purpose);
	printable_clean(note->knobs, sizeof note->knobs);
	printable_clean(note->changed, sizeof note->changed);
	printable_clean(note->guard, sizeof note->guard);
	printable_clean(note->unguarded, sizeof note->unguarded);
	for (size_t i = 0; i < view->journal.count; i++) {
		struct journal_entry *entry = &view->journal.entries[i];

		printable_clean(entry->knob, sizeof entry->knob);
		printable_clean(entry->setting.path, sizeof entry->setting.path);
		printable_clean(entry->setting.before, sizeof entry->setting.before);
		printable_clean(entry->setting.target, sizeof entry->setting.target);
		printable_clean(entry->observed, sizeof entry->observed);
	}
}

/* Of this machine, or of the recorded one. */
static int look(const struct settings *settings, struct view *view, struct sb_err *err)
{
	char *run_dir = NULL;
	struct identity identity;
	struct path_root root;
	int code = identity_resolve(NULL, false, &identity, err);

	if (!code)
		code = sysroot_open(settings, &identity, &root, err);
	if (code)
		return code;
	path_root_release(&root);
	run_dir = sysroot_dup_run_dir(settings);
	view->has_journal = keeper_look(&identity, run_dir, &view->note, &view->journal);
	clean(view);
	free(run_dir);
	return 0;
}

static void print_settings(const struct view *view)
{
	for (size_t i = 0; i < view->journal.count; i++) {
		const struct journal_entry *entry = &view->journal.entries[i];

		if (entry->setting.target[0] && !entry->is_undone)
			printf("  %-18s /%s: '%s', was '%s'\n", entry->knob, entry->setting.path,
			       entry->is_done ? entry->observed : entry->setting.target,
			       entry->setting.before);
	}
}

/* Whoever ended the guard told nobody. */
static void print_guard(const struct keeper_note *note)
{
	if (note->guard[0])
		printf("guard: %s%s\n", note->guard,
		       guard_stands(note->guard) ? "" : ", which somebody has ended");
	else if (note->unguarded[0])
		printf("no guard: %s\n", note->unguarded);
}

static int print_text(const struct view *view)
{
	const struct keeper_note *note = &view->note;

	if (note->is_held)
		printf("held by %s since %s: %s (%s %d)\nin effect: %s\n", note->user, note->since,
		       note->purpose, note->is_lingering ? "keeper" : "pid",
		       note->is_lingering ? note->keeper : note->front,
		       note->knobs[0] ? note->knobs : "nothing yet");
	else if (view->has_journal)
		puts("a killed session left the host changed: 'stablebench restore' puts it back");
	else
		puts("nobody holds the host");
	if (note->is_held && note->changed[0])
		printf("changed meanwhile: %s\n", note->changed);
	if (note->is_held)
		print_guard(note);
	print_settings(view);
	if (note->is_lingering)
		puts("'stablebench restore' puts it back");
	return 0;
}

static json_t *settings_array(const struct view *view)
{
	json_t *list = json_array();

	for (size_t i = 0; i < view->journal.count; i++) {
		const struct journal_entry *entry = &view->journal.entries[i];

		if (entry->setting.target[0] && !entry->is_undone)
			json_array_append_new(
				list, json_pack("{s:s, s:s, s:s, s:s}", "knob", entry->knob, "path",
						entry->setting.path, "before", entry->setting.before, "now",
						entry->is_done ? entry->observed : entry->setting.target));
	}
	return list;
}

static int print_json(const struct view *view)
{
	const struct keeper_note *note = &view->note;
	json_t *document = json_pack("{s:b, s:b, s:o}", "held", note->is_held, "left_over",
				     view->has_journal && !note->is_held, "settings", settings_array(view));
	int code;

	if (note->is_held)
		json_object_update_new(document,
				       json_pack("{s:s, s:s, s:s, s:i, s:i, s:b, s:s}", "user", note->user,
						 "since", note->since, "purpose", note->purpose, "pid",
						 note->front, "keeper", note->keeper, "lingering",
						 note->is_lingering, "knobs", note->knobs));
	if (note->is_held)
		json_object_update_new(document,
				       json_pack("{s:s, s:b, s:s, s:s}", "changed", note->changed, "guarded",
						 note->guard[0] && guard_stands(note->guard), "guard",
						 note->guard, "unguarded", note->unguarded));
	code = json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
	return code;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	const bool as_json = settings->format && !strcmp(settings->format, "json");
	struct view view = { .has_journal = false };
	struct sb_err err;
	enum exit_code code = EXIT_CODE_OK;

	(void)count;
	(void)arguments;
	if (look(settings, &view, &err)) {
		session_complain(err.text);
		return EXIT_CODE_ERROR;
	}
	if ((as_json ? print_json : print_text)(&view) || fflush(stdout)) {
		fprintf(stderr, "stablebench: cannot write the status: %s\n", err_reason(errno));
		code = EXIT_CODE_ERROR;
	}
	if (view.has_journal && !view.note.is_held)
		code = exit_code_worse(code, EXIT_CODE_NOT_RESTORED);
	journal_state_release(&view.journal);
	return code;
}

const struct command command_status = {
	.name = "status",
	.bit = OPTION_OF_STATUS,
	.arguments = "",
	.summary = "who holds the host, and what is set on it",
	.arguments_min = 0,
	.arguments_max = 0,
	.run = run,
};
