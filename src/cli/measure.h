/* SPDX-License-Identifier: GPL-2.0-or-later */
/* measure.h - from an open session to a filled record: hold the host, measure, put it back. Prints what goes
 * wrong. */
#ifndef CLI_MEASURE_H
#define CLI_MEASURE_H

#include "cli/exit.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "host/topology.h"
#include "record/record.h"
#include "run/clock.h"
#include "run/counted.h"
#include "run/events.h"

struct measure {
	struct session *session;
	const struct settings *settings;
	const struct topology *topology;
	struct run_clock *clock; /* started */
	struct progress *progress;
	struct counted *counted;     /* its events, to be tried */
	const struct events *events; /* those that it got */
};

/* The host is back as it was when this returns. The record is worth keeping when it has a case with a launch
 * or a failure. */
enum exit_code measure_session(const struct measure *measure, struct record *record);

#endif
