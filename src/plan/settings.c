/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.c - defaults and life of the settings; see settings.h. */
#include "plan/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void settings_init(struct settings *settings)
{
	*settings = (struct settings){
		.choice = { .profile = KNOB_PROFILE_STANDARD },
		.precision = 0.005,
		.launches = { 5, 30 },
		.sample_time_s = 1e-3,
		.warmup = SETTINGS_WARMUP_CALIBRATED,
		.retakes = SETTINGS_RETAKES_AS_SAMPLES,
		.max_time_s = 10,
		.stride = 1,
		.steps = { 1, SETTINGS_STEPS_MAX },
		.counters = alloc_text("@default"),
		.timeout_s = 60,
		.cool_down_s = 20,
		.duration_s = 2,
	};
}

void settings_list_add(struct settings_list *list, const char *text)
{
	list->texts = alloc_grow(list->texts, list->count + 1, sizeof *list->texts);
	list->texts[list->count++] = alloc_text(text);
}

bool settings_pins(const struct settings *settings)
{
	return knob_is_chosen(knob_find("cpus"), &settings->choice);
}

static void list_release(struct settings_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->texts[i]);
	free(list->texts);
}

void settings_release(struct settings *settings)
{
	list_release(&settings->filter);
	list_release(&settings->skip);
	list_release(&settings->tag);
	list_release(&settings->env);
	free(settings->witnesses);
	free(settings->death);
	free(settings->counters);
	free(settings->user);
	free(settings->json);
	free(settings->format);
	free(settings->run_dir);
	free(settings->config);
	free(settings->sysroot);
	free(settings->command_line);
	*settings = (struct settings){ 0 };
}

bool settings_wants_witnesses(const struct settings *settings)
{
	return !settings->witnesses || strcmp(settings->witnesses, "none") != 0;
}
