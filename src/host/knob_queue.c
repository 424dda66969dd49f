/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_queue.c - what network queues hand to CPUs: received packets that are spread over CPUs in software
 * (RPS), and which CPUs send through which queue (XPS). See Documentation/networking/scaling.rst.
 *
 * A device makes its queues anew when its link or their number changes: what is gone then is told, and no
 * conflict.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/housekeeping.h"
#include "host/value.h"

#define FOLDER	  "sys/class/net"
#define NAME_ROOM 15 /* IFNAMSIZ, without the end */
#define LETTERS	  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@"

struct queue {
	const char *prefix; /* of the folder of a queue */
	const char *leaf;
	const char *none;
};

struct search {
	const struct knob_context *context;
	struct knob_plan *plan;
	const struct queue *queue;
	const char *device;
	size_t found;
	bool has_nowhere;
};

/* --- names ---------------------------------------------------------------------------------------------- */

/* Gives the length of a device's name at the start of `text`; 0 for what is none, or would lead elsewhere. */
static size_t device_length(const char *text)
{
	const size_t length = strspn(text, LETTERS);

	return length <= NAME_ROOM && text[0] != '.' ? length : 0;
}

static bool is_queue(const struct queue *queue, const char *name, size_t length)
{
	const size_t prefix = strlen(queue->prefix);

	return length > prefix && length < prefix + 6 && !strncmp(name, queue->prefix, prefix) &&
	       prefix + strspn(name + prefix, "0123456789") >= length;
}

static bool owns_path(const struct knob *knob, const char *path)
{
	const struct queue *queue = knob->detail;
	size_t length;

	if (strncmp(path, FOLDER "/", sizeof FOLDER) != 0)
		return false;
	path += sizeof FOLDER;
	length = device_length(path);
	if (!length || strncmp(path + length, "/queues/", 8) != 0)
		return false;
	path += length + 8;
	length = strcspn(path, "/");
	return is_queue(queue, path, length) && path[length] == '/' &&
	       !strcmp(path + length + 1, queue->leaf);
}

/* --- planning ------------------------------------------------------------------------------------------- */

static int add_queue(const char *name, void *context)
{
	struct search *search = context;
	char path[KNOB_PATH], before[KNOB_VALUE], target[KNOB_VALUE];
	int code;

	if (!is_queue(search->queue, name, strlen(name)))
		return 0;
	snprintf(path, sizeof path, FOLDER "/%s/queues/%s/%s", search->device, name, search->queue->leaf);
	/* a device with one queue has the file, and no mask in it */
	if (path_read(search->context->root, path, before, sizeof before, NULL) < 0)
		return 0;
	search->found++;
	code = housekeeping_mask(search->context, before, target, sizeof target);
	search->has_nowhere |= code == -ENOENT;
	if (code > 0)
		knob_add(search->plan, path, target);
	return 0;
}

static int add_device(const char *name, void *context)
{
	struct search *search = context;
	char folder[KNOB_PATH];

	if (!name[0] || device_length(name) != strlen(name))
		return 0;
	search->device = name;
	snprintf(folder, sizeof folder, FOLDER "/%s/queues", name);
	path_each(search->context->root, folder, add_queue, search, NULL);
	return 0;
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	const struct queue *queue = plan->knob->detail;
	struct search search = { .context = context, .plan = plan, .queue = queue };

	path_each(context->root, FOLDER, add_device, &search, NULL);
	if (search.has_nowhere)
		return knob_conclude(plan->knob, CONDITION_UNSUPPORTED, condition, "no housekeeping CPU");
	if (!search.found)
		return knob_conclude(plan->knob, CONDITION_ALREADY, condition, "%s", queue->none);
	snprintf(condition->before, sizeof condition->before, "%zu of %zu", plan->count, search.found);
	if (plan->count)
		return (int)plan->count;
	return knob_conclude(plan->knob, CONDITION_ALREADY, condition,
			     "no network queue hands anything to the bench's core");
}

/* A name is given again to another device, its index is not. */
static int identify(const struct path_root *root, const char *path, char *text, size_t size)
{
	char file[KNOB_PATH];
	const char *device = path + sizeof FOLDER;

	snprintf(file, sizeof file, FOLDER "/%.*s/ifindex", (int)device_length(device), device);
	return path_read(root, file, text, size, NULL);
}

#define QUEUE                                                                                                \
	.scope = KNOB_SCOPE_HOST, .level = KNOB_OPT_IN, .is_watched = true, .may_vanish = true,              \
	.undo_rank = 42, .plan = plan, .is_same = value_is_same_cpumask, .identify = identify,               \
	.owns_path = owns_path

const struct knob knob_rps = {
	QUEUE,
	.name = "rps",
	.removes = "received network packets that are handed to the bench's CPU",
	.detail = (const struct queue[]){ { "rx-", "rps_cpus", "no network device has a queue to receive" } },
};

const struct knob knob_xps = {
	QUEUE,
	.name = "xps",
	.removes = "network queues that finish sending on the bench's CPU",
	.detail = (const struct queue[]){ { "tx-", "xps_cpus",
					    "no network device has more than one queue to send" } },
};
