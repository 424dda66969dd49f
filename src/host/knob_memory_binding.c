/* SPDX-License-Identifier: GPL-2.0-or-later */
/* knob_memory_binding.c - the bench's memory from the nodes of its own CPUs, where there is more than one
 * node. */
#include "host/knob_table.h"

#include <stdio.h>
#include <string.h>
#include "base/cpulist.h"
#include "host/task.h"

#define NODES	  "sys/devices/system/node"
#define NODES_MAX (sizeof((struct knob_task *)0)->memory_nodes * 8)

/* Nodes with a CPU of the bench; gives how many nodes there are in all. */
static int find_nodes(const struct knob_context *context, uint64_t *nodes, char *list, size_t size)
{
	int count = 0;
	size_t used = 0;

	list[0] = '\0';
	for (unsigned node = 0; node < NODES_MAX; node++) {
		char path[KNOB_PATH], text[KNOB_VALUE];
		cpu_set_t cpus;

		snprintf(path, sizeof path, NODES "/node%u/cpulist", node);
		if (path_read(context->root, path, text, sizeof text, NULL) < 0)
			continue;
		count++;
		if (cpulist_parse(text, &cpus, NULL))
			continue; /* a node of memory alone */
		CPU_AND(&cpus, &cpus, &context->topology.bench);
		if (CPU_COUNT(&cpus) == 0)
			continue;
		nodes[node / 64] |= UINT64_C(1) << node % 64;
		if (used < size)
			used += (size_t)snprintf(list + used, size - used, "%s%u", used ? "," : "node ",
						 node);
	}
	return count;
}

static int plan(const struct knob_context *context, struct knob_plan *plan, struct condition *condition)
{
	uint64_t nodes[sizeof((struct knob_task *)0)->memory_nodes / sizeof(uint64_t)] = { 0 };
	const int count = find_nodes(context, nodes, condition->value, sizeof condition->value);

	if (count < 2)
		return knob_conclude(plan->knob, CONDITION_ALREADY, condition,
				     "this host has one memory node");
	snprintf(condition->before, sizeof condition->before, "%d nodes", count);
	if (!condition->value[0])
		return knob_conclude(plan->knob, CONDITION_FAILED, condition, "no node has the bench's CPU");
	return 1;
}

static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	find_nodes(context, context->task.memory_nodes, condition->value, sizeof condition->value);
	context->task.bind_memory = true;
	knob_conclude(knob, CONDITION_APPLIED, condition, "each launch takes memory of %s only",
		      condition->value);
}

static void release(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	context->task.bind_memory = false;
	memset(context->task.memory_nodes, 0, sizeof context->task.memory_nodes);
}

const struct knob knob_memory_binding = {
	.name = "memory-binding",
	.removes = "memory of another node, farther away",
	.scope = KNOB_SCOPE_TASK,
	.plan = plan,
	.apply = apply,
	.release = release,
};
