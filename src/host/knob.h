/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob.h - one descriptor per thing on the host that we can set, and one driver (keeper/control.c) over the
 * table.
 *
 * A knob never writes by itself: it names settings (what, what is there, what should be), and the driver
 * journals all of them, writes in the order of the table, reads back and, in the order of undo ranks, puts
 * back. A setting is a plain file below the root prefix unless the knob says how else its keys are read and
 * written: a cgroup that is there or not, a machine-specific register, a list that a daemon keeps. A knob
 * whose scope is a task or a file descriptor dies with it and is never journaled.
 */
#ifndef HOST_KNOB_H
#define HOST_KNOB_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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
	KNOB_SCOPE_TASK, /* our own tasks */
	KNOB_SCOPE_FD,	 /* held by a file descriptor of ours */
	KNOB_SCOPE_HOST, /* journaled: never in `gentle` */
};

enum knob_level {
	KNOB_SAFE,    /* from `gentle` for tasks and descriptors, from `standard` for the host */
	KNOB_OPT_IN,  /* from `strict` */
	KNOB_BY_NAME, /* only --with: changes what is measured, or is another way to do what a knob does */
};

#define KNOB_MAX	  64
#define KNOB_PATH	  160
#define KNOB_IDENTITY	  64
#define KNOB_VALUE	  320 /* a mask of 1024 CPUs in words of 32 bits takes 287 */
#define KNOB_SETTINGS_MAX 4096

/* One value on the host. An empty target marks a companion: a value that the kernel may change as a side
 * effect of the settings before it (governor tunables vanish with their governor, a boost switch resets
 * scaling_max_freq). It is journaled and put back after them, in the order of planning, never set. Of one
 * path one entry is kept: a companion gives way to a knob that sets the same. */
struct knob_setting {
	char path[KNOB_PATH]; /* relative to the root prefix, or a key that the knob's own functions know */
	char identity[KNOB_IDENTITY]; /* what else tells that it is the same thing: an IRQ's name; "" nothing
				       */
	char before[KNOB_VALUE];
	char target[KNOB_VALUE];
};

/* What each launched bench does to itself before its exec; filled by the apply of knobs of KNOB_SCOPE_TASK.
 */
struct knob_task {
	bool fifo;	   /* SCHED_FIFO 1, reset on fork */
	bool no_huge_page; /* PR_SET_THP_DISABLE */
	bool fixed_layout; /* ADDR_NO_RANDOMIZE */
	bool warm_cache;   /* the binary is read once before it is run */
	bool bind_memory;  /* to the nodes below */
	uint64_t memory_nodes[16];
};

struct knob_context {
	const struct path_root *root;
	struct topology topology;
	pid_t front;	     /* the process that the keeper works for, 0: none */
	bool is_shared;	     /* many tasks will run on the bench's CPUs: they need a load balancer */
	bool wants_counters; /* hardware counters will be read */
	char run_id[24]; /* names what we make on the host: "1234-5678", pid and start time of the keeper */
	struct knob_task task;
	int latency_fd;	     /* holds the request of dma-latency, -1 */
	int cgroup_procs_fd; /* cgroup.procs of the cgroup that benches are put into, -1: none */
	int cpuset_procs_fd; /* the same of a cpuset of version 1 */
	int cgroup_kill_fd;  /* its cgroup.kill, -1: none, or a kernel before 5.14 */
	void *profile_hold;  /* connection that holds a power profile, NULL */
};

struct knob_plan {
	const struct knob *knob; /* the one that plans */
	const struct path_root *root;
	struct knob_setting *settings;
	size_t room, count;
	bool is_full; /* a setting found no room */
};

/* What became of one setting when it was written. */
struct knob_result {
	const struct knob_setting *setting;
	const char *observed; /* as read back, "" when it could not be read */
	int code;	      /* of the write: 0 or a negative errno */
};

struct knob {
	const char *name;
	const char *removes; /* the noise that it removes, one line */
	enum knob_scope scope;
	enum knob_level level;
	/* Why a session can do without it, NULL where it cannot; asked unless --with names the knob. NULL:
	 * each needs it. */
	const char *(*spare)(const struct knob_context *context);
	const struct knob *needs; /* NULL: none; where the choice leaves that out, this one is unsupported */
	const char *harm;	  /* what it would do without */
	bool asks_daemon;     /* its plan talks to a program of others, which a session does only where it is
				 chosen */
	bool is_unproven;     /* seen on no real kernel yet: never KNOB_SAFE */
	bool is_watched;      /* read again after each launch: somebody may undo it */
	bool moves_by_itself; /* the kernel may change it and tells when it did: that it was told is a change
			       */
	bool is_sole_owner;   /* nobody else has reason to touch it: whatever is there goes back, what is gone
			       * is back */
	bool may_vanish;      /* hardware that comes and goes: what is gone is told, and no conflict */
	bool is_plain_file; /* its write function writes to the path that it is given, so rights can be asked
			       first */
	bool is_undone_last_first; /* its settings go back in reverse order of planning */
	bool is_moved_along;	   /* its values move when other knobs write, also on the way back */
	bool is_applied_first; /* its apply may move what others set: done before the first write, released
				* before the first is put back */
	bool takes_along;   /* what other knobs set is gone while its settings stand, and comes back with them
			       as the kernel likes it */
	int undo_rank;	    /* lower goes back first */
	const void *detail; /* what tells descriptors apart that share their functions */
	/* Finds out what there is, reading only; fills condition->before, and for KNOB_SCOPE_HOST the
	 * settings. Positive: it can be done (for _HOST: plan->count). 0: already as wanted. Negative: not
	 * possible. For 0 and less the condition is concluded, with reason and mend. */
	int (*plan)(const struct knob_context *context, struct knob_plan *plan, struct condition *condition);
	/* KNOB_SCOPE_TASK and _FD: does it and reads it back into condition. _HOST: NULL, or what is left to
	 * do once the settings stand. */
	void (*apply)(const struct knob *knob, struct knob_context *context, struct condition *condition);
	void (*release)(const struct knob *knob, struct knob_context *context);
	/* KNOB_SCOPE_FD: whether what was applied still holds; asked after each launch. Else `reason` is a
	 * sentence. NULL: nobody can undo it. */
	bool (*stands)(const struct knob_context *context, char *reason, size_t size);

	/* KNOB_SCOPE_HOST. NULL: path_read, path_write, value_is_same_text, no identity. */
	int (*read)(const struct path_root *root, const char *path, char *text, size_t size,
		    struct sb_err *err);
	int (*write)(const struct path_root *root, const char *path, const char *value, struct sb_err *err);
	bool (*is_same)(const char *one, const char *other);
	int (*identify)(const struct path_root *root, const char *path, char *text, size_t size);
	/* Whether a watched value that somebody changed is as good for the bench as what we left. NULL: none
	 * is. */
	bool (*serves)(const char *now, const char *left);
	/* Whether a value that is not as we left it is nobody's wish: a program moves it all the time. NULL:
	 * it is somebody's. */
	bool (*is_ours)(const struct path_root *root);
	/* Waits until a value that was written back is the one that reads; 0 or a negative errno. With it a
	 * value is written back also where it reads as before, for a later one may be on its way. NULL: what
	 * was written reads at once. */
	int (*settle)(const struct path_root *root, const char *path, const char *value, struct sb_err *err);
	/* Judges the settings after all were written, where a failed one among them is no failure of the
	 * whole. NULL: all must read as their target. */
	void (*judge)(const struct knob *knob, const struct knob_result *results, size_t count,
		      struct condition *condition);
	/* Whether a path that a journal names is one of this knob's; nothing else is ever written. */
	bool (*owns_path)(const struct knob *knob, const char *path);
};

extern const struct knob *const knob_table[]; /* in order of applying; NULL at the end; at most KNOB_MAX */
const struct knob *knob_find(const char *name);

/* Which knobs a session sets: those of a profile, more by name, fewer by name. */
struct knob_choice {
	enum knob_profile profile;
	uint64_t with, without; /* bits by place in the table */
};

uint64_t knob_bit(const struct knob *knob);
bool knob_is_chosen(const struct knob *knob, const struct knob_choice *choice);

/* The first profile that has the knob; KNOB_PROFILES for one that is set by name only. */
enum knob_profile knob_first_profile(const struct knob *knob);

/* Plans a knob. Positive: it is to be applied, with so many settings in `plan`, whose room counts for this
 * knob alone. Else the condition is concluded: not chosen (`refused`, with what was found), not writable
 * (`denied`), or what the knob said. */
int knob_consider(const struct knob *knob, const struct knob_context *context,
		  const struct knob_choice *choice, struct knob_plan *plan, struct condition *condition);

/* What `doctor` and `knobs` show: a condition for each knob of the table, nothing set; `refused` where a run
 * would set it. Gives how many. */
size_t knob_survey(const struct knob_context *context, const struct knob_choice *choice,
		   struct condition *conditions);

/* Reads, writes and compares as the knob says. */
int knob_read(const struct knob *knob, const struct path_root *root, const char *path, char *text,
	      size_t size, struct sb_err *err);
int knob_write(const struct knob *knob, const struct path_root *root, const char *path, const char *value,
	       struct sb_err *err);
bool knob_is_same(const struct knob *knob, const char *one, const char *other);

/* Whether what is there now may be put back: it is what we left, or nobody's wish. */
bool knob_is_ours(const struct knob *knob, const struct path_root *root, const char *now, const char *left);

/* Whether what a setting names is still the thing that was journaled. */
bool knob_is_identical(const struct knob *knob, const struct path_root *root,
		       const struct knob_setting *setting);

/* For descriptors. knob_conclude sets name, outcome and reason; knob_deny adds what to do about missing
 * rights. Both give -EPERM for `denied`, 0 for `already`, -ENOTSUP for the rest. */
int knob_conclude(const struct knob *knob, enum condition_outcome outcome, struct condition *condition,
		  const char *reason, ...) __attribute__((format(printf, 4, 5)));
/* Concludes that the choice leaves a knob out, and how to have it. -ENOTSUP. */
int knob_refuse(const struct knob *knob, const struct knob_choice *choice, struct condition *condition);
int knob_deny(const struct knob *knob, const char *path, struct condition *condition);

/* Whether a set of CPUs holds one of the bench's or an idle sibling of one. */
bool knob_touches_bench(const struct knob_context *context, const cpu_set_t *cpus);

/* Adds a setting with what is there now; false when there is no room, or the value cannot be read or is too
 * long. */
bool knob_add(struct knob_plan *plan, const char *path, const char *target);

/* Adds a setting unless it reads as wanted already; counts those in `already`. False as knob_add. */
bool knob_want(struct knob_plan *plan, const char *path, const char *target, size_t *already);

const char *knob_profile_name(enum knob_profile profile);
bool knob_profile_parse(const char *name, enum knob_profile *profile);

#endif
