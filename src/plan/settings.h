/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * settings.h - what the user asked for, by command line, environment and configuration: one
 * struct for all commands.
 *
 * It owns its texts and lists; settings_init fills the defaults of DESIGN.md, settings_release frees.
 */
#ifndef PLAN_SETTINGS_H
#define PLAN_SETTINGS_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "host/knob.h"

#define SETTINGS_WARMUP_CALIBRATED  UINT64_MAX
#define SETTINGS_RETAKES_AS_SAMPLES UINT64_MAX
#define SETTINGS_SAMPLES_MAX	    5000
#define SETTINGS_LAUNCHES_MAX	    10000
#define SETTINGS_STEPS_MAX	    100000

struct settings_list {
	char **texts;
	size_t count;
};

struct settings_range {
	uint64_t low, high;
};

struct settings {
	struct knob_choice choice;
	uint64_t require; /* knobs whose condition must be met; bits by place in the table */
	bool has_cpus;
	bool has_quietest_cpu; /* the one that `noise` found, instead of our own choice */
	cpu_set_t cpus;

	struct settings_list filter, skip, tag;
	bool exact;

	double precision; /* ratio */
	struct settings_range launches;
	uint64_t samples; /* per launch; 0: 20, fewer where iterations are long */
	double sample_time_s;
	uint64_t warmup;  /* samples, or SETTINGS_WARMUP_CALIBRATED */
	uint64_t retakes; /* per launch, or SETTINGS_RETAKES_AS_SAMPLES */
	char *witnesses;  /* "none", or NULL for all */
	char *counters;	  /* events and sets, or "none" */
	bool require_counters;
	double max_time_s;    /* per case */
	double time_budget_s; /* per session, 0: none */
	double timeout_s;     /* per launch */
	double cool_down_s;   /* longest wait before a launch, 0: none */
	double duration_s;    /* noise: of each CPU */
	bool has_seed;
	uint64_t seed;

	char *user;
	bool allow_root;
	struct settings_list env;
	bool wait;
	bool keep_going;
	bool force;
	bool kill;	 /* selftest: the drill */
	bool yes;	 /* without a question */
	uint64_t stride; /* of the drill: every so many steps */
	struct settings_range steps;
	char *death; /* name of the one kind of death, or NULL for all */
	bool quiet;
	bool show_samples;
	bool all;
	char *json;   /* file for the record, "-": stdout */
	char *format; /* report format */
	char *run_dir;
	char *config; /* the user's configuration file, instead of the usual one */
	bool no_config;
	char *sysroot;	    /* a recorded machine instead of this one */
	char *command_line; /* as typed, for the record */
};

void settings_init(struct settings *settings);
void settings_release(struct settings *settings);

/* Whether the benches are to run on CPUs of their own. */
bool settings_pins(const struct settings *settings);

/* Whether anything but the clock is read around a sample. */
bool settings_wants_witnesses(const struct settings *settings);

void settings_list_add(struct settings_list *list, const char *text);

#endif
