/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hold.c - see hold.h. */
#include "cli/hold.h"

#include <errno.h>
#include <string.h>

void hold_tell_wait(const struct settings *settings, const struct identity *identity)
{
	struct keeper_note note;

	if (settings->wait && !settings->quiet && !settings->sysroot &&
	    keeper_look_for_holder(identity, settings->run_dir, &note))
		fprintf(stderr, "stablebench: waiting for the host, which is held by %s: %s\n", note.user,
			note.purpose);
}

static void tell_recovered(const struct keeper_restored *recovered)
{
	if (recovered->restored || recovered->conflicts || recovered->failed)
		fprintf(stderr,
			"stablebench: a killed session had left the host changed: settings put back: %u, "
			"changed by somebody else and left alone: %u, failed: %u%s%s\n",
			recovered->restored, recovered->conflicts, recovered->failed,
			recovered->detail[0] ? ": " : "", recovered->detail);
}

/* `all` is what this session is to have: what its choice leaves out, or it can do without, nobody misses. */
static bool is_missed(const struct settings *settings, const struct condition *condition)
{
	const struct knob *knob = knob_find(condition->knob);

	if (condition_is_met(condition) || !(settings->require & knob_bit(knob)))
		return false;
	return settings->require != UINT64_MAX ||
	       (knob_is_chosen(knob, &settings->choice) && condition->outcome != CONDITION_REFUSED);
}

static enum exit_code require(const struct settings *settings, const struct hold *hold, struct sb_err *err)
{
	for (size_t i = 0; i < hold->count; i++) {
		const struct condition *condition = &hold->conditions[i];

		if (!is_missed(settings, condition))
			continue;
		err_set(err, -ENOTSUP, "the required knob '%s' is %s: %s%s%s", condition->knob,
			condition_outcome_name(condition->outcome), condition->reason,
			condition->mend[0] ? "; try: " : "", condition->mend);
		return EXIT_CODE_CONDITIONS;
	}
	return EXIT_CODE_OK;
}

static void tell_mend(struct sb_err *err)
{
	err_set(err, -EPIPE,
		"the keeper was killed before it put the host back; 'sudo stablebench restore' does");
}

static bool wants_host(const struct knob_choice *choice)
{
	for (size_t i = 0; knob_table[i]; i++)
		if (knob_table[i]->scope == KNOB_SCOPE_HOST && knob_is_chosen(knob_table[i], choice))
			return true;
	return false;
}

enum exit_code hold_host(struct session *session, const struct settings *settings,
			 const struct hold_wish *wish, struct hold *hold, struct sb_err *err)
{
	struct keeper_restored recovered = { 0 };
	struct keeper_hold request = {
		.recovered = &recovered,
		.choice = settings->choice,
		.topology = *wish->topology,
		.is_shared = wish->is_shared,
		.wants_counters = wish->wants_counters,
		.wait = settings->wait,
		.is_guarded = !wish->is_unguarded,
		.wants_thieves = wish->wants_thieves,
		.drill_step = wish->drill_step,
		.drill_victims = wish->drill_victims,
	};
	int code;

	memcpy(request.purpose, wish->purpose, sizeof request.purpose);
	hold_tell_wait(settings, &session->identity);
	code = keeper_hold(&session->keeper, &request, session->cancel.count, hold->conditions, &hold->count,
			   err);
	tell_recovered(&recovered);
	if (!code)
		return require(settings, hold, err);
	if (code == -EPIPE && session->identity.privileged && wants_host(&settings->choice))
		tell_mend(err);
	return code == -EINTR ? EXIT_CODE_INTERRUPTED : EXIT_CODE_ERROR;
}

static bool has_changed_host(const struct hold *hold)
{
	for (size_t i = 0; i < hold->count; i++) {
		const struct knob *knob = knob_find(hold->conditions[i].knob);

		if (hold->conditions[i].outcome == CONDITION_APPLIED && knob &&
		    knob->scope == KNOB_SCOPE_HOST)
			return true;
	}
	return false;
}

enum exit_code hold_release(struct session *session, const struct hold *hold, struct sb_err *err)
{
	const bool was_lost = session->keeper.is_lost;
	struct keeper_restored restored;
	int code = keeper_release(&session->keeper, &restored, err);

	session->has_keeper = false;
	if (code && !has_changed_host(hold))
		return was_lost ? EXIT_CODE_OK : EXIT_CODE_ERROR;
	if (code == -EPIPE)
		tell_mend(err);
	if (code)
		return EXIT_CODE_NOT_RESTORED;
	if (restored.conflicts) {
		err_set(err, -EBUSY,
			"settings of the host that somebody else changed meanwhile, and that were left "
			"alone: "
			"%u: %s",
			restored.conflicts, restored.detail);
		return EXIT_CODE_NOT_RESTORED;
	}
	if (restored.change.knob[0])
		fprintf(stderr, "stablebench: %s: %s\n", restored.change.knob, restored.change.reason);
	if (restored.detail[0])
		fprintf(stderr, "stablebench: %s\n", restored.detail);
	return EXIT_CODE_OK;
}

static const struct condition *find(const struct hold *hold, const char *knob)
{
	for (size_t i = 0; i < hold->count; i++)
		if (!strcmp(hold->conditions[i].knob, knob))
			return &hold->conditions[i];
	return NULL;
}

bool hold_has(const struct hold *hold, const char *knob)
{
	const struct condition *condition = find(hold, knob);

	return condition && condition_is_met(condition);
}

bool hold_wants(const struct hold *hold, const char *knob)
{
	const struct condition *condition = find(hold, knob);

	return condition && condition->outcome != CONDITION_REFUSED;
}

void hold_tell(const struct hold *hold, FILE *stream)
{
	const char *between = "in effect: ";

	for (size_t i = 0; i < hold->count; i++) {
		if (!condition_is_met(&hold->conditions[i]))
			continue;
		fprintf(stream, "%s%s", between, hold->conditions[i].knob);
		between = ", ";
	}
	fputs(*between == ',' ? "\n" : "nothing is in effect\n", stream);
	for (size_t i = 0; i < hold->count; i++) {
		const struct condition *condition = &hold->conditions[i];

		if (!condition_is_met(condition) && condition->outcome != CONDITION_REFUSED)
			fprintf(stream, "  %-18s %s: %s\n", condition->knob,
				condition_outcome_name(condition->outcome), condition->reason);
	}
}
