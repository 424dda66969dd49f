/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_selftest.c - `stablebench selftest --kill`: kills sessions at every step of their journal, and shows
 * that the host comes back each time. */
#include <stdio.h>
#include <string.h>

#include "base/bus.h"
#include "cli/command.h"
#include "cli/drill.h"
#include "cli/session.h"

static bool run_kind(const struct drill_kind *kind, const struct settings *settings, struct sb_err *err)
{
	struct drill_result result;

	if (settings->death && strcmp(settings->death, kind->name) != 0)
		return true;
	if (kind->by_guard && (settings->sysroot || !bus_has_systemd())) {
		printf("%-7s not tried: systemd does not run here\n", kind->name);
		return true;
	}
	if (drill_run(kind, settings, stdout, &result, err))
		return false;
	printf("%-7s killed at %u steps, put back by %s: %u of %u\n", kind->name, result.steps, kind->saviour,
	       result.restored, result.steps);
	fflush(stdout);
	if (result.restored == result.steps)
		return true;
	err_set(err, -1, "the host did not come back as it was after %u of %u kills",
		result.steps - result.restored, result.steps);
	return false;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	enum exit_code code = EXIT_CODE_OK;
	struct sb_err err;

	(void)count;
	(void)arguments;
	if (!settings->kill) {
		session_complain("selftest needs --kill: it kills sessions and changes the host");
		return EXIT_CODE_USAGE;
	}
	for (const struct drill_kind *kind = drill_kinds; kind->name; kind++) {
		if (run_kind(kind, settings, &err))
			continue;
		session_complain(err.text);
		code = EXIT_CODE_NOT_RESTORED;
	}
	return code;
}

const struct command command_selftest = {
	.name = "selftest",
	.bit = OPTION_OF_SELFTEST,
	.arguments = "",
	.summary = "kill sessions at every step and prove that the host comes back",
	.arguments_min = 0,
	.arguments_max = 0,
	.is_hidden = true,
	.run = run,
};
