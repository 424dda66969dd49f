/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * power_profiles.h - a word with the daemon that keeps the machine's power profile: power-profiles-daemon, or
 * tuned-ppd in its place.
 *
 * A hold asks for a profile until it is released, the asking connection ends, or somebody chooses a profile
 * by hand; a hold of `power-saver` wins over all others (org.freedesktop.UPower.PowerProfiles.xml). A daemon
 * that does not run is never started: at its start it sets what it finds to its own idea.
 */
#ifndef HOST_POWER_PROFILES_H
#define HOST_POWER_PROFILES_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

#define POWER_PROFILES_NAME 64

struct power_profiles; /* a connection to the daemon, and the hold that goes with it */

struct power_profiles_state {
	char active[POWER_PROFILES_NAME];   /* "balanced", "performance", "power-saver" */
	char degraded[POWER_PROFILES_NAME]; /* why the machine falls short of `performance`; "" it does not */
	char saver[POWER_PROFILES_NAME];    /* which program holds `power-saver`, "" none */
	bool has_performance;		    /* it is among the profiles that can be chosen */
	bool is_held;			    /* some program holds a profile */
};

/* Connects. -ENOENT where no such daemon runs, -ENXIO where one is installed and does not run, or another
 * negative errno where the bus cannot be reached; each with the sentence. */
int power_profiles_open(struct power_profiles **profiles, struct sb_err *err);

/* Ends the connection, and with it the hold. NULL is fine. */
void power_profiles_close(struct power_profiles *profiles);

/* What the daemon tells now. 0 or a negative errno. */
int power_profiles_look(struct power_profiles *profiles, struct power_profiles_state *state,
			struct sb_err *err);

/* Holds `performance`, once a connection. 0 or a negative errno: -EACCES when the daemon does not let us. */
int power_profiles_hold(struct power_profiles *profiles, struct sb_err *err);

/* Whether `performance` is still active, without asking unless the daemon had something to say since. Else
 * `active` is what is, "" where the daemon is gone. */
bool power_profiles_stands(struct power_profiles *profiles, char *active, size_t size);

#endif
