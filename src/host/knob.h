/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob.h - one descriptor per thing on the host that we can set, and one driver (knob.c) over the table.
 *
 * A knob never writes by itself: it names settings (which file, what is there, what should be), and the driver
 * journals, writes, reads back and, in the order of undo ranks, puts back. A knob whose scope is a task or a file
 * descriptor dies with it and is never journaled.
 */
#ifndef HOST_KNOB_H
#define HOST_KNOB_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"
#include "base/path.h"
#include "host/condition.h"
#include "host/topology.h"

enum knob_profile { KNOB_PROFILE_NONE, KNOB_PROFILE_GENTLE, KNOB_PROFILE_STANDARD, KNOB_PROFILE_STRICT, KNOB_PROFILES };

enum knob_scope {
	KNOB_SCOPE_TASK, /* our own tasks: from `gentle` */
	KNOB_SCOPE_FD,   /* held by a file descriptor of ours: from `gentle` */
	KNOB_SCOPE_HOST, /* journaled: from `standard`, opt-in ones from `strict` */
};

#define KNOB_PATH  160
#define KNOB_VALUE 96
#define KNOB_SETTINGS_MAX 2048

/* One value on the host: where, what was found, what is wanted. */
struct knob_setting {
	char path[KNOB_PATH];     /* relative to the root prefix */
	char before[KNOB_VALUE];
	char target[KNOB_VALUE];
};

struct knob_context {
	const struct path_root *root;
	struct topology topology;
	int held_fd;         /* KNOB_SCOPE_FD: the descriptor that holds the request, -1 */
};

struct knob {
	const char *name;
	const char *removes;  /* the noise that it removes, one line */
	enum knob_scope scope;
	bool opt_in;
	int undo_rank;        /* lower goes back first */
	/* Finds out whether the host has it, fills condition->before, ->reason, ->mend and, for KNOB_SCOPE_HOST, the
	 * settings (at most `room`). Gives the number of settings, or -ENOTSUP (condition says why), or -errno. */
	int (*plan)(const struct knob_context *context, struct knob_setting *settings, size_t room,
		    struct condition *condition);
	/* KNOB_SCOPE_TASK and _FD: does it and reads it back into condition. NULL for _HOST. */
	void (*apply)(struct knob_context *context, struct condition *condition);
	void (*release)(struct knob_context *context);
	/* KNOB_SCOPE_HOST: how a value is written; NULL: path_write. */
	int (*write)(const struct path_root *root, const char *path, const char *value, struct sb_err *err);
	/* KNOB_SCOPE_HOST: whether a path that a journal names is one of this knob's; nothing else is ever written. */
	bool (*owns_path)(const char *path);
};

extern const struct knob *const knob_table[]; /* in order of applying; NULL at the end */
const struct knob *knob_find(const char *name);
bool knob_is_in_profile(const struct knob *knob, enum knob_profile profile);

const char *knob_profile_name(enum knob_profile profile);
bool knob_profile_parse(const char *name, enum knob_profile *profile);

#endif
