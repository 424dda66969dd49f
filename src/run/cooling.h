/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cooling.h - waits before a launch until the benches' processor is about as cool as before the first one, so
 * that none is measured on what the one before it has heated.
 *
 * The method and the 3 degrees are those of Krun (Barrett et al., "Virtual Machine Warmup Blows Hot and
 * Cold", OOPSLA 2017). Each wait is bounded, and after a few in vain nobody waits any more: a room that has
 * become warmer stays so.
 */
#ifndef RUN_COOLING_H
#define RUN_COOLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "host/condition.h"
#include "host/heat.h"
#include "run/cancel.h"

#define COOLING_ABOVE_C	  3.0 /* degrees above those before the first launch that are no reason to wait */
#define COOLING_VAIN_MOST 3   /* waits one after another that did not help */

/* How time passes. */
struct cooling_time {
	uint64_t (*now_ns)(void *context);
	bool (*nap)(void *context, unsigned milliseconds); /* false: interrupted */
	void *context;
};

struct cooling {
	struct heat heat;
	struct cooling_time time;
	double most_s;	 /* before one launch; 0: nobody waits */
	double before_c; /* the first launch; NaN: it has not come, or no sensor told */
	size_t launches; /* after the first */
	size_t waits;
	size_t warm; /* launches that began too warm all the same */
	size_t vain; /* waits in vain, one after another */
	double waited_s, warmest_c;
};

/* Who waits, and how warm it is: degrees Celsius, and those to which it has to fall. */
struct cooling_show {
	void (*tell)(void *context, double now_c, double until_c);
	void *context;
};

/* For benches on these CPUs. `root` and `cancel` are borrowed; the time is the real one. */
void cooling_init(struct cooling *cooling, const struct path_root *root, const cpu_set_t *cpus, double most_s,
		  const struct run_cancel *cancel);

/* To be called before each launch: waits if need be, for `left_s` (infinite: no matter) at most, and gives
 * the seconds. An interrupt ends it at once. */
double cooling_wait(struct cooling *cooling, double left_s, const struct cooling_show *show);

/* What became of it, as a condition of the name `cool-down`. */
void cooling_describe(const struct cooling *cooling, struct condition *condition);

#endif
