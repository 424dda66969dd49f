/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_pfm.c - the names of libpfm4, which has the tables that the vendors publish. */
#include <errno.h>
#include <linux/perf_event.h>
#include <perfmon/pfmlib_perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/event_list.h"
#include "host/event_way.h"

/* libpfm4 spells every attribute out, "skl::L1D:REPLACEMENT:e=0:i=0:c=1:u=1:k=0:excl=0:mg=0:mh=1"; those that
 * are as always, and the scope, which is ours, are left out. */
static bool is_worth_telling(const char *part, size_t length)
{
	static const char *const ours[] = { "u=", "k=", "h=", "hv=", "mh=", "precise=" };

	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		if (strncmp(part, ours[i], strlen(ours[i])) == 0)
			return false;
	return !(length >= 2 && strncmp(part + length - 2, "=0", 2) == 0);
}

/* It has room for so much, and cuts the rest: then the name as it was asked for says more. */
#define WHOLE_MOST 255

static void spell(const char *name, const char *whole, char *to, size_t size)
{
	const char *part = whole;
	size_t used = 0;

	if (strlen(whole) >= WHOLE_MOST)
		part = name;
	to[0] = '\0';
	while (*part && used < size) {
		const size_t length = strcspn(part + (part[0] == ':'), ":") + (part[0] == ':');
		const size_t skip = part[0] == ':';

		if (is_worth_telling(part + skip, length - skip))
			used += (size_t)snprintf(to + used, size - used, "%.*s", (int)length, part);
		part += length;
	}
}

/* What an event of ours has no room for: ways of sampling, and how a group is scheduled. */
static int check_attributes(const struct perf_event_attr *attr, const char *name, struct sb_err *err)
{
	if (attr->sample_period || attr->freq || attr->precise_ip)
		return err_set(err, -EINVAL,
			       "'%s' is for sampling; events are counted here, without a period, a "
			       "frequency or a precision",
			       name);
	if (attr->pinned || attr->exclusive || attr->exclude_host)
		return err_set(err, -EINVAL,
			       "'%s' cannot choose how it is scheduled: groups are always pinned; leave out "
			       "'pinned', 'excl' and 'mg'",
			       name);
	return 0;
}

static bool is_unknown(int code)
{
	return code == PFM_ERR_NOTFOUND || code == PFM_ERR_NOTSUPP || code == PFM_ERR_NOINIT;
}

/* Gives libpfm4's code. */
static int encode(const char *name, struct event *event, struct perf_event_attr *attr)
{
	char *spelled = NULL;
	pfm_perf_encode_arg_t arg = { .attr = attr, .fstr = &spelled, .size = sizeof arg };
	int code;

	memset(attr, 0, sizeof *attr);
	code = pfm_get_os_event_encoding(name, PFM_PLM3, PFM_OS_PERF_EVENT_EXT, &arg);
	if (code == PFM_SUCCESS) {
		event->type = attr->type;
		event->config = attr->config;
		event->config1 = attr->config1;
		event->config2 = attr->config2;
		spell(name, spelled, event->spelled, sizeof event->spelled);
	}
	free(spelled);
	return code;
}

/* Of a recorded machine libpfm4 sees the processor that we run on: only what is asked of a table by name is
 * right. */
static int encode_here(const struct event_host *host, const char *name, struct event *event,
		       struct perf_event_attr *attr)
{
	const bool has_table = strstr(name, "::") != NULL;
	char qualified[EVENT_SPELLED];
	int code = PFM_ERR_NOTFOUND;

	for (int i = 0; i < MICROARCHITECTURE_TABLES && host->core->tables[i] && !has_table; i++) {
		snprintf(qualified, sizeof qualified, "%s::%s", host->core->tables[i], name);
		code = encode(qualified, event, attr);
		if (!is_unknown(code))
			return code;
	}
	snprintf(qualified, sizeof qualified, "perf::%s", name);
	return encode(has_table || host->root->is_real ? name : qualified, event, attr);
}

/* libpfm4 spells a raw code "perf_raw::", without the code. What is neither of the kernel's types nor the
 * core's is a PMU of the package. */
static void name_pmu(const struct event_host *host, const char *name, struct event *event)
{
	if (strncmp(event->spelled, "perf_raw", 8) == 0)
		snprintf(event->spelled, sizeof event->spelled, "%s", name);
	if (event->type == PERF_TYPE_SOFTWARE)
		snprintf(event->pmu, sizeof event->pmu, "software");
	for (size_t i = 0; i < host->sources.count && event->type >= PERF_TYPE_MAX; i++) {
		const struct event_source *source = &host->sources.list[i];

		if (source->type != event->type)
			continue;
		snprintf(event->pmu, sizeof event->pmu, "%.31s", source->name);
		event->is_cpu_wide = source->is_cpu_wide;
	}
	event_choose_core(host, event);
}

int event_from_pfm(const struct event_host *host, const char *name, struct event *event, struct sb_err *err)
{
	const char *pmu = strstr(name, "::"), *listed = pmu ? pmu + 2 : name;
	struct perf_event_attr attr;
	int code;

	if (!host->has_pfm || strlen(name) >= EVENT_NAME)
		return -ENOENT;
	code = encode_here(host, name, event, &attr);
	if (is_unknown(code) || (code == PFM_SUCCESS && attr.type == PERF_TYPE_TRACEPOINT))
		return -ENOENT;
	if (code != PFM_SUCCESS)
		return err_set(err, -EINVAL,
			       "libpfm4 does not take the event '%s': %s; stablebench events '%.*s' "
			       "lists its parts",
			       name, pfm_strerror(code), (int)strcspn(listed, ":"), listed);
	name_pmu(host, name, event);
	return check_attributes(&attr, name, err);
}

/* --- listing -------------------------------------------------------------------------------------------- */

struct listing {
	const struct event_host *host;
	event_list_take *take;
	void *context;
};

/* Each unit mask of an event is one that can be typed; an event without any is one by itself. */
static int list_masks(const struct listing *listing, int index, const pfm_event_info_t *info,
		      const char *source)
{
	int masks = 0, code = 0;

	for (int i = 0; i < info->nattrs && code == 0; i++) {
		pfm_event_attr_info_t mask = { .size = sizeof mask };
		char name[EVENT_NAME];

		if (pfm_get_event_attr_info(index, i, PFM_OS_PERF_EVENT, &mask) != PFM_SUCCESS ||
		    mask.type != PFM_ATTR_UMASK)
			continue;
		masks++;
		snprintf(name, sizeof name, "%s:%s", info->name, mask.name);
		code = listing->take(listing->context,
				     &(struct event_entry){ .name = name,
							    .source = source,
							    .text = mask.desc ? mask.desc : "" });
	}
	if (masks == 0 && code == 0)
		code = listing->take(listing->context,
				     &(struct event_entry){ .name = info->name,
							    .source = source,
							    .text = info->desc ? info->desc : "" });
	return code;
}

static int list_table(const struct listing *listing, const pfm_pmu_info_t *pmu)
{
	char source[64];
	int code = 0;

	snprintf(source, sizeof source, "libpfm4 %s", pmu->name);
	for (int i = pmu->first_event; i != -1 && code == 0; i = pfm_get_event_next(i)) {
		pfm_event_info_t info = { .size = sizeof info };

		if (pfm_get_event_info(i, PFM_OS_PERF_EVENT, &info) == PFM_SUCCESS)
			code = list_masks(listing, i, &info, source);
	}
	return code;
}

/* Tables of this core's kind, else those that libpfm4 itself found present; "perf" has the names of the
 * kernel once more. */
static bool is_wanted(const struct event_host *host, const pfm_pmu_info_t *pmu)
{
	for (int i = 0; i < MICROARCHITECTURE_TABLES && host->core->tables[i]; i++)
		if (strcmp(host->core->tables[i], pmu->name) == 0)
			return pmu->is_present || !host->root->is_real;
	return host->root->is_real && pmu->is_present && strncmp(pmu->name, "perf", 4) != 0 &&
	       pmu->nevents > 0;
}

int event_list_pfm(const struct event_host *host, event_list_take *take, void *context)
{
	const struct listing listing = { .host = host, .take = take, .context = context };
	int code = 0;

	for (pfm_pmu_t i = PFM_PMU_NONE; host->has_pfm && i < PFM_PMU_MAX && code == 0; i++) {
		pfm_pmu_info_t pmu = { .size = sizeof pmu };

		if (pfm_get_pmu_info(i, &pmu) == PFM_SUCCESS && is_wanted(host, &pmu))
			code = list_table(&listing, &pmu);
	}
	return code;
}
