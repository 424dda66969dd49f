/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mitigations.c - the state of each CPU vulnerability, in a word; see mitigations.h. */
#include "host/mitigations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "sys/devices/system/cpu/vulnerabilities"

struct mitigations {
	const struct path_root *root;
	char names[64][48];
	size_t count;
};

static int add_mitigation(const char *name, void *context)
{
	struct mitigations *all = context;

	if (all->count < sizeof all->names / sizeof all->names[0])
		snprintf(all->names[all->count++], sizeof all->names[0], "%.47s", name);
	return 0;
}

static int by_name(const void *left, const void *right)
{
	return strcmp(left, right);
}

static const char *mitigation_word(const struct mitigations *all, const char *name)
{
	char path[128], text[512];

	snprintf(path, sizeof path, FOLDER "/%s", name);
	if (path_read(all->root, path, text, sizeof text, NULL) <= 0 || !strncmp(text, "Not affected", 12))
		return NULL;
	return strncmp(text, "Mitigation", 10) ? "vulnerable" : "mitigated";
}

bool mitigations_line(const struct path_root *root, char *line, size_t size)
{
	struct mitigations all = { .root = root };
	size_t used = 0;

	if (path_each(root, FOLDER, add_mitigation, &all, NULL) || !all.count)
		return false;
	qsort(all.names, all.count, sizeof all.names[0], by_name);
	line[0] = '\0';
	for (size_t i = 0; i < all.count; i++) {
		const char *word = mitigation_word(&all, all.names[i]);

		if (word && used < size)
			used += (size_t)snprintf(line + used, size - used, "%s%s %s", used ? ", " : "",
						 all.names[i], word);
	}
	if (!used)
		snprintf(line, size, "not affected");
	return true;
}
