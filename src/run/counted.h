/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counted.h - what a session counts: the events that were asked for, and the witnesses of its samples.
 *
 * Events are added, tried once by the keeper when the host is held, and then belong to passes: launch after
 * launch of a case has the counters of the next one.
 */
#ifndef RUN_COUNTED_H
#define RUN_COUNTED_H

#include <stdbool.h>
#include "base/path.h"
#include "host/event.h"
#include "keeper/keeper.h"
#include "record/record.h"

/* An event by its names. */
struct counted_event {
	char name[EVENT_NAME];	   /* as it was asked for: the key in records */
	char event[EVENT_SPELLED]; /* spelled out, "": not known */
	char word[40];		   /* of the sets, that it is the same event as; "": none */
	char unit[16];		   /* "": a number of events */
	double scale;		   /* of a count to the unit, 0: one to one */
	char reason[192]; /* why there is none such here; "": the keeper tries it. Then, where somebody knows
			   * better than counted_reason, why it is not counted */
};

/* Zeroed: no events. */
struct counted {
	size_t count;
	struct counted_event events[KEEPER_EVENTS_MAX];
	struct keeper_event asked[KEEPER_EVENTS_MAX];
	struct keeper_probe probes[KEEPER_EVENTS_MAX];
	unsigned passes;
	uint32_t witness_rows; /* of host/witness.h */
	bool is_unwitnessed;   /* nothing is read around a sample but the clock */
};

/* One more; false when there is no room. */
bool counted_add(struct counted *counted, const struct counted_event *event,
		 const struct keeper_event *asked);

/* Has the keeper try the events, and look which witnesses there are. 0 or a negative errno. */
int counted_try(struct counted *counted, struct keeper *keeper, struct sb_err *err);

/* What became of an event, and why it is not counted, NULL: it is. */
const char *counted_reason(const struct counted *counted, size_t i, enum record_counter_status *status);

/* What a record says of them: the witnesses of a session whose launches are in it, the counters of a case,
 * those that a launch of the case has as its number, from 0, is what it is. */
void counted_describe(const struct counted *counted, const struct path_root *root, struct record *record);
void counted_describe_case(const struct counted *counted, struct record_case *c);
void counted_describe_launch(const struct counted *counted, uint64_t number, struct record_launch *launch);

/* The order for that launch. */
void counted_order(const struct counted *counted, uint64_t number, struct keeper_launch *order);

#endif
