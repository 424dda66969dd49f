/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verdict.h - what became of each knob once all settings were written and read back. */
#ifndef KEEPER_VERDICT_H
#define KEEPER_VERDICT_H

#include "base/err.h"
#include "host/condition.h"
#include "keeper/control.h"

/* Fills the conditions of the host's knobs that are applied. `codes`: what each entry's write said; `errors`,
 * by place in the table: the first sentence of a write that went wrong. */
void verdict_tell(const struct control *control, const int *codes, const struct sb_err *errors,
		  struct condition *conditions);

/* Without a journal nothing was touched: says so of all of them. */
void verdict_tell_untouched(const struct control *control, const struct sb_err *err,
			    struct condition *conditions);

#endif
