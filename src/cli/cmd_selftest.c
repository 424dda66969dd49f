/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_selftest.c - `stablebench selftest --kill`: kills sessions at every step of their journal, and shows
 * that the host comes back each time. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* By the person at the terminal or on the command line; a file or the environment agrees to nothing. */
static enum exit_code ask(const struct settings *settings)
{
	char answer[8] = "";

	if (settings->yes || settings->sysroot)
		return EXIT_CODE_OK;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		session_complain("selftest --kill changes this host some hundred times, and nobody can be "
				 "asked here whether it may; --yes says so");
		return EXIT_CODE_USAGE;
	}
	fputs("This host will be set and its session killed some hundred times: do that on no host that is "
	      "at work.\nGo on? Only 'yes' does: ",
	      stderr);
	if (fgets(answer, sizeof answer, stdin) && !strcmp(answer, "yes\n"))
		return EXIT_CODE_OK;
	session_complain("the answer was not 'yes': nothing was done");
	return EXIT_CODE_ERROR;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	enum exit_code code;
	struct sb_err err;

	(void)count;
	(void)arguments;
	if (!settings->kill) {
		session_complain("selftest needs --kill: it kills sessions and changes the host");
		return EXIT_CODE_USAGE;
	}
	code = ask(settings);
	if (code != EXIT_CODE_OK)
		return code;
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
