/* SPDX-License-Identifier: GPL-2.0-or-later */
/* progress.c - see progress.h. */
#include "cli/progress.h"

#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "cli/terminal.h"

void progress_init(struct progress *progress, bool quiet)
{
	const char *term = getenv("TERM");
	int columns = terminal_columns(STDERR_FILENO);

	*progress = (struct progress){ .is_quiet = quiet, .columns = columns > 20 ? columns : 80 };
	progress->is_terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
}

static void format_left(double seconds, char *text, size_t size)
{
	if (!isfinite(seconds))
		*text = '\0';
	else if (seconds < 90)
		snprintf(text, size, "%.0f s left", seconds);
	else
		snprintf(text, size, "%.0f min left", seconds / 60);
}

static void format_line(const struct schedule_progress *now, char *line, size_t size)
{
	char estimate[32], cov[32], width[32], left[32];
	int used = snprintf(line, size, "[%zu/%zu] %s: ", now->cases_done, now->cases, now->case_name);

	if (used < 0 || (size_t)used >= size)
		return;
	format_left(now->seconds_left, left, sizeof left);
	if (now->is_cooling)
		snprintf(line + used, size - (size_t)used, "waits for the CPU to cool from %.1f C to %.1f C",
			 now->now_c, now->until_c);
	else if (now->calibrating)
		snprintf(line + used, size - (size_t)used, "calibrating  %s", left);
	else
		snprintf(line + used, size - (size_t)used, "%zu launch%s  %s %s%s  CoV %s  %s", now->launches,
			 now->launches == 1 ? "" : "es",
			 units_format_time(now->estimate_s, estimate, sizeof estimate),
			 isfinite(now->rciw) ? "+-" : "",
			 units_format_percent(now->rciw, width, sizeof width),
			 units_format_percent(now->cov_between, cov, sizeof cov), left);
}

void progress_clear(const struct progress *progress)
{
	if (progress->is_terminal && !progress->is_quiet)
		fputs("\r\033[K", stderr);
}

void progress_show(void *context, const struct schedule_progress *now)
{
	const struct progress *progress = context;
	char line[512];

	if (now->trouble) {
		progress_clear(progress);
		fprintf(stderr, "%s: %s\n", now->case_name, now->trouble);
	}
	if (progress->is_quiet)
		return;
	format_line(now, line, sizeof line);
	if (progress->is_terminal)
		fprintf(stderr, "\r\033[K%.*s", progress->columns - 1, line);
	else if (now->case_done && !now->trouble)
		fprintf(stderr, "%s\n", line);
	fflush(stderr);
}
