/* SPDX-License-Identifier: GPL-2.0-or-later */
/* announce.h - what `holder` tells everybody of a held host besides who holds it (keeper_note). */
#ifndef KEEPER_ANNOUNCE_H
#define KEEPER_ANNOUNCE_H

#include <stddef.h>
#include "host/condition.h"
#include "keeper/lock.h"

/* Which knobs are in effect. */
void announce_knobs(const struct lock *lock, const struct condition *conditions, size_t count);

/* The guard that stands by, or why none does; nothing for a condition without a name. */
void announce_guard(const struct lock *lock, const struct condition *condition);

#endif
