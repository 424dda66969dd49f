/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * identity.h - who is who: under which user the front and the benches run.
 *
 *	not root               front, keeper and benches are the invoking user; no keeper powers
 *	sudo by a user         front and benches are SUDO_UID:SUDO_GID with that user's groups
 *	root (SUDO_UID unset, malformed or 0)   front stays uid 0 with all capabilities dropped; benches are
 *	                       `--user NAME`, by default nobody
 *	--allow-root           benches run as root; said in the record
 */
#ifndef KEEPER_IDENTITY_H
#define KEEPER_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>
#include "base/err.h"

#define IDENTITY_NAME	64
#define IDENTITY_HOME	256
#define IDENTITY_GROUPS 1024

struct identity {
	bool privileged; /* the keeper has root's powers */
	bool allow_root;
	uid_t front_uid; /* == 0: keep it, drop capabilities */
	gid_t front_gid;
	char front_user[IDENTITY_NAME];
	char front_home[IDENTITY_HOME];
	uid_t bench_uid;
	gid_t bench_gid;
	char bench_user[IDENTITY_NAME];
	char bench_home[IDENTITY_HOME];
	int bench_group_count; /* looked up beforehand: between fork and exec nothing may ask the name service
				*/
	gid_t bench_groups[IDENTITY_GROUPS];
};

/* Resolves from the process and its environment. -EINVAL for a --user that does not exist or is root without
 * --allow-root, -EPERM for --user or --allow-root without root, or for a program installed set-user-id. */
int identity_resolve(const char *user, bool allow_root, struct identity *identity, struct sb_err *err);

/* Gives up root for good in the calling process (the front), verified by trying to get it back. No-op when
 * not privileged. A failure must end the program. */
int identity_drop_front(const struct identity *identity, struct sb_err *err);

/* In the child of a launch, between fork and exec: async-signal-safe, verified. 0 or a negative errno; `step`
 * then names the call that failed. */
int identity_become_bench(const struct identity *identity, const char **step);

/* Why such a failure was, and what to try: "" or "; here nobody else can be become ...". `code` is an errno.
 */
const char *identity_mend(const char *step, int code);

/* A user or group number as sudo writes it: decimal digits alone, below the reserved (uid_t)-1. */
bool identity_parse_id(const char *text, unsigned *id);

#endif
