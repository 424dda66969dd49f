/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_place.c - events by the names that PMUs and tracefs give them. */
#include <ctype.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include "base/printable.h"
#include "host/event_list.h"
#include "host/event_way.h"
#include "host/tracing.h"

/* "core" is the PMU of the bench's CPU, whatever its name. */
static const struct event_source *find_source(const struct event_host *host, const char *name)
{
	if (strcmp(name, "core") == 0)
		return host->sources.core;
	return event_sources_find(&host->sources, name);
}

int event_from_terms(const struct event_host *host, const char *name, struct event *event, struct sb_err *err)
{
	const char *slash = strchr(name, '/'), *end = slash ? strchr(slash + 1, '/') : NULL;
	const struct event_source *source;
	char pmu[48], terms[EVENT_NAME];

	if (!end || end[1] || slash == name || end == slash + 1)
		return err_set(err, -EINVAL, "'%s' is not of the form pmu/terms/, as in cpu/event=0xc4/u",
			       name);
	snprintf(pmu, sizeof pmu, "%.*s", (int)(slash - name), name);
	snprintf(terms, sizeof terms, "%.*s", (int)(end - slash - 1), slash + 1);
	source = find_source(host, pmu);
	if (!source)
		return err_set(err, -ENOENT,
			       "there is no PMU '%s' here; those that are stand in /" EVENT_SOURCE_ROOT, pmu);
	snprintf(event->spelled, sizeof event->spelled, "%s/%s/", source->name, terms);
	return event_source_apply(source, host->root, terms, event, err);
}

static int take_named(const struct event_host *host, const struct event_source *source, const char *name,
		      struct event *event, struct sb_err *err)
{
	char found[EVENT_NAME];

	if (!event_source_has(source, host->root, name, found, sizeof found))
		return -ENOENT;
	snprintf(event->spelled, sizeof event->spelled, "%s/%s/", source->name, found);
	return event_source_apply(source, host->root, found, event, err);
}

/* The core's own first: "cycles" of a memory controller is not what anybody means. */
int event_from_source(const struct event_host *host, const char *name, struct event *event,
		      struct sb_err *err)
{
	int code = host->sources.core ? take_named(host, host->sources.core, name, event, err) : -ENOENT;

	for (size_t i = 0; i < host->sources.count && code == -ENOENT; i++)
		if (!host->sources.list[i].is_core)
			code = take_named(host, &host->sources.list[i], name, event, err);
	return code;
}

/* --- tracepoints -----------------------------------------------------------------------------------------
 */

static bool is_word(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!islower((unsigned char)text[i]) && !isdigit((unsigned char)text[i]) && text[i] != '_')
			return false;
	return length > 0;
}

/* Whether tracefs has that; `unknown` where nobody tells us what it has. */
static bool tracefs_has(const struct event_host *host, const char *path, bool unknown)
{
	struct path_root tracing;
	bool has;

	if (tracing_open(host->root, &tracing))
		return unknown;
	has = path_exists(&tracing, path);
	path_root_release(&tracing);
	return has;
}

bool event_is_in_group(const struct event_host *host, const char *name)
{
	const size_t length = strcspn(name, ":");
	char path[160];

	snprintf(path, sizeof path, "events/%.*s", (int)length, name);
	return name[length] && is_word(name, length) && tracefs_has(host, path, false);
}

/* Only root can see which there are; to everybody else the keeper tells. */
int event_from_tracepoint(const struct event_host *host, const char *name, struct event *event,
			  struct sb_err *err)
{
	const char *colon = strchr(name, ':');
	char path[160];

	(void)err;
	if (!colon || !is_word(name, (size_t)(colon - name)) || !is_word(colon + 1, strlen(colon + 1)) ||
	    strlen(name) >= sizeof event->tracepoint)
		return -ENOENT;
	snprintf(path, sizeof path, "events/%.*s/%s", (int)(colon - name), name, colon + 1);
	if (!tracefs_has(host, path, true))
		return -ENOENT;
	event->type = PERF_TYPE_TRACEPOINT;
	snprintf(event->tracepoint, sizeof event->tracepoint, "%s", name);
	snprintf(event->spelled, sizeof event->spelled, "%s", name);
	snprintf(event->pmu, sizeof event->pmu, "tracepoint");
	return 0;
}

/* --- listing ---------------------------------------------------------------------------------------------
 */

struct listing {
	const struct path_root *root; /* of the folders */
	const char *folder, *format;  /* of the name of an entry, of the folder's and the leaf's name */
	const char *source;
	event_list_take *take;
	void *context;
};

static int list_leaf(const char *leaf, void *context)
{
	const struct listing *listing = context;
	char name[EVENT_SPELLED];

	if (strchr(leaf, '.') || strcmp(leaf, "enable") == 0 || strcmp(leaf, "filter") == 0)
		return 0;
	snprintf(name, sizeof name, "%s%s%s%s", listing->folder, listing->format, leaf,
		 listing->format[0] == '/' ? "/" : "");
	if (!printable_is_line(name))
		return 0;
	return listing->take(listing->context,
			     &(struct event_entry){ .name = name, .source = listing->source, .text = "" });
}

/* Nothing is wrong with a folder that is not there. */
static int list_folder(const struct listing *listing, const char *path)
{
	struct listing copy = *listing;
	const int code = path_each(listing->root, path, list_leaf, &copy, NULL);

	return code > 0 ? code : 0;
}

int event_list_sources(const struct event_host *host, event_list_take *take, void *context)
{
	int code = 0;

	for (size_t i = 0; i < host->sources.count && code == 0; i++) {
		const struct event_source *source = &host->sources.list[i];
		const struct listing listing = { host->root, source->name, "/", "sysfs", take, context };
		char path[160];

		snprintf(path, sizeof path, EVENT_SOURCE_ROOT "/%s/events", source->name);
		code = list_folder(&listing, path);
	}
	return code;
}

static int list_group(const char *group, void *context)
{
	struct listing listing = *(const struct listing *)context;
	char path[160];

	snprintf(path, sizeof path, "events/%s", group);
	listing.folder = group;
	return list_folder(&listing, path);
}

int event_list_tracepoints(const struct event_host *host, event_list_take *take, void *context)
{
	struct path_root tracing;
	struct listing listing = { &tracing, "", ":", "tracepoint", take, context };
	int code = tracing_open(host->root, &tracing);

	if (code)
		return 0;
	code = path_each(&tracing, "events", list_group, &listing, NULL);
	path_root_release(&tracing);
	return code > 0 ? code : 0;
}

int event_list(const struct event_host *host, bool with_tracepoints, event_list_take *take, void *context)
{
	int code = event_list_sets(host, take, context);

	if (code == 0)
		code = event_list_kernel(host, take, context);
	if (code == 0)
		code = event_list_sources(host, take, context);
	if (code == 0)
		code = event_list_pfm(host, take, context);
	if (code == 0 && with_tracepoints)
		code = event_list_tracepoints(host, take, context);
	return code;
}
