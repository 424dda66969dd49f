/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus.h - the system's D-Bus, where systemd runs: asked with a time limit, so that a bus that hangs hangs
 * nobody. */
#ifndef BASE_BUS_H
#define BASE_BUS_H

#include <stdbool.h>
#include <systemd/sd-bus.h>
#include "base/err.h"

#define BUS_SYSTEMD	    "org.freedesktop.systemd1"
#define BUS_SYSTEMD_PATH    "/org/freedesktop/systemd1"
#define BUS_SYSTEMD_MANAGER BUS_SYSTEMD ".Manager"

/* Whether systemd is process 1 of this machine. */
bool bus_has_systemd(void);

/* Connects; sd_bus_flush_close_unref ends it. 0 or a negative errno. */
int bus_open(sd_bus **bus, struct sb_err *err);

/* The sentence about a call that failed; frees `error`. Gives its code. */
int bus_fail(int code, sd_bus_error *error, const char *what, struct sb_err *err);

#endif
