/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands.c - the table of commands, in the order in which --help shows them; see command.h. */
#include <string.h>

#include "cli/command.h"

const struct command *const commands[] = {
	&command_run,  &command_list,	 &command_show,	  &command_doctor, &command_knobs,    &command_events,
	&command_tune, &command_restore, &command_status, &command_shield, &command_selftest, &command_noise,
	NULL,
};

const struct command *command_find(const char *word, const char **nearest)
{
	const char *names[sizeof commands / sizeof *commands] = { NULL };

	*nearest = NULL;
	for (size_t i = 0; commands[i]; i++) {
		if (!strcmp(commands[i]->name, word))
			return commands[i];
		names[i] = commands[i]->name;
	}
	*nearest = options_nearest(word, names);
	return NULL;
}
