/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_show.c - `stablebench show`: prints a record, by default the last. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "report/report.h"
#include "store/store.h"

static int load(struct record *record, const char *home, int count, char **arguments, struct sb_err *err)
{
	if (count)
		return store_load_file(record, arguments[0], err);
	return store_load_last(record, home, err);
}

/* The option knows no word that is no format. */
static const struct report_format *choose_format(const struct settings *settings)
{
	if (settings->show_samples)
		return report_find("samples");
	return report_find(settings->format ? settings->format : "text");
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	const struct report_format *format = choose_format(settings);
	const struct report_style style = { .columns = terminal_columns(STDOUT_FILENO) };
	struct identity identity;
	struct record record;
	struct sb_err err;
	int code;

	if (identity_resolve(NULL, false, &identity, &err) || identity_drop_front(&identity, &err)) {
		session_complain(err.text);
		return EXIT_CODE_ERROR;
	}
	code = load(&record, identity.front_home, count, arguments, &err);
	if (!code) {
		code = format->write(&record, &style, stdout, &err);
		record_release(&record);
	}
	if (!code)
		return EXIT_CODE_OK;
	session_complain(err.text);
	return EXIT_CODE_ERROR;
}

const struct command command_show = {
	.name = "show",
	.bit = OPTION_OF_SHOW,
	.arguments = "[FILE]",
	.summary = "print a record, by default the last",
	.arguments_min = 0,
	.arguments_max = 1,
	.run = run,
};
