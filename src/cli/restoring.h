/* SPDX-License-Identifier: GPL-2.0-or-later */
/* restoring.h - putting back what a killed session left, on this machine or the one of --sysroot. */
#ifndef CLI_RESTORING_H
#define CLI_RESTORING_H

#include "keeper/keeper.h"
#include "plan/settings.h"

/* As keeper_restore_leftover, for the machine, the run folder and --force of the settings. */
int restoring_run(const struct settings *settings, struct identity *identity,
		  struct keeper_restored *restored, struct sb_err *err);

#endif
