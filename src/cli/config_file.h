/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_file.h - configuration files off the disk: only regular files of bounded size, and as far as their
 * place promises it, only from those who may decide.
 */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include "keeper/identity.h"
#include "plan/config.h"

enum config_trust {
	CONFIG_OF_ROOT, /* folder and file are root's, neither is a link, nobody else may write them */
	CONFIG_OF_USER, /* the file is the user's or root's, not everyone may write it */
	CONFIG_OF_ANY,	/* named by the user: a regular file is enough */
};

struct config_source {
	const char *path;
	enum config_trust trust;
	bool must_exist;
	uid_t owner; /* the user of CONFIG_OF_USER */
};

/* Reads and parses; a file that is not there leaves an empty config, where it need not be. 0 or a negative
 * errno with a sentence that names the file. */
int config_file_read(const struct config_source *source, struct config *config, struct sb_err *err);

/* The same in a process of its own that has first given up root to become the user of `identity`: the caller,
 * who is still root, sees a checked config and not a byte of the file. */
int config_file_read_as(const struct identity *identity, const struct config_source *source,
			struct config *config, struct sb_err *err);

#endif
