/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * route.h - from an event type to the transitions that it can cause, so that an event costs nothing for all
 * the rules that do not care about it.
 */
#ifndef KESTREL_ROUTE_H
#define KESTREL_ROUTE_H

#include <stdint.h>

#define ROUTE_UNTIL UINT32_MAX /* in place of a step: the event ends the sequence */

struct transition {
	uint32_t rule;
	uint32_t step;
};

struct routes;

struct routes *routes_new(void); /* NULL: no memory */
void routes_free(struct routes *routes);

/* Transitions of one type keep the order in which they were added. -ENOMEM; then the table is as it was. */
int routes_add(struct routes *routes, uint32_t event_type, struct transition transition);

/* Borrowed until the next routes_add; *count is 0 for a type without transitions. */
const struct transition *routes_get(const struct routes *routes, uint32_t event_type, uint32_t *count);

#endif
