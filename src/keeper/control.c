/* SPDX-License-Identifier: GPL-2.0-or-later */
/* control.c - one driver over the table of knobs: plan all, write down all, then touch the host; see
 * control.h. */
#include "keeper/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/alloc.h"
#include "keeper/process.h"
#include "keeper/restore.h"

void control_init(struct control *control, const struct path_root *root)
{
	memset(control, 0, sizeof *control);
	control->context.root = root;
	control->context.held_fd = -1;
	control->dir = control->journal = -1;
}

/* --- planning ----------------------------------------------------------------------------------------- */

static void add_entries(struct control *control, const struct knob *knob, const struct knob_setting *settings,
			int count)
{
	const size_t total = control->count + (size_t)count;

	control->entries = alloc_grow(control->entries, total, sizeof *control->entries);
	for (int i = 0; i < count; i++) {
		struct journal_entry *entry = &control->entries[control->count++];

		memset(entry, 0, sizeof *entry);
		snprintf(entry->knob, sizeof entry->knob, "%s", knob->name);
		entry->setting = settings[i];
	}
}

/* All values are read before the first is written, since one write can move another value. */
static size_t plan_all(struct control *control, struct condition *conditions)
{
	struct knob_setting *settings = alloc_zero(KNOB_SETTINGS_MAX, sizeof *settings);
	size_t i;

	for (i = 0; knob_table[i]; i++) {
		const struct knob *knob = knob_table[i];
		int count = knob_consider(knob, &control->context, control->profile, settings,
					  KNOB_SETTINGS_MAX - control->count, &conditions[i]);

		control->is_applied[i] = count > 0;
		if (count > 0 && knob->scope == KNOB_SCOPE_HOST)
			add_entries(control, knob, settings, count);
	}
	free(settings);
	return i;
}

static int write_intents(const struct control *control, struct sb_err *err)
{
	int code = 0;

	for (size_t i = 0; !code && i < control->count; i++)
		code = journal_append(control->journal, JOURNAL_INTENT, i, &control->entries[i], err);
	return code ? code : journal_sync(control->journal, err);
}

static int open_journal(struct control *control, struct sb_err *err)
{
	struct journal_owner owner;
	int code;

	journal_identify(control->context.root, &owner);
	owner.pid = (int32_t)getpid();
	process_start_time(getpid(), &owner.start);
	control->journal = journal_create(control->dir, &owner, err);
	if (control->journal < 0)
		return control->journal;
	code = write_intents(control, err);
	if (!code)
		return 0;
	journal_finish(control->dir, control->journal, NULL);
	close(control->journal);
	control->journal = -1;
	return code;
}

/* --- touching the host ---------------------------------------------------------------------------------- */

static void observe(const struct control *control, size_t sequence)
{
	struct journal_entry *entry = &control->entries[sequence];
	char now[KNOB_VALUE];

	if (path_read(control->context.root, entry->setting.path, now, sizeof now, NULL) < 0)
		now[0] = '\0';
	if (entry->is_done && !strcmp(now, entry->observed))
		return;
	entry->is_done = true;
	snprintf(entry->observed, sizeof entry->observed, "%s", now);
	journal_append(control->journal, JOURNAL_DONE, sequence, entry, NULL);
}

static int write_target(const struct control *control, const struct journal_entry *entry, struct sb_err *err)
{
	const struct knob *knob = knob_find(entry->knob);

	if (knob->write)
		return knob->write(control->context.root, entry->setting.path, entry->setting.target, err);
	return path_write(control->context.root, entry->setting.path, entry->setting.target, err);
}

/* The first error of each knob is kept for its condition. */
static void write_all(const struct control *control, struct sb_err *errors)
{
	for (size_t i = 0; i < control->count; i++) {
		const struct journal_entry *entry = &control->entries[i];
		struct sb_err err = { 0 };
		size_t knob = 0;

		if (!entry->setting.target[0])
			continue;
		while (strcmp(knob_table[knob]->name, entry->knob) != 0)
			knob++;
		if (write_target(control, entry, &err) && !errors[knob].code)
			errors[knob] = err;
		observe(control, i);
	}
	for (size_t i = 0; i < control->count; i++)
		observe(control, i);
	journal_sync(control->journal, NULL);
}

static bool is_right(const struct knob *knob, const struct journal_entry *entry)
{
	return strcmp(entry->knob, knob->name) != 0 || !entry->setting.target[0] ||
	       !strcmp(entry->observed, entry->setting.target);
}

static void conclude_failed(const struct knob *knob, const struct journal_entry *entry,
			    const struct sb_err *err, struct condition *condition)
{
	const bool is_denied = err->code == -EACCES || err->code == -EPERM || err->code == -EROFS;

	snprintf(condition->value, sizeof condition->value, "%s", entry->observed);
	if (err->code)
		knob_conclude(knob, is_denied ? CONDITION_DENIED : CONDITION_FAILED, condition, "%.*s",
			      (int)sizeof condition->reason - 1, err->text);
	else
		knob_conclude(knob, CONDITION_FAILED, condition, "'/%s' reads '%s' after writing '%s'",
			      entry->setting.path, entry->observed, entry->setting.target);
}

static void conclude(const struct control *control, const struct knob *knob, const struct sb_err *err,
		     struct condition *condition)
{
	const struct journal_entry *first = NULL;
	unsigned count = 0;

	for (size_t i = 0; i < control->count; i++) {
		const struct journal_entry *entry = &control->entries[i];

		if (!is_right(knob, entry)) {
			conclude_failed(knob, entry, err, condition);
			return;
		}
		if (strcmp(entry->knob, knob->name) != 0 || !entry->setting.target[0])
			continue;
		first = first ? first : entry;
		count++;
	}
	if (!first)
		return;
	snprintf(condition->value, sizeof condition->value, "%s", first->setting.target);
	knob_conclude(knob, CONDITION_APPLIED, condition, "set in '/%s'%s", first->setting.path,
		      count > 1 ? " and its like" : "");
}

static void apply_host(struct control *control, struct condition *conditions)
{
	struct sb_err errors[KEEPER_CONDITIONS_MAX] = { 0 }, err = { 0 };
	const int code = open_journal(control, &err);

	if (!code)
		write_all(control, errors);
	for (size_t i = 0; knob_table[i]; i++) {
		if (knob_table[i]->scope != KNOB_SCOPE_HOST || !control->is_applied[i])
			continue;
		if (code)
			knob_conclude(knob_table[i], CONDITION_FAILED, &conditions[i],
				      "without a journal nothing on the host is changed: %.180s", err.text);
		else
			conclude(control, knob_table[i], &errors[i], &conditions[i]);
	}
	if (code)
		control->count = 0;
}

size_t control_apply(struct control *control, const struct keeper_hold *hold, pid_t front, int dir,
		     struct condition *conditions)
{
	size_t count;

	control->profile = hold->profile;
	control->context.topology = hold->topology;
	control->context.front = front;
	control->dir = dir;
	count = plan_all(control, conditions);
	if (control->count)
		apply_host(control, conditions);
	for (size_t i = 0; i < count; i++)
		if (control->is_applied[i] && knob_table[i]->apply)
			knob_table[i]->apply(&control->context, &conditions[i]);
	return count;
}

/* --- giving back -------------------------------------------------------------------------------------- */

static int release_host(struct control *control, struct keeper_restored *restored, struct sb_err *err)
{
	struct restore_job job = { .root = control->context.root,
				   .entries = control->entries,
				   .count = control->count,
				   .journal = control->journal };
	int code = 0;

	if (restore_run(&job, restored))
		code = journal_finish(control->dir, control->journal, err);
	else if (restored->failed)
		code = err_set(err, -EIO,
			       "the host could not be put back: %s; try again with sudo stablebench restore",
			       restored->detail);
	close(control->journal);
	control->journal = -1;
	return code;
}

int control_release(struct control *control, struct keeper_restored *restored, struct sb_err *err)
{
	int code = 0;

	for (size_t i = 0; knob_table[i]; i++) {
		if (control->is_applied[i] && knob_table[i]->release)
			knob_table[i]->release(&control->context);
		control->is_applied[i] = false;
	}
	if (control->journal >= 0)
		code = release_host(control, restored, err);
	free(control->entries);
	control->entries = NULL;
	control->count = 0;
	return code;
}
