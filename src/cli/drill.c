/* SPDX-License-Identifier: GPL-2.0-or-later */
/* drill.c - see drill.h. Each session is a process of its own, since one gives up root and one of them dies.
 */
#include "cli/drill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/monotonic.h"
#include "cli/hold.h"
#include "cli/restoring.h"
#include "cli/sysroot.h"

#define PATIENCE_NS UINT64_C(120000000000) /* for a host to come back */

/* --- what there was ---------------------------------------------------------------------------------------
 */

struct snapshot {
	struct path_root root;
	struct remembered {
		const struct knob *knob;
		struct knob_setting setting;
	} * list;
	size_t count;
};

static int snapshot_take(struct snapshot *snapshot, const struct settings *settings, struct sb_err *err)
{
	struct knob_context context = { .latency_fd = -1, .cgroup_procs_fd = -1, .run_id = "drill" };
	struct knob_plan plan = { .room = KNOB_SETTINGS_MAX };
	struct condition condition;
	struct identity identity;
	int code;

	memset(snapshot, 0, sizeof *snapshot);
	if (identity_resolve(NULL, false, &identity, err) ||
	    sysroot_open(settings, &identity, &snapshot->root, err))
		return -EPERM;
	context.root = &snapshot->root;
	code = topology_choose(&snapshot->root, settings->has_cpus ? &settings->cpus : NULL,
			       &context.topology, err);
	if (code)
		return code;
	plan.settings = alloc_zero(plan.room, sizeof *plan.settings);
	for (size_t i = 0; knob_table[i]; i++) {
		if (knob_consider(knob_table[i], &context, &settings->choice, &plan, &condition) <= 0)
			continue;
		snapshot->list =
			alloc_grow(snapshot->list, snapshot->count + plan.count, sizeof *snapshot->list);
		for (size_t j = 0; j < plan.count; j++)
			snapshot->list[snapshot->count++] =
				(struct remembered){ knob_table[i], plan.settings[j] };
	}
	free(plan.settings);
	return 0;
}

static bool snapshot_holds(const struct snapshot *snapshot, unsigned step, FILE *stream)
{
	bool holds = true;

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct remembered *one = &snapshot->list[i];
		char now[KNOB_VALUE] = "";

		if (knob_read(one->knob, &snapshot->root, one->setting.path, now, sizeof now, NULL) >= 0 &&
		    knob_is_same(one->knob, now, one->setting.before))
			continue;
		fprintf(stream, "step %u: '/%s' is '%s', was '%s'\n", step, one->setting.path, now,
			one->setting.before);
		holds = false;
	}
	return holds;
}

static void snapshot_release(struct snapshot *snapshot)
{
	path_root_release(&snapshot->root);
	free(snapshot->list);
}

/* --- a session that dies ---------------------------------------------------------------------------------
 */

enum { SESSION_WHOLE = 0, SESSION_DIED = 1, SESSION_IMPOSSIBLE = 2 };

static enum exit_code hold_and_release(struct session *session, const struct settings *settings,
				       const struct hold_wish *wish, struct sb_err *err)
{
	struct hold hold = { .count = 0 };
	enum exit_code code = hold_host(session, settings, wish, &hold, err);

	if (code == EXIT_CODE_OK)
		code = hold_release(session, &hold, err);
	return code;
}

/* Its complaints are what was to be expected. */
static _Noreturn void be_session(const struct settings *settings, struct hold_wish *wish)
{
	struct session session;
	struct topology topology;
	struct sb_err err = { 0 };
	enum exit_code code;
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDERR_FILENO) < 0)
		_exit(SESSION_IMPOSSIBLE);
	wish->topology = &topology;
	if (session_begin(&session, settings, &err) != EXIT_CODE_OK ||
	    session_drop(&session, &err) != EXIT_CODE_OK ||
	    session_choose_cpus(&session, settings, &topology, &err) != EXIT_CODE_OK)
		_exit(SESSION_IMPOSSIBLE);
	code = hold_and_release(&session, settings, wish, &err);
	if (code != EXIT_CODE_OK && err.code == -EBUSY)
		_exit(SESSION_IMPOSSIBLE); /* somebody else's host */
	_exit(code == EXIT_CODE_OK ? SESSION_WHOLE : SESSION_DIED);
}

static int run_session(const struct settings *settings, struct hold_wish *wish)
{
	const pid_t pid = fork();
	int status;

	if (pid == 0)
		be_session(settings, wish);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return SESSION_IMPOSSIBLE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : SESSION_DIED;
}

/* --- coming back ------------------------------------------------------------------------------------------
 */

static int restore(const struct settings *settings, struct keeper_restored *restored, struct sb_err *err)
{
	struct identity identity;

	if (identity_resolve(NULL, false, &identity, err))
		return -EPERM;
	return restoring_run(settings, &identity, restored, err);
}

/* As long as the lock is held somebody is still at it, or on the way out. */
static int restore_patiently(const struct settings *settings, struct keeper_restored *restored,
			     struct sb_err *err)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	const uint64_t deadline = monotonic_now_ns() + PATIENCE_NS;
	int code = restore(settings, restored, err);

	while (code == -EBUSY && monotonic_now_ns() < deadline) {
		nanosleep(&pause, NULL);
		code = restore(settings, restored, err);
	}
	return code;
}

static int await_keeper(const struct settings *settings, struct sb_err *err)
{
	struct keeper_restored restored = { 0 };
	int code = restore_patiently(settings, &restored, err);

	if (!code && restored.restored)
		return err_set(err, -EIO, "the keeper left settings to be put back: %u", restored.restored);
	return code;
}

static int restore_leftover(const struct settings *settings, struct sb_err *err)
{
	struct keeper_restored restored = { 0 };

	return restore_patiently(settings, &restored, err);
}

static int start_next_session(const struct settings *settings, struct sb_err *err)
{
	struct settings next = *settings;
	struct hold_wish wish = { .purpose = "drill", .is_unguarded = true };

	next.choice = (struct knob_choice){ .profile = KNOB_PROFILE_NONE };
	next.wait = true; /* the last breath of a killed one still holds the lock */
	if (run_session(&next, &wish) == SESSION_WHOLE)
		return 0;
	return err_set(err, -EIO, "the next session could not put the host back");
}

/* A guard that never comes leaves the host to `restore`, and that is told. */
static int await_guard(const struct settings *settings, struct sb_err *err)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	const uint64_t deadline = monotonic_now_ns() + PATIENCE_NS;
	struct journal_state journal = { .count = 0 };
	struct keeper_note note;
	struct identity identity;

	if (identity_resolve(NULL, false, &identity, err))
		return -EPERM;
	while (keeper_look(&identity, settings->run_dir, &note, &journal) || note.is_held) {
		journal_state_release(&journal);
		if (monotonic_now_ns() > deadline)
			return restore_leftover(settings, err)
				       ? err->code
				       : err_set(err, -ETIMEDOUT, "the guard did not come");
		nanosleep(&pause, NULL);
	}
	return 0;
}

#define BOTH (KEEPER_VICTIM_FRONT | KEEPER_VICTIM_KEEPER)

const struct drill_kind drill_kinds[] = {
	{ "front", "its keeper", KEEPER_VICTIM_FRONT, false, await_keeper },
	{ "keeper", "'stablebench restore'", KEEPER_VICTIM_KEEPER, false, restore_leftover },
	{ "both", "the next session", BOTH, false, start_next_session },
	{ "guarded", "systemd's guard", BOTH, true, await_guard },
	{ NULL, NULL, 0, false, NULL },
};

/* --- the drill --------------------------------------------------------------------------------------------
 */

static int drill_step(const struct drill_kind *kind, const struct settings *settings,
		      struct snapshot *snapshot, struct hold_wish *wish, FILE *stream)
{
	struct sb_err err;
	const int died = run_session(settings, wish);

	if (died == SESSION_IMPOSSIBLE)
		return -EIO;
	if (died == SESSION_WHOLE)
		return 0;
	if (!kind->recover(settings, &err))
		return snapshot_holds(snapshot, wish->drill_step, stream) ? 1 : 2;
	fprintf(stream, "step %u: %s\n", wish->drill_step, err.text);
	return 2;
}

/* What a session of somebody else holds is not ours to kill for, nor to put back. */
static int refuse_held(const struct settings *settings, struct sb_err *err)
{
	struct journal_state journal = { .count = 0 };
	struct keeper_note note;
	struct identity identity;
	bool is_left;

	if (settings->sysroot)
		return 0;
	if (identity_resolve(NULL, false, &identity, err))
		return -EPERM;
	is_left = keeper_look(&identity, settings->run_dir, &note, &journal);
	journal_state_release(&journal);
	if (note.is_held)
		return err_set(err, -EBUSY, "the host is held by %s: %s; the drill needs it for itself",
			       note.user, note.purpose);
	return is_left ? err_set(err, -EBUSY,
				 "a killed session left the host changed; 'stablebench restore' first")
		       : 0;
}

int drill_run(const struct drill_kind *kind, const struct settings *settings, FILE *stream,
	      struct drill_result *result, struct sb_err *err)
{
	struct hold_wish wish = { .purpose = "drill",
				  .is_unguarded = !kind->by_guard,
				  .drill_victims = kind->victims };
	struct snapshot snapshot;
	int code = refuse_held(settings, err);

	if (code)
		return code;
	code = snapshot_take(&snapshot, settings, err);
	*result = (struct drill_result){ 0 };
	for (wish.drill_step = (unsigned)settings->steps.low;
	     !code && wish.drill_step <= settings->steps.high;
	     wish.drill_step += (unsigned)settings->stride) {
		const int came = drill_step(kind, settings, &snapshot, &wish, stream);

		if (came < 0)
			code = err_set(err, came, "no session can be held; 'stablebench tune' tells why");
		if (came <= 0)
			break;
		result->steps++;
		result->restored += came == 1;
	}
	snapshot_release(&snapshot);
	return code;
}
