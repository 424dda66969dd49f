/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about who is who. Those about giving up root need root, and are skipped aloud without it. */
#include "keeper/identity.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "unit.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool is_root(const char *test)
{
	if (geteuid() == 0)
		return true;
	printf("%s: skipped: needs root\n", test);
	return false;
}

static int resolve(const char *uid, const char *gid, const char *user, bool allow_root,
		   struct identity *identity)
{
	struct sb_err err;

	if (uid)
		setenv("SUDO_UID", uid, 1);
	else
		unsetenv("SUDO_UID");
	if (gid)
		setenv("SUDO_GID", gid, 1);
	else
		unsetenv("SUDO_GID");
	return identity_resolve(user, allow_root, identity, &err);
}

START_TEST(a_number_is_digits_alone)
{
	static const char *const bad[] = { "",		 " ",	       "-1",	     "+1",  "0x10",
					   "1 ",	 " 1",	       "1000a",	     "1.5", "1e3",
					   "4294967295", "4294967296", "99999999999" };
	unsigned id = 7;

	for (size_t i = 0; i < COUNT(bad); i++)
		ck_assert(!identity_parse_id(bad[i], &id));
	ck_assert(!identity_parse_id(NULL, &id));
	ck_assert_uint_eq(id, 7);
	ck_assert(identity_parse_id("0", &id) && id == 0);
	ck_assert(identity_parse_id("1000", &id) && id == 1000);
	ck_assert(identity_parse_id("4294967294", &id) && id == 4294967294u);
}
END_TEST

START_TEST(a_malformed_sudo_uid_means_real_root)
{
	static const char *const bad[] = { "", "0", "-1", "0x3e8", " 1000", "4294967296" };
	struct identity identity;

	if (!is_root("a_malformed_sudo_uid_means_real_root"))
		return;
	for (size_t i = 0; i < COUNT(bad); i++) {
		ck_assert_int_eq(resolve(bad[i], "1000", NULL, false, &identity), 0);
		ck_assert_uint_eq(identity.front_uid, 0);
		ck_assert_str_eq(identity.bench_user, "nobody");
		ck_assert_uint_ne(identity.bench_uid, 0);
	}
}
END_TEST

START_TEST(under_sudo_front_and_bench_are_the_user)
{
	const struct passwd *daemon = getpwnam("daemon");
	struct identity identity;
	char uid[16];

	if (!is_root("under_sudo_front_and_bench_are_the_user"))
		return;
	snprintf(uid, sizeof uid, "%u", (unsigned)daemon->pw_uid);
	ck_assert_int_eq(resolve(uid, "54321", NULL, false, &identity), 0);
	ck_assert(identity.privileged);
	ck_assert_uint_eq(identity.front_uid, daemon->pw_uid);
	ck_assert_uint_eq(identity.bench_uid, daemon->pw_uid);
	ck_assert_uint_eq(identity.bench_gid, 54321);
	ck_assert_str_eq(identity.bench_user, "daemon");
	ck_assert_str_eq(identity.bench_home, daemon->pw_dir);
	ck_assert_int_ge(identity.bench_group_count, 1);
	ck_assert_uint_eq(identity.bench_groups[0], 54321);
	/* a number that no user has, as in containers */
	ck_assert_int_eq(resolve("54321", "bogus", NULL, false, &identity), 0);
	ck_assert_uint_eq(identity.front_uid, 54321);
	ck_assert_uint_eq(identity.front_gid, 54321);
	ck_assert_str_eq(identity.front_user, "54321");
}
END_TEST

START_TEST(a_bench_is_root_only_when_allowed)
{
	struct identity identity;

	if (!is_root("a_bench_is_root_only_when_allowed"))
		return;
	ck_assert_int_eq(resolve(NULL, NULL, "root", false, &identity), -EINVAL);
	ck_assert_int_eq(resolve(NULL, NULL, "no such user", false, &identity), -EINVAL);
	ck_assert_int_eq(resolve(NULL, NULL, "daemon", false, &identity), 0);
	ck_assert_str_eq(identity.bench_user, "daemon");
	ck_assert_int_eq(resolve(NULL, NULL, "root", true, &identity), 0);
	ck_assert_uint_eq(identity.bench_uid, 0);
	ck_assert_int_eq(resolve("54321", NULL, NULL, true, &identity), 0);
	ck_assert_uint_eq(identity.bench_uid, 0);
	ck_assert_uint_eq(identity.front_uid, 54321);
}
END_TEST

/* --- giving it up, each in a child of its own -------------------------------------------------------------
 */

static int in_child(int (*run)(void))
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(run());
	waitpid(child, &status, 0);
	return status;
}

/* Whether anything that root may do can still be done. */
static int powers_left(void)
{
	gid_t groups[64];

	if (!setuid(0) && getuid() != 0)
		return 1;
	if (!setgroups(0, groups) || !chroot("/"))
		return 2;
	return 0;
}

static int drop_to_user(void)
{
	struct identity identity;

	if (resolve("54321", "54322", NULL, false, &identity) || identity_drop_front(&identity, NULL))
		return 10;
	if (getuid() != 54321 || geteuid() != 54321 || getgid() != 54322 || getgroups(0, NULL) != 1)
		return 11;
	if (!setuid(0) || !seteuid(0))
		return 12;
	return powers_left();
}

static int drop_real_root(void)
{
	struct identity identity;

	if (resolve(NULL, NULL, NULL, false, &identity) || identity_drop_front(&identity, NULL))
		return 10;
	if (getuid() != 0)
		return 11;
	return powers_left();
}

/* Not even a program with root's number gets anything back. */
static int drop_and_execute(void)
{
	struct identity identity;

	if (resolve(NULL, NULL, NULL, false, &identity) || identity_drop_front(&identity, NULL))
		return 10;
	execl("/bin/sh", "sh", "-c", "grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status", NULL);
	return 11;
}

static int become_bench(void)
{
	struct identity identity;
	const char *step = "";

	if (resolve(NULL, NULL, "daemon", false, &identity) || identity_become_bench(&identity, &step))
		return 10;
	if (getuid() != identity.bench_uid || getgid() != identity.bench_gid || !setuid(0) || !seteuid(0))
		return 11;
	return powers_left();
}

START_TEST(root_does_not_come_back)
{
	if (!is_root("root_does_not_come_back"))
		return;
	ck_assert_int_eq(in_child(drop_to_user), 0);
	ck_assert_int_eq(in_child(drop_real_root), 0);
	ck_assert_int_eq(in_child(drop_and_execute), 0);
	ck_assert_int_eq(in_child(become_bench), 0);
}
END_TEST

static int ask_without_root(void)
{
	struct identity identity;

	if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
		return 9;
	if (resolve("0", "0", NULL, false, &identity) || identity.privileged)
		return 10;
	if (identity.bench_uid != getuid() || identity.front_uid != getuid())
		return 11;
	if (resolve(NULL, NULL, "daemon", false, &identity) != -EPERM ||
	    resolve(NULL, NULL, NULL, true, &identity) != -EPERM)
		return 12;
	return 0;
}

START_TEST(without_root_everybody_is_the_user)
{
	ck_assert_int_eq(in_child(ask_without_root), 0);
}
END_TEST

static int ask_half_root(void)
{
	struct identity identity;

	if (setresuid(65534, 0, 0))
		return 9;
	return resolve("0", NULL, NULL, false, &identity) == -EPERM ? 0 : 10;
}

START_TEST(a_program_installed_set_user_id_refuses)
{
	if (is_root("a_program_installed_set_user_id_refuses"))
		ck_assert_int_eq(in_child(ask_half_root), 0);
}
END_TEST

UNIT_MAIN("identity", a_number_is_digits_alone, a_malformed_sudo_uid_means_real_root,
	  under_sudo_front_and_bench_are_the_user, a_bench_is_root_only_when_allowed, root_does_not_come_back,
	  without_root_everybody_is_the_user, a_program_installed_set_user_id_refuses)
