/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - one table row per option: parsing, environment, --help, completion and the check of the manual
 * all read it.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "base/err.h"
#include "plan/settings.h"

enum option_type {
	OPTION_FLAG,	 /* bool */
	OPTION_SWITCH,	 /* bool, never from the environment: another command has a value of that name */
	OPTION_TEXT,	 /* char * */
	OPTION_LIST,	 /* struct settings_list, repeatable */
	OPTION_DURATION, /* double, seconds */
	OPTION_PATIENCE, /* double, seconds; "none": 0 */
	OPTION_RATIO,	 /* double */
	OPTION_COUNT,	 /* uint64_t within low..high */
	OPTION_RANGE,	 /* struct settings_range: "N" or "MIN:MAX" within low..high */
	OPTION_SEED,	 /* settings.seed, settings.has_seed */
	OPTION_CPUS,	 /* settings.cpus, settings.has_cpus */
	OPTION_PROFILE,	 /* enum knob_profile */
	OPTION_KNOBS,	 /* uint64_t, bits by place in the knob table; repeatable */
	OPTION_WORD,	 /* char *, one of the words of the row's argument: "text|json" */
	OPTION_TYPES
};

enum option_command { /* bits */
		      OPTION_OF_RUN = 1,
		      OPTION_OF_LIST = 2,
		      OPTION_OF_DOCTOR = 4,
		      OPTION_OF_RESTORE = 8,
		      OPTION_OF_SHOW = 16,
		      OPTION_OF_KNOBS = 32,
		      OPTION_OF_TUNE = 64,
		      OPTION_OF_STATUS = 128,
		      OPTION_OF_SHIELD = 256,
		      OPTION_OF_SELFTEST = 512,
		      OPTION_OF_EVENTS = 1024,
		      OPTION_OF_NOISE = 2048,
		      OPTION_OF_ANY = (1 << 24) - 1,
};

enum option_trait {				   /* further bits of a row's commands */
		    OPTION_OF_ROOT = 1 << 24,	   /* root's part needs it: never from a user's file */
		    OPTION_NOT_IN_FILES = 1 << 25, /* command line and environment only */
};

#define OPTION_ROWS_MAX 64

struct option_row {
	unsigned commands;    /* enum option_command and enum option_trait */
	const char *name;     /* long name, without dashes */
	const char *argument; /* as help shows it; NULL for a flag; the words of an OPTION_WORD */
	const char *help;
	enum option_type type;
	size_t offset; /* into struct settings */
	uint64_t low, high;
};

/* Every option of every command. */
extern const struct option_row option_catalog[];

/* The rows of one command, in the order of the catalog, a row without a name at the end. */
void options_select(enum option_command command, struct option_row rows[OPTION_ROWS_MAX]);

/* Who gave a value, in the order of precedence. A file has values for all commands and, before those, values
 * for one command. */
enum option_level {
	OPTION_BUILT_IN,
	OPTION_SYSTEM_FILE,
	OPTION_SYSTEM_FILE_OWN,
	OPTION_USER_FILE,
	OPTION_USER_FILE_OWN,
	OPTION_ENVIRONMENT,
	OPTION_COMMAND_LINE,
};

/* The options of one command on their way into settings; zeroed levels are OPTION_BUILT_IN. */
struct options {
	const struct option_row *rows;
	struct settings *settings;
	bool ends_at_argument;		       /* what follows it is another program's */
	unsigned char levels[OPTION_ROWS_MAX]; /* enum option_level of each row */
};

/* Sets a row unless a higher level has done so; what a lower level gave a repeatable one is replaced, not
 * added to. The value of a flag may be NULL: on; an empty one of a file leaves a repeatable option without
 * any. 0, or -EINVAL, -ERANGE with a sentence about the value. */
int options_set(struct options *options, size_t index, enum option_level level, const char *value,
		struct sb_err *err);

/* Whether its values add up. */
bool options_is_repeatable(const struct option_row *row);

/* Takes STABLEBENCH_<NAME> of each row from the environment, then the command line. Gives the index of the
 * first argument that is no option, or -EINVAL with a sentence that offers the nearest name. `help` is set
 * when
 * --help was asked for. Options may follow arguments, unless they end at the first one. */
int options_parse(struct options *options, int argc, char **argv, int *help, struct sb_err *err);

/* Calls `each` with the resolved value of every option of a command, as text that the option would take back;
 * those that are at "not given" are left out, and of NAME=VALUE only the name is told. */
void options_describe(enum option_command command, const struct settings *settings,
		      void (*each)(void *context, const char *name, const char *value), void *context);

/* Two columns: option and what it does. */
void options_print(const struct option_row *rows, FILE *stream);

/* The sentence about a word that is no knob. -EINVAL. */
int options_complain_knob(const char *name, struct sb_err *err);

/* The entry of `names` (NULL at the end) most like a mistyped word; NULL when none is close. */
const char *options_nearest(const char *word, const char *const *names);

#endif
