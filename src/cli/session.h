/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - what `run` and `list` begin with: who is who, the keeper, the drop of root's powers, the
 * binaries, their cases. Prints what goes wrong.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include "cli/exit.h"
#include "host/facts.h"
#include "host/topology.h"
#include "keeper/keeper.h"
#include "plan/plan.h"
#include "plan/select.h"
#include "plan/settings.h"
#include "run/binary.h"
#include "run/cancel.h"

struct session {
	struct identity identity;
	struct keeper keeper;
	bool has_keeper;
	struct run_cancel cancel;
	struct binary *binaries;
	size_t binary_count;
	uint64_t started_ns; /* CLOCK_MONOTONIC */
	size_t refused;	     /* files that are no benchmarks */
	struct select *select;
	struct plan plan;
	struct facts_kept kept; /* what root saw of the machine, by session_keep_facts */
};

/* The two halves of session_start, for a command that has something to fork while it still is root: who is
 * who and the keeper; then the drop. EXIT_CODE_OK, or the code and its sentence. */
enum exit_code session_begin(struct session *session, const struct settings *settings, struct sb_err *err);
enum exit_code session_drop(struct session *session, struct sb_err *err);

/* For session_start: looks, while there still is root, at what others may not see of the machine. */
void session_keep_facts(struct session *session);

/* Forks the keeper, does what is to be done `as_root` (NULL: nothing) and gives up root: from here on files
 * of the user's may be read. EXIT_CODE_OK, or the code to end with; the session is to be closed in both
 * cases. */
enum exit_code session_start(struct session *session, const struct settings *settings,
			     void (*as_root)(struct session *session));

/* Which CPUs the benches get, on the machine of --sysroot where there is one. EXIT_CODE_OK, or the code and
 * its sentence. */
enum exit_code session_choose_cpus(struct session *session, const struct settings *settings,
				   struct topology *topology, struct sb_err *err);

/* Opens the binaries and plans those of their cases that the user means. */
enum exit_code session_list(struct session *session, const struct settings *settings, int count,
			    char **arguments);

/* Ends the keeper (which restores) if it still is, frees everything. */
void session_close(struct session *session);

/* Prints "stablebench: " and a sentence on stderr. */
void session_complain(const char *sentence);

#endif
