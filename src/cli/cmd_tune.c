/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_tune.c - `stablebench tune`: sets the host and holds it by a keeper that stays, until `stablebench
 * restore`. */
#include <stdio.h>

#include "base/cpulist.h"
#include "cli/command.h"
#include "cli/hold.h"

static enum exit_code tune(struct session *session, const struct settings *settings, struct sb_err *err)
{
	char cpus[256];
	struct topology topology;
	const struct hold_wish wish = { .topology = &topology, .is_shared = true, .purpose = "tune" };
	struct hold hold = { .count = 0 };
	enum exit_code code = session_choose_cpus(session, settings, &topology, err);

	if (code == EXIT_CODE_OK)
		code = hold_host(session, settings, &wish, &hold, err);
	if (code != EXIT_CODE_OK)
		return code;
	hold_tell(&hold, stdout);
	if (keeper_linger(&session->keeper, err))
		return exit_code_worse(EXIT_CODE_ERROR, hold_release(session, &hold, err));
	session->has_keeper = false;
	printf("held for CPU %s until '%sstablebench restore'\n",
	       cpulist_format(&topology.bench, cpus, sizeof cpus),
	       session->identity.privileged ? "sudo " : "");
	return EXIT_CODE_OK;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	struct session session;
	struct sb_err err = { 0 };
	enum exit_code code = session_start(&session, settings, NULL);

	(void)count;
	(void)arguments;
	if (code == EXIT_CODE_OK) {
		code = tune(&session, settings, &err);
		if (code != EXIT_CODE_OK)
			session_complain(err.text);
	}
	session_close(&session);
	return code;
}

const struct command command_tune = {
	.name = "tune",
	.bit = OPTION_OF_TUNE,
	.arguments = "",
	.summary = "set the host and hold it until 'stablebench restore'",
	.arguments_min = 0,
	.arguments_max = 0,
	.run = run,
};
