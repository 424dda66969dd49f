/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recorded_fixture.h - a recorded machine (tests/machines/NAME.machine) as a tree of files of the test's own:
 *
 *	recorded_init(&recorded, "intel-client");
 *	path_read(&recorded.root, ...);
 *	recorded_release(&recorded);
 *
 * RECORDED_MAIN lists the claims, and skips them all where no tree can be laid out.
 */
#ifndef RECORDED_FIXTURE_H
#define RECORDED_FIXTURE_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/path.h"
#include "unit.h"

struct recorded {
	char base[64], tree[96];
	struct path_root root;
};

static inline const char *recorded_folder(void)
{
	static char folder[4096];
	const char *source = getenv("srcdir");

	snprintf(folder, sizeof folder, "%s/tests/machines", source ? source : ".");
	return folder;
}

static inline void recorded_init(struct recorded *recorded, const char *name)
{
	char command[16384];

	snprintf(recorded->base, sizeof recorded->base, "/tmp/stablebench-recorded-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(recorded->base));
	snprintf(recorded->tree, sizeof recorded->tree, "%s/root", recorded->base);
	snprintf(command, sizeof command, "'%s/unpack' '%s/%s.machine' '%s'", recorded_folder(),
		 recorded_folder(), name, recorded->tree);
	ck_assert_msg(system(command) == 0, "%s", command);
	ck_assert_int_eq(path_root_init(&recorded->root, recorded->tree, NULL), 0);
}

static inline void recorded_release(struct recorded *recorded)
{
	char command[256];

	path_root_release(&recorded->root);
	snprintf(command, sizeof command, "chmod -R u+w '%s' && rm -rf '%s'", recorded->base, recorded->base);
	ck_assert_int_eq(system(command), 0);
}

static inline bool recorded_is_possible(void)
{
	if (system("python3 -c '' 2>/dev/null") != 0)
		puts("skipped: no python3 here, which lays recorded machines out");
	else if (syscall(SYS_openat2, -1, "", NULL, (size_t)0) != 0 && errno == ENOSYS)
		puts("skipped: no openat2 here (Linux before 5.6, or valgrind)");
	else
		return true;
	return false;
}

#define RECORDED_MAIN(module, ...)                                                                           \
	int main(void)                                                                                       \
	{                                                                                                    \
		const TTest *const tests[] = { __VA_ARGS__ };                                                \
		return recorded_is_possible() ? unit_run(module, tests, sizeof tests / sizeof tests[0])      \
					      : 77;                                                          \
	}

#endif
