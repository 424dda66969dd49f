/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about cli/progress: what stderr shows while a session runs, on a terminal and in a file. */
#include "cli/progress.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "unit.h"

/* A claim has a process of its own, so its stderr may be turned away. */
struct screen {
	int reader, saved;
	char text[1024];
};

static void screen_take(struct screen *screen, int reader, int writer)
{
	screen->reader = reader;
	screen->saved = dup(STDERR_FILENO);
	ck_assert_int_eq(dup2(writer, STDERR_FILENO), STDERR_FILENO);
	close(writer);
	fcntl(reader, F_SETFL, O_NONBLOCK);
}

static void screen_of_file(struct screen *screen)
{
	int pipes[2];

	ck_assert_int_eq(pipe(pipes), 0);
	screen_take(screen, pipes[0], pipes[1]);
}

static void screen_of_terminal(struct screen *screen, unsigned short columns)
{
	const struct winsize size = { .ws_row = 24, .ws_col = columns };
	struct termios plain;
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	ck_assert_int_ge(master, 0);
	ck_assert_int_eq(grantpt(master), 0);
	ck_assert_int_eq(unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	ck_assert_int_ge(slave, 0);
	ck_assert_int_eq(tcgetattr(slave, &plain), 0);
	cfmakeraw(&plain);
	ck_assert_int_eq(tcsetattr(slave, TCSANOW, &plain), 0);
	ck_assert_int_eq(ioctl(slave, TIOCSWINSZ, &size), 0);
	screen_take(screen, master, slave);
}

static const char *screen_text(struct screen *screen)
{
	ssize_t size;

	fflush(stderr);
	dup2(screen->saved, STDERR_FILENO);
	size = read(screen->reader, screen->text, sizeof screen->text - 1);
	screen->text[size > 0 ? size : 0] = '\0';
	close(screen->reader);
	close(screen->saved);
	return screen->text;
}

static struct schedule_progress third_launch(void)
{
	return (struct schedule_progress){ .case_name = "suite/case",
					   .launches = 3,
					   .cases = 7,
					   .cases_done = 2,
					   .estimate_s = 12.34e-9,
					   .cov_between = 0.0012,
					   .rciw = 0.0021,
					   .seconds_left = 41.6 };
}

START_TEST(a_file_gets_a_line_for_each_case_that_is_done)
{
	struct schedule_progress now = third_launch();
	struct progress progress;
	struct screen screen;

	screen_of_file(&screen);
	progress_init(&progress, false);
	progress_show(&progress, &now);
	now.case_done = true;
	now.cases_done = 3;
	progress_show(&progress, &now);
	progress_clear(&progress);
	ck_assert_str_eq(screen_text(&screen),
			 "[3/7] suite/case: 3 launches  12.34 ns +-0.21 %  CoV 0.12 %  42 s left\n");
}
END_TEST

START_TEST(a_terminal_gets_one_line_that_changes)
{
	struct schedule_progress now = third_launch();
	struct progress progress;
	struct screen screen;

	setenv("TERM", "xterm", 1);
	screen_of_terminal(&screen, 200);
	progress_init(&progress, false);
	now.launches = 1;
	now.rciw = now.cov_between = NAN;
	now.seconds_left = 600;
	progress_show(&progress, &now);
	now.calibrating = true;
	now.seconds_left = NAN;
	progress_show(&progress, &now);
	now.is_cooling = true;
	now.now_c = 51.25;
	now.until_c = 43;
	progress_show(&progress, &now);
	progress_clear(&progress);
	ck_assert_str_eq(screen_text(&screen),
			 "\r\033[K[2/7] suite/case: 1 launch  12.34 ns -  CoV -  10 min left"
			 "\r\033[K[2/7] suite/case: calibrating  "
			 "\r\033[K[2/7] suite/case: waits for the CPU to cool from 51.2 C to 43.0 C"
			 "\r\033[K");
}
END_TEST

START_TEST(a_line_never_wraps)
{
	struct schedule_progress now = third_launch();
	struct progress progress;
	struct screen screen;
	char name[600];

	setenv("TERM", "xterm", 1);
	screen_of_terminal(&screen, 40);
	progress_init(&progress, false);
	progress_show(&progress, &now);
	ck_assert_str_eq(screen_text(&screen), "\r\033[K[2/7] suite/case: 3 launches  12.34 ns ");
	memset(name, 'n', sizeof name - 1); /* longer than the line can be at all */
	name[sizeof name - 1] = '\0';
	now.case_name = name;
	screen_of_terminal(&screen, 40);
	progress_show(&progress, &now);
	ck_assert_uint_eq(strlen(screen_text(&screen)), 4 + 39);
}
END_TEST

START_TEST(quiet_shows_trouble_alone)
{
	struct schedule_progress now = third_launch();
	struct progress progress;
	struct screen screen;

	now.case_done = true;
	screen_of_file(&screen);
	progress_init(&progress, true);
	progress_show(&progress, &now);
	now.trouble = "the benchmark was killed by signal 11";
	progress_show(&progress, &now);
	progress_clear(&progress);
	ck_assert_str_eq(screen_text(&screen), "suite/case: the benchmark was killed by signal 11\n");
}
END_TEST

START_TEST(trouble_stands_for_the_line_of_its_case)
{
	struct schedule_progress now = third_launch();
	struct progress progress;
	struct screen screen;

	now.case_done = true;
	now.trouble = "wrong sum";
	screen_of_file(&screen);
	progress_init(&progress, false);
	progress_show(&progress, &now);
	ck_assert_str_eq(screen_text(&screen), "suite/case: wrong sum\n");
}
END_TEST

START_TEST(a_dumb_terminal_is_a_file)
{
	struct progress progress;
	struct screen screen;

	setenv("TERM", "dumb", 1);
	screen_of_terminal(&screen, 100);
	progress_init(&progress, false);
	progress_clear(&progress);
	ck_assert_str_eq(screen_text(&screen), "");
	ck_assert(!progress.is_terminal);
}
END_TEST

UNIT_MAIN("progress", a_file_gets_a_line_for_each_case_that_is_done, a_terminal_gets_one_line_that_changes,
	  a_line_never_wraps, quiet_shows_trouble_alone, trouble_stands_for_the_line_of_its_case,
	  a_dumb_terminal_is_a_file)
