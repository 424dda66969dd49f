/* SPDX-License-Identifier: GPL-2.0-or-later */
/* configure.h - the configuration files, below environment and command line: stablebench.conf(5). */
#ifndef CLI_CONFIGURE_H
#define CLI_CONFIGURE_H

#include "cli/command.h"
#include "cli/options.h"

#define CONFIGURE_SYSTEM_FILE "/etc/stablebench/stablebench.conf"

/* Fills in what neither environment nor command line gave: from the system's file, then from that of the
 * user, which is read without root's powers. Call it before anything is done for `command`. -EINVAL and other
 * negative errnos with a sentence: a file that cannot be read or says what no option takes, or an option that
 * the system forbids. */
int configure_options(struct options *options, const struct command *command, const char *system_file,
		      struct sb_err *err);

#endif
