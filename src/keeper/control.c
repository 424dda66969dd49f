/* SPDX-License-Identifier: GPL-2.0-or-later */
/* control.c - one driver over the table of knobs: plan all, write down all, then touch the host; see
 * control.h. */
#include "keeper/control.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/alloc.h"
#include "keeper/process.h"
#include "keeper/restore.h"
#include "keeper/verdict.h"

void control_init(struct control *control, const struct path_root *root)
{
	memset(control, 0, sizeof *control);
	control->context.root = root;
	control->context.latency_fd = -1;
	control->context.cgroup_procs_fd = control->context.cpuset_procs_fd = -1;
	control->context.cgroup_kill_fd = -1;
	control->dir = -1;
	control->journal = JOURNAL_CLOSED;
	changes_init(&control->changes);
}

/* --- planning ----------------------------------------------------------------------------------------- */

/* Whether a companion is somebody's already. */
static bool is_taken(const struct control *control, const struct knob_setting *companion)
{
	for (size_t i = 0; i < control->count; i++)
		if (!strcmp(control->entries[i].setting.path, companion->path))
			return true;
	return false;
}

static void drop_companion(struct control *control, const char *path)
{
	for (size_t i = 0; i < control->count; i++) {
		if (!journal_is_companion(&control->entries[i]) ||
		    strcmp(control->entries[i].setting.path, path) != 0)
			continue;
		control->count--;
		memmove(&control->entries[i], &control->entries[i + 1],
			(control->count - i) * sizeof *control->entries);
		return;
	}
}

/* Two entries of one path would tell of a conflict twice, and take the other's way back for a stranger's. */
static void add_entries(struct control *control, const struct knob_plan *plan)
{
	if (!plan->count)
		return;
	control->entries =
		alloc_grow(control->entries, control->count + plan->count, sizeof *control->entries);
	for (size_t i = 0; i < plan->count; i++) {
		struct journal_entry *entry;

		if (plan->settings[i].target[0])
			drop_companion(control, plan->settings[i].path);
		else if (is_taken(control, &plan->settings[i]))
			continue;
		entry = &control->entries[control->count++];
		memset(entry, 0, sizeof *entry);
		snprintf(entry->knob, sizeof entry->knob, "%s", plan->knob->name);
		entry->setting = plan->settings[i];
	}
}

/* Two sessions that do not know of each other would each put back what the other had set. */
static void deny_apart(const struct knob *knob, struct condition *condition)
{
	snprintf(condition->mend, sizeof condition->mend, "leave --run-dir out");
	knob_conclude(knob, CONDITION_DENIED, condition,
		      "with --run-dir nothing of the host is set: others look in '" KEEPER_RUN_DIR "'");
}

/* All values are read before the first is written, since one write can move another value. */
static size_t plan_all(struct control *control, struct condition *conditions)
{
	struct knob_plan plan = { .settings = alloc_zero(KNOB_SETTINGS_MAX, sizeof *plan.settings) };
	size_t i;

	for (i = 0; knob_table[i]; i++) {
		const struct knob *knob = knob_table[i];
		int code;

		if (knob->asks_daemon && !knob_is_chosen(knob, &control->choice)) {
			memset(&conditions[i], 0, sizeof conditions[i]);
			knob_refuse(knob, &control->choice, &conditions[i]);
			control->is_applied[i] = false;
			continue;
		}
		plan.room = KNOB_SETTINGS_MAX - control->count;
		code = knob_consider(knob, &control->context, &control->choice, &plan, &conditions[i]);
		if (code > 0 && control->is_apart && knob->scope == KNOB_SCOPE_HOST) {
			deny_apart(knob, &conditions[i]);
			code = -EPERM;
		}
		control->is_applied[i] = code > 0;
		if (code > 0)
			add_entries(control, &plan);
		else if (!condition_is_met(&conditions[i]) && !knob_is_chosen(knob, &control->choice))
			knob_refuse(knob, &control->choice, &conditions[i]); /* nobody misses it */
	}
	free(plan.settings);
	return i;
}

static int write_intents(const struct control *control, struct sb_err *err)
{
	int code = 0;

	for (size_t i = 0; !code && i < control->count; i++)
		code = journal_append(&control->journal, JOURNAL_INTENT, i, &control->entries[i], err);
	if (!code)
		code = journal_commit(&control->journal, control->count, err);
	return code ? code : journal_sync(&control->journal, err);
}

static int open_journal(struct control *control, struct sb_err *err)
{
	struct journal_owner owner;
	int code;

	journal_identify(control->context.root, &owner);
	owner.pid = (int32_t)getpid();
	process_start_time(getpid(), &owner.start);
	code = journal_create(control->dir, &owner, &control->journal, err);
	if (code)
		return code;
	code = write_intents(control, err);
	if (!code)
		return 0;
	journal_finish(control->dir, &control->journal, NULL);
	journal_close(&control->journal);
	return code;
}

/* --- touching the host ---------------------------------------------------------------------------------- */

static const struct knob *knob_of(const struct journal_entry *entry)
{
	return knob_find(entry->knob);
}

static size_t place_of(const struct knob *knob)
{
	size_t place = 0;

	while (knob_table[place] != knob)
		place++;
	return place;
}

static void observe(const struct control *control, size_t sequence)
{
	struct journal_entry *entry = &control->entries[sequence];
	char now[KNOB_VALUE];

	if (knob_read(knob_of(entry), control->context.root, entry->setting.path, now, sizeof now, NULL) < 0)
		now[0] = '\0';
	if (entry->is_done && !strcmp(now, entry->observed))
		return;
	entry->is_done = true;
	snprintf(entry->observed, sizeof entry->observed, "%s", now);
	journal_append(&control->journal, JOURNAL_DONE, sequence, entry, NULL);
}

/* Gives what each write said, which is no part of an entry: a journal knows only what was read back. */
static int *write_all(const struct control *control, struct sb_err *errors)
{
	int *codes = alloc_zero(control->count, sizeof *codes);

	for (size_t i = 0; i < control->count; i++) {
		const struct journal_entry *entry = &control->entries[i];
		const struct knob *knob = knob_of(entry);
		struct sb_err err = { 0 };

		if (!entry->setting.target[0])
			continue;
		codes[i] = knob_write(knob, control->context.root, entry->setting.path, entry->setting.target,
				      &err);
		if (codes[i] && !errors[place_of(knob)].code)
			errors[place_of(knob)] = err;
		observe(control, i);
	}
	for (size_t i = 0; i < control->count; i++)
		observe(control, i);
	journal_sync(&control->journal, NULL);
	return codes;
}

/* --- the whole of it ------------------------------------------------------------------------------------ */

static void apply_host(struct control *control, struct condition *conditions)
{
	struct sb_err errors[KNOB_MAX] = { 0 }, err = { 0 };
	int *codes;

	if (control->guarded_dir)
		guard_start(&control->guard, control->guarded_dir, control->context.run_id);
	if (open_journal(control, &err)) {
		verdict_tell_untouched(control, &err, conditions);
		control->count = 0;
		return;
	}
	codes = write_all(control, errors);
	verdict_tell(control, codes, errors, conditions);
	free(codes);
}

static void apply_own(struct control *control, bool is_first, struct condition *conditions)
{
	for (size_t i = 0; knob_table[i]; i++)
		if (control->is_applied[i] && knob_table[i]->apply &&
		    knob_table[i]->is_applied_first == is_first)
			knob_table[i]->apply(knob_table[i], &control->context, &conditions[i]);
}

/* --- the drill ------------------------------------------------------------------------------------------ */

/* Here a session dies as a real one would, without a word. */
static void die_at_boundary(void *context)
{
	struct control_drill *drill = context;

	if (drill->left == 0 || --drill->left > 0)
		return;
	if (drill->victims & KEEPER_VICTIM_FRONT)
		kill(drill->front, SIGKILL);
	if (drill->victims & KEEPER_VICTIM_KEEPER)
		raise(SIGKILL);
}

static void prepare_drill(struct control *control, const struct keeper_hold *hold, pid_t front)
{
	control->drill = (struct control_drill){ hold->drill_step, hold->drill_victims, front };
	if (!hold->drill_step)
		return;
	control->journal.at_boundary = die_at_boundary;
	control->journal.context = &control->drill;
}

static void name_run(struct knob_context *context)
{
	uint64_t start = 0;

	process_start_time(getpid(), &start);
	snprintf(context->run_id, sizeof context->run_id, "%d-%" PRIu64, (int)getpid(), start);
}

size_t control_apply(struct control *control, const struct keeper_hold *hold, pid_t front, int dir,
		     struct condition *conditions)
{
	size_t count;

	control->choice = hold->choice;
	control->context.topology = hold->topology;
	control->context.is_shared = hold->is_shared;
	control->context.wants_counters = hold->wants_counters;
	control->context.front = front;
	control->dir = dir;
	name_run(&control->context);
	prepare_drill(control, hold, front);
	count = plan_all(control, conditions);
	apply_own(control, true, conditions);
	if (control->count)
		apply_host(control, conditions);
	apply_own(control, false, conditions);
	if (control->guard.condition.knob[0])
		conditions[count++] = control->guard.condition;
	for (size_t i = 0; i < count; i++)
		condition_clean(&conditions[i]);
	stability_note(control->context.root, &control->stability);
	changes_begin(&control->changes, control->context.root, control->entries, control->count);
	return count;
}

/* --- while it is held -------------------------------------------------------------------------------------
 */

static bool holds_stand(const struct control *control, struct keeper_change *changed)
{
	for (size_t i = 0; knob_table[i]; i++) {
		const struct knob *knob = knob_table[i];

		if (!control->is_applied[i] || !knob->stands ||
		    knob->stands(&control->context, changed->reason, sizeof changed->reason))
			continue;
		snprintf(changed->knob, sizeof changed->knob, "%s", knob->name);
		return false;
	}
	return true;
}

bool control_check(struct control *control, struct keeper_change *changed)
{
	return stability_check(control->context.root, &control->stability, changed) &&
	       changes_check(&control->changes, changed) && holds_stand(control, changed);
}

int control_adopt(const struct control *control, pid_t pid, struct sb_err *err)
{
	const struct knob_context *context = &control->context;
	char number[16];
	const int length = snprintf(number, sizeof number, "%d\n", (int)pid);

	if (context->cgroup_procs_fd >= 0 &&
	    write(context->cgroup_procs_fd, number, (size_t)length) != length)
		return err_set(err, -errno, "cannot put process %d into the cgroup: %s", (int)pid,
			       err_reason(errno));
	if (context->cpuset_procs_fd >= 0 &&
	    write(context->cpuset_procs_fd, number, (size_t)length) != length)
		return err_set(err, -errno, "cannot put process %d into the cpuset: %s", (int)pid,
			       err_reason(errno));
	if (knob_is_chosen(knob_find("cpus"), &control->choice) &&
	    sched_setaffinity(pid, sizeof context->topology.bench, &context->topology.bench))
		return err_set(err, -errno, "cannot put process %d on its CPUs: %s", (int)pid,
			       err_reason(errno));
	return 0;
}

/* --- giving back -------------------------------------------------------------------------------------- */

static int release_host(struct control *control, struct keeper_restored *restored, struct sb_err *err)
{
	struct restore_job job = { .root = control->context.root,
				   .entries = control->entries,
				   .count = control->count,
				   .journal = &control->journal };
	int code = 0;

	if (restore_run(&job, restored))
		code = journal_finish(control->dir, &control->journal, err);
	else if (restored->failed)
		code = err_set(err, -EIO,
			       "the host could not be put back: %s; try again with sudo stablebench restore",
			       restored->detail);
	journal_close(&control->journal);
	return code;
}

int control_release(struct control *control, struct keeper_restored *restored, struct sb_err *err)
{
	int code = 0;

	changes_end(&control->changes);
	for (size_t i = 0; knob_table[i]; i++) {
		if (control->is_applied[i] && knob_table[i]->release)
			knob_table[i]->release(knob_table[i], &control->context);
		control->is_applied[i] = false;
	}
	if (control->journal.fd >= 0)
		code = release_host(control, restored, err);
	guard_stop(&control->guard);
	free(control->entries);
	control->entries = NULL;
	control->count = 0;
	return code;
}
