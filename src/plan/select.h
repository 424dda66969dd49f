/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select.h - which cases the user means: --filter, --skip, --exact, --tag. Pure. */
#ifndef PLAN_SELECT_H
#define PLAN_SELECT_H

#include <stdbool.h>
#include "base/err.h"
#include "plan/settings.h"

struct select;

/* Compiles the patterns. NULL with a sentence that names the pattern and what is wrong with it. */
struct select *select_new(const struct settings *settings, struct sb_err *err);
void select_free(struct select *select);

/* Whether a case is wanted: matches any filter (or there is none), carries any tag (or none is asked for),
 * and matches no skip. `tags`: words separated by one space. */
bool select_matches(const struct select *select, const char *name, const char *tags);

#endif
