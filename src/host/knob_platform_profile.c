/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_platform_profile.c - the machine's power profile held at `performance`, by the daemon that keeps it;
 * the hold ends with our connection, whatever ends us.
 *
 * The file platform_profile is left to the daemon, which has it as one of several drivers. Such a driver may
 * also set what other knobs do (governor, energy preference, boost), on the way there and back. So the hold
 * is taken after all values were read and before the first is written, and let go before they are put back.
 *
 * Turbo that is off, also by our own knob `boost`, is a degraded performance to the daemon.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "host/power_profiles.h"

#define WANTED "performance"

/* Where nobody has profiles, none of them slows the machine down. */
static int conclude_absent(const struct path_root *root, int code, const struct sb_err *err,
			   struct condition *condition)
{
	if (code == -ENOENT && !path_exists(root, "sys/firmware/acpi/platform_profile"))
		return knob_conclude(&knob_platform_profile, CONDITION_ALREADY, condition, "%.200s",
				     err->text);
	if (code == -ENXIO)
		snprintf(condition->mend, sizeof condition->mend,
			 "sudo systemctl start power-profiles-daemon");
	return knob_conclude(&knob_platform_profile, CONDITION_UNSUPPORTED, condition, "%.200s", err->text);
}

/* What somebody holds may end in the middle of a run, so an own hold is wanted beside it. */
static int judge_state(const struct power_profiles_state *state, struct condition *condition)
{
	condition_keep(condition->before, state->active);
	if (!state->has_performance)
		return knob_conclude(&knob_platform_profile, CONDITION_UNSUPPORTED, condition,
				     "the daemon has no power profile '" WANTED "' on this machine");
	if (strcmp(state->active, WANTED) != 0 || state->is_held)
		return 1;
	condition_keep(condition->value, state->active);
	return knob_conclude(&knob_platform_profile, CONDITION_ALREADY, condition,
			     "somebody has chosen '" WANTED "'%s%s", state->degraded[0] ? ", degraded: " : "",
			     state->degraded);
}

static int plan(const struct knob_context *context, struct knob_plan *settings, struct condition *condition)
{
	struct power_profiles_state state;
	struct power_profiles *profiles;
	struct sb_err err = { 0 };
	int code;

	(void)settings;
	if (!context->root->is_real)
		return knob_conclude(&knob_platform_profile, CONDITION_UNSUPPORTED, condition,
				     "a daemon that keeps power profiles is asked on its own machine only");
	code = power_profiles_open(&profiles, &err);
	if (code)
		return conclude_absent(context->root, code, &err, condition);
	code = power_profiles_look(profiles, &state, &err);
	power_profiles_close(profiles);
	return code ? conclude_absent(context->root, code, &err, condition) : judge_state(&state, condition);
}

static void release(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	power_profiles_close(context->profile_hold);
	context->profile_hold = NULL;
}

static void conclude_unheld(int code, const struct sb_err *err, struct condition *condition)
{
	const bool is_denied = code == -EACCES || code == -EPERM;

	if (is_denied && geteuid() != 0)
		snprintf(condition->mend, sizeof condition->mend, "sudo stablebench run");
	knob_conclude(&knob_platform_profile, is_denied ? CONDITION_DENIED : CONDITION_FAILED, condition,
		      "%.200s", err->text);
}

static void conclude_held(const struct power_profiles_state *before, const struct power_profiles_state *after,
			  struct condition *condition)
{
	condition_keep(condition->before, before->active);
	condition_keep(condition->value, after->active);
	if (after->saver[0])
		knob_conclude(&knob_platform_profile, CONDITION_FAILED, condition,
			      "the profile is '%s': '%s' holds 'power-saver', which wins", after->active,
			      after->saver);
	else if (strcmp(after->active, WANTED) != 0)
		knob_conclude(&knob_platform_profile, CONDITION_FAILED, condition,
			      "the profile is '%s' after holding '" WANTED "'", after->active);
	else
		knob_conclude(&knob_platform_profile,
			      strcmp(before->active, WANTED) != 0 ? CONDITION_APPLIED : CONDITION_ALREADY,
			      condition, "the daemon holds '" WANTED "'%s%s",
			      after->degraded[0] ? ", degraded: " : "", after->degraded);
}

static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	struct power_profiles_state before, after;
	struct power_profiles *profiles = NULL;
	struct sb_err err = { 0 };
	int code = power_profiles_open(&profiles, &err);

	context->profile_hold = profiles;
	if (!code)
		code = power_profiles_look(profiles, &before, &err);
	if (!code)
		code = power_profiles_hold(profiles, &err);
	if (!code)
		code = power_profiles_look(profiles, &after, &err);
	if (code)
		conclude_unheld(code, &err, condition);
	else
		conclude_held(&before, &after, condition);
	if (!condition_is_met(condition))
		release(knob, context);
}

static bool stands(const struct knob_context *context, char *reason, size_t size)
{
	char active[POWER_PROFILES_NAME];

	if (!context->profile_hold || power_profiles_stands(context->profile_hold, active, sizeof active))
		return true;
	snprintf(reason, size, "the power profile was '" WANTED "' and became '%s' during the session",
		 active[0] ? active : "unknown, since the daemon is gone");
	return false;
}

const struct knob knob_platform_profile = {
	.name = "platform-profile",
	.removes = "firmware and drivers that trade speed for quiet and for energy",
	.scope = KNOB_SCOPE_FD,
	.level = KNOB_OPT_IN,
	.asks_daemon = true,
	.is_applied_first = true,
	.plan = plan,
	.apply = apply,
	.release = release,
	.stands = stands,
};
