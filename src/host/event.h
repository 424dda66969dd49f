/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h - from what a user types to what the kernel is asked for.
 *
 * An event is a name of libpfm4 ("L1D:REPLACEMENT", "skl::INST_RETIRED:ANY_P"), a generic one of the kernel
 * ("cycles", "L1-dcache-load-misses", "page-faults"), a raw code ("r01c2"), an event of a PMU in sysfs
 * ("cpu/event=0x51,umask=0x1/", "power/energy-pkg/", or its name alone), a tracepoint ("irq:softirq_entry"),
 * or a set ("@default") whose members are spelled out for the processor at hand. They are tried in this
 * order. The scope may follow, ":u", ":k", ":h" or several (":uk"): user alone unless asked otherwise; but a
 * tracepoint, a switch and a migration happen in the kernel and are counted there too.
 *
 * Nothing here opens an event: whether it counts is found out by the keeper.
 */
#ifndef HOST_EVENT_H
#define HOST_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/path.h"
#include "host/event_source.h"
#include "host/microarchitecture.h"

#define EVENT_MAX     64		/* that one session may count */
#define EVENT_NAME    256		/* letters of a name, and its end */
#define EVENT_SPELLED (EVENT_NAME + 64) /* ... with the name of its table or PMU, and the scope */
#define EVENT_DEFAULT "@default"

enum event_scope { EVENT_USER = 1, EVENT_KERNEL = 2, EVENT_HYPERVISOR = 4 };

struct event {
	char name[EVENT_NAME];	     /* as asked for, of a set's member the set's word: the record's key */
	char spelled[EVENT_SPELLED]; /* as libpfm4, the kernel or the PMU has it, with its scope */
	char pmu[32];		     /* "cpu", "software"; "" where the processor has none in sysfs */
	char word[40]; /* of the sets' table or the kernel's, with its scope, by event_name_words; else "" */
	uint32_t type; /* of perf_event_open(2) */
	uint64_t config, config1, config2;
	uint32_t scope;	     /* bits of enum event_scope */
	char tracepoint[64]; /* "irq:softirq_entry": type and number are the kernel's; else "" */
	bool is_cpu_wide;    /* of a package or of memory, whoever uses it: no event of a task */
	bool is_unlisted;    /* the PMU takes the code, but does not say that the processor has the event */
	double scale;	     /* of a count, to `unit` or to what the set's word means */
	char unit[16];	     /* "J", "s", "" for a plain count */
	char reason[192];    /* of a set's member that this processor has no event for; else "" */
};

/* What names are resolved against. Zeroed: release is fine. */
struct event_host {
	const struct path_root *root;
	struct event_sources sources;
	const struct microarchitecture *core;
	bool has_pfm;
};

/* Looks at the PMUs and at the kind of the bench's CPU; `root` stays the caller's and must outlive it. 0 or a
 * negative errno. */
int event_host_init(struct event_host *host, const struct path_root *root, unsigned cpu, struct sb_err *err);
void event_host_release(struct event_host *host);

/* Resolves a list separated by commas; what is named twice is taken once. A member of a set for which there
 * is no event gets a reason; anything else that is unknown, or that cannot be counted, is an error: -ENOENT
 * with the names nearest to it, -EINVAL, -E2BIG for more than `room`. */
int event_resolve(const struct event_host *host, const char *list, struct event *events, size_t room,
		  size_t *count, struct sb_err *err);

/* Whether it is a register of the CPU (the PMU `msr`). */
bool event_is_register(const struct event *event);

/* Whether it counts whatever runs, and takes no scope: a register, and what is of a package. */
bool event_has_no_scope(const struct event *event);

/* Whether it happens in the kernel, whoever caused it: without that scope it would stay at 0. */
bool event_is_kernels(const struct event *event);

/* Tells of each which word of the sets it is the same event as: by type and code, and by the kernel's own
 * aliases ("cpu-cycles" is "cycles"). What only counts much the same gets none. */
void event_name_words(const struct event_host *host, struct event *events, size_t count);

/* Whether it is one of the kernel's own, PERF_TYPE_SOFTWARE, that counts something. */
bool event_is_software(uint64_t config, uint64_t config1, uint64_t config2);

/* Why an event cannot be counted when opening it gives that negative errno, in plain English and with what to
 * try: a sentence without its subject; of a tracepoint -ENODEV is that there is no tracefs. Gives text back.
 */
const char *event_refusal(const struct event_host *host, const struct event *event, int code, char *text,
			  size_t size);

/* The same for one that opens and never counts anything. */
const char *event_silence(const struct event_host *host, const struct event *event, char *text, size_t size);

/* Whether it needs a counter of a processor that has some. */
bool event_needs_counter(const struct event_host *host, const struct event *event);

#endif
