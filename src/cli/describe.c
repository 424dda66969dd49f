/* SPDX-License-Identifier: GPL-2.0-or-later */
/* describe.c - the settings back as text, for the record: the counterpart of the setters in assign.c. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cpulist.h"
#include "cli/options.h"

#define TEXT_MAX 1024

static void describe_flag(const void *field, char *text)
{
	if (*(const bool *)field)
		strcpy(text, "1");
}

static void describe_text(const void *field, char *text)
{
	const char *value = *(char *const *)field;

	snprintf(text, TEXT_MAX, "%s", value ? value : "");
}

/* What stands behind a '=' may be a secret. */
static void describe_list(const void *field, char *text)
{
	const struct settings_list *list = field;
	size_t used = 0;

	for (size_t i = 0; i < list->count && used < TEXT_MAX; i++)
		used += (size_t)snprintf(text + used, TEXT_MAX - used, "%s%.*s", i ? " " : "",
					 (int)strcspn(list->texts[i], "="), list->texts[i]);
}

static void describe_duration(const void *field, char *text)
{
	if (*(const double *)field > 0)
		snprintf(text, TEXT_MAX, "%.9gs", *(const double *)field);
}

static void describe_patience(const void *field, char *text)
{
	describe_duration(field, text);
	if (!text[0])
		strcpy(text, "none");
}

static void describe_ratio(const void *field, char *text)
{
	snprintf(text, TEXT_MAX, "%.9g", *(const double *)field);
}

static void describe_count(const void *field, char *text)
{
	snprintf(text, TEXT_MAX, "%" PRIu64, *(const uint64_t *)field);
}

static void describe_range(const void *field, char *text)
{
	const struct settings_range *range = field;

	snprintf(text, TEXT_MAX, "%" PRIu64 ":%" PRIu64, range->low, range->high);
}

static void describe_seed(const void *field, char *text)
{
	const struct settings *settings = field;

	if (settings->has_seed)
		snprintf(text, TEXT_MAX, "%" PRIu64, settings->seed);
}

static void describe_cpus(const void *field, char *text)
{
	const struct settings *settings = field;

	if (settings->has_quietest_cpu)
		snprintf(text, TEXT_MAX, "auto");
	if (settings->has_cpus)
		cpulist_format(&settings->cpus, text, TEXT_MAX);
}

static void describe_profile(const void *field, char *text)
{
	snprintf(text, TEXT_MAX, "%s", knob_profile_name(*(const enum knob_profile *)field));
}

static void describe_knobs(const void *field, char *text)
{
	const uint64_t bits = *(const uint64_t *)field;
	size_t used = 0;

	for (size_t i = 0; knob_table[i] && used < TEXT_MAX; i++)
		if (bits & knob_bit(knob_table[i]))
			used += (size_t)snprintf(text + used, TEXT_MAX - used, "%s%s", used ? "," : "",
						 knob_table[i]->name);
}

static void (*const describers[OPTION_TYPES])(const void *field, char *text) = {
	[OPTION_FLAG] = describe_flag,	     [OPTION_SWITCH] = describe_flag,
	[OPTION_TEXT] = describe_text,	     [OPTION_LIST] = describe_list,
	[OPTION_RATIO] = describe_ratio,     [OPTION_DURATION] = describe_duration,
	[OPTION_COUNT] = describe_count,     [OPTION_RANGE] = describe_range,
	[OPTION_SEED] = describe_seed,	     [OPTION_CPUS] = describe_cpus,
	[OPTION_PROFILE] = describe_profile, [OPTION_KNOBS] = describe_knobs,
	[OPTION_WORD] = describe_text,	     [OPTION_PATIENCE] = describe_patience,
};

/* A count that was not given is one that nobody could give. */
static bool is_given(const struct option_row *row, const void *field)
{
	return row->type != OPTION_COUNT ||
	       (*(const uint64_t *)field >= row->low && *(const uint64_t *)field <= row->high);
}

void options_describe(enum option_command command, const struct settings *settings,
		      void (*each)(void *context, const char *name, const char *value), void *context)
{
	for (const struct option_row *row = option_catalog; row->name; row++) {
		char text[TEXT_MAX] = "";

		const void *field = (const char *)settings + row->offset;

		if (!(row->commands & command) || !is_given(row, field))
			continue;
		describers[row->type](field, text);
		if (text[0])
			each(context, row->name, text);
	}
}
