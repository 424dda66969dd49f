/* SPDX-License-Identifier: GPL-2.0-or-later */
/* companion.c - see companion.h. */
#include "host/companion.h"

#include <stdio.h>
#include <string.h>

static const char *const tunable_governors[] = { "ondemand", "conservative", "schedutil" };
#define GOVERNORS (sizeof tunable_governors / sizeof tunable_governors[0])

struct folder {
	struct knob_plan *plan;
	const char *path;
};

void companion_add(struct knob_plan *plan, const char *path)
{
	if (path_is_writable(plan->root, path) && knob_add(plan, path, ""))
		plan->count -= plan->settings[plan->count - 1].before[0] == '<';
}

static int add_file(const char *name, void *context)
{
	const struct folder *folder = context;
	char path[KNOB_PATH];

	if ((size_t)snprintf(path, sizeof path, "%s/%s", folder->path, name) < sizeof path)
		companion_add(folder->plan, path);
	return 0;
}

static void add_folder(struct knob_plan *plan, const char *path)
{
	struct folder folder = { plan, path };

	if (path_exists(plan->root, path))
		path_each(plan->root, path, add_file, &folder, NULL);
}

void companion_add_tunables(struct knob_plan *plan, const struct policy *policy, const char *governor)
{
	char path[KNOB_PATH], leaf[64];

	snprintf(leaf, sizeof leaf, "%.60s", governor);
	add_folder(plan, policy_path(policy, leaf, path, sizeof path));
}

void companion_add_common_tunables(struct knob_plan *plan)
{
	char path[KNOB_PATH];

	for (size_t i = 0; i < GOVERNORS; i++) {
		snprintf(path, sizeof path, POLICY_ROOT "/%s", tunable_governors[i]);
		add_folder(plan, path);
	}
}

bool companion_is_tunable(const char *path)
{
	const char *leaf = policy_leaf(path);

	if (!leaf && !strncmp(path, POLICY_ROOT "/", sizeof POLICY_ROOT))
		leaf = path + sizeof POLICY_ROOT;
	for (size_t i = 0; leaf && i < GOVERNORS; i++) {
		const size_t length = strlen(tunable_governors[i]);

		if (!strncmp(leaf, tunable_governors[i], length) && leaf[length] == '/')
			return leaf[length + 1] &&
			       !leaf[length + 1 + strspn(leaf + length + 1, "abcdefghijklmnopqrstuvwxyz_")];
	}
	return false;
}
