/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_show.c - `stablebench show`: prints a record, by default the last. */
#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/session.h"
#include "report/report.h"
#include "store/store.h"

static int load(struct record *record, const char *home, int count, char **arguments, struct sb_err *err)
{
	if (count)
		return store_load_file(record, arguments[0], err);
	return store_load_last(record, home, err);
}

static const struct report_format *choose_format(const struct settings *settings)
{
	const char *name = settings->format ? settings->format : settings->show_samples ? "samples" : "text";
	const struct report_format *format = report_find(name);

	if (format)
		return format;
	fprintf(stderr, "stablebench show: unknown format '%s'; there are:", name);
	for (const struct report_format *const *known = report_formats; *known; known++)
		fprintf(stderr, " %s", (*known)->name);
	fputc('\n', stderr);
	return NULL;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	const struct report_format *format = choose_format(settings);
	struct report_style style = { 0 };
	struct identity identity;
	struct winsize window;
	struct record record;
	struct sb_err err;
	int code;

	if (!format)
		return EXIT_CODE_USAGE;
	if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &window))
		style.columns = window.ws_col;
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
