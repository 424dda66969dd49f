/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event.c - from text to events; see event.h. */
#include "host/event.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <perfmon/pfmlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/nearest.h"
#include "base/printable.h"
#include "host/event_list.h"
#include "host/event_way.h"

#define SCOPES (EVENT_USER | EVENT_KERNEL | EVENT_HYPERVISOR)
#define TWICE  8u /* beside a scope: a letter of it was there already */

/* Of a recorded machine the processor is not the one that libpfm4 finds here; it reads the environment when
 * it starts, and no other time. */
static bool start_pfm(const struct path_root *root)
{
	static const char inactive[] = "LIBPFM_ENCODE_INACTIVE";
	const bool is_ours = !root->is_real && !getenv(inactive) && setenv(inactive, "1", 1) == 0;
	const bool has_started = pfm_initialize() == PFM_SUCCESS;

	if (is_ours)
		unsetenv(inactive);
	return has_started;
}

int event_host_init(struct event_host *host, const struct path_root *root, unsigned cpu, struct sb_err *err)
{
	*host = (struct event_host){ .root = root };
	if (root->fd < 0)
		return err_set(err, -EBADF, "there is no machine to look at");
	event_sources_init(&host->sources, root, cpu);
	host->core = microarchitecture_find(root, cpu, host->sources.core ? host->sources.core->name : "");
	host->has_pfm = start_pfm(root);
	return 0;
}

void event_host_release(struct event_host *host)
{
	if (host->has_pfm)
		pfm_terminate();
	event_sources_release(&host->sources);
	*host = (struct event_host){ .root = NULL };
}

/* --- the scope ------------------------------------------------------------------------------------------ */

static uint32_t scope_of(const char *text, size_t length)
{
	static const struct {
		char letter;
		uint32_t scope;
	} letters[] = { { 'u', EVENT_USER }, { 'k', EVENT_KERNEL }, { 'h', EVENT_HYPERVISOR } };
	uint32_t scope = 0;

	for (size_t i = 0; i < length; i++) {
		size_t known = 0;

		while (known < 3 && letters[known].letter != text[i])
			known++;
		if (known == 3)
			return 0;
		scope |= letters[known].scope | (scope & letters[known].scope ? TWICE : 0);
	}
	return scope;
}

/* Cuts ":u", ":u:k" or ":uk" off the end, of "pmu/terms/uk" what is behind the last slash; gives 0 where
 * there is none. */
static uint32_t cut_scope(char *name)
{
	char *slash = strrchr(name, '/'), *colon;
	uint32_t scope = 0, more;

	if (slash && slash[1]) {
		scope = scope_of(slash + 1, strlen(slash + 1));
		if (scope)
			slash[1] = '\0';
		return scope;
	}
	while (!slash && (colon = strrchr(name, ':')) && colon != name &&
	       (more = scope_of(colon + 1, strlen(colon + 1)))) {
		scope |= more | (scope & more ? TWICE : 0);
		*colon = '\0';
	}
	return scope;
}

bool event_is_register(const struct event *event)
{
	return strcmp(event->pmu, "msr") == 0;
}

bool event_has_no_scope(const struct event *event)
{
	return event->is_cpu_wide || event_is_register(event);
}

/* Of tracepoints those of system calls alone come with the registers of user space
 * (kernel/trace/trace_syscalls.c), by which the kernel tells one from the other. */
bool event_is_kernels(const struct event *event)
{
	if (event->type == PERF_TYPE_TRACEPOINT)
		return strncmp(event->tracepoint, "syscalls:", strlen("syscalls:")) != 0;
	return event->type == PERF_TYPE_SOFTWARE && (event->config == PERF_COUNT_SW_CONTEXT_SWITCHES ||
						     event->config == PERF_COUNT_SW_CPU_MIGRATIONS ||
						     event->config == PERF_COUNT_SW_CGROUP_SWITCHES);
}

static uint32_t usual_scope(const struct event *event)
{
	if (event_has_no_scope(event))
		return SCOPES;
	if (event->type == PERF_TYPE_TRACEPOINT || event_is_kernels(event))
		return EVENT_USER | EVENT_KERNEL;
	return EVENT_USER;
}

/* Of the software events those that are a clock count nanoseconds. */
static void give_unit(struct event *event)
{
	if (event->type != PERF_TYPE_SOFTWARE ||
	    (event->config != PERF_COUNT_SW_CPU_CLOCK && event->config != PERF_COUNT_SW_TASK_CLOCK))
		return;
	snprintf(event->unit, sizeof event->unit, "s");
	event->scale = 1e-9;
}

static int check_scope(const struct event *event, uint32_t scope, struct sb_err *err)
{
	if (scope && !(scope & EVENT_KERNEL) && event_is_kernels(event))
		return err_set(err, -EINVAL,
			       "'%s' would stay at 0: it happens in the kernel, whoever causes it; ask "
			       "without ':u'",
			       event->name);
	return 0;
}

/* "uk": what scope_of reads. */
static const char *scope_letters(uint32_t scope, char text[4])
{
	snprintf(text, 4, "%s%s%s", scope & EVENT_USER ? "u" : "", scope & EVENT_KERNEL ? "k" : "",
		 scope & EVENT_HYPERVISOR ? "h" : "");
	return text;
}

static void spell_scope(struct event *event)
{
	const size_t used = strlen(event->spelled);
	const bool has_slash = used > 0 && event->spelled[used - 1] == '/';
	char letters[4];

	if (event_has_no_scope(event) || event->type == PERF_TYPE_TRACEPOINT)
		return;
	snprintf(event->spelled + used, sizeof event->spelled - used, "%s%s", has_slash ? "" : ":",
		 scope_letters(event->scope, letters));
}

/* --- the core ------------------------------------------------------------------------------------------- */

/* The kernel gives a generic event to the first PMU that it finds; of several, the upper half of config names
 * one for it (since 5.13), and a raw code belongs to the PMU's own type. */
void event_choose_core(const struct event_host *host, struct event *event)
{
	const struct event_source *core = host->sources.core;
	const bool is_generic = event->type == PERF_TYPE_HARDWARE || event->type == PERF_TYPE_HW_CACHE;

	if (!core || (!is_generic && event->type != PERF_TYPE_RAW))
		return;
	snprintf(event->pmu, sizeof event->pmu, "%.31s", core->name);
	if (host->sources.cores > 1 && is_generic)
		event->config |= (uint64_t)core->type << 32;
	else if (host->sources.cores > 1)
		event->type = core->type;
}

struct listed {
	const struct event_host *host;
	uint64_t code;
};

static int is_same(const char *name, void *context)
{
	const struct listed *listed = context;
	struct event other = { .type = 0 };

	return !strchr(name, '.') &&
	       event_source_apply(listed->host->sources.core, listed->host->root, name, &other, NULL) == 0 &&
	       other.config == listed->code;
}

/* Arm: the kernel lists those of the architecture's common events (numbers below 0x40, and from 0x4000) that
 * PMCEID says the processor has, but takes any other raw code as well, which then counts nothing. */
bool event_is_unlisted(const struct event_host *host, const struct event *event)
{
	struct listed listed = { .host = host, .code = event->config };
	const bool is_arm =
		host->core->kind == MICROARCHITECTURE_ARM || host->core->kind == MICROARCHITECTURE_NEOVERSE;
	char path[160];

	if (!is_arm || !host->sources.core || event->is_cpu_wide ||
	    (event->type != PERF_TYPE_RAW && event->type != host->sources.core->type) ||
	    (event->config & ~UINT64_C(0x403f)) != 0)
		return false;
	snprintf(path, sizeof path, EVENT_SOURCE_ROOT "/%s/events", host->sources.core->name);
	return path_each(host->root, path, is_same, &listed, NULL) == 0;
}

/* --- one name ------------------------------------------------------------------------------------------- */

static int walk(const struct event_host *host, const char *name, struct event *event, struct sb_err *err)
{
	static event_walk *const ways[] = { event_from_pfm, event_from_kernel, event_from_source,
					    event_from_tracepoint };
	const struct event asked = *event;
	int code = -ENOENT;

	if (strchr(name, '/'))
		return event_from_terms(host, name, event, err);
	if (event_is_in_group(host, name)) /* libpfm4 knows the groups too, and would speak of attributes */
		return event_from_tracepoint(host, name, event, err);
	for (size_t i = 0; i < sizeof ways / sizeof ways[0] && code == -ENOENT; i++) {
		*event = asked;
		code = ways[i](host, name, event, err);
	}
	return code;
}

static int offer(void *context, const struct event_entry *entry)
{
	nearest_offer(context, entry->name);
	return 0;
}

static int complain(const struct event_host *host, const char *name, struct sb_err *err)
{
	struct nearest nearest;
	char near[256];

	nearest_init(&nearest, name);
	event_list(host, strchr(name, ':') != NULL, offer, &nearest);
	if (nearest.count == 0)
		return err_set(err, -ENOENT,
			       "there is no event '%s' here; 'stablebench events' lists those there "
			       "are",
			       name);
	return err_set(err, -ENOENT, "there is no event '%s' here; nearest: %s", name,
		       nearest_text(&nearest, near, sizeof near));
}

/* BPF's own output is no event of the kernel's. */
bool event_is_software(uint64_t config, uint64_t config1, uint64_t config2)
{
	return config < PERF_COUNT_SW_MAX && config != PERF_COUNT_SW_BPF_OUTPUT && !config1 && !config2;
}

/* What the keeper would refuse, and end the session for, as terms can spell anything. */
static int check_kind(const struct event *event, struct sb_err *err)
{
	if (event->type == PERF_TYPE_SOFTWARE &&
	    !event_is_software(event->config, event->config1, event->config2))
		return err_set(err, -EINVAL,
			       "'%s' is no software event of the kernel; 'stablebench events' lists those "
			       "there are",
			       event->name);
	if (event->type == PERF_TYPE_TRACEPOINT && !event->tracepoint[0])
		return err_set(err, -EINVAL, "'%s' is no tracepoint: they are named 'group:name'",
			       event->name);
	return 0;
}

/* ":kk" is a slip: of what, nobody knows. */
static int check_twice(const char *text, uint32_t scope, struct sb_err *err)
{
	return scope & TWICE ? err_set(err, -EINVAL, "'%s' names a part of its scope twice", text) : 0;
}

/* Words of the sets come before everything else: what is written alone is then the same as in its set. */
static int resolve_name(const struct event_host *host, const char *text, struct event *event,
			struct sb_err *err)
{
	char name[EVENT_NAME];
	uint32_t scope;
	int code;

	*event = (struct event){ .scale = 1 };
	strcpy(event->name, text);
	strcpy(name, text);
	scope = cut_scope(name);
	code = check_twice(text, scope, err);
	if (code == 0)
		code = event_from_word(host, name, walk, event);
	if (code == -ENOENT)
		code = walk(host, name, event, err);
	if (code == -ENOENT && !strchr(name, '/'))
		code = complain(host, name, err);
	if (code == 0 && !event->reason[0])
		code = check_kind(event, err);
	if (code == 0 && !event->reason[0])
		code = check_scope(event, scope, err);
	if (code < 0 || event->reason[0])
		return code;
	event->scope = scope ? scope : usual_scope(event);
	event->is_unlisted = event_is_unlisted(host, event);
	give_unit(event);
	spell_scope(event);
	return 0;
}

/* --- words ---------------------------------------------------------------------------------------------- */

static uint32_t type_of(const struct event_host *host, const struct event *event)
{
	const struct event_source *core = host->sources.core;

	return event->type == PERF_TYPE_RAW && core && host->sources.cores == 1 ? core->type : event->type;
}

bool event_is_same(const struct event_host *host, const struct event *one, const struct event *other)
{
	return type_of(host, one) == type_of(host, other) && one->config == other->config &&
	       one->config1 == other->config1 && one->config2 == other->config2 && one->scale == other->scale;
}

/* Of user space alone a scope is not told, as it is the usual one. */
static void put_word(struct event *event, const char *word)
{
	const bool is_usual = event->scope == EVENT_USER || event_has_no_scope(event);
	char letters[4];

	snprintf(event->word, sizeof event->word, "%s%s%s", word, is_usual ? "" : ":",
		 is_usual ? "" : scope_letters(event->scope, letters));
}

struct naming {
	const struct event_host *host;
	struct event *events;
	size_t count;
};

/* The first word wins: two may be one event ("l2-misses" and "llc-misses" where there is no level 3). */
static int offer_word(void *context, const struct event_entry *entry)
{
	const struct naming *naming = context;
	struct event word = { .scale = 1 };

	if (event_from_word(naming->host, entry->name, walk, &word) < 0 || word.reason[0])
		return 0;
	for (size_t i = 0; i < naming->count; i++) {
		struct event *event = &naming->events[i];

		if (!event->word[0] && !event->reason[0] && !event->is_cpu_wide &&
		    event_is_same(naming->host, event, &word))
			put_word(event, entry->name);
	}
	return 0;
}

void event_name_words(const struct event_host *host, struct event *events, size_t count)
{
	struct naming naming = { host, events, count };

	for (size_t i = 0; i < count; i++) {
		char name[EVENT_NAME];
		const char *kernels = event_kernel_name(&events[i]);

		strcpy(name, events[i].name);
		cut_scope(name);
		if (event_word_cell(name, host->core->kind))
			put_word(&events[i], name);
		else if (kernels && !events[i].reason[0])
			put_word(&events[i], kernels);
	}
	event_list_sets(host, offer_word, &naming);
}

/* --- a list --------------------------------------------------------------------------------------------- */

struct listing {
	const struct event_host *host;
	struct event *events;
	size_t room, *count;
	struct sb_err *err;
};

static int add(struct listing *list, const struct event *event)
{
	for (size_t i = 0; i < *list->count; i++)
		if (strcmp(list->events[i].name, event->name) == 0)
			return 0;
	if (*list->count == list->room)
		return err_set(list->err, -E2BIG, "more than %zu events were asked for at once", list->room);
	list->events[(*list->count)++] = *event;
	return 0;
}

static int add_name(struct listing *list, const char *name)
{
	struct event event;
	const int code = resolve_name(list->host, name, &event, list->err);

	return code == 0 || code == -ENODATA ? add(list, &event) : code;
}

/* A set's scope is that of each member. */
static int add_set(struct listing *list, const char *text)
{
	char set[EVENT_NAME], name[EVENT_NAME + 8];
	const char *const *members;
	const size_t before = *list->count;
	struct event event;
	int code = 0;

	snprintf(set, sizeof set, "%s", text);
	code = check_twice(text, cut_scope(set), list->err);
	members = event_set_members(set);
	if (!members)
		return complain(list->host, text, list->err);
	for (int i = 0; i < EVENT_SET_MAX && members[i] && code == 0; i++) {
		snprintf(name, sizeof name, "%s%.7s", members[i], text + strlen(set));
		code = resolve_name(list->host, name, &event, list->err);
		code = code == -ENODATA ? 0 : code < 0 ? code : add(list, &event);
	}
	if (code < 0 || *list->count > before || list->room == 0)
		return code;
	event = (struct event){ .scale = 1 };
	snprintf(event.name, sizeof event.name, "%s", set);
	snprintf(event.reason, sizeof event.reason, "no events for it are known on %s",
		 list->host->core->text);
	return add(list, &event);
}

/* The comma that ends an item: those between slashes belong to the PMU's terms. */
static size_t item_length(const char *text)
{
	bool is_inside = false;
	size_t length = 0;

	for (; text[length] && (is_inside || text[length] != ','); length++)
		is_inside ^= text[length] == '/';
	return length;
}

static int check_letters(const char *text, struct sb_err *err)
{
	char *shown = printable_dup_line(text);
	const bool is_same = !strcmp(shown, text);

	if (!is_same)
		err_set(err, -EINVAL, "the event '%.60s' has letters that cannot be shown", shown);
	free(shown);
	return is_same ? 0 : -EINVAL;
}

int event_resolve(const struct event_host *host, const char *text, struct event *events, size_t room,
		  size_t *count, struct sb_err *err)
{
	struct listing list = { .host = host, .events = events, .room = room, .count = count, .err = err };
	char item[EVENT_NAME];
	int code = check_letters(text, err);

	*count = 0;
	while (code == 0) {
		const size_t length = item_length(text);

		if (length == 0)
			return err_set(err, -EINVAL, "'%.60s' has no event between its commas", text);
		if (length >= sizeof item)
			return err_set(err, -EINVAL, "the event '%.60s...' has more than %d letters", text,
				       EVENT_NAME - 1);
		snprintf(item, sizeof item, "%.*s", (int)length, text);
		code = item[0] == '@' ? add_set(&list, item) : add_name(&list, item);
		if (!text[length])
			break;
		text += length + 1;
	}
	return code;
}
