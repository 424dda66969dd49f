/* SPDX-License-Identifier: GPL-2.0-or-later */
/* programs.c - see programs.h. */
#include "host/programs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "host/field.h"

/* The kernel keeps 15 bytes of a name. */
#define COMM_SIZE 16
#define COMM_KEPT "%.15s"

static const char *const tuners[] = {
	"tuned",    "power-profiles-daemon", "tlp",	  "auto-cpufreq", "thermald",
	"cpufreqd", "system76-power",	     "gamemoded", "ksmtuned",	  "tccd",
};

static const char *const upkeepers[] = {
	"apt-get",
	"apt",
	"dpkg",
	"dnf",
	"yum",
	"rpm",
	"zypper",
	"pacman",
	"unattended-upgrade",
	"updatedb",
	"debsums",
	"updatedb.mlocat",
	"updatedb.plocat",
	"fstrim",
	"e2scrub_all",
	"aide",
	"mandb",
	"clamscan",
};

struct scan {
	const struct path_root *root;
	const char *const *names;
	size_t count;
	char *text;
	size_t size, seen;
};

static bool is_process(const char *name)
{
	return name[0] && !name[strspn(name, "0123456789")];
}

static bool read_comm(const struct path_root *root, const char *process, char comm[COMM_SIZE])
{
	char path[64], text[64];

	snprintf(path, sizeof path, "proc/%.20s/comm", process);
	if (path_read(root, path, text, sizeof text, NULL) <= 0)
		return false;
	snprintf(comm, COMM_SIZE, COMM_KEPT, text);
	return true;
}

/* tuned keeps the name of its profile in a file. */
static void describe(const struct scan *scan, const char *name, char *text, size_t size)
{
	char profile[64];

	if (!strcmp(name, "tuned") &&
	    path_read(scan->root, "etc/tuned/active_profile", profile, sizeof profile, NULL) > 0)
		snprintf(text, size, "%s (%s)", name, profile);
	else
		snprintf(text, size, "%s", name);
}

static int look_for_names(const char *name, void *context)
{
	struct scan *scan = context;
	char comm[COMM_SIZE], kept[COMM_SIZE], text[128];

	if (!is_process(name) || !read_comm(scan->root, name, comm))
		return 0;
	scan->seen++;
	for (size_t i = 0; i < scan->count; i++) {
		snprintf(kept, sizeof kept, COMM_KEPT, scan->names[i]);
		if (strcmp(kept, comm) != 0)
			continue;
		describe(scan, scan->names[i], text, sizeof text);
		if (!strstr(scan->text, text))
			field_append(scan->text, scan->size, ", ", text);
	}
	return 0;
}

static bool finish(struct scan *scan)
{
	if (scan->seen && !scan->text[0])
		snprintf(scan->text, scan->size, "none");
	return scan->seen > 0;
}

static bool find_names(const struct path_root *root, const char *const *names, size_t count, char *text,
		       size_t size)
{
	struct scan scan = { .root = root, .names = names, .count = count, .text = text, .size = size };

	text[0] = '\0';
	path_each(root, "proc", look_for_names, &scan, NULL);
	return finish(&scan);
}

bool programs_that_tune(const struct path_root *root, char *text, size_t size)
{
	return find_names(root, tuners, sizeof tuners / sizeof *tuners, text, size);
}

bool programs_at_upkeep(const struct path_root *root, char *text, size_t size)
{
	return find_names(root, upkeepers, sizeof upkeepers / sizeof *upkeepers, text, size);
}

/* --- counters ------------------------------------------------------------------------------------------- */

struct descriptors {
	const struct path_root *root;
	const char *process;
	unsigned events;
};

static int count_event(const char *name, void *context)
{
	struct descriptors *descriptors = context;
	char path[96], target[64];

	snprintf(path, sizeof path, "proc/%.20s/fd/%.20s", descriptors->process, name);
	if (path_read_link(descriptors->root, path, target, sizeof target) > 0)
		descriptors->events += !strcmp(target, "anon_inode:[perf_event]");
	return 0;
}

static int look_for_events(const char *name, void *context)
{
	struct scan *scan = context;
	struct descriptors descriptors = { .root = scan->root, .process = name };
	char path[64], comm[COMM_SIZE], text[64];

	if (!is_process(name) || (scan->root->is_real && atoi(name) == getpid()))
		return 0;
	snprintf(path, sizeof path, "proc/%.20s/fd", name);
	if (path_each(scan->root, path, count_event, &descriptors, NULL))
		return 0;
	scan->seen += !strcmp(name, "1"); /* whose descriptors only root may see */
	if (!descriptors.events || !read_comm(scan->root, name, comm))
		return 0;
	snprintf(text, sizeof text, "%s %u", comm, descriptors.events);
	field_append(scan->text, scan->size, ", ", text);
	return 0;
}

bool programs_with_counters(const struct path_root *root, char *text, size_t size)
{
	struct scan scan = { .root = root, .text = text, .size = size };

	text[0] = '\0';
	path_each(root, "proc", look_for_events, &scan, NULL);
	return finish(&scan);
}
