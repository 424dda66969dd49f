/* SPDX-License-Identifier: GPL-2.0-or-later */
/* knob.c - the table of knobs and what all of them share; see knob.h. */
#include "host/knob.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/alloc.h"
#include "host/value.h"

static const char *const profiles[KNOB_PROFILES] = {
	[KNOB_PROFILE_NONE] = "none",
	[KNOB_PROFILE_GENTLE] = "gentle",
	[KNOB_PROFILE_STANDARD] = "standard",
	[KNOB_PROFILE_STRICT] = "strict",
};

const struct knob *knob_find(const char *name)
{
	for (size_t i = 0; knob_table[i]; i++)
		if (!strcmp(knob_table[i]->name, name))
			return knob_table[i];
	return NULL;
}

uint64_t knob_bit(const struct knob *knob)
{
	for (size_t i = 0; knob_table[i]; i++)
		if (knob_table[i] == knob)
			return UINT64_C(1) << i;
	return 0;
}

enum knob_profile knob_first_profile(const struct knob *knob)
{
	if (knob->level == KNOB_BY_NAME)
		return KNOB_PROFILES;
	if (knob->level == KNOB_OPT_IN)
		return KNOB_PROFILE_STRICT;
	return knob->scope == KNOB_SCOPE_HOST ? KNOB_PROFILE_STANDARD : KNOB_PROFILE_GENTLE;
}

bool knob_is_chosen(const struct knob *knob, const struct knob_choice *choice)
{
	const uint64_t bit = knob_bit(knob);

	if (choice->without & bit)
		return false;
	return choice->with & bit || choice->profile >= knob_first_profile(knob);
}

const char *knob_profile_name(enum knob_profile profile)
{
	return profiles[profile];
}

bool knob_profile_parse(const char *name, enum knob_profile *profile)
{
	for (int i = 0; i < KNOB_PROFILES; i++) {
		if (strcmp(name, profiles[i]))
			continue;
		*profile = (enum knob_profile)i;
		return true;
	}
	return false;
}

int knob_conclude(const struct knob *knob, enum condition_outcome outcome, struct condition *condition,
		  const char *reason, ...)
{
	va_list args;

	snprintf(condition->knob, sizeof condition->knob, "%s", knob->name);
	condition->outcome = outcome;
	va_start(args, reason);
	vsnprintf(condition->reason, sizeof condition->reason, reason, args);
	va_end(args);
	if (outcome == CONDITION_DENIED)
		return -EPERM;
	return condition_is_met(condition) ? 0 : -ENOTSUP;
}

int knob_deny(const struct knob *knob, const char *path, struct condition *condition)
{
	if (geteuid() == 0)
		return knob_conclude(
			knob, CONDITION_DENIED, condition,
			"'/%s' cannot be written even by root; it is read-only, as in most containers", path);
	snprintf(condition->mend, sizeof condition->mend, "sudo stablebench run");
	return knob_conclude(knob, CONDITION_DENIED, condition, "needs root");
}

bool knob_touches_bench(const struct knob_context *context, const cpu_set_t *cpus)
{
	cpu_set_t core;

	CPU_OR(&core, &context->topology.bench, &context->topology.siblings);
	CPU_AND(&core, &core, cpus);
	return CPU_COUNT(&core) > 0;
}

/* --- values --------------------------------------------------------------------------------------------- */

int knob_read(const struct knob *knob, const struct path_root *root, const char *path, char *text,
	      size_t size, struct sb_err *err)
{
	return (knob->read ? knob->read : path_read)(root, path, text, size, err);
}

int knob_write(const struct knob *knob, const struct path_root *root, const char *path, const char *value,
	       struct sb_err *err)
{
	return (knob->write ? knob->write : path_write)(root, path, value, err);
}

bool knob_is_same(const struct knob *knob, const char *one, const char *other)
{
	return (knob->is_same ? knob->is_same : value_is_same_text)(one, other);
}

bool knob_is_ours(const struct knob *knob, const struct path_root *root, const char *now, const char *left)
{
	return knob_is_same(knob, now, left) || (knob->is_ours && knob->is_ours(root));
}

bool knob_is_identical(const struct knob *knob, const struct path_root *root,
		       const struct knob_setting *setting)
{
	char identity[KNOB_IDENTITY];

	if (!knob->identify || !setting->identity[0])
		return true;
	return knob->identify(root, setting->path, identity, sizeof identity) >= 0 &&
	       !strcmp(identity, setting->identity);
}

bool knob_add(struct knob_plan *plan, const char *path, const char *target)
{
	const struct knob *knob = plan->knob;
	struct knob_setting *setting = &plan->settings[plan->count];

	plan->is_full |= plan->count >= plan->room;
	if (plan->count >= plan->room || strlen(path) >= sizeof setting->path ||
	    strlen(target) >= sizeof setting->target)
		return false;
	memset(setting, 0, sizeof *setting);
	if (knob_read(knob, plan->root, path, setting->before, sizeof setting->before, NULL) < 0)
		return false;
	if (knob->identify &&
	    knob->identify(plan->root, path, setting->identity, sizeof setting->identity) < 0)
		return false;
	snprintf(setting->path, sizeof setting->path, "%s", path);
	snprintf(setting->target, sizeof setting->target, "%s", target);
	plan->count++;
	return true;
}

bool knob_want(struct knob_plan *plan, const char *path, const char *target, size_t *already)
{
	if (!knob_add(plan, path, target))
		return false;
	if (!knob_is_same(plan->knob, plan->settings[plan->count - 1].before, target))
		return true;
	plan->count--;
	++*already;
	return true;
}

/* --- what would become of a knob ------------------------------------------------------------------------ */

/* A key that is no file cannot be asked beforehand; the write will tell. Where one that fails is no failure
 * of the whole, one that can be written is enough. */
static const struct knob_setting *find_locked(const struct knob_plan *plan)
{
	const struct knob_setting *locked = NULL;
	bool has_writable = false;

	if (plan->knob->write && !plan->knob->is_plain_file)
		return NULL;
	for (size_t i = 0; i < plan->count; i++) {
		if (!plan->settings[i].target[0])
			continue;
		if (path_is_writable(plan->root, plan->settings[i].path))
			has_writable = true;
		else if (!locked)
			locked = &plan->settings[i];
	}
	return plan->knob->judge && has_writable ? NULL : locked;
}

/* How to have a knob set that is not, "" when nothing but its name does it. */
static void tell_how(const struct knob *knob, struct condition *condition)
{
	const enum knob_profile first = knob_first_profile(knob);

	if (first == KNOB_PROFILES)
		snprintf(condition->mend, sizeof condition->mend, "stablebench run --with %s", knob->name);
	else
		snprintf(condition->mend, sizeof condition->mend, "stablebench run --profile %s",
			 profiles[first]);
}

int knob_refuse(const struct knob *knob, const struct knob_choice *choice, struct condition *condition)
{
	tell_how(knob, condition);
	if (choice->without & knob_bit(knob))
		return knob_conclude(knob, CONDITION_REFUSED, condition, "left out by --without %s",
				     knob->name);
	if (knob->level == KNOB_BY_NAME)
		return knob_conclude(knob, CONDITION_REFUSED, condition, "set only when asked for by name");
	return knob_conclude(knob, CONDITION_REFUSED, condition, "left out by --profile %s",
			     profiles[choice->profile]);
}

/* NULL: the session needs it, or it was named. */
static const char *find_spare(const struct knob *knob, const struct knob_context *context,
			      const struct knob_choice *choice)
{
	return knob->spare && !(choice->with & knob_bit(knob)) ? knob->spare(context) : NULL;
}

static int conclude_needy(const struct knob *knob, struct condition *condition)
{
	snprintf(condition->mend, sizeof condition->mend, "stablebench run --with %s,%s", knob->name,
		 knob->needs->name);
	return knob_conclude(knob, CONDITION_UNSUPPORTED, condition,
			     "needs the knob '%s', which is left out: %s", knob->needs->name, knob->harm);
}

int knob_consider(const struct knob *knob, const struct knob_context *context,
		  const struct knob_choice *choice, struct knob_plan *plan, struct condition *condition)
{
	const struct knob_setting *locked = NULL;
	const char *spare;
	int code;

	memset(condition, 0, sizeof *condition);
	plan->knob = knob;
	plan->root = context->root;
	plan->count = 0;
	plan->is_full = false;
	code = knob->plan(context, plan, condition);
	if (code > 0 && plan->is_full)
		return knob_conclude(knob, CONDITION_FAILED, condition,
				     "more settings than the journal takes: left alone");
	if (code > 0 && !knob_is_chosen(knob, choice))
		return knob_refuse(knob, choice, condition);
	if (code > 0 && knob->needs && !knob_is_chosen(knob->needs, choice))
		return conclude_needy(knob, condition);
	spare = code > 0 ? find_spare(knob, context, choice) : NULL;
	if (spare) {
		snprintf(condition->mend, sizeof condition->mend, "stablebench run --with %s", knob->name);
		return knob_conclude(knob, CONDITION_REFUSED, condition, "%s", spare);
	}
	if (code > 0 && knob->scope == KNOB_SCOPE_HOST)
		locked = find_locked(plan);
	return locked ? knob_deny(knob, locked->path, condition) : code;
}

size_t knob_survey(const struct knob_context *context, const struct knob_choice *choice,
		   struct condition *conditions)
{
	struct knob_plan plan = { .settings = alloc_zero(KNOB_SETTINGS_MAX, sizeof *plan.settings),
				  .room = KNOB_SETTINGS_MAX };
	size_t i;

	for (i = 0; knob_table[i]; i++) {
		const int code = knob_consider(knob_table[i], context, choice, &plan, &conditions[i]);

		condition_clean(&conditions[i]);
		if (code <= 0)
			continue;
		tell_how(knob_table[i], &conditions[i]);
		knob_conclude(knob_table[i], CONDITION_REFUSED, &conditions[i], "not set now; a run sets it");
	}
	free(plan.settings);
	return i;
}
