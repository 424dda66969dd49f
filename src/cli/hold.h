/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hold.h - holding the host and giving it back, as run, tune and shield do it; and what is said about it. */
#ifndef CLI_HOLD_H
#define CLI_HOLD_H

#include <stdio.h>
#include "cli/exit.h"
#include "cli/session.h"
#include "host/topology.h"

struct hold {
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	size_t count;
};

struct hold_wish {
	const struct topology *topology;
	bool is_shared;	     /* what will run has tasks that nobody pins */
	bool wants_counters; /* of the processor */
	char purpose[96];
	bool wants_thieves;		    /* keeper_hold */
	bool is_unguarded;		    /* even where systemd runs: the drill is about somebody else */
	unsigned drill_step, drill_victims; /* keeper_hold */
};

/* Says on stderr for whom --wait waits, unless nobody is to be told or there is nobody. */
void hold_tell_wait(const struct settings *settings, const struct identity *identity);

/* Locks, recovers what a killed session left (and says so on stderr), applies, verifies, and looks whether
 * what the user requires is there. EXIT_CODE_OK, or the code to end with and its sentence. */
enum exit_code hold_host(struct session *session, const struct settings *settings,
			 const struct hold_wish *wish, struct hold *hold, struct sb_err *err);

/* Whether a knob is in effect. */
bool hold_has(const struct hold *hold, const char *knob);

/* Whether it is meant to be: the user or the profile did not leave it out, whatever became of it. */
bool hold_wants(const struct hold *hold, const char *knob);

/* Ends the keeper, which puts everything back. EXIT_CODE_OK (and on stderr what went with its device), or the
 * code and its sentence. Of a keeper that was killed nothing is said again, unless it left the host changed.
 */
enum exit_code hold_release(struct session *session, const struct hold *hold, struct sb_err *err);

/* Two paragraphs: what is in effect, and what was wanted and is not, each with its reason. */
void hold_tell(const struct hold *hold, FILE *stream);

#endif
