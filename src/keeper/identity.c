/* SPDX-License-Identifier: GPL-2.0-or-later */
/* identity.c - who is who, and how root is given up so that it cannot come back; see identity.h. */
#include "keeper/identity.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEFAULT_BENCH_USER "nobody"

bool identity_parse_id(const char *text, unsigned *id)
{
	unsigned long value = 0;

	if (!text || !*text || strlen(text) > 10)
		return false;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return false;
		value = value * 10 + (unsigned long)(*text - '0');
	}
	if (value >= (uid_t)-1)
		return false;
	*id = (unsigned)value;
	return true;
}

static void copy_text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

/* A user that the name service does not know (a container's number) is one without name, groups or home. */
static void front_from_id(struct identity *identity, uid_t uid, const char *gid_text)
{
	const struct passwd *entry = getpwuid(uid);
	unsigned gid;

	identity->front_uid = uid;
	if (entry) {
		identity->front_gid = entry->pw_gid;
		copy_text(identity->front_user, sizeof identity->front_user, entry->pw_name);
		copy_text(identity->front_home, sizeof identity->front_home, entry->pw_dir);
	} else {
		identity->front_gid = (gid_t)uid;
		snprintf(identity->front_user, sizeof identity->front_user, "%u", (unsigned)uid);
		copy_text(identity->front_home, sizeof identity->front_home, "/");
	}
	if (identity_parse_id(gid_text, &gid))
		identity->front_gid = gid;
}

static void bench_from_front(struct identity *identity)
{
	identity->bench_uid = identity->front_uid;
	identity->bench_gid = identity->front_gid;
	memcpy(identity->bench_user, identity->front_user, sizeof identity->bench_user);
	memcpy(identity->bench_home, identity->front_home, sizeof identity->bench_home);
}

static int bench_from_name(struct identity *identity, const char *name, struct sb_err *err)
{
	const struct passwd *entry = getpwnam(name);

	if (!entry)
		return err_set(err, -EINVAL,
			       "cannot run benchmarks as '%s': no such user; choose one with --user NAME",
			       name);
	if (entry->pw_uid == 0 && !identity->allow_root)
		return err_set(err, -EINVAL,
			       "cannot run benchmarks as '%s': that is root; add --allow-root if it must be",
			       name);
	identity->bench_uid = entry->pw_uid;
	identity->bench_gid = entry->pw_gid;
	copy_text(identity->bench_user, sizeof identity->bench_user, entry->pw_name);
	copy_text(identity->bench_home, sizeof identity->bench_home, entry->pw_dir);
	return 0;
}

static int find_bench_groups(struct identity *identity, struct sb_err *err)
{
	int count = IDENTITY_GROUPS;

	if (getgrouplist(identity->bench_user, identity->bench_gid, identity->bench_groups, &count) < 0)
		return err_set(err, -E2BIG,
			       "user '%s' is in %d groups, more than %d; choose another with --user NAME",
			       identity->bench_user, count, IDENTITY_GROUPS);
	identity->bench_group_count = count;
	return 0;
}

static int resolve_bench(struct identity *identity, const char *user, struct sb_err *err)
{
	int code = 0;

	if (user)
		code = bench_from_name(identity, user, err);
	else if (identity->allow_root)
		code = bench_from_name(identity, "root", err);
	else if (identity->front_uid != 0)
		bench_from_front(identity);
	else
		code = bench_from_name(identity, DEFAULT_BENCH_USER, err);
	return code ? code : find_bench_groups(identity, err);
}

static int resolve_unprivileged(struct identity *identity, const char *user, struct sb_err *err)
{
	const char *home = getenv("HOME");

	if (user)
		return err_set(err, -EPERM, "cannot run benchmarks as '%s': --user needs root; run with sudo",
			       user);
	if (identity->allow_root)
		return err_set(err, -EPERM,
			       "cannot run benchmarks as root: --allow-root needs root; run with sudo");
	front_from_id(identity, getuid(), NULL);
	identity->front_gid = getgid();
	if (home && home[0] == '/') /* nobody else's environment can be meant */
		copy_text(identity->front_home, sizeof identity->front_home, home);
	bench_from_front(identity);
	return 0;
}

/* Installed set-user-id, the environment would be the attacker's, and SUDO_UID with it. */
static bool is_set_user_id(void)
{
	return getuid() != geteuid() || getgid() != getegid();
}

int identity_resolve(const char *user, bool allow_root, struct identity *identity, struct sb_err *err)
{
	unsigned sudo_uid = 0;

	memset(identity, 0, sizeof *identity);
	identity->allow_root = allow_root;
	if (is_set_user_id())
		return err_set(err, -EPERM,
			       "stablebench must not be installed set-user-id or set-group-id; use sudo");
	identity->privileged = geteuid() == 0;
	if (!identity->privileged)
		return resolve_unprivileged(identity, user, err);
	if (!identity_parse_id(getenv("SUDO_UID"), &sudo_uid))
		sudo_uid = 0;
	front_from_id(identity, sudo_uid, sudo_uid ? getenv("SUDO_GID") : NULL);
	return resolve_bench(identity, user, err);
}

/* --- giving it up ------------------------------------------------------------------------------------- */

static int set_no_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

static bool has_no_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data))
		return false;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		if (data[i].effective || data[i].permitted || data[i].inheritable)
			return false;
	return true;
}

/* Without CAP_SETPCAP (a container) the bounding set stays, which is harmless: under no_new_privs an exec by
 * uid 0 gains nothing beyond the permitted set, and that is empty. */
static void empty_bounding_set(void)
{
	for (unsigned long capability = 0; capability < 64; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
			return;
}

static bool is_only_user(uid_t uid)
{
	uid_t real, effective, saved;

	return !getresuid(&real, &effective, &saved) && real == uid && effective == uid && saved == uid;
}

static bool is_only_group(gid_t gid)
{
	gid_t real, effective, saved;

	return !getresgid(&real, &effective, &saved) && real == gid && effective == gid && saved == gid;
}

static int verify_drop(uid_t uid, gid_t gid, const char **step)
{
	*step = "verify";
	if (!is_only_user(uid) || !is_only_group(gid) || !has_no_capabilities())
		return -EPERM;
	if (uid != 0 && (setuid(0) == 0 || seteuid(0) == 0))
		return -EPERM;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : -EPERM;
}

/* Everything but the supplementary groups, which only the caller knows how to set. */
static int become(uid_t uid, gid_t gid, const char **step)
{
	int code;

	empty_bounding_set();
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	*step = "setresgid";
	if (setresgid(gid, gid, gid))
		return -errno;
	*step = "setresuid";
	if (setresuid(uid, uid, uid))
		return -errno;
	*step = "no_new_privs";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	*step = "capset";
	code = set_no_capabilities();
	return code ? code : verify_drop(uid, gid, step);
}

int identity_drop_front(const struct identity *identity, struct sb_err *err)
{
	const char *step = "initgroups";
	int code;

	if (!identity->privileged)
		return 0;
	if (identity->front_uid != 0 && initgroups(identity->front_user, identity->front_gid))
		code = -errno;
	else
		code = become(identity->front_uid, identity->front_gid, &step);
	if (!code)
		return 0;
	return err_set(err, code, "cannot give up root to become '%s': %s: %s", identity->front_user, step,
		       err_reason(code));
}

int identity_become_bench(const struct identity *identity, const char **step)
{
	*step = "no_new_privs";
	if (!identity->privileged || identity->bench_uid == 0)
		return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
	*step = "setgroups";
	if (setgroups((size_t)identity->bench_group_count, identity->bench_groups))
		return -errno;
	return become(identity->bench_uid, identity->bench_gid, step);
}

/* user_namespaces(7): numbers that are not mapped are EINVAL, and where setgroups is denied it is EPERM. */
const char *identity_mend(const char *step, int code)
{
	const bool is_change =
		!strcmp(step, "setgroups") || !strcmp(step, "setresgid") || !strcmp(step, "setresuid");

	if (!is_change || (code != EPERM && code != EINVAL))
		return "";
	return "; here nobody else can be become, as in a container without root: --allow-root runs "
	       "benchmarks as its root";
}
