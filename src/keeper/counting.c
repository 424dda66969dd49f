/* SPDX-License-Identifier: GPL-2.0-or-later */
/* counting.c - what may be counted, and where the kernel has it; see counting.h. */
#include "keeper/counting.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "host/event.h"
#include "host/pmu.h"
#include "host/tracing.h"

#define SCOPES (KEEPER_SCOPE_USER | KEEPER_SCOPE_KERNEL | KEEPER_SCOPE_HYPERVISOR)

/* --- what a message may ask for ----------------------------------------------------------------------- */

static bool is_word(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!(text[i] >= 'a' && text[i] <= 'z') && !(text[i] >= '0' && text[i] <= '9') &&
		    text[i] != '_')
			return false;
	return length > 0;
}

/* Two words: what becomes a path below tracefs has no other character. */
static bool is_tracepoint(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon && is_word(text, (size_t)(colon - text)) && is_word(colon + 1, strlen(colon + 1));
}

static bool is_bare(const struct keeper_event *event)
{
	return !event->config1 && !event->config2;
}

int counting_check(const struct keeper_event *event, struct sb_err *err)
{
	const size_t length = strnlen(event->tracepoint, sizeof event->tracepoint);

	if (length == sizeof event->tracepoint)
		return err_set(err, -EINVAL, "the name of a tracepoint has no end");
	if (event->scope == 0 || event->scope & ~(uint32_t)SCOPES)
		return err_set(err, -EINVAL, "an event cannot be counted in the scope %#x", event->scope);
	if ((event->type == PERF_TYPE_TRACEPOINT) != (length > 0))
		return err_set(err, -EINVAL, "a tracepoint has a name, and nothing else has");
	if (length > 0 && (!is_tracepoint(event->tracepoint) || event->config || !is_bare(event)))
		return err_set(err, -EINVAL, "'%s' is no tracepoint of the form group:name",
			       is_tracepoint(event->tracepoint) ? event->tracepoint : "?");
	if (event->type == PERF_TYPE_SOFTWARE &&
	    !event_is_software(event->config, event->config1, event->config2))
		return err_set(err, -EINVAL, "there is no software event %#llx",
			       (unsigned long long)event->config);
	return 0;
}

/* --- looking it up -------------------------------------------------------------------------------------- */

/* What the kernel does for each of its functions, and what somebody put into it: patches of its text, for all
 * CPUs. */
static bool is_probe(const struct path_root *tracing, const char *group, int length, const char *name)
{
	static const char ftrace[] = "ftrace";
	char path[160], format[16384];

	if (length == sizeof ftrace - 1 && strncmp(group, ftrace, sizeof ftrace - 1) == 0)
		return true;
	snprintf(path, sizeof path, "events/%.*s/%s/format", length, group, name);
	return path_read(tracing, path, format, sizeof format, NULL) > 0 &&
	       (strstr(format, " __probe_ip;") || strstr(format, " __probe_func;") ||
		strstr(format, " __probe_vaddr;"));
}

static int find_tracepoint(const struct path_root *tracing, const char *name, uint64_t *id)
{
	const char *colon = strchr(name, ':');
	long long value = 0;
	char path[160];
	int code;

	if (tracing->fd == -ENOENT) /* nor would a user be let in if it were there */
		return geteuid() ? -EACCES : -ENODEV;
	if (tracing->fd < 0)
		return tracing->fd;
	snprintf(path, sizeof path, "events/%.*s/%s/id", (int)(colon - name), name, colon + 1);
	code = path_read_long(tracing, path, &value, NULL);
	*id = (uint64_t)value;
	if (code >= 0 && is_probe(tracing, name, (int)(colon - name), colon + 1))
		return -EPERM;
	return code < 0 ? code : 0;
}

static struct perf_event_attr scoped(uint32_t type, uint32_t scope)
{
	return (struct perf_event_attr){ .size = sizeof(struct perf_event_attr),
					 .type = type,
					 .exclude_user = !(scope & KEEPER_SCOPE_USER),
					 .exclude_kernel = !(scope & KEEPER_SCOPE_KERNEL),
					 .exclude_hv = !(scope & KEEPER_SCOPE_HYPERVISOR) };
}

/* The types that the kernel maps to the processor's own PMU may name one of several in the upper half of
 * config (PERF_TYPE_HARDWARE and PERF_TYPE_HW_CACHE since Linux 5.13). */
static const struct pmu_core *find_core(const struct keeper_event *event, const struct pmu_core *cores,
					size_t count)
{
	const bool is_generic = event->type == PERF_TYPE_HARDWARE || event->type == PERF_TYPE_HW_CACHE;
	const uint32_t wanted = is_generic ? (uint32_t)(event->config >> 32) : event->type;
	const bool is_any = event->type == PERF_TYPE_RAW || (is_generic && wanted == 0);

	for (size_t i = 0; i < count; i++)
		if (is_any || cores[i].type == wanted)
			return &cores[i];
	return NULL;
}

/* Where no PMU is named by sysfs the kernel says best why a plain event is not there. */
static int prepare_hardware(const struct keeper_event *event, const struct pmu_core *cores, size_t count,
			    struct perf_event_attr *attr)
{
	const struct pmu_core *core = find_core(event, cores, count);
	const bool is_plain = event->type == PERF_TYPE_RAW ||
			      ((event->type == PERF_TYPE_HARDWARE || event->type == PERF_TYPE_HW_CACHE) &&
			       event->config >> 32 == 0);

	if (!core && !is_plain)
		return -EPERM;
	attr->config = event->config;
	attr->config1 = event->config1 | (core ? core->user_read : 0);
	attr->config2 = event->config2;
	return 0;
}

/* Every other number has to be a core's, of its registers, or of a PMU that is for no task; the front has no
 * say in where. */
static int prepare_pmu(const struct path_root *root, const cpu_set_t *cpus, const struct keeper_event *event,
		       struct counting_event *to)
{
	struct pmu_core cores[PMU_CORES_MAX];
	const size_t count = pmu_cores(root, cores, PMU_CORES_MAX);
	int code = prepare_hardware(event, cores, count, &to->attr);

	if (code != -EPERM)
		return code;
	to->attr.config = event->config;
	to->attr.config1 = event->config1;
	to->attr.config2 = event->config2;
	if (pmu_is_registers(root, event->type))
		return 0;
	return pmu_wide_find(root, event->type, cpus, &to->wide);
}

void counting_prepare_event(const struct path_root *root, const struct path_root *tracing,
			    const cpu_set_t *cpus, const struct keeper_event *event,
			    struct counting_event *to)
{
	uint64_t id = 0;

	*to = (struct counting_event){ .attr = scoped(event->type, event->scope) };
	switch (event->type) {
	case PERF_TYPE_SOFTWARE:
		to->attr.config = event->config;
		break;
	case PERF_TYPE_TRACEPOINT:
		to->code = find_tracepoint(tracing, event->tracepoint, &id);
		to->attr.config = id;
		break;
	default:
		to->code = prepare_pmu(root, cpus, event, to);
	}
}

static void prepare_witness(const struct path_root *tracing, const struct witness *row,
			    struct counting_event *to)
{
	const bool is_software = !row->ways[0].tracepoint;
	uint64_t id = 0;

	*to = (struct counting_event){
		.attr = scoped(is_software ? PERF_TYPE_SOFTWARE : PERF_TYPE_TRACEPOINT, SCOPES),
		.code = is_software ? 0 : -ENOENT,
	};
	to->attr.config = row->software;
	for (int i = 0; i < WITNESS_WAYS && to->code == -ENOENT && row->ways[i].tracepoint; i++) {
		to->code = find_tracepoint(tracing, row->ways[i].tracepoint, &id);
		to->attr.config = id;
		to->filter = row->ways[i].filter;
	}
}

void counting_prepare(const struct path_root *root, const cpu_set_t *cpus, const struct keeper_event *events,
		      unsigned count, struct counting *counting)
{
	struct path_root tracing;
	cpu_set_t own;

	CPU_ZERO(&own);
	if (!cpus)
		sched_getaffinity(0, sizeof own, &own);
	tracing_open(root, &tracing);
	*counting = (struct counting){ .count = count };
	smi_prepare(&counting->smi, root, cpus);
	busy_frequency_prepare(&counting->busy, root, cpus);
	for (unsigned i = 0; i < count; i++) {
		counting_prepare_event(root, &tracing, cpus ? cpus : &own, &events[i], &counting->events[i]);
		if (!root->is_real)
			counting->events[i].code = -ENODEV;
	}
	for (unsigned i = 0; i < WITNESS_COUNT; i++) {
		prepare_witness(&tracing, witness_get(i), &counting->witness[i]);
		if (!root->is_real)
			counting->witness[i].code = -ENODEV;
	}
	path_root_release(&tracing);
}

void counting_withhold(const struct path_root *root, const struct identity *identity,
		       struct counting *counting)
{
	long long paranoid = 2;

	if (path_read_long(root, "proc/sys/kernel/perf_event_paranoid", &paranoid, NULL))
		paranoid = 2;
	if (paranoid <= 0 || !identity->privileged || identity->bench_uid == 0)
		return;
	for (unsigned i = 0; i < counting->count; i++) {
		struct counting_event *event = &counting->events[i];

		if (!event->code && pmu_counts_siblings(root, event->attr.type, event->attr.config))
			event->code = -EACCES;
	}
}

/* --- a launch's part of it --------------------------------------------------------------------------------
 */

void counting_request(const struct counting *counting, const struct keeper_launch *order,
		      struct sb_wire_request *request)
{
	if (order->mode == SB_WIRE_LIST)
		return;
	request->is_summed = order->is_summed;
	for (unsigned i = 0; i < counting->count; i++) {
		if (order->pass == 0 || counting->pass[i] != order->pass)
			continue;
		request->counters++;
		request->is_wide = counting->events[i].wide.reach != PMU_REACH_TASK;
	}
	request->is_summed &= !request->is_wide; /* everybody is in it anyway */
	for (unsigned row = 0; order->witnesses && row < WITNESS_COUNT; row++)
		if (counting->witnesses >> row & 1u)
			request->witness_causes[request->witnesses++] = witness_get(row)->cause;
	if (order->mode != SB_WIRE_MEASURE || order->threads < 2)
		return;
	if (request->counters && !request->is_summed && !request->is_wide)
		request->by_thread |= SB_WIRE_BY_THREAD_COUNTERS;
	if (request->witnesses)
		request->by_thread |= SB_WIRE_BY_THREAD_WITNESSES;
}
