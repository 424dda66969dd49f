/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_refusal.c - what the kernel means when it does not count an event; see perf_event_open(2), ERRORS. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include "host/event.h"
#include "host/pmu.h"
#include "host/virtual.h"

#define TRACEFS "sys/kernel/tracing"

static bool is_processors(const struct event_host *host, const struct event *event)
{
	if (event->type == PERF_TYPE_HARDWARE || event->type == PERF_TYPE_HW_CACHE ||
	    event->type == PERF_TYPE_RAW)
		return true;
	return host->sources.core && event->type == host->sources.core->type;
}

bool event_needs_counter(const struct event_host *host, const struct event *event)
{
	return host->sources.core && !event->reason[0] && is_processors(host, event);
}

static void explain_absence(const struct event_host *host, const struct event *event, int code, char *text,
			    size_t size)
{
	if (event->type == PERF_TYPE_TRACEPOINT && code == -ENODEV)
		snprintf(text, size, "tracefs is not mounted; try: mount -t tracefs none /" TRACEFS);
	else if (event->type == PERF_TYPE_TRACEPOINT)
		snprintf(text, size, "this kernel has no tracepoint '%s'", event->tracepoint);
	else if (!is_processors(host, event))
		snprintf(text, size, "this kernel has no such event");
	else if (host->sources.core)
		snprintf(text, size, "the PMU '%s' has no such event", host->sources.core->name);
	else if (virtual_is_guest(host->root))
		snprintf(text, size, "this virtual machine is given no counters of the processor");
	else
		snprintf(text, size, "this processor shows no counters to Linux");
}

static void explain_denial(const struct event_host *host, const struct event *event, char *text, size_t size)
{
	long long paranoid = 2;
	const char *why = "the kernel's share of it is not for users: ask for ':u', or run with sudo";

	if (event->type == PERF_TYPE_TRACEPOINT) {
		snprintf(text, size, "tracepoints are root's alone; run with sudo");
		return;
	}
	path_read_long(host->root, "proc/sys/kernel/perf_event_paranoid", &paranoid, NULL);
	if (pmu_counts_siblings(host->root, event->type, event->config))
		why = "with 'any' (libpfm4's 't') it holds what the core's other threads do, which is not "
		      "for the benches' user above 0; leave that out";
	else if (event_is_kernels(event) || event_is_register(event))
		why = "it holds what the kernel does, which is not for users; run with sudo";
	else if (event->is_cpu_wide)
		why = "what counts for everybody is not for users above 0; run with sudo";
	else if (paranoid > 2 || event->scope == EVENT_USER)
		why = "users may count nothing; run with sudo";
	snprintf(text, size, "kernel.perf_event_paranoid is %lld: %s", paranoid, why);
}

/* The keeper's own word for kinds that it never opens; a security module's for any. */
static void explain_prohibition(const struct event_host *host, const struct event *event, char *text,
				size_t size)
{
	if (event->type == PERF_TYPE_TRACEPOINT)
		snprintf(text, size,
			 "a probe is no event to count: it changes the kernel's text for everybody");
	else if (!event->is_cpu_wide && !is_processors(host, event) && event->type != PERF_TYPE_SOFTWARE)
		snprintf(text, size, "'%s' is no PMU of a core, and names no CPUs to count a package on",
			 event->pmu);
	else
		snprintf(text, size, "a container or a security module forbids it");
}

static void explain_invalidity(const struct event *event, char *text, size_t size)
{
	if (event_has_no_scope(event) && event->scope != (EVENT_USER | EVENT_KERNEL | EVENT_HYPERVISOR))
		snprintf(text, size, "'%s' cannot tell user space from the rest: ask without a scope",
			 event->pmu);
	else
		snprintf(text, size, "the kernel does not take it for an event of this processor");
}

const char *event_refusal(const struct event_host *host, const struct event *event, int code, char *text,
			  size_t size)
{
	switch (-code) {
	case ENOENT:
	case ENODEV:
		explain_absence(host, event, code, text, size);
		break;
	case EOPNOTSUPP:
		snprintf(text, size, "the processor cannot count it in this way");
		break;
	case EACCES:
		explain_denial(host, event, text, size);
		break;
	case EPERM:
		explain_prohibition(host, event, text, size);
		break;
	case EINVAL:
		explain_invalidity(event, text, size);
		break;
	case EXDEV:
		snprintf(text, size,
			 "one count of '%s' is not for all CPUs of the benchmark: choose them by --cpus",
			 event->pmu);
		break;
	case EBUSY:
		snprintf(text, size, "somebody else uses the counters for themselves alone");
		break;
	case ENOSYS:
		snprintf(text, size, "this kernel has no perf events");
		break;
	default:
		snprintf(text, size, "%s", err_reason(code));
	}
	return text;
}

const char *event_silence(const struct event_host *host, const struct event *event, char *text, size_t size)
{
	if (event->is_unlisted)
		snprintf(text, size,
			 "the processor does not have it: '%s' does not list it, and it stood still",
			 host->sources.core->name);
	else
		snprintf(text, size, "it opens, and stood still whatever ran: the processor may not have it");
	return text;
}
