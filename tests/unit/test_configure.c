/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/configure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static char folder[64], system_file[96], user_file[96];
static struct option_row rows[OPTION_ROWS_MAX];
static struct settings settings;
static struct options options;
static struct sb_err err;

static void put(const char *path, const char *text)
{
	FILE *stream = fopen(path, "w");

	ck_assert_ptr_nonnull(stream);
	fputs(text, stream);
	fclose(stream);
	ck_assert_int_eq(chmod(path, 0644), 0);
}

/* A system with these two files; NULL: no such file. */
static void begin(const char *system_text, const char *user_text)
{
	strcpy(folder, "/tmp/stablebench-configure-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(system_file, sizeof system_file, "%s/system.conf", folder);
	snprintf(user_file, sizeof user_file, "%s/stablebench", folder);
	ck_assert_int_eq(mkdir(user_file, 0755), 0);
	snprintf(user_file, sizeof user_file, "%s/stablebench/stablebench.conf", folder);
	setenv("XDG_CONFIG_HOME", folder, 1);
	unsetenv("SUDO_UID");
	if (system_text)
		put(system_file, system_text);
	if (user_text)
		put(user_file, user_text);
}

static void end(void)
{
	settings_release(&settings);
	unlink(system_file);
	unlink(user_file);
	*strrchr(user_file, '/') = '\0';
	rmdir(user_file);
	ck_assert_int_eq(rmdir(folder), 0);
}

#define CONFIGURE(command, ...) configure(command, (const char *[]){ "x", ##__VA_ARGS__, NULL })

static int configure(const struct command *command, const char **argv)
{
	int argc = 0, help;

	while (argv[argc])
		argc++;
	settings_release(&settings);
	settings_init(&settings);
	options = (struct options){ .rows = rows, .settings = &settings };
	err = (struct sb_err){ 0 };
	options_select(command->bit, rows);
	ck_assert_int_gt(options_parse(&options, argc, (char **)argv, &help, &err), 0);
	return configure_options(&options, command, system_file, &err);
}

/* The sentence, which begins with the file. */
static void check_said(const char *file, const char *rest)
{
	ck_assert_ptr_eq(strstr(err.text, file), err.text);
	ck_assert_str_eq(err.text + strlen(file), rest);
}

START_TEST(without_files_everything_is_built_in)
{
	begin(NULL, NULL);
	ck_assert_int_eq(CONFIGURE(&command_run), 0);
	ck_assert_uint_eq(settings.launches.high, 30);
	rmdir(user_file);
	setenv("XDG_CONFIG_HOME", "/nonexistent/at/all", 1);
	ck_assert_int_eq(CONFIGURE(&command_run), 0);
	end();
}
END_TEST

START_TEST(each_level_wins_over_those_below)
{
	begin("samples = 1\nmax-time = 1s\nlaunches = 1\ntimeout = 1s\n",
	      "samples = 2\nmax-time = 2s\nlaunches = 2\n");
	setenv("STABLEBENCH_MAX_TIME", "3s", 1);
	setenv("STABLEBENCH_SAMPLES", "3", 1);
	ck_assert_int_eq(CONFIGURE(&command_run, "--samples", "4"), 0);
	unsetenv("STABLEBENCH_MAX_TIME");
	unsetenv("STABLEBENCH_SAMPLES");
	ck_assert_double_eq(settings.timeout_s, 1);
	ck_assert_uint_eq(settings.launches.high, 2);
	ck_assert_double_eq(settings.max_time_s, 3);
	ck_assert_uint_eq(settings.samples, 4);
	end();
}
END_TEST

START_TEST(a_command_of_its_own_wins_within_a_file_but_not_over_the_users)
{
	begin("[run]\nsamples = 1\ntimeout = 1s\n[stablebench]\nsamples = 2\ntimeout = 2s\n",
	      "[list]\ntimeout = 9s\n[stablebench]\nsamples = 3\n");
	ck_assert_int_eq(CONFIGURE(&command_run), 0);
	ck_assert_double_eq(settings.timeout_s, 1);
	ck_assert_uint_eq(settings.samples, 3);
	ck_assert_int_eq(CONFIGURE(&command_list), 0);
	ck_assert_double_eq(settings.timeout_s, 9);
	end();
}
END_TEST

START_TEST(lists_add_up_within_a_level_and_are_replaced_by_the_next)
{
	begin("tag = a\ntag = b\nskip = s\nfilter = f\n", "tag = c\ntag = d\nskip =\n");
	ck_assert_int_eq(CONFIGURE(&command_run, "--filter", "g"), 0);
	ck_assert_uint_eq(settings.tag.count, 2);
	ck_assert_str_eq(settings.tag.texts[0], "c");
	ck_assert_str_eq(settings.tag.texts[1], "d");
	ck_assert_uint_eq(settings.skip.count, 0);
	ck_assert_uint_eq(settings.filter.count, 1);
	ck_assert_str_eq(settings.filter.texts[0], "g");
	end();
}
END_TEST

START_TEST(of_a_knob_in_both_lists_the_higher_level_decides)
{
	uint64_t boost = knob_bit(knob_find("boost")), governor = knob_bit(knob_find("governor"));

	begin("without = boost,governor\n", NULL);
	ck_assert_int_eq(CONFIGURE(&command_run, "--with", "boost"), 0);
	ck_assert_uint_eq(settings.choice.with, boost);
	ck_assert_uint_eq(settings.choice.without, governor);
	ck_assert_int_eq(CONFIGURE(&command_run, "--with", "boost", "--without", "boost"), 0);
	ck_assert_uint_eq(settings.choice.without, boost);
	end();
}
END_TEST

START_TEST(unknown_names_get_the_place_and_the_nearest)
{
	begin(NULL, "quiet = 1\n[run]\npresicion = 1%\n");
	ck_assert_int_lt(CONFIGURE(&command_list), 0);
	check_said(user_file, ":3: unknown key 'presicion'; did you mean 'precision'?");
	put(user_file, "[rnu]\nprecision = 1%\n");
	ck_assert_int_lt(CONFIGURE(&command_run), 0);
	check_said(user_file, ":2: unknown section [rnu]; did you mean [run]?");
	put(user_file, "[list]\nprecision = 1%\n");
	ck_assert_int_lt(CONFIGURE(&command_run), 0);
	check_said(user_file, ":2: unknown key 'precision'; keys are the long options of stablebench list");
	put(user_file, "config = /etc/passwd\n");
	ck_assert_int_lt(CONFIGURE(&command_run), 0);
	check_said(user_file, ":1: 'config' does not stand in files; give --config");
	put(user_file, "[show]\nsamples = 1\n");
	ck_assert_int_lt(CONFIGURE(&command_show), 0);
	check_said(user_file, ":2: 'samples' does not stand in files; give --samples");
	end();
}
END_TEST

START_TEST(bad_values_and_values_given_twice_are_refused)
{
	begin(NULL, "[run]\nlaunches = 9:3\n");
	ck_assert_int_lt(CONFIGURE(&command_run), 0);
	check_said(user_file, ":2: launches: '9:3' ends before it begins; write MIN:MAX");
	ck_assert_int_eq(CONFIGURE(&command_list), 0);
	put(user_file, "quiet = yes\n");
	ck_assert_int_lt(CONFIGURE(&command_run), 0);
	check_said(user_file, ":1: quiet: 'yes' is neither 1 nor 0");
	put(user_file, "[run]\nsamples = 3\nquiet = 1\nsamples = 4\n");
	ck_assert_int_lt(CONFIGURE(&command_run), 0);
	check_said(user_file, ":4: 'samples' is given twice");
	end();
}
END_TEST

START_TEST(a_key_that_is_another_thing_to_this_command_is_left_out)
{
	begin(NULL, "samples = 5\n");
	ck_assert_int_eq(CONFIGURE(&command_show), 0);
	ck_assert(!settings.show_samples);
	end();
}
END_TEST

START_TEST(a_named_file_stands_for_the_users_and_must_be_there)
{
	char named[96];

	begin("samples = 1\ntimeout = 1s\n", "samples = 2\n");
	snprintf(named, sizeof named, "%s/named.conf", folder);
	put(named, "samples = 3\n");
	ck_assert_int_eq(CONFIGURE(&command_run, "--config", named), 0);
	ck_assert_uint_eq(settings.samples, 3);
	ck_assert_double_eq(settings.timeout_s, 1);
	unlink(named);
	ck_assert_int_eq(CONFIGURE(&command_run, "--config", named), -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, named));
	end();
}
END_TEST

START_TEST(no_config_leaves_out_both_but_the_higher_level_decides)
{
	begin("samples = 1\n", "samples = 2\n");
	ck_assert_int_eq(CONFIGURE(&command_run, "--no-config"), 0);
	ck_assert_uint_eq(settings.samples, 0);
	setenv("STABLEBENCH_NO_CONFIG", "1", 1);
	ck_assert_int_eq(CONFIGURE(&command_run), 0);
	ck_assert_uint_eq(settings.samples, 0);
	ck_assert_int_eq(CONFIGURE(&command_run, "--config", user_file), 0);
	ck_assert_uint_eq(settings.samples, 2);
	unsetenv("STABLEBENCH_NO_CONFIG");
	end();
}
END_TEST

/* A line in a file would send each `restore` to that tree, away from the host that is to be put back. */
START_TEST(another_machine_is_looked_at_only_when_asked_for_each_time)
{
	begin(NULL, "sysroot = /tmp\n");
	ck_assert_int_eq(CONFIGURE(&command_restore), -EINVAL);
	check_said(user_file, ":1: 'sysroot' does not stand in files; give --sysroot");
	end();
}
END_TEST

START_TEST(what_the_system_forbids_nobody_gives)
{
	begin("[security]\nforbid-user = 1\nforbid-allow-root = 1\n", NULL);
	ck_assert_int_eq(CONFIGURE(&command_run), 0);
	ck_assert_int_eq(CONFIGURE(&command_run, "--user", "nobody"), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.text, "--user is forbidden by "));
	ck_assert_ptr_nonnull(strstr(err.text, ":2 (forbid-user)"));
	ck_assert_int_eq(CONFIGURE(&command_run, "--allow-root"), -EPERM);
	ck_assert_int_eq(CONFIGURE(&command_run, "--no-config", "--allow-root"), geteuid() == 0 ? -EPERM : 0);
	setenv("STABLEBENCH_ALLOW_ROOT", "1", 1);
	ck_assert_int_eq(CONFIGURE(&command_list), -EPERM);
	setenv("STABLEBENCH_ALLOW_ROOT", "0", 1);
	ck_assert_int_eq(CONFIGURE(&command_list), 0);
	unsetenv("STABLEBENCH_ALLOW_ROOT");
	end();
}
END_TEST

START_TEST(the_user_cannot_make_rules)
{
	begin("[security]\nforbid-user = 1\n", "[security]\nforbid-user = 0\n");
	ck_assert_int_lt(CONFIGURE(&command_run), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "section [security] belongs into"));
	put(user_file, "");
	put(system_file, "[security]\nforbid-user = perhaps\n");
	ck_assert_int_lt(CONFIGURE(&command_run), 0);
	check_said(system_file, ":2: 'perhaps' is neither 1 nor 0");
	put(system_file, "[security]\nforbid-root = 1\n");
	ck_assert_int_lt(CONFIGURE(&command_run), 0);
	check_said(system_file,
		   ":2: unknown key 'forbid-root'; there are 'forbid-user' and 'forbid-allow-root'");
	ck_assert_int_eq(CONFIGURE(&command_restore, "--no-config"), 0);
	end();
}
END_TEST

START_TEST(a_users_file_that_everyone_may_write_is_refused)
{
	begin(NULL, "samples = 2\n");
	ck_assert_int_eq(chmod(user_file, 0666), 0);
	ck_assert_int_eq(CONFIGURE(&command_run), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.text, "may be written by everyone"));
	ck_assert_int_eq(CONFIGURE(&command_run, "--config", user_file), 0);
	end();
}
END_TEST

START_TEST(what_is_no_regular_file_is_refused_at_once)
{
	begin(NULL, NULL);
	ck_assert_int_eq(mkfifo(user_file, 0600), 0);
	ck_assert_int_eq(CONFIGURE(&command_run), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "is no regular file"));
	ck_assert_int_eq(CONFIGURE(&command_run, "--config", folder), -EINVAL);
	ck_assert_int_eq(CONFIGURE(&command_run, "--config", "/dev/zero"), -EINVAL);
	end();
}
END_TEST

/* Only root has to mistrust: without root the system's file gives nobody more than the command line does. */
static bool is_root(void)
{
	if (geteuid() == 0)
		return true;
	puts("not root: what root must not trust is not tried");
	return false;
}

START_TEST(root_trusts_no_system_file_that_others_may_write)
{
	if (!is_root())
		return;
	begin("samples = 1\n", NULL);
	ck_assert_int_eq(chmod(system_file, 0664), 0);
	ck_assert_int_eq(CONFIGURE(&command_run), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.text, "may be written by others than root"));
	ck_assert_int_eq(chmod(system_file, 0644), 0);
	ck_assert_int_eq(chown(system_file, 1, 0), 0);
	ck_assert_int_eq(CONFIGURE(&command_run), -EPERM);
	ck_assert_int_eq(chown(system_file, 0, 0), 0);
	ck_assert_int_eq(CONFIGURE(&command_run), 0);
	ck_assert_int_eq(chmod(folder, 0777), 0);
	ck_assert_int_eq(CONFIGURE(&command_run), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.text, "folder '"));
	end();
}
END_TEST

START_TEST(root_follows_no_link_to_its_system_file)
{
	char target[96], linked[96];

	if (!is_root())
		return;
	begin(NULL, "samples = 1\n");
	ck_assert_int_eq(symlink(user_file, system_file), 0);
	ck_assert_int_eq(CONFIGURE(&command_run), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.text, "is a link"));
	unlink(system_file);
	snprintf(target, sizeof target, "%s/stablebench", folder);
	snprintf(linked, sizeof linked, "%s/linked", folder);
	ck_assert_int_eq(symlink(target, linked), 0);
	snprintf(system_file, sizeof system_file, "%s/linked/stablebench.conf", folder);
	ck_assert_int_eq(CONFIGURE(&command_run), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.text, "is a link or no folder"));
	unlink(linked);
	end();
}
END_TEST

START_TEST(roots_part_takes_nothing_from_a_users_file)
{
	if (!is_root())
		return;
	begin("user = nobody\nrun-dir = /run/x\n", "user = daemon\n");
	ck_assert_int_eq(CONFIGURE(&command_run), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.text, "root's part needs 'user' before"));
	put(user_file, "allow-root = 1\n");
	ck_assert_int_eq(CONFIGURE(&command_list), -EPERM);
	put(user_file, "");
	ck_assert_int_eq(CONFIGURE(&command_run), 0);
	ck_assert_str_eq(settings.user, "nobody");
	ck_assert_str_eq(settings.run_dir, "/run/x");
	end();
}
END_TEST

START_TEST(under_sudo_the_users_file_is_read_as_that_user)
{
	if (!is_root())
		return;
	begin(NULL, "samples = 2\n");
	ck_assert_int_eq(chmod(folder, 0755), 0);
	setenv("SUDO_UID", "65534", 1);
	ck_assert_int_eq(CONFIGURE(&command_run), 0);
	ck_assert_uint_eq(settings.samples, 2);
	ck_assert_int_eq(chmod(user_file, 0600), 0);
	ck_assert_int_eq(CONFIGURE(&command_run), -EACCES);
	ck_assert_ptr_nonnull(strstr(err.text, "permission denied"));
	ck_assert_int_eq(CONFIGURE(&command_run, "--config", "/etc/shadow"), -EACCES);
	unsetenv("SUDO_UID");
	ck_assert_int_eq(chown(user_file, 1, 1), 0);
	ck_assert_int_eq(chmod(user_file, 0644), 0);
	ck_assert_int_eq(CONFIGURE(&command_run), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.text, "belongs to another user"));
	end();
}
END_TEST

UNIT_MAIN("cli/configure", without_files_everything_is_built_in, each_level_wins_over_those_below,
	  a_command_of_its_own_wins_within_a_file_but_not_over_the_users,
	  lists_add_up_within_a_level_and_are_replaced_by_the_next,
	  of_a_knob_in_both_lists_the_higher_level_decides, unknown_names_get_the_place_and_the_nearest,
	  bad_values_and_values_given_twice_are_refused,
	  a_key_that_is_another_thing_to_this_command_is_left_out,
	  a_named_file_stands_for_the_users_and_must_be_there,
	  no_config_leaves_out_both_but_the_higher_level_decides,
	  another_machine_is_looked_at_only_when_asked_for_each_time, what_the_system_forbids_nobody_gives,
	  the_user_cannot_make_rules, a_users_file_that_everyone_may_write_is_refused,
	  what_is_no_regular_file_is_refused_at_once, root_trusts_no_system_file_that_others_may_write,
	  root_follows_no_link_to_its_system_file, roots_part_takes_nothing_from_a_users_file,
	  under_sudo_the_users_file_is_read_as_that_user)
