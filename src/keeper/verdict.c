/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verdict.c - see verdict.h. */
#include "keeper/verdict.h"

#include <errno.h>
#include <stdlib.h>
#include "base/alloc.h"

static void conclude_failed(const struct knob *knob, const struct knob_result *result,
			    const struct sb_err *err, struct condition *condition)
{
	const bool is_denied = err->code == -EACCES || err->code == -EPERM || err->code == -EROFS;

	condition_keep(condition->value, result->observed);
	if (err->code)
		knob_conclude(knob, is_denied ? CONDITION_DENIED : CONDITION_FAILED, condition, "%.*s",
			      (int)sizeof condition->reason - 1, err->text);
	else
		knob_conclude(knob, CONDITION_FAILED, condition, "'/%s' reads '%s' after writing '%s'",
			      result->setting->path, result->observed, result->setting->target);
}

static void judge_all(const struct knob *knob, const struct knob_result *results, size_t count,
		      const struct sb_err *err, struct condition *condition)
{
	for (size_t i = 0; i < count; i++) {
		if (knob_is_same(knob, results[i].observed, results[i].setting->target))
			continue;
		conclude_failed(knob, &results[i], err, condition);
		return;
	}
	condition_keep(condition->value, results[0].setting->target);
	knob_conclude(knob, CONDITION_APPLIED, condition, "set in '/%s'%s", results[0].setting->path,
		      count > 1 ? " and its like" : "");
}

/* Whether something that we set took settings of others along. */
static bool takes_along(const struct control *control)
{
	for (size_t i = 0; knob_table[i]; i++)
		if (control->is_applied[i] && knob_table[i]->takes_along)
			return true;
	return false;
}

/* Companions are nobody's wish and no part of the verdict; nor is what was set on a CPU that went offline
 * then. */
static size_t gather(const struct control *control, const struct knob *knob, const int *codes,
		     struct knob_result *results)
{
	const bool may_be_gone = takes_along(control);
	size_t count = 0;

	for (size_t i = 0; i < control->count; i++) {
		const struct journal_entry *entry = &control->entries[i];
		const bool is_gone = may_be_gone && !codes[i] && !entry->observed[0];

		if (knob_find(entry->knob) == knob && entry->setting.target[0] && !is_gone)
			results[count++] = (struct knob_result){ &entry->setting, entry->observed, codes[i] };
	}
	return count;
}

static bool has_gone(const struct control *control, const struct knob *knob)
{
	for (size_t i = 0; i < control->count; i++)
		if (knob_find(control->entries[i].knob) == knob)
			return takes_along(control);
	return false;
}

void verdict_tell(const struct control *control, const int *codes, const struct sb_err *errors,
		  struct condition *conditions)
{
	struct knob_result *results = alloc_zero(control->count, sizeof *results);

	for (size_t i = 0; knob_table[i]; i++) {
		size_t count;

		if (!control->is_applied[i])
			continue;
		count = gather(control, knob_table[i], codes, results);
		if (!count && !has_gone(control, knob_table[i]))
			continue;
		if (!count)
			knob_conclude(knob_table[i], CONDITION_APPLIED, &conditions[i],
				      "set, then offline with its CPU");
		else if (knob_table[i]->judge)
			knob_table[i]->judge(knob_table[i], results, count, &conditions[i]);
		else
			judge_all(knob_table[i], results, count, &errors[i], &conditions[i]);
	}
	free(results);
}

void verdict_tell_untouched(const struct control *control, const struct sb_err *err,
			    struct condition *conditions)
{
	for (size_t i = 0; knob_table[i]; i++)
		if (knob_table[i]->scope == KNOB_SCOPE_HOST && control->is_applied[i])
			knob_conclude(knob_table[i], CONDITION_FAILED, &conditions[i],
				      "without a journal nothing on the host is changed: %.180s", err->text);
}
