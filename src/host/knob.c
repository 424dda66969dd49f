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

const struct knob *const knob_table[] = { &knob_cpus,  &knob_affinity,	  &knob_governor,
					  &knob_boost, &knob_dma_latency, NULL };

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

/* The first profile that has the knob: each profile has all of the one before it. */
static enum knob_profile first_profile(const struct knob *knob)
{
	if (knob->opt_in)
		return KNOB_PROFILE_STRICT;
	return knob->scope == KNOB_SCOPE_HOST ? KNOB_PROFILE_STANDARD : KNOB_PROFILE_GENTLE;
}

bool knob_is_in_profile(const struct knob *knob, enum knob_profile profile)
{
	return profile >= first_profile(knob);
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

bool knob_add(const struct path_root *root, const char *path, const char *target,
	      struct knob_setting *settings, size_t room, size_t *count)
{
	struct knob_setting *setting = &settings[*count];

	if (*count >= room || strlen(path) >= sizeof setting->path)
		return false;
	memset(setting, 0, sizeof *setting);
	if (path_read(root, path, setting->before, sizeof setting->before, NULL) < 0)
		return false;
	snprintf(setting->path, sizeof setting->path, "%s", path);
	snprintf(setting->target, sizeof setting->target, "%s", target);
	++*count;
	return true;
}

/* --- what would become of a knob ------------------------------------------------------------------------ */

static const struct knob_setting *find_locked(const struct path_root *root,
					      const struct knob_setting *settings, int count)
{
	for (int i = 0; i < count; i++)
		if (settings[i].target[0] && !path_is_writable(root, settings[i].path))
			return &settings[i];
	return NULL;
}

static void refuse(const struct knob *knob, enum knob_profile profile, struct condition *condition)
{
	snprintf(condition->mend, sizeof condition->mend, "stablebench run --profile %s",
		 profiles[first_profile(knob)]);
	knob_conclude(knob, CONDITION_REFUSED, condition, "left out by --profile %s", profiles[profile]);
}

int knob_consider(const struct knob *knob, const struct knob_context *context, enum knob_profile profile,
		  struct knob_setting *settings, size_t room, struct condition *condition)
{
	const struct knob_setting *locked = NULL;
	int count;

	memset(condition, 0, sizeof *condition);
	count = knob->plan(context, settings, room, condition);
	if (count > 0 && (size_t)count >= room)
		return knob_conclude(knob, CONDITION_FAILED, condition,
				     "more settings than the journal takes: left alone");
	if (count > 0 && !knob_is_in_profile(knob, profile)) {
		refuse(knob, profile, condition);
		return -ENOTSUP;
	}
	if (count > 0 && knob->scope == KNOB_SCOPE_HOST)
		locked = find_locked(context->root, settings, count);
	return locked ? knob_deny(knob, locked->path, condition) : count;
}

size_t knob_survey(const struct knob_context *context, enum knob_profile profile,
		   struct condition *conditions)
{
	struct knob_setting *settings = alloc_zero(KNOB_SETTINGS_MAX, sizeof *settings);
	size_t i;

	for (i = 0; knob_table[i]; i++) {
		if (knob_consider(knob_table[i], context, profile, settings, KNOB_SETTINGS_MAX,
				  &conditions[i]) <= 0)
			continue;
		snprintf(conditions[i].mend, sizeof conditions[i].mend, "stablebench run --profile %s",
			 profiles[first_profile(knob_table[i])]);
		knob_conclude(knob_table[i], CONDITION_REFUSED, &conditions[i], "not set now; a run sets it");
	}
	free(settings);
	return i;
}
