/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command.h - one row per command. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/exit.h"
#include "cli/options.h"
#include "plan/settings.h"

struct command {
	const char *name;
	enum option_command bit;	  /* which rows of the option catalog are its own */
	const char *arguments;		  /* as usage shows them after the options, "" for none */
	const char *summary;		  /* one line */
	int arguments_min, arguments_max; /* -1: no bound */
	bool takes_command; /* its arguments are a command line: options end at the first, failures are 125 */
	bool is_hidden;	    /* not in the list of commands */
	/* Gets the settings and the arguments that are no options; gives the exit code. */
	enum exit_code (*run)(const struct settings *settings, int count, char **arguments);
};

extern const struct command command_run, command_list, command_doctor, command_knobs, command_tune,
	command_events, command_restore, command_status, command_shield, command_show, command_selftest,
	command_noise;
extern const struct command *const commands[]; /* NULL at the end */

/* The command of that name, or NULL and the name most like it (NULL where none is). */
const struct command *command_find(const char *word, const char **nearest);

#endif
