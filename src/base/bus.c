/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus.c - see bus.h. */
#include "base/bus.h"

#include <systemd/sd-daemon.h>

#define PATIENCE_US 5000000

bool bus_has_systemd(void)
{
	return sd_booted() > 0;
}

int bus_open(sd_bus **bus, struct sb_err *err)
{
	int code = sd_bus_open_system(bus);

	if (code < 0)
		return err_set(err, code, "cannot reach the system's D-Bus: %s", err_reason(code));
	sd_bus_set_method_call_timeout(*bus, PATIENCE_US);
	return 0;
}

int bus_fail(int code, sd_bus_error *error, const char *what, struct sb_err *err)
{
	err_set(err, code, "%s: %s", what, error->message ? error->message : err_reason(code));
	sd_bus_error_free(error);
	return code;
}
