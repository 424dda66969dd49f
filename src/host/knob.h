/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob.h - one descriptor per thing on the host that we can set, and one driver (knob.c) over the table.
 *
 * A knob never writes by itself: it names settings (which file, what is there, what should be), and the
 * driver journals, writes, reads back and, in the order of undo ranks, puts back. A knob whose scope is a
 * task or a file descriptor dies with it and is never journaled.
 */
#ifndef HOST_KNOB_H
#define HOST_KNOB_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "base/err.h"
#include "base/path.h"
#include "host/condition.h"
#include "host/topology.h"

enum knob_profile {
	KNOB_PROFILE_NONE,
	KNOB_PROFILE_GENTLE,
	KNOB_PROFILE_STANDARD,
	KNOB_PROFILE_STRICT,
	KNOB_PROFILES
};

enum knob_scope {
	KNOB_SCOPE_TASK, /* our own tasks: from `gentle` */
	KNOB_SCOPE_FD,	 /* held by a file descriptor of ours: from `gentle` */
	KNOB_SCOPE_HOST, /* journaled: from `standard`, opt-in ones from `strict` */
};

#define KNOB_PATH	  160
#define KNOB_VALUE	  96
#define KNOB_SETTINGS_MAX 4096

/* One value on the host: where, what was found, what is wanted. An empty target marks a companion: a value
 * that the kernel may change as a side effect of the settings before it (governor tunables vanish with their
 * governor, a boost switch resets scaling_max_freq). It is journaled and put back after them, in the order of
 * planning, never set. */
struct knob_setting {
	char path[KNOB_PATH]; /* relative to the root prefix */
	char before[KNOB_VALUE];
	char target[KNOB_VALUE];
};

struct knob_context {
	const struct path_root *root;
	struct topology topology;
	int held_fd; /* KNOB_SCOPE_FD: the descriptor that holds the request, -1 */
	pid_t front; /* the process that the keeper works for, 0: none */
};

struct knob {
	const char *name;
	const char *removes; /* the noise that it removes, one line */
	enum knob_scope scope;
	bool opt_in;
	int undo_rank; /* lower goes back first */
	/* Finds out what there is, reading only; fills condition->before, and for KNOB_SCOPE_HOST the
	 * settings (at most `room`). Positive: it can be done, and how many settings it takes (1 for _TASK
	 * and _FD). 0: already as wanted. Negative: not possible. For 0 and less the condition is concluded,
	 * with reason and mend. */
	int (*plan)(const struct knob_context *context, struct knob_setting *settings, size_t room,
		    struct condition *condition);
	/* KNOB_SCOPE_TASK and _FD: does it and reads it back into condition. NULL for _HOST. */
	void (*apply)(struct knob_context *context, struct condition *condition);
	void (*release)(struct knob_context *context);
	/* KNOB_SCOPE_HOST: how a value is written; NULL: path_write. */
	int (*write)(const struct path_root *root, const char *path, const char *value, struct sb_err *err);
	/* KNOB_SCOPE_HOST: whether a path that a journal names is one of this knob's; nothing else is ever
	 * written. */
	bool (*owns_path)(const char *path);
};

extern const struct knob knob_cpus, knob_affinity, knob_governor, knob_boost, knob_dma_latency;
extern const struct knob *const knob_table[]; /* in order of applying; NULL at the end */
const struct knob *knob_find(const char *name);
bool knob_is_in_profile(const struct knob *knob, enum knob_profile profile);

/* Plans a knob under a profile. Positive: it is to be applied, with so many settings. Else the condition is
 * concluded: not in the profile (`refused`, with what was found), not writable (`denied`), or what the plan
 * said. */
int knob_consider(const struct knob *knob, const struct knob_context *context, enum knob_profile profile,
		  struct knob_setting *settings, size_t room, struct condition *condition);

/* What `doctor` shows: a condition for each knob of the table, nothing set; `refused` where a run would set
 * it. Gives how many. */
size_t knob_survey(const struct knob_context *context, enum knob_profile profile,
		   struct condition *conditions);

/* For descriptors. knob_conclude sets name, outcome and reason; knob_deny adds what to do about missing
 * rights. Both give -EPERM for `denied`, 0 for `already`, -ENOTSUP for the rest. */
int knob_conclude(const struct knob *knob, enum condition_outcome outcome, struct condition *condition,
		  const char *reason, ...) __attribute__((format(printf, 4, 5)));
int knob_deny(const struct knob *knob, const char *path, struct condition *condition);

/* Whether a group of CPUs that share a clock holds one of the bench's or an idle sibling of one. */
bool knob_touches_bench(const struct knob_context *context, const cpu_set_t *cpus);

/* Adds a setting with what is there now; false when there is no room, or the value cannot be read or is too
 * long. */
bool knob_add(const struct path_root *root, const char *path, const char *target,
	      struct knob_setting *settings, size_t room, size_t *count);

const char *knob_profile_name(enum knob_profile profile);
bool knob_profile_parse(const char *name, enum knob_profile *profile);

#endif
